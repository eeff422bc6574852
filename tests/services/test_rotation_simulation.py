"""`/rotation simulate` and `/rotation balance` over a real database: they say what happens, and change nothing."""

from datetime import date

import pytest
from sqlalchemy import select

from bot.db.engine import Database
from bot.db.tables import TeamRow
from bot.domain.choice import ReasonKind
from bot.domain.duties import Per
from bot.domain.lectures import NewLecture
from bot.errors import InvalidInput, NotFound
from bot.services import Services
from bot.services.housekeeping import Housekeeping
from bot.services.rotation.duties import NewDuty
from bot.services.rotation.simulation import Simulated, SimulatedTurn
from bot.services.turns import propose
from tests.database import writing
from tests.services.people import NARAE, STRANGER, caller, dump, seoul

PEOPLE = {1: "가온", 2: "나래", 3: "다솜", 4: "라온", 5: "마루"}
DAYS = [date(2026, 1, day) for day in (5, 6, 7, 8, 9)]


@pytest.fixture
async def people(team: Services) -> Services:
    """Five people on the roster."""
    for user_id, name in PEOPLE.items():
        await team.roster.add(caller(), user_id, name)
    return team


async def add_lecture(services: Services, day: date, number: str = "1강", kind: str = "lecture") -> None:
    new = NewLecture(title="Attention", number=number, studied=str(day), presented=str(day), kind=kind)
    await services.lectures.add(caller(), new)


async def announced(database: Database, day: date, at: str) -> None:
    await Housekeeping(database).step(seoul(at))
    async with writing(database) as session:
        await propose(session, (await session.scalars(select(TeamRow))).one(), day, seoul(at))


def turns_of(simulated: Simulated) -> list[list[str | None]]:
    """Who would have a turn on each day, in the order of the turns."""
    return [[turn.member and turn.member.name for turn in day.turns] for day in simulated.days]


def of(simulated: Simulated, duty: str) -> list[SimulatedTurn]:
    return [turn for day in simulated.days for turn in day.turns if turn.duty.key == duty]


# ── simulating ────────────────────────────────────────────────────────────────


async def test_what_is_simulated_is_what_is_shown_and_nothing_is_changed(people, database_file):
    for day in DAYS:
        await add_lecture(people, day)
    await people.duties.add(caller(), NewDuty("기록", Per.WEEK, 2))
    before = await dump(database_file)
    simulated = await people.simulation.simulate(caller(), 8)
    shown = await people.rotation.show(caller(), 8)
    assert turns_of(simulated) == [[turn.member.name for turn in day.turns] for day in shown]
    assert [(day.date, day.number) for day in simulated.days] == [(day.date, day.number) for day in shown]
    assert await dump(database_file) == before


async def test_each_choice_has_its_reason(people, database):
    await announced(database, DAYS[1], "2026-01-05 18:00")
    simulated = await people.simulation.simulate(caller(at="2026-01-05 19:00"), 7)
    reasons = [turn.reason.kind for turn in of(simulated, "moderator")]
    given, fewest, longest = ReasonKind.ASSIGNED, ReasonKind.FEWEST_TURNS, ReasonKind.LONGEST_WAIT
    assert reasons[:2] == [given, given]
    assert reasons[5:] == [longest, longest]
    assert reasons[4] == fewest
    assert of(simulated, "moderator")[4].others_turns == 1
    assert of(simulated, "moderator")[5].reason.waited_days == 7


async def test_people_taken_to_be_away_get_nothing_and_are_named(people, database):
    await announced(database, DAYS[1], "2026-01-05 18:00")
    simulated = await people.simulation.simulate(caller(at="2026-01-05 19:00"), 10, away=" 가온님, 나래 ")
    assert {name for day in turns_of(simulated) for name in day} == {"다솜", "라온", "마루"}
    assert {tuple(away.member.name for away in day.away) for day in simulated.days} == {("가온", "나래")}
    assert simulated.days[0].away[0].last_day is None


async def test_with_lectures_each_day_has_as_many_the_real_ones_first(people):
    await add_lecture(people, DAYS[1], "5강")
    await add_lecture(people, DAYS[1], "6강")
    await add_lecture(people, DAYS[2], "멘토링", kind="event")
    simulated = await people.simulation.simulate(caller(), 3, lectures=1)
    presented = of(simulated, "presenter")
    assert [(turn.duty.lecture, turn.imagined) for turn in presented] == [(None, 1), ("5강", None), (None, 1)]
    simulated = await people.simulation.simulate(caller(), 3, lectures=3)
    assert [turn.imagined for turn in of(simulated, "presenter")] == [1, 2, 3, None, None, 1, 1, 2, 3]
    assert of(await people.simulation.simulate(caller(), 3, lectures=0), "presenter") == []
    assert len(of(await people.simulation.simulate(caller(), 3), "presenter")) == 2


