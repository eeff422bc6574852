"""`/rotation order` over a real database: who is next without history, as a team may start in mid-course."""

import json
from datetime import date

import pytest
from sqlalchemy import select

from bot.db.engine import Database
from bot.db.tables import AuditRow, TeamRow
from bot.domain.duties import Per
from bot.domain.lectures import NewLecture
from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.services import Services
from bot.services.absences import NewAbsence
from bot.services.housekeeping import Housekeeping
from bot.services.rotation.duties import NewDuty, NewOrder
from bot.services.turns import propose
from tests.database import reading, writing
from tests.services.people import GAON, STRANGER, caller, dump, seoul

PEOPLE = {1: "가온", 2: "나래", 3: "다솜", 4: "라온", 5: "마루"}
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (date(2026, 1, day) for day in (5, 6, 7, 8, 9))


@pytest.fixture
async def people(team: Services) -> Services:
    """Five people on the roster."""
    for user_id, name in PEOPLE.items():
        await team.roster.add(caller(), user_id, name)
    return team


async def order(
    services: Services,
    names: str | None = None,
    *,
    begins: int | None = None,
    duty: str = "moderator",
    at: str = "2026-01-05 09:00",
) -> NewOrder:
    return await services.duties.order(caller(at=at), duty, names, begins)


async def announced(database: Database, day: date, at: str) -> None:
    await Housekeeping(database).step(seoul(at))
    async with writing(database) as session:
        await propose(session, (await session.scalars(select(TeamRow))).one(), day, seoul(at))


async def moderators(services: Services, count: int, at: str = "2026-01-05 09:00") -> list[str]:
    return [day.moderator.name for day in await services.rotation.show(caller(at=at), count)]


def round_of(new: NewOrder) -> list[str]:
    return [member.name for member in new.members]


def told(new: NewOrder) -> list[str]:
    return [turn.member.name for turn in new.turns]


async def test_a_team_may_start_in_mid_course(people, database):
    new = await order(people, begins=4)
    assert (new.since, round_of(new)) == (MONDAY, ["라온", "마루", "가온", "나래", "다솜"])
    assert told(new) == await moderators(people, 5) == round_of(new)
    await announced(database, TUESDAY, "2026-01-05 18:00")
    assert await moderators(people, 2, at="2026-01-05 19:00") == ["라온", "마루"]


async def test_people_named_come_first_and_the_others_follow_in_roster_order(people):
    new = await order(people, "마루, <@2>님·가온")
    assert round_of(new) == ["마루", "나래", "가온", "다솜", "라온"]
    assert await moderators(people, 5) == round_of(new)


async def test_whoever_is_next_begins_the_order_that_was_named(people):
    assert round_of(await order(people, "마루, 나래, 가온", begins=2)) == ["나래", "가온", "다솜", "라온", "마루"]
    assert round_of(await order(people, begins=4)) == ["라온", "마루", "나래", "가온", "다솜"]


async def test_turns_that_were_announced_stay_and_history_does_not_count_any_more(people, database):
    await announced(database, TUESDAY, "2026-01-05 18:00")
    new = await order(people, begins=1, at="2026-01-05 19:00")
    assert new.since == WEDNESDAY
    assert await moderators(people, 5, at="2026-01-05 19:00") == ["가온", "나래", "가온", "나래", "다솜"]
    assert told(new)[:3] == ["가온", "나래", "다솜"]


async def test_a_weekly_duty_goes_round_anew_from_the_first_week_that_nobody_was_told_of(people, database):
    await people.teams.set(caller(), "moderator_per", "week")
    await announced(database, TUESDAY, "2026-01-05 18:00")
    new = await order(people, begins=5, at="2026-01-06 09:00")
    assert new.since == date(2026, 1, 12)
    assert told(new)[:2] == ["마루", "가온"]
    assert await moderators(people, 6, at="2026-01-06 09:00") == ["가온"] * 4 + ["마루"] * 2


