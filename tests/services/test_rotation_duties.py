"""A team's own duties over a real database: what is planned from the first day on is what happens."""

import asyncio
from datetime import date, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from bot.db.engine import Database
from bot.db.tables import AuditRow, StudyDayRow, TeamRow, TurnRow
from bot.domain.duties import Per
from bot.domain.lectures import NewLecture
from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.services import Services
from bot.services.absences import NewAbsence
from bot.services.days import ensure_day
from bot.services.housekeeping import Housekeeping
from bot.services.rotation.duties import AddedDuty, NewDuty
from bot.services.turns import DayDuties, duties_on, propose
from tests.database import reading, writing
from tests.services.people import GAON, caller, dump, seoul

PEOPLE = {1: "가온", 2: "나래", 3: "다솜", 4: "라온", 5: "마루"}
MONDAY, TUESDAY, WEDNESDAY, FRIDAY = (date(2026, 1, day) for day in (5, 6, 7, 9))
NEXT_MONDAY = date(2026, 1, 12)


@pytest.fixture
async def people(team: Services) -> Services:
    """Five people on the roster."""
    for user_id, name in PEOPLE.items():
        await team.roster.add(caller(), user_id, name)
    return team


async def team_row(session) -> TeamRow:
    return (await session.scalars(select(TeamRow))).one()


async def announced(database: Database, day: date, at: str = "2026-01-05 18:00") -> DayDuties:
    async with writing(database) as session:
        return await propose(session, await team_row(session), day, seoul(at))


async def duties(database: Database, day: date) -> DayDuties:
    async with reading(database) as session:
        return await duties_on(session, await team_row(session), day)


async def session_begins(database: Database, day: date, at: str) -> None:
    async with writing(database) as session:
        row = await ensure_day(session, await team_row(session), day)
        row.session_started_at = seoul(at)


async def add(
    services: Services, name: str = "기록", per: Per = Per.DAY, *, at: str = "2026-01-05 09:00", **options: object
) -> AddedDuty:
    return await services.duties.add(caller(at=at), NewDuty(name, per, **options))


async def turns_of(database: Database, duty: str) -> list[tuple[int, str, str]]:
    """Day of the month, name and state of every turn of a duty."""
    async with reading(database) as session:
        rows = await session.scalars(select(TurnRow).where(TurnRow.duty == duty).order_by(TurnRow.id))
        return [(row.date.day, PEOPLE[row.member_id], row.state) for row in rows]


def of(day: DayDuties, duty: str) -> list[str]:
    return [turn.member.name for turn in day.turns if turn.duty == duty]


# ── adding ────────────────────────────────────────────────────────────────────


async def test_where_nothing_is_announced_a_duty_begins_today_and_what_is_planned_happens(people, database):
    added = await add(people)
    assert (added.since, added.number) == (MONDAY, 1)
    planned = await duties(database, MONDAY)
    assert of(planned, "duty:1") == [turn.member.name for turn in added.first] == ["나래"]
    await announced(database, TUESDAY)
    assert of(await duties(database, MONDAY), "duty:1") == ["나래"]


async def test_an_announced_day_gets_no_further_duty(people, database):
    said = await announced(database, TUESDAY)
    added = await add(people, at="2026-01-05 19:00")
    assert (added.since, added.number) == (WEDNESDAY, 3)
    assert await duties(database, TUESDAY) == said
    assert await announced(database, TUESDAY, "2026-01-05 20:00") == said


async def test_a_duty_added_after_the_session_has_begun_begins_on_the_next_study_day(people, database):
    await session_begins(database, MONDAY, "2026-01-05 16:00")
    assert (await add(people, at="2026-01-05 17:00")).since == TUESDAY


async def test_a_weekly_duty_is_one_turn_for_all_days_of_its_week(people, database):
    added = await add(people, "정리", Per.WEEK, first_weekday=2)
    assert added.since == MONDAY
    of_days = [of(await duties(database, day), "duty:1") for day in (MONDAY, TUESDAY, WEDNESDAY, FRIDAY, NEXT_MONDAY)]
    assert of_days[0] == of_days[1]
    assert of_days[2] == of_days[3] == of_days[4] != of_days[0]