async def test_a_team_that_is_too_small_is_told_so(people):
    simulated = await people.simulation.simulate(caller(), 1, away="다솜, 라온, 마루", lectures=2)
    assert [turn.reason.kind for turn in simulated.days[0].turns] == [
        ReasonKind.ROSTER_ORDER,
        ReasonKind.ONLY_ONE,
        ReasonKind.DOUBLE,
    ]
    simulated = await people.simulation.simulate(caller(), 1, away=",".join(PEOPLE.values()))
    assert [(turn.member, turn.reason.kind) for turn in simulated.days[0].turns] == [(None, ReasonKind.NOBODY)]


@pytest.mark.parametrize(
    "options",
    [
        {"days": 0},
        {"days": 61},
        {"days": 1000},
        {"days": 5, "lectures": 9},
        {"days": 5, "lectures": -1},
        {"days": 5, "away": "누군가"},
        {"days": 5, "away": "가온, 나래, 가온님"},
        {"days": 5, "away": " , "},
        {"days": 5, "away": "<@123456789012345678>"},
    ],
)
async def test_what_cannot_be_is_refused(people, options):
    with pytest.raises(InvalidInput):
        await people.simulation.simulate(caller(), **options)


async def test_the_most_there_can_be_is_simulated(people):
    simulated = await people.simulation.simulate(caller(), 60, lectures=8)
    assert len(simulated.days) == 60
    assert len(of(simulated, "presenter")) == 480


# ── balance ───────────────────────────────────────────────────────────────────


def counts(duties) -> dict[str, dict[str, int]]:
    return {duty.duty.name or duty.duty.key: {member.name: count for member, count in duty.counts} for duty in duties}


async def test_turns_had_and_given_out_are_counted_and_those_handed_on_are_not(people, database):
    await add_lecture(people, DAYS[1])
    await people.duties.add(caller(), NewDuty("기록", Per.DAY))
    await announced(database, DAYS[1], "2026-01-05 18:00")
    await people.rotation.assign(caller(at="2026-01-05 19:00"), "moderator", 5, "1/6", None)
    duties = await people.balance.show(caller(at="2026-01-05 20:00"))
    assert counts(duties) == {
        "moderator": {"가온": 1, "나래": 0, "다솜": 0, "라온": 0, "마루": 1},
        "presenter": {"가온": 1, "나래": 0, "다솜": 0, "라온": 0, "마루": 0},
        "기록": {"가온": 0, "나래": 1, "다솜": 1, "라온": 0, "마루": 0},
    }
    assert [duty.average for duty in duties] == [0.4, 0.2, 0.4]


async def test_it_says_who_is_next_also_for_lectures_not_added_yet(people):
    assert [duty.next.name for duty in await people.balance.show(caller())] == ["가온", "가온"]
    await people.rotation.assign(caller(), "moderator", 1, "1/5", None)
    moderator, presenter = await people.balance.show(caller())
    assert moderator.next.name == "나래"
    assert presenter.next.name != "가온"


async def test_the_next_turn_is_the_one_that_happens(people, database):
    await announced(database, DAYS[1], "2026-01-05 18:00")
    (moderator, _presenter) = await people.balance.show(caller(at="2026-01-05 19:00"))
    await announced(database, DAYS[2], "2026-01-06 18:00")
    shown = await people.rotation.show(caller(at="2026-01-06 19:00"), 2)
    assert shown[1].moderator == moderator.next


async def test_those_who_left_are_left_out_unless_asked_for(people, database):
    await announced(database, DAYS[1], "2026-01-05 18:00")
    await people.roster.remove(caller(at="2026-01-07 09:00"), NARAE)
    at = caller(at="2026-01-07 10:00")
    duties = await people.balance.show(at)
    assert "나래" not in counts(duties)["moderator"]
    assert duties[0].average == 0.25
    assert counts(await people.balance.show(at, NARAE)) == {"moderator": {"나래": 1}, "presenter": {"나래": 0}}


async def test_a_removed_duty_is_left_out(people):
    await people.duties.add(caller(), NewDuty("기록", Per.DAY))
    await people.duties.remove(caller(), "duty:1")
    assert list(counts(await people.balance.show(caller()))) == ["moderator", "presenter"]


async def test_without_anybody_there_is_no_balance_and_a_stranger_has_none(team):
    assert await team.balance.show(caller()) == []
    with pytest.raises(NotFound):
        await team.balance.show(caller(), STRANGER)
