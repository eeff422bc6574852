"""Holidays to come: told of once, two weeks ahead, and decided by moderators."""

from datetime import date

import pytest
from sqlalchemy import select

from bot.db.tables import AuditRow, DeliveryRow, LectureRow, ScheduleRow, TeamRow
from bot.domain.deliveries import Delivery, State
from bot.domain.holidays import HOLIDAY_NOTICE, OnHoliday
from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.i18n import KOREAN
from bot.services.days import load_calendar
from bot.services.holiday_notices import dates_told
from bot.services.housekeeping import Housekeeping
from tests.database import reading, writing
from tests.services.people import ADMIN, GAON, caller, dump, seoul

EVE, SEOLLAL, DAY_AFTER, THURSDAY = (date(2026, 2, day) for day in (16, 17, 18, 19))
MARK = "2026-02-02 18:00"
"""Two weeks before the eve of Seollal, at the announce time."""


async def planned(database) -> list[tuple[object, date, date]]:
    """Instant, first and last date of each notice planned so far."""
    async with reading(database) as session:
        query = select(DeliveryRow).where(DeliveryRow.kind == HOLIDAY_NOTICE).order_by(DeliveryRow.id)
        return [(row.due_at, *dates_told(row.subject_id, row.slot)) for row in await session.scalars(query)]


async def next_notice(database):
    async with reading(database) as session:
        return await session.scalar(select(ScheduleRow.next_due_at).where(ScheduleRow.kind == HOLIDAY_NOTICE))


async def tick(database, at: str) -> None:
    while await Housekeeping(database).step(seoul(at)):
        pass


async def notice(services, database, at: str = MARK):
    """What the only planned notice says."""
    async with reading(database) as session:
        row = await session.scalar(select(DeliveryRow).where(DeliveryRow.kind == HOLIDAY_NOTICE))
    delivery = Delivery(
        row.id, row.team_id, 7, row.kind, row.subject_id, row.slot, row.due_at, row.expires_at,
        State.PENDING, 0, None, None, row.nonce, None,
    )  # fmt: skip
    return await services.holidays.notice(delivery, seoul(at))


async def team_id(database) -> int:
    async with reading(database) as session:
        return await session.scalar(select(TeamRow.id))


async def numbers(database, first=date(2026, 2, 1), last=date(2026, 2, 28)) -> dict[date, int]:
    """The study days from one date to another, with their numbers."""
    async with reading(database) as session:
        calendar = await load_calendar(session, await session.scalar(select(TeamRow)))
    return {day: calendar.number(day) for day in calendar.between(first, last)}


async def test_a_break_is_told_of_once_two_weeks_ahead(team, database):
    assert await next_notice(database) == seoul(MARK)
    await tick(database, "2026-02-02 17:59")
    assert await planned(database) == []
    for at in (MARK, "2026-02-02 18:01", "2026-02-03 12:00", "2026-02-10 12:00"):
        await tick(database, at)
    assert await planned(database) == [(seoul(MARK), EVE, DAY_AFTER)]
    assert await next_notice(database) == seoul("2026-02-16 18:00")


async def test_a_notice_that_fell_due_while_the_bot_was_down_keeps_its_time(team, database):
    await tick(database, "2026-02-03 09:00")
    assert await planned(database) == [(seoul(MARK), EVE, DAY_AFTER)]


async def test_no_edit_of_the_calendar_tells_twice(team, database):
    await tick(database, MARK)
    later = caller(at="2026-02-03 09:00")
    await team.calendar.holidays(later, "off")
    await team.calendar.holidays(later, "KR")
    await team.calendar.on(later, "2/17", None)
    await team.calendar.off(later, "2/17", None)
    await team.calendar.weekdays(later, "화")
    await team.calendar.weekdays(later, "월-금")
    await team.teams.set(later, "announce_time", "20:00")
    await team.teams.set(later, "timezone", "Asia/Tokyo")
    await tick(database, "2026-02-05 09:00")
    assert len(await planned(database)) == 1


