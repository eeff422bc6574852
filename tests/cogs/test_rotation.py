"""`/rotation` and the announcement, as people see them."""

import re
from datetime import UTC, datetime

from tests.study_team import NAMES, StudyTeam


def seoul(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of January 2026 on a clock in Seoul."""
    return datetime(2026, 1, day, hour - 9, minute, tzinfo=UTC) if hour >= 9 else datetime(
        2026, 1, day - 1, hour + 15, minute, tzinfo=UTC
    )  # fmt: skip


async def add_lecture(team: StudyTeam, number: str, who: str = "가온", **options: object) -> str:
    """The answer to adding a lecture."""
    result = await team[who].slash(team.channel, "lecture add", title=f"제목 {number}", number=number, **options)
    return result.response.content


async def shown(team: StudyTeam, count: int = 5) -> list[str]:
    result = await team["가온"].slash(team.channel, "rotation show", count=count)
    return result.response.content.splitlines()


def announcements(team: StudyTeam) -> list[str]:
    return [post.content for post in team.posts() if "모더레이터는" in post.content]


def people(text: str) -> list[str]:
    """Names in a text, in order."""
    return re.findall("|".join(NAMES), text)


async def test_the_evening_before_the_next_days_duties_are_announced_to_exactly_those_named(team: StudyTeam) -> None:
    await add_lecture(team, "5강", course="NLP")
    await add_lecture(team, "6강")
    await team.until(seoul(5, 18, 1))
    (text,) = announcements(team)
    assert text.startswith("내일(1/6 화, Day2) 모더레이터는 ")
    named = people(text)
    assert len(set(named)) == 3
    post = team.posts()[-1]
    assert {user.id for user in post.mentions} == {team[name].id for name in named}
    assert text.splitlines()[0] == (
        f"내일(1/6 화, Day2) 모더레이터는 {named[0]}님, 발표는 5강 {named[1]}님 · 6강 {named[2]}님이에요."
    )
