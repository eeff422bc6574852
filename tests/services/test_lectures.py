"""Lectures over a real database: two people at once, and refusals that leave nothing behind."""

import asyncio

import pytest
from sqlalchemy import select

from bot.db.engine import Database
from bot.db.tables import AuditRow, LectureRow, TurnRow
from bot.domain.lectures import NewLecture, NewMaterial
from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.services import Services
from tests.database import reading
from tests.services.people import GAON, NARAE, STRANGER, caller, dump

ATTENTION = NewLecture(title="Attention", course="NLP", number="5강")


@pytest.fixture
async def people(team: Services) -> Services:
    """Two people on the roster."""
    await team.roster.add(caller(), GAON, "가온")
    await team.roster.add(caller(), NARAE, "나래")
    return team


async def rows(database: Database, table: type) -> list:
    async with reading(database) as session:
        return list(await session.scalars(select(table).order_by(table.id)))


async def test_the_same_lecture_added_by_two_at_once_is_there_once(people, database):
    add = people.lectures.add
    outcomes = await asyncio.gather(add(caller(GAON), ATTENTION), add(caller(NARAE), ATTENTION), return_exceptions=True)
    assert sorted(isinstance(outcome, InvalidInput) for outcome in outcomes) == [False, True]
    assert [row.title for row in await rows(database, LectureRow)] == ["Attention"]


async def test_notes_of_two_people_at_once_are_both_kept(people, database):
    lecture = (await people.lectures.add(caller(), ATTENTION)).id
    await asyncio.gather(
        people.lectures.add_note(caller(GAON), lecture, "가온의 정리"),
        people.lectures.add_note(caller(NARAE), lecture, "나래의 정리"),
    )
    noted = [row for row in await rows(database, AuditRow) if row.action == "lecture.note"]
    assert {row.actor_id for row in noted} == {GAON, NARAE}
    assert all("정리" not in row.after for row in noted)


async def test_two_lectures_added_at_once_for_today_get_two_presenters(people, database):
    add = people.lectures.add
    await asyncio.gather(
        add(caller(GAON), NewLecture(title="하나", presented="오늘")),
        add(caller(NARAE), NewLecture(title="둘", presented="오늘")),
    )
    presenters = [turn.member_id for turn in await rows(database, TurnRow) if turn.duty == "presenter"]
    assert len(presenters) == len(set(presenters)) == 2


async def test_a_lecture_of_another_team_is_not_found_and_nothing_changes(people, database_file):
    lecture = (await people.lectures.add(caller(), ATTENTION)).id
    other = caller(guild_id=8, channel_id=80)
    await people.teams.setup(other, "옆 팀", {})
    await people.roster.add(other, STRANGER, "하나")
    stranger = caller(STRANGER, guild_id=8, channel_id=80)
    before = await dump(database_file)
    link = NewMaterial("자료", "https://example.org")
    for refused in (
        people.lectures.check_note(stranger, lecture),
        people.lectures.add_note(stranger, lecture, "남의 강의"),
        people.lectures.check_material(stranger, lecture, link, has_file=False),
        people.lectures.add_material(stranger, lecture, link),
    ):
        with pytest.raises(NotFound):
            await refused
    assert await people.lectures.choices(stranger, "") == []
    assert await people.lectures.list(stranger) == []
    assert await dump(database_file) == before


async def test_a_guest_changes_nothing(people, database_file):
    lecture = (await people.lectures.add(caller(), ATTENTION)).id
    before = await dump(database_file)
    for refused in (
        people.lectures.add(caller(STRANGER), NewLecture(title="남의 것")),
        people.lectures.add_note(caller(STRANGER), lecture, "남의 정리"),
        people.lectures.add_material(caller(STRANGER), lecture, NewMaterial(None, "https://example.org")),
    ):
        with pytest.raises(NotAllowed):
            await refused
    assert await dump(database_file) == before


async def test_a_link_without_a_title_is_called_by_its_address(people):
    lecture = (await people.lectures.add(caller(), ATTENTION)).id
    title = await people.lectures.add_material(caller(GAON), lecture, NewMaterial(None, " https://example.org/a "))
    assert title == "https://example.org/a"