async def test_several_people_do_it_together(people, database):
    added = await add(people, people=3)
    assert len({turn.member for turn in added.first}) == 3
    moderator = (await duties(database, MONDAY)).moderator
    assert moderator not in {turn.member for turn in added.first}


async def test_two_places_of_a_duty_are_for_two_people_even_where_nobody_is_left(people, database):
    for user_id in (1, 2, 3):
        await people.roster.remove(caller(), user_id)
    added = await add(people, people=3)
    assert [turn.member and turn.member.name for turn in added.first] == ["마루", "라온", None]
    assert [turn.double for turn in added.first] == [False, True, False]


async def test_a_duty_is_on_record(people, database):
    await add(people)
    await people.duties.remove(caller(), "duty:1")
    async with reading(database) as session:
        rows = list(await session.scalars(select(AuditRow).where(AuditRow.subject == "duty:1").order_by(AuditRow.id)))
    assert [row.action for row in rows] == ["duty.add", "duty.remove"]
    assert rows[0].after == '{"name": "기록", "people": 1, "per": "day", "since": "2026-01-05"}'


@pytest.mark.parametrize(
    "name",
    [
        "",
        "  \n ",
        "\u200b",
        "가" * 31,
        "모더레이터",
        "MODERATOR",
        "발표",
        "presenter",
        "기 록",
        "기  록",
        "duty:3",
        "Notes",
    ],
)
async def test_a_name_that_cannot_be_changes_nothing(people, database_file, name):
    await add(people, "기 록")
    await add(people, "notes")
    before = await dump(database_file)
    with pytest.raises(InvalidInput):
        await add(people, name)
    assert await dump(database_file) == before


@pytest.mark.parametrize("number", [-1, 0, 6, 1000])
async def test_a_number_of_people_that_cannot_be_changes_nothing(people, database_file, number):
    before = await dump(database_file)
    with pytest.raises(InvalidInput):
        await add(people, people=number)
    assert await dump(database_file) == before


async def test_a_name_is_kept_in_one_line(people):
    assert (await add(people, "  기록\n정리 ")).duty.name == "기록 정리"


async def test_there_are_at_most_ten_duties_of_ones_own(people, database_file):
    for number in range(10):
        await add(people, f"당번 {number}")
    before = await dump(database_file)
    with pytest.raises(InvalidInput):
        await add(people)
    assert await dump(database_file) == before
    await people.duties.remove(caller(), "duty:4")
    await add(people)


async def test_refused_additions_change_nothing(people, database_file):
    before = await dump(database_file)
    with pytest.raises(NotAllowed):
        await people.duties.add(caller(GAON), NewDuty("기록", Per.DAY))
    with pytest.raises(InvalidInput):
        await add(people, per=Per.DAY, first_weekday=3)
    assert await dump(database_file) == before


# ── removing ──────────────────────────────────────────────────────────────────


async def test_a_removed_duty_stays_in_the_history_and_its_coming_turns_fall_away(people, database):
    await add(people)
    await announced(database, TUESDAY)
    before = await duties(database, TUESDAY)
    removed = await people.duties.remove(caller(at="2026-01-06 09:00"), "duty:1")
    assert [(turn.date, turn.member.name) for turn in removed.told] == [(TUESDAY, "가온")]
    assert await turns_of(database, "duty:1") == [(5, "나래", "proposed"), (6, "가온", "replaced")]
    after = await duties(database, TUESDAY)
    assert after.turns == tuple(turn for turn in before.turns if turn.duty != "duty:1")
    assert of(await duties(database, MONDAY), "duty:1") == ["나래"]
    assert [turn.duty.name for turn in await people.rotation.history(caller(), 2)] == ["", "기록"]


async def test_what_was_done_today_stays_when_the_session_has_begun(people, database):
    await add(people)
    await announced(database, TUESDAY)
    await session_begins(database, MONDAY, "2026-01-05 16:00")
    await people.duties.remove(caller(at="2026-01-05 19:00"), "duty:1")
    assert [state for _day, _name, state in await turns_of(database, "duty:1")] == ["proposed", "replaced"]


