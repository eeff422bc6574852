"""Turns over a real database: fair over a month, made once however often they are asked for."""

import asyncio
from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import func, select

from bot.db.engine import Database
from bot.db.tables import AuditRow, StudyDayRow, TeamRow, TurnRow
from bot.domain.lectures import NewLecture
from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.services import Services
from bot.services.days import ensure_day
from bot.services.housekeeping import Housekeeping
from bot.services.turns import DayDuties, duties_on, propose
from tests.database import reading, writing
from tests.services.people import ADMIN, GAON, GUILD, NARAE, STRANGER, caller, dump, seoul

PEOPLE = {1: "가온", 2: "나래", 3: "다솜", 4: "라온", 5: "마루"}
TUESDAY = date(2026, 1, 6)


@pytest.fixture
async def people(team: Services) -> Services:
    """Five people on the roster."""
    for user_id, name in PEOPLE.items():
        await team.roster.add(caller(), user_id, name)
    return team


async def team_row(session) -> TeamRow:
    return (await session.scalars(select(TeamRow).where(TeamRow.guild_id == GUILD))).one()


async def duties(database: Database, day: date) -> DayDuties:
    async with reading(database) as session:
        return await duties_on(session, await team_row(session), day)


async def proposed(database: Database, day: date, now: datetime) -> DayDuties:
    async with writing(database) as session:
        return await propose(session, await team_row(session), day, now)


async def announced(services: Services, database: Database, said_on: date, now: datetime):
    """What is announced in the evening of a day."""
    async with writing(database) as session:
        day = await ensure_day(session, await team_row(session), said_on)
    return await services.handover.announce((await team_id(database)), day.id, now)


async def team_id(database: Database) -> int:
    async with reading(database) as session:
        return (await team_row(session)).id


async def turns(database: Database) -> list[TurnRow]:
    async with reading(database) as session:
        return list(await session.scalars(select(TurnRow).order_by(TurnRow.id)))


def evening(day: date) -> datetime:
    return seoul(f"{day} 18:00")


async def add_lecture(services: Services, number: str, day: date = TUESDAY, **options: object) -> int:
    new = NewLecture(title="Attention", number=number, studied=str(day), presented=str(day), **options)
    return (await services.lectures.add(caller(), new)).id


async def test_asking_whose_turn_it_is_makes_no_turn(people, database):
    lecture = await add_lecture(people, "1강")
    seen = await duties(database, TUESDAY)
    assert seen.moderator is not None
    assert list(seen.presenters) == [lecture]
    assert await turns(database) == []


async def test_what_is_proposed_is_what_was_seen_before_and_stays(people, database):
    await add_lecture(people, "1강")
    await add_lecture(people, "2강")
    seen = await duties(database, TUESDAY)
    said = await proposed(database, TUESDAY, seoul("2026-01-05 18:00"))
    assert (said.moderator, said.presenters) == (seen.moderator, seen.presenters)
    assert await duties(database, TUESDAY) == said
    made = await turns(database)
    assert await proposed(database, TUESDAY, seoul("2026-01-05 18:01")) == said
    assert [turn.id for turn in await turns(database)] == [turn.id for turn in made]


async def test_two_announcements_at_once_advance_the_rotation_once(people, database):
    await add_lecture(people, "1강")
    async with writing(database) as session:
        day = await ensure_day(session, await team_row(session), date(2026, 1, 5))
    wanted = [people.handover.announce(await team_id(database), day.id, evening(day.date)) for _ in range(5)]
    said = await asyncio.gather(*wanted)
    assert len({announcement.turns for announcement in said}) == 1
    of_tuesday = [turn for turn in await turns(database) if turn.date == TUESDAY]
    assert sorted(turn.duty for turn in of_tuesday) == ["moderator", "presenter"]
    assert {turn.state for turn in of_tuesday} == {"proposed"}


async def test_two_assignments_at_once_leave_one_turn_and_the_other_as_history(people, database):
    give = [people.rotation.assign(caller(), "moderator", user_id, "1/6", None) for user_id in (4, 5)]
    done = await asyncio.gather(*give)
    states = {turn.member_id: turn.state for turn in await turns(database)}
    assert sorted(states.values()) == ["assigned", "replaced"]
    replaced = next(member for member, state in states.items() if state == "replaced")
    assert [item.before.id for item in done if item.before is not None] == [replaced]


async def test_a_month_of_turns_is_fair_and_nobody_has_two_on_one_day(people, database):
    days = [date(2026, 1, 5) + timedelta(days=step) for step in range(28)]
    days = [day for day in days if day.weekday() < 5]
    for number, day in enumerate(days):
        await add_lecture(people, f"{number}강", day)
        if number % 3 == 0:
            await add_lecture(people, f"{number}-2강", day)
    for said_on, day in pairwise(days):
        await Housekeeping(database).step(evening(said_on))
        seen = await duties(database, day)
        said = await announced(people, database, said_on, evening(said_on))
        assert said.turns.moderator == seen.moderator
        assert list(said.turns.presentations.values()) == list(seen.presenters.values())
    made = await turns(database)
    for duty in ("moderator", "presenter"):
        counts = Counter(turn.member_id for turn in made if turn.duty == duty)
        assert len(counts) == len(PEOPLE)
        assert max(counts.values()) - min(counts.values()) <= 1
    per_day = Counter((turn.date, turn.member_id) for turn in made)
    assert set(per_day.values()) == {1}


