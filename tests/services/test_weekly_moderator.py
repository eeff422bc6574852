"""One person moderates a whole week: on each of its days, with the rights of it; also where a team changes its mind."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from bot.db.engine import Database
from bot.db.tables import TeamRow, TurnRow
from bot.domain.lectures import NewLecture
from bot.errors import NotAllowed
from bot.services import Services
from bot.services.housekeeping import Housekeeping
from bot.services.turns import duties_on, propose
from tests.database import reading, writing
from tests.services.people import caller, seoul

PEOPLE = {1: "가온", 2: "나래", 3: "다솜", 4: "라온", 5: "마루"}
MONDAY = date(2026, 1, 5)
WEEKDAYS = [MONDAY + timedelta(days=step) for step in range(19) if step % 7 < 5]
"""Three weeks of study days."""


@pytest.fixture
async def people(team: Services) -> Services:
    """Five people on the roster."""
    for user_id, name in PEOPLE.items():
        await team.roster.add(caller(), user_id, name)
    return team


async def moderate_per(services: Services, span: str, at: str = "2026-01-05 09:00") -> None:
    await services.teams.set(caller(at=at), "moderator_per", span)


async def announced(database: Database, day: date, at: str) -> str:
    """Who is announced to moderate a day."""
    await Housekeeping(database).step(seoul(at))
    async with writing(database) as session:
        moderator = (await propose(session, (await session.scalars(select(TeamRow))).one(), day, seoul(at))).moderator
    return moderator.name


async def evenings(database: Database, days: list[date]) -> list[str]:
    """Announce each of the days but the first in the evening before; who moderates each of those."""
    return [await announced(database, day, f"{said_on} 18:00") for said_on, day in pairwise(days)]


async def moderators(database: Database, days: list[date]) -> list[str]:
    """Who moderates, as it stands now: made, or planned."""
    async with reading(database) as session:
        team = (await session.scalars(select(TeamRow))).one()
        return [(await duties_on(session, team, day)).moderator.name for day in days]


async def units(database: Database) -> list[str]:
    async with reading(database) as session:
        return list(await session.scalars(select(TurnRow.unit).where(TurnRow.state == "proposed").order_by(TurnRow.id)))


async def test_the_weeks_moderator_moderates_each_of_its_days(people, database):
    await moderate_per(people, "week")
    planned = await moderators(database, WEEKDAYS)
    assert planned == ["가온"] * 5 + ["나래"] * 5 + ["다솜"] * 5
    assert await evenings(database, WEEKDAYS) == planned[1:]
    assert await units(database) == ["week:2026-01-05", "week:2026-01-12", "week:2026-01-19"]
    shown = await people.rotation.show(caller(at="2026-01-23 09:00"), 2)
    assert [day.moderator.name for day in shown] == ["다솜", "라온"]


async def test_the_weeks_moderator_may_moderate_on_every_day_of_it_and_nobody_else(people, database):
    await moderate_per(people, "week")
    await announced(database, date(2026, 1, 6), "2026-01-05 18:00")
    for day in ("06", "07", "09"):
        give = people.rotation.assign
        await give(caller(1, at=f"2026-01-{day} 20:00"), "presenter", 3, None, await lecture(people, day))
        with pytest.raises(NotAllowed, match="Today's moderator"):
            await give(caller(2, at=f"2026-01-{day} 20:00"), "moderator", 3, None, None)
    with pytest.raises(NotAllowed):
        await people.rotation.assign(caller(1, at="2026-01-12 20:00"), "moderator", 3, None, None)


async def lecture(services: Services, day: str) -> int:
    date_of_it = f"2026-01-{day}"
    new = NewLecture(title="Attention", number=f"{day}강", studied=date_of_it, presented=date_of_it)
    return (await services.lectures.add(caller(at=f"{date_of_it} 09:00"), new)).id


async def test_the_roster_names_the_weeks_moderator_on_each_day_of_it(people, database):
    await moderate_per(people, "week")
    await announced(database, date(2026, 1, 6), "2026-01-05 18:00")
    entries = await people.roster.entries(caller(at="2026-01-08 09:00"))
    assert [entry.member.name for entry in entries if entry.duties] == ["가온"]


async def test_a_week_survives_a_day_off_in_it(people, database):
    await moderate_per(people, "week")
    await people.calendar.off(caller(), "2026-01-12", "쉬는 날")
    days = [day for day in WEEKDAYS if day != date(2026, 1, 12)]
    planned = await moderators(database, days)
    assert planned == ["가온"] * 5 + ["나래"] * 4 + ["다솜"] * 5
    assert await evenings(database, days) == planned[1:]


async def test_somebody_assigned_within_a_week_has_the_whole_week(people, database):
    await moderate_per(people, "week")
    await people.rotation.assign(caller(), "moderator", 5, "1/7", None)
    assert await moderators(database, WEEKDAYS[:6]) == ["마루"] * 5 + ["가온"]


async def test_who_was_announced_keeps_their_day_when_the_team_turns_to_weeks(people, database):
    said = await evenings(database, WEEKDAYS[:3])
    await moderate_per(people, "week", at="2026-01-06 20:00")
    planned = await moderators(database, WEEKDAYS[1:])
    assert planned[:2] == said
    assert planned[:4] == ["나래", "다솜", "라온", "마루"]
    assert planned[4:] == ["가온"] * 5 + ["나래"] * 5
    assert await evenings(database, WEEKDAYS[2:]) == planned[2:]


async def test_who_was_announced_keeps_their_week_when_the_team_turns_to_days(people, database):
    await moderate_per(people, "week")
    said = await evenings(database, WEEKDAYS[:3])
    await moderate_per(people, "day", at="2026-01-06 20:00")
    planned = await moderators(database, WEEKDAYS[1:])
    assert planned[:2] == said
    assert planned[:6] == ["가온"] * 4 + ["나래", "다솜"]
    assert await evenings(database, WEEKDAYS[2:]) == planned[2:]


@pytest.mark.parametrize("changes", ["wwdddwdwwdwddw", "dwdwdwdwdwdwdw", "wdwwwwdddddwww"])
async def test_however_often_a_team_changes_its_mind_each_day_has_the_one_moderator_that_was_planned(
    people, database, changes
):
    said = (await moderators(database, WEEKDAYS[:1]))[0]
    for (said_on, day), change in zip(pairwise(WEEKDAYS), changes, strict=True):
        await moderate_per(people, {"d": "day", "w": "week"}[change], at=f"{said_on} 17:00")
        planned = await moderators(database, [said_on, day])
        assert planned[0] == said
        said = await announced(database, day, f"{said_on} 18:00")
        assert said == planned[1]
        shown = await people.rotation.show(caller(at=f"{said_on} 19:00"), 2)
        assert [[turn.member.name for turn in each.turns] for each in shown] == [[name] for name in planned]


async def test_a_team_that_turns_to_weeks_before_anybody_was_told_has_weeks_at_once(people, database):
    await moderate_per(people, "week", at="2026-01-07 09:00")
    assert await moderators(database, WEEKDAYS[2:6]) == ["가온"] * 3 + ["나래"]


async def test_a_week_can_be_given_to_somebody_on_any_of_its_days_and_is_theirs_from_its_first(people, database):
    await moderate_per(people, "week")
    done = await people.rotation.assign(caller(), "moderator", 5, "1/14", None)
    assert (done.date, done.number) == (date(2026, 1, 14), 8)
    assert (await moderators(database, WEEKDAYS))[5:10] == ["마루"] * 5
    await Housekeeping(database).step(seoul("2026-01-12 08:00"))
    await people.rotation.assign(caller(5, at="2026-01-12 09:00"), "presenter", 3, None, await lecture(people, "12"))


async def test_a_week_given_to_somebody_else_within_it_was_the_formers_until_then(people, database):
    await moderate_per(people, "week")
    await evenings(database, WEEKDAYS[:3])
    await Housekeeping(database).step(seoul("2026-01-07 08:00"))
    done = await people.rotation.assign(caller(at="2026-01-07 09:00"), "moderator", 4, None, None)
    assert (done.date, done.before.name, done.told) == (date(2026, 1, 7), "가온", True)
    assert await moderators(database, WEEKDAYS[:6]) == ["가온"] * 2 + ["라온"] * 3 + ["가온"]
    month = await people.calendar.show(caller(at="2026-01-08 09:00"), None)
    assert [day.moderator.name for day in month.study_days[:5]] == ["가온"] * 2 + ["라온"] * 3


async def test_whoever_leaves_within_their_week_moderated_until_then(people, database):
    await moderate_per(people, "week")
    await evenings(database, WEEKDAYS[:3])
    await Housekeeping(database).step(seoul("2026-01-07 08:00"))
    await people.roster.remove(caller(at="2026-01-07 09:00"), 1)
    assert await moderators(database, WEEKDAYS[:6]) == ["가온"] * 2 + ["나래"] * 3 + ["다솜"]


async def test_whoever_leaves_after_the_session_moderated_it_also_once_the_week_is_somebody_elses(people, database):
    await moderate_per(people, "week")
    await people.session.start(caller(at="2026-01-05 16:00"))
    await people.roster.remove(caller(at="2026-01-05 17:00"), 1)
    assert await announced(database, WEEKDAYS[1], "2026-01-05 18:00") == "나래"
    assert await moderators(database, WEEKDAYS[:3]) == ["가온", "나래", "나래"]
    shown = await people.rotation.show(caller(2, at="2026-01-05 18:05"), 2)
    assert [day.moderator.name for day in shown] == ["가온", "나래"]