async def test_a_weekly_duty_removed_within_its_week_was_done_until_then(people, database):
    await add(people, per=Per.WEEK)
    await announced(database, TUESDAY)
    removed = await people.duties.remove(caller(at="2026-01-07 09:00"), "duty:1")
    assert [(turn.date, turn.announced) for turn in removed.freed] == [(WEDNESDAY, True)]
    await people.duties.present(caller())
    for day, names in ((TUESDAY, 1), (WEDNESDAY, 0), (FRIDAY, 0)):
        assert len(of(await duties(database, day), "duty:1")) == names


async def test_the_name_of_a_removed_duty_is_free_again_and_begins_anew(people, database):
    await add(people)
    await people.duties.remove(caller(), "duty:1")
    again = await add(people)
    assert again.duty.key == "duty:2"
    assert [duty.key for duty in await people.duties.present(caller())] == ["moderator", "presenter", "duty:2"]


async def test_refused_removals_change_nothing(people, database, database_file):
    await add(people)
    await people.duties.remove(caller(), "duty:1")
    other = caller(guild_id=8, channel_id=80)
    await people.teams.setup(other, "옆 팀", {})
    await people.duties.add(other, NewDuty("기록", Per.DAY))
    before = await dump(database_file)
    for who, key, error in (
        (caller(GAON), "duty:2", NotAllowed),
        (caller(), "duty:1", NotFound),
        (caller(), "duty:2", NotFound),
        (caller(), "moderator", InvalidInput),
        (caller(), "presenter", InvalidInput),
    ):
        with pytest.raises(error):
            await people.duties.remove(who, key)
    assert await dump(database_file) == before
    async with reading(database) as session:
        assert list(await session.scalars(select(StudyDayRow))) == []


# ── whatever is changed meanwhile ─────────────────────────────────────────────


async def test_two_additions_of_a_name_at_once_leave_one_duty(people):
    done = await asyncio.gather(*(add(people) for _ in range(3)), return_exceptions=True)
    assert sorted(type(each).__name__ for each in done) == ["AddedDuty", "InvalidInput", "InvalidInput"]
    assert [duty.name for duty in await people.duties.present(caller())][2:] == ["기록"]


STUDY_DAYS = [MONDAY + timedelta(days=step) for step in range(26) if step % 7 < 5]

CHANGES = {
    1: lambda team, at: add(team, "기록", people=2, at=at),
    3: lambda team, at: add(team, "정리", Per.WEEK, first_weekday=3, at=at),
    4: lambda team, at: team.duties.order(caller(at=at), "moderator", "마루, 라온", None),
    6: lambda team, at: team.teams.set(caller(at=at), "moderator_per", "week"),
    7: lambda team, at: team.duties.order(caller(at=at), "duty:1", None, 3),
    9: lambda team, at: add(team, "질문", Per.LECTURE, at=at),
    11: lambda team, at: team.duties.remove(caller(at=at), "duty:1"),
    13: lambda team, at: team.duties.order(caller(at=at), "presenter", None, 5),
    14: lambda team, at: team.duties.remove(caller(at=at), "duty:2"),
    15: lambda team, at: team.teams.set(caller(at=at), "moderator_per", "day"),
    17: lambda team, at: add(team, "기록", at=at),
}
"""What a moderator does on which study day, in the morning."""


async def test_a_day_announced_with_nothing_but_a_weeks_turns_gets_no_further_duty(people, database):
    await people.teams.set(caller(), "moderator_per", "week")
    for said_on, day in pairwise(STUDY_DAYS[:4]):
        await Housekeeping(database).step(seoul(f"{said_on} 08:00"))
        await announced(database, day, f"{said_on} 18:00")
    assert (await add(people, at="2026-01-07 17:00")).since == STUDY_DAYS[3]
    assert (await add(people, "정리", at="2026-01-07 18:30")).since == STUDY_DAYS[4]


