"""Assignments on the page of a day, after they were removed and for those who need not hand in."""

import pytest

from bot.domain.submissions import Work
from bot.services import Services
from tests.services.people import ADMIN, GAON, NARAE, caller


@pytest.fixture
async def assigned(team: Services) -> Services:
    """가온 has handed in what is due on Monday, Day 1; 나래 has not."""
    await team.roster.add(caller(ADMIN), GAON, "가온")
    await team.roster.add(caller(ADMIN), NARAE, "나래")
    await team.assignments.add(caller(ADMIN), "어텐션 구현", "2026-01-05 23:00")
    await team.assignments.submit(caller(GAON, at="2026-01-05 20:00"), 1, Work(link="https://ex.org/gaon"))
    return team


async def page(services: Services, who: int, *, at: str, own: bool = False) -> str:
    """The page's section of assignments."""
    text = (await services.journal.page(caller(who, at=at), "1/5", own=own)).text
    return text.split("\n## 2.")[1].split("\n## 3.")[0]


async def remove(services: Services, at: str) -> None:
    await services.assignment_changes.remove(caller(ADMIN, at=at), 1)


async def test_removed_while_its_day_is_open_it_is_not_on_the_page(assigned: Services) -> None:
    assert "어텐션 구현" in await page(assigned, GAON, at="2026-01-05 21:00")
    await remove(assigned, "2026-01-05 21:00")
    assert "어텐션 구현" not in await page(assigned, GAON, at="2026-01-06 10:00")


@pytest.mark.parametrize("at", ["2026-01-06 04:00", "2026-01-06 10:00"])
async def test_the_page_of_a_day_that_was_closed_keeps_it(assigned: Services, at: str) -> None:
    """Also where the removal is the first thing that happens after the cut-off."""
    before = await page(assigned, GAON, at="2026-01-05 21:00")
    await remove(assigned, at)
    assert await page(assigned, GAON, at="2026-01-06 12:00") == before
    assert "https://ex.org/gaon" in before


async def test_the_page_of_an_open_day_does_not(assigned: Services) -> None:
    await assigned.assignments.add(caller(ADMIN, at="2026-01-06 09:00"), "다음 과제", "2026-01-06 23:00")
    await assigned.assignment_changes.remove(caller(ADMIN, at="2026-01-06 10:00"), 2)
    assert "다음 과제" not in (await assigned.journal.page(caller(GAON, at="2026-01-06 11:00"), None, own=False)).text


async def test_the_excused_are_not_counted_and_read_so_on_their_own_page(assigned: Services) -> None:
    at = "2026-01-05 21:00"
    assert "2명 중 1명" in await page(assigned, GAON, at=at)
    await assigned.assignment_changes.excuse(caller(ADMIN, at=at), 1, NARAE)
    assert "1명 중 1명" in await page(assigned, GAON, at=at)
    assert "제출하지 않아도 괜찮아요" in await page(assigned, NARAE, at=at, own=True)


async def test_an_excused_member_who_has_handed_in_all_the_same_is_counted_there(assigned: Services) -> None:
    """The page names who has handed in, so its count fits the names."""
    at = "2026-01-05 21:00"
    await assigned.assignment_changes.excuse(caller(ADMIN, at=at), 1, GAON)
    assert "2명 중 1명" in await page(assigned, GAON, at=at)