async def test_a_holiday_studied_on_before_its_notice_is_not_told_of(team, database):
    for day in ("2/16", "2/17", "2/18"):
        await team.calendar.on(caller(), day, None)
    await tick(database, MARK)
    assert await planned(database) == []
    assert await next_notice(database) == seoul("2026-02-16 18:00")


async def test_a_team_made_shortly_before_a_holiday_is_told_at_once(services, database):
    await services.teams.setup(caller(ADMIN, at="2026-02-10 09:30"), "스터디", {})
    assert await planned(database) == [(seoul("2026-02-10 09:30"), EVE, DAY_AFTER)]


async def test_a_country_chosen_shortly_before_its_holiday_is_told_of_at_once(team, database):
    await team.calendar.holidays(caller(at="2026-01-12 10:00"), "US")
    assert await planned(database) == [(seoul("2026-01-12 10:00"), date(2026, 1, 19), date(2026, 1, 19))]


async def test_without_a_country_nothing_is_awaited(team, database):
    await team.calendar.holidays(caller(), "off")
    assert await next_notice(database) is None
    await tick(database, MARK)
    assert await planned(database) == []


async def test_holidays_learned_by_an_update_are_told_of_at_the_announce_time_and_not_at_night(team, database):
    async with writing(database) as session:  # as an older version left it
        await session.delete(await session.scalar(select(ScheduleRow).where(ScheduleRow.kind == HOLIDAY_NOTICE)))
    await tick(database, "2026-02-10 04:00")
    assert await planned(database) == [(seoul("2026-02-10 18:00"), EVE, DAY_AFTER)]


async def test_a_notice_says_what_is_off_at_the_moment_of_sending(team, database):
    await tick(database, MARK)
    assert [holiday.day for holiday in (await notice(team, database)).holidays] == [EVE, SEOLLAL, DAY_AFTER]
    await team.calendar.on(caller(at="2026-02-03 09:00"), "2/16", None)
    assert [holiday.day for holiday in (await notice(team, database)).holidays] == [SEOLLAL, DAY_AFTER]
    assert [holiday.day for holiday in (await notice(team, database, "2026-02-17 09:00")).holidays] == [DAY_AFTER]
    await team.calendar.holidays(caller(at="2026-02-03 09:00"), "off")
    assert await notice(team, database) is None


async def test_moderators_study_on_a_holiday_and_rest_after_all(team, database):
    ours, at = await team_id(database), "2026-02-03 09:00"
    before = await numbers(database)
    decided = await team.holidays.study(caller(at=at, channel_id=71), ours, SEOLLAL)
    assert (decided.days, decided.number) == ((SEOLLAL,), before[THURSDAY])
    assert (await numbers(database))[THURSDAY] == before[THURSDAY] + 1
    decided = await team.holidays.rest(caller(at=at, channel_id=71), ours, EVE, DAY_AFTER)
    assert (decided.days, decided.number) == ((SEOLLAL,), None)
    assert await numbers(database) == before
    assert (await team.holidays.rest(caller(at=at), ours, EVE, DAY_AFTER)).days == ()


async def test_a_lecture_on_a_holiday_after_all_taken_off_moves(team, database):
    ours, at = await team_id(database), caller(at="2026-02-03 09:00")
    for day in (EVE, SEOLLAL):
        await team.holidays.study(at, ours, day)
    async with writing(database) as session:
        session.add(
            LectureRow(
                team_id=ours, course="NLP", number="5강", title="제목", kind="lecture",
                study_date=EVE, session_date=SEOLLAL, created_at=at.at,
            )
        )  # fmt: skip
    decided = await team.holidays.rest(at, ours, EVE, DAY_AFTER)
    moved = [(lecture.lecture, lecture.study_date.day, lecture.session_date.day) for lecture in decided.change.moved]
    assert moved == [("NLP 5강", 19, 20)]


