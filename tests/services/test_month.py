"""What a month shows: turns that were made, and those that the rotation will choose."""

from datetime import date

import pytest
from sqlalchemy import select

from bot.db.tables import DutyRow, LectureRow, MemberRow, StudyDayRow, TeamRow, TurnRow
from bot.domain.month import CalendarDay, MonthTurn
from tests.database import writing
from tests.services.people import GAON, MONDAY, NARAE, caller

MON, TUE, WED, THU, FRI = (date(2026, 1, day) for day in (5, 6, 7, 8, 9))
NEXT_MON, NEXT_TUE = date(2026, 1, 12), date(2026, 1, 13)


def planned(name: str, label: str = "") -> MonthTurn:
    return MonthTurn(label, name, planned=True)


@pytest.fixture
async def pair(team):
    """A team of 가온 and 나래."""
    for member in (GAON, NARAE):
        await team.roster.join(caller(member), None)
    return team


async def shown(team, month: str | None = None, at: str = "2026-01-05 09:00") -> dict[date, CalendarDay]:
    return {day.date: day for day in (await team.calendar.show(caller(GAON, at=at), month)).days}


async def add(database, row_of) -> None:
    """Add a row; `row_of` gets the team's id and the members' ids by name."""
    async with writing(database) as session:
        team_id = await session.scalar(select(TeamRow.id))
        session.add(row_of(team_id, {row.name: row.id for row in await session.scalars(select(MemberRow))}))


async def add_lecture(database, session_date: date, number: str, **values) -> None:
    row = {"course": "NLP", "title": "", "kind": "lecture", "study_date": MON, "created_at": MONDAY} | values
    await add(database, lambda team_id, _: LectureRow(team_id=team_id, number=number, session_date=session_date, **row))


async def give_turn(database, name: str, duty: str, unit: str, day: date) -> None:
    values = {"duty": duty, "unit": unit, "date": day, "state": "assigned", "made_at": MONDAY}
    await add(database, lambda team_id, ids: TurnRow(team_id=team_id, member_id=ids[name], **values))


async def test_days_to_come_show_whom_the_rotation_will_choose(pair):
    january = await shown(pair)
    assert [january[day].moderator for day in (MON, TUE, WED)] == [planned("가온"), planned("나래"), planned("가온")]
    assert january[date(2026, 1, 10)].moderator is None


async def test_a_turn_that_was_made_is_not_only_planned(pair, database):
    await give_turn(database, "가온", "moderator", f"day:{TUE}", TUE)
    january = await shown(pair)
    assert (january[MON].moderator, january[TUE].moderator) == (planned("나래"), MonthTurn("", "가온"))


async def test_days_that_are_over_show_only_what_was_made(pair, database):
    await give_turn(database, "나래", "moderator", f"day:{TUE}", TUE)
    january = await shown(pair, at="2026-01-07 09:00")
    assert [january[day].moderator for day in (MON, TUE, WED)] == [None, MonthTurn("", "나래"), planned("가온")]


async def test_a_day_closed_before_it_is_over_gets_no_planned_turns(pair, database):
    await add(database, lambda team_id, _: StudyDayRow(team_id=team_id, date=MON, number=1, closed_at=MONDAY))
    january = await shown(pair)
    assert (january[MON].closed, january[MON].moderator, january[TUE].moderator) == (True, None, planned("가온"))


async def test_the_next_month_goes_on_where_this_one_ends(pair):
    january, february = await shown(pair), await shown(pair, "2월")
    last, first = january[date(2026, 1, 30)].moderator, february[date(2026, 2, 2)].moderator
    assert {last, first} == {planned("가온"), planned("나래")}


async def test_nobody_is_planned_for_a_month_far_away(pair, database):
    far = date(2026, 5, 4)
    await give_turn(database, "가온", "moderator", f"day:{far}", far)
    assert (await shown(pair, "4월"))[date(2026, 4, 1)].moderator is not None
    may = await shown(pair, "5월")
    assert (may[far].moderator, may[date(2026, 5, 6)].moderator) == (MonthTurn("", "가온"), None)


async def test_a_weekly_turn_stands_on_every_study_day_of_its_week(pair, database):
    async with writing(database) as session:
        (await session.scalar(select(TeamRow))).moderator_per = "week"
    await give_turn(database, "나래", "moderator", f"week:{MON}", MON)
    january = await shown(pair, at="2026-01-07 09:00")
    assert [january[day].moderator for day in (MON, TUE, WED, FRI)] == [MonthTurn("", "나래")] * 4
    assert [january[day].moderator for day in (NEXT_MON, NEXT_TUE)] == [planned("가온")] * 2


async def test_every_reader_of_a_paper_is_shown(pair, database):
    await add_lecture(database, TUE, "BERT", kind="paper", readers=2)
    assert (await shown(pair))[TUE].presenters == (planned("가온", "BERT"), planned("나래", "BERT"))


async def test_an_event_is_shown_without_a_presenter(pair, database):
    await add_lecture(database, TUE, "", title="멘토링", kind="event")
    assert (await shown(pair))[TUE].presenters == (MonthTurn("멘토링", ""),)


async def test_lectures_of_several_courses_are_called_by_their_course_too(pair, database):
    await add_lecture(database, TUE, "5강")
    assert [turn.label for turn in (await shown(pair))[TUE].presenters] == ["5강"]
    await add_lecture(database, THU, "1강", course="CV")
    january = await shown(pair)
    assert [turn.label for day in (TUE, THU) for turn in january[day].presenters] == ["NLP 5강", "CV 1강"]


async def test_the_teams_own_duties_are_shown_by_their_names(pair, database):
    values = {"name": "서기", "per": "day", "people": 1, "first_weekday": 0, "since": TUE, "until": None}
    await add(database, lambda team_id, _: DutyRow(id=7, team_id=team_id, **values))
    await give_turn(database, "가온", "duty:7", f"day:{TUE}", TUE)
    january = await shown(pair)
    assert [january[day].duties for day in (MON, TUE)] == [(), (MonthTurn("서기", "가온"),)]
    assert [(turn.label, turn.planned) for turn in january[WED].duties] == [("서기", True)]
    assert january[TUE].turns == (planned("나래"), MonthTurn("서기", "가온"))


async def test_a_day_off_shows_no_turns(pair, database):
    await give_turn(database, "가온", "moderator", f"day:{TUE}", TUE)
    await pair.calendar.off(caller(), "1/6", "워크숍")
    assert (await shown(pair))[TUE].turns == ()


async def test_a_team_without_members_shows_lectures_without_presenters(team, database):
    await add_lecture(database, TUE, "5강")
    days = {day.date: day for day in (await team.calendar.show(caller(), None)).days}
    assert (days[TUE].moderator, days[TUE].presenters) == (None, (MonthTurn("5강", ""),))