async def test_whoever_leaves_after_the_announcement_is_replaced_and_the_turn_stays_as_history(people, database):
    said = await announced(people, database, date(2026, 1, 5), evening(date(2026, 1, 5)))
    gone = said.turns.moderator
    await people.roster.remove(caller(at="2026-01-05 19:00"), gone.user_id)
    assert (await duties(database, TUESDAY)).moderator != gone
    again = await proposed(database, TUESDAY, seoul("2026-01-05 20:00"))
    assert again.moderator != gone
    states = [turn.state for turn in await turns(database) if turn.date == TUESDAY]
    assert states == ["replaced", "proposed"]


async def test_a_turn_on_a_day_taken_off_is_not_counted(people, database):
    await people.rotation.assign(caller(), "moderator", NARAE, "1/6", None)
    assert (await duties(database, date(2026, 1, 7))).moderator.name == "다솜"
    await people.calendar.off(caller(), "2026-01-06", "쉬는 날")
    assert (await duties(database, date(2026, 1, 7))).moderator.name == "나래"


async def test_a_turn_on_a_day_taken_off_is_not_counted_either_once_that_day_is_over(people, database):
    await people.rotation.assign(caller(), "moderator", NARAE, "1/6", None)
    await people.calendar.off(caller(), "2026-01-06", "쉬는 날")
    await proposed(database, date(2026, 1, 5), seoul("2026-01-05 18:00"))
    await Housekeeping(database).step(seoul("2026-01-07 09:00"))
    assert (await duties(database, date(2026, 1, 7))).moderator.name == "나래"
    assert [count for _member, count in (await people.balance.show(caller(at="2026-01-07 09:00")))[0].counts][:2] == [
        1,
        0,
    ]


async def test_a_day_that_is_over_shows_only_the_turns_that_were_made(people, database):
    await add_lecture(people, "1강")
    await Housekeeping(database).step(seoul("2026-01-07 10:00"))
    assert await duties(database, TUESDAY) == DayDuties()
    assert await proposed(database, TUESDAY, seoul("2026-01-07 10:00")) == DayDuties()
    assert await turns(database) == []


async def test_a_day_off_has_no_turns(people, database):
    saturday = date(2026, 1, 10)
    assert await duties(database, saturday) == DayDuties()
    assert await proposed(database, saturday, seoul("2026-01-09 18:00")) == DayDuties()


async def test_a_turn_of_today_that_nobody_announced_is_made_before_tomorrows(people, database):
    await proposed(database, TUESDAY, evening(date(2026, 1, 5)))
    assert [(turn.date.day, turn.member_id) for turn in await turns(database)] == [(5, 1), (6, 2)]


async def test_nothing_is_announced_for_a_day_that_is_over(people, database):
    said = await announced(people, database, date(2026, 1, 5), seoul("2026-01-07 04:00"))
    assert said is None
    assert await turns(database) == []
    await people.rotation.assign(caller(at="2026-01-07 05:00"), "moderator", GAON, "1/7", None)
    assert await announced(people, database, date(2026, 1, 6), seoul("2026-01-08 04:00")) is None


async def test_every_turn_made_is_on_record_with_who_had_it_before(people, database):
    await people.rotation.assign(caller(), "moderator", 1, "1/6", None)
    await people.rotation.assign(caller(), "moderator", 2, "1/6", None)
    async with reading(database) as session:
        query = select(AuditRow).where(AuditRow.action == "rotation.assign").order_by(AuditRow.id)
        first, second = list(await session.scalars(query))
    assert (first.actor_id, first.before) == (ADMIN, None)
    assert second.before == '{"date": "2026-01-06", "member": 1}'
    assert second.after == '{"date": "2026-01-06", "member": 2}'


async def test_a_refused_assignment_leaves_everything_as_it_was(people, database, database_file):
    await add_lecture(people, "멘토링", kind="event")
    lecture = await add_lecture(people, "1강")
    other = caller(guild_id=8, channel_id=80)
    await people.teams.setup(other, "옆 팀", {})
    await people.roster.add(other, STRANGER, "하나")
    before = await dump(database_file)
    assign = people.rotation.assign
    for refused, error in (
        (assign(caller(2), "moderator", 1, "1/6", None), NotAllowed),
        (assign(caller(), "moderator", STRANGER, "1/6", None), NotFound),
        (assign(other, "presenter", STRANGER, None, lecture), NotFound),
        (assign(caller(), "presenter", 1, "1/7", None), InvalidInput),
        (assign(caller(), "presenter", 1, "1/7", lecture), InvalidInput),
        (assign(caller(), "presenter", 1, None, lecture - 1), InvalidInput),
        (assign(caller(), "moderator", 1, "1/10", None), InvalidInput),
        (assign(caller(), "moderator", 1, "2026-01-02", None), InvalidInput),
    ):
        with pytest.raises(error):
            await refused
    assert await dump(database_file) == before


async def test_the_turns_of_one_team_do_not_count_in_another(people, database):
    other = caller(guild_id=8, channel_id=80)
    await people.teams.setup(other, "옆 팀", {})
    await people.roster.add(other, STRANGER, "하나")
    await people.roster.add(other, GAON, "가온")
    await people.rotation.assign(other, "moderator", STRANGER, "1/6", None)
    assert len(await people.rotation.history(other, None)) == 1
    assert await people.rotation.history(caller(), None) == []
    (day,) = (await people.rotation.show(other, 2))[1:]
    assert day.moderator.name == "하나"


async def test_study_day_rows_are_not_made_by_looking(people, database):
    await people.rotation.show(caller(), 30)
    async with reading(database) as session:
        assert await session.scalar(select(func.count()).select_from(StudyDayRow)) == 0