@pytest.mark.parametrize("hour", ["09:00", "18:30"])
async def test_what_is_shown_after_each_change_is_what_happens(people, database, hour):
    for number, day in enumerate(STUDY_DAYS):
        for place in range(number % 3):
            new = NewLecture(title="Attention", number=f"{number}-{place}", studied=str(day), presented=str(day))
            await people.lectures.add(caller(), new)
    for number, (today, tomorrow) in enumerate(pairwise(STUDY_DAYS)):
        await Housekeeping(database).step(seoul(f"{today} 08:00"))
        if number in CHANGES and hour < "18":
            await CHANGES[number](people, f"{today} {hour}")
        shown = await duties(database, tomorrow)
        assert _who(await announced(database, tomorrow, f"{today} 18:00")) == _who(shown)
        if number in CHANGES and hour > "18":
            await CHANGES[number](people, f"{today} {hour}")
            still = [turn for turn in _who(shown) if turn in _who(await duties(database, tomorrow))]
            assert still == _who(await duties(database, tomorrow))


def _who(day: DayDuties) -> list[tuple[str, str, str]]:
    """Which duties a day has, for which unit, and whose."""
    return [(turn.duty, turn.unit, turn.member.name) for turn in day.turns]


# ── giving one ────────────────────────────────────────────────────────────────


async def test_a_duty_of_several_people_is_given_place_by_place_and_never_twice_to_one(people, database):
    await add(people, people=2)
    before = of(await duties(database, TUESDAY), "duty:1")
    for user_id in (4, 5, 5):
        await people.rotation.assign(caller(), "duty:1", user_id, "1/6", None)
    assert of(await duties(database, TUESDAY), "duty:1") == ["라온", "마루"] != before
    done = await people.rotation.assign(caller(), "duty:1", 1, "1/6", None)
    assert done.before.name == "라온"
    assert of(await duties(database, TUESDAY), "duty:1") == ["가온", "마루"]


async def test_a_weekly_duty_given_in_its_first_week_is_theirs_from_the_day_on_which_it_begins(people, database):
    await announced(database, TUESDAY)
    await add(people, per=Per.WEEK, at="2026-01-05 19:00")
    await people.rotation.assign(caller(at="2026-01-05 20:00"), "duty:1", 5, "1/9", None)
    shown = await people.rotation.show(caller(at="2026-01-05 20:00"), 4)
    assert [[turn.member.name for turn in day.turns if turn.duty.key == "duty:1"] for day in shown] == [
        [],
        [],
        ["마루"],
        ["마루"],
    ]


async def test_a_week_is_not_given_to_somebody_who_is_away_when_it_begins(people, database, database_file):
    await people.teams.set(caller(), "moderator_per", "week")
    await people.absences.away(caller(5), NewAbsence(since="1/12"))
    before = await dump(database_file)
    with pytest.raises(InvalidInput, match="is away on"):
        await people.rotation.assign(caller(), "moderator", 5, "1/14", None)
    assert await dump(database_file) == before
    await people.rotation.assign(caller(), "moderator", 5, "1/21", None)
    assert of(await duties(database, date(2026, 1, 20)), "moderator") == ["마루"]


async def test_a_duty_of_a_lecture_is_given_by_its_lecture(people, database):
    await add(people, "질문", Per.LECTURE)
    new = NewLecture(title="Attention", number="1강", studied=str(TUESDAY), presented=str(TUESDAY))
    lecture = (await people.lectures.add(caller(), new)).id
    await people.rotation.assign(caller(), "duty:1", 5, None, lecture)
    assert of(await duties(database, TUESDAY), "duty:1") == ["마루"]


async def test_a_duty_is_not_given_for_a_day_on_which_it_is_not_done(people, database, database_file):
    await add(people)
    await people.duties.remove(caller(), "duty:1")
    await announced(database, TUESDAY)
    await add(people, at="2026-01-05 19:00")
    before = await dump(database_file)
    for key in ("duty:1", "duty:2", "duty:7"):
        with pytest.raises(InvalidInput):
            await people.rotation.assign(caller(at="2026-01-05 20:00"), key, 5, "1/6", None)
    assert await dump(database_file) == before