async def test_what_cannot_be_decided_is_refused_and_changes_nothing(team, database, database_file):
    ours, saturday = await team_id(database), date(2026, 2, 28)
    await team.holidays.study(caller(), ours, EVE)
    await team.calendar.on(caller(), "2/28", "보강")
    before = await dump(database_file)
    for refused, says in (
        (team.holidays.study(caller(), ours, EVE), "이미 학습일이에요"),
        (team.holidays.study(caller(at="2026-02-20 09:00"), ours, SEOLLAL), "이미 끝나서"),
        (team.holidays.rest(caller(at="2026-02-20 09:00"), ours, EVE, DAY_AFTER), "이미 끝나서"),
        (team.holidays.rest(caller(), ours, saturday, saturday), "공휴일이 아니에요"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            await refused
        assert says in refusal.value.text(KOREAN)
    assert await dump(database_file) == before


async def test_an_extra_saturday_inside_a_break_is_not_taken_off_with_it(team, database):
    at = caller(at="2026-09-11 09:00")
    await team.calendar.start(at, "2026-09-01")
    await team.calendar.on(at, "9/26", "보강")  # a holiday on a Saturday
    await team.holidays.rest(at, await team_id(database), date(2026, 9, 24), date(2026, 9, 26))
    studied = await numbers(database, date(2026, 9, 24), date(2026, 9, 28))
    assert [day.day for day in studied] == [26, 28]


async def test_only_the_moderators_of_that_team_decide(team, services, database, database_file):
    ours, others = await team_id(database), caller(ADMIN, guild_id=8, channel_id=80)
    await services.teams.setup(others, "옆 팀", {})
    before = await dump(database_file)
    for attempt in (
        lambda who: team.holidays.study(who, ours, SEOLLAL),
        lambda who: team.holidays.rest(who, ours, EVE, DAY_AFTER),
    ):
        with pytest.raises(NotAllowed):
            await attempt(caller(GAON))
        with pytest.raises(NotFound):
            await attempt(others)
    assert await dump(database_file) == before


async def test_the_team_is_the_one_of_the_notice_also_from_the_channel_of_another(team, services, database):
    """Two teams in one server; the notice of the first stands where the second one studies."""
    ours = await team_id(database)
    await team.roster.join(caller(GAON), None)
    async with writing(database) as session:
        first = await session.get_one(TeamRow, ours)
        values = {column.key: getattr(first, column.key) for column in TeamRow.__table__.columns if column.key != "id"}
        session.add(TeamRow(**values | {"name": "둘째 팀", "study_channel_id": 71, "moderator_role_id": 555}))
    second = caller(GAON, channel_id=71, roles=frozenset({555}))
    with pytest.raises(NotAllowed):
        await team.holidays.study(second, ours, SEOLLAL)
    await team.holidays.study(caller(channel_id=71), ours, SEOLLAL)
    async with reading(database) as session:
        audited = (await session.scalars(select(AuditRow.team_id).where(AuditRow.action == "calendar.day"))).all()
    assert audited == [ours]


async def test_the_list_says_what_the_team_does_on_each(team):
    await team.calendar.on(caller(), "2026-02-17", None)
    coming = await team.holidays.coming(caller(GAON))
    does = {holiday.day: (holiday.name, holiday.team) for holiday in coming.holidays}
    assert coming.country == "KR"
    assert does[EVE] == ("설날 전날", OnHoliday.OFF)
    assert does[SEOLLAL] == ("설날", OnHoliday.STUDIES)
    assert does[date(2026, 3, 1)] == ("삼일절", OnHoliday.USUAL)
    assert max(does) < date(2027, 1, 5)


async def test_without_a_country_the_list_is_empty(team):
    await team.calendar.holidays(caller(), "off")
    coming = await team.holidays.coming(caller(GAON))
    assert (coming.country, coming.holidays) == (None, ())