async def test_an_order_for_presenters_holds_as_soon_as_there_is_a_lecture(people):
    new = await order(people, begins=3, duty="presenter")
    assert (new.turns, new.is_first_next) == ((), True)
    day = str(WEDNESDAY)
    await people.lectures.add(caller(), NewLecture(title="Attention", number="1강", studied=day, presented=day))
    shown = await people.rotation.show(caller(), 3)
    assert [reader.name for readers in shown[2].presentations.values() for reader in readers] == ["다솜"]


async def test_an_order_of_ones_own_duty_leaves_the_others_alone(people):
    await people.duties.add(caller(), NewDuty("기록", Per.DAY))
    before = await moderators(people, 5)
    new = await order(people, begins=3, duty="duty:1")
    assert told(new)[0] == "다솜"
    assert await moderators(people, 5) == before


async def test_a_turn_given_for_a_later_day_counts_and_the_answer_says_so(people):
    await people.rotation.assign(caller(), "moderator", 3, "1/8", None)
    new = await order(people, begins=3)
    assert not new.is_first_next
    assert told(new)[:2] == ["라온", "마루"]
    assert [turn.member.name for turn in new.turns if turn.made] == ["다솜"]
    assert await moderators(people, 5) == told(new)


async def test_the_latest_order_holds_also_where_an_earlier_one_was_to_begin_later(people, database):
    await people.rotation.assign(caller(), "moderator", 5, "1/5", None)
    assert (await order(people, begins=4)).since == TUESDAY
    await people.roster.remove(caller(), 5)
    assert (await order(people, begins=2)).since == MONDAY
    assert await moderators(people, 3) == ["나래", "다솜", "라온"]


async def test_a_lecture_that_was_announced_is_not_the_first_of_a_new_order(people, database):
    for day in (TUESDAY, WEDNESDAY):
        new = NewLecture(title="Attention", number=f"{day.day}강", studied=str(day), presented=str(day))
        await people.lectures.add(caller(), new)
    await announced(database, TUESDAY, "2026-01-05 18:00")
    new = await order(people, begins=1, duty="presenter", at="2026-01-05 19:00")
    assert (new.since, told(new), new.is_first_next) == (WEDNESDAY, ["가온"], True)


async def test_whoever_joins_later_comes_at_the_end(people):
    await order(people, begins=3)
    await people.roster.add(caller(), 6, "바다")
    assert await moderators(people, 6) == ["다솜", "라온", "마루", "가온", "나래", "바다"]


async def test_it_is_on_record(people, database):
    await order(people, begins=2)
    async with reading(database) as session:
        row = (await session.scalars(select(AuditRow).where(AuditRow.action == "rotation.order"))).one()
    assert json.loads(row.after) == {"since": "2026-01-05", "members": [2, 3, 4, 5, 1]}


async def test_an_order_that_cannot_be_changes_nothing(people, database_file):
    await people.absences.away(caller(2), NewAbsence(until="1/7"))
    await people.roster.remove(caller(), 5)
    before = await dump(database_file)
    for who, duty, names, begins, error in (
        (caller(GAON), "moderator", None, 2, NotAllowed),
        (caller(), "duty:1", None, 1, NotFound),
        (caller(), "moderator", None, None, InvalidInput),
        (caller(), "moderator", "", None, InvalidInput),
        (caller(), "moderator", "가온, 누군가", None, InvalidInput),
        (caller(), "moderator", "가온, 가온님", None, InvalidInput),
        (caller(), "moderator", "가온, 마루", None, InvalidInput),
        (caller(), "moderator", None, STRANGER, NotFound),
        (caller(), "moderator", None, 5, NotFound),
        (caller(), "moderator", None, 2, InvalidInput),
        (caller(), "moderator", "나래, 가온", None, InvalidInput),
    ):
        with pytest.raises(error):
            await people.duties.order(who, duty, names, begins)
    assert await dump(database_file) == before
