"""Changing the calendar, and what follows from it."""

from datetime import date

import pytest
from sqlalchemy import func, select

from bot.db.tables import (
    AnswerRow,
    AuditRow,
    BoardRow,
    LectureRow,
    MemberRow,
    QuestionRow,
    ScheduleRow,
    StudyDayRow,
    TeamRow,
    TurnRow,
    WrittenRow,
)
from bot.domain.calendar import DayOff, DayOffKind
from bot.domain.month import MonthTurn
from bot.errors import InvalidInput, NotAllowed
from bot.i18n import ENGLISH, KOREAN
from bot.services.boards import touch
from bot.services.days import ensure_day
from bot.services.rotation.handover import Asked
from tests.database import reading, writing
from tests.services.announced import announce, rows
from tests.services.people import ADMIN, GAON, MONDAY, NARAE, caller, dump, seoul

MON, TUE, WED, THU = (date(2026, 1, day) for day in (5, 6, 7, 8))
SAT, NEXT_MON = date(2026, 1, 10), date(2026, 1, 12)


async def add_lecture(database, study: date, session_date: date) -> int:
    async with writing(database) as session:
        team_id = await session.scalar(select(TeamRow.id))
        lecture = LectureRow(
            team_id=team_id, course="NLP", number="5강", title="제목", kind="lecture",
            study_date=study, session_date=session_date, created_at=MONDAY,
        )  # fmt: skip
        session.add(lecture)
        await session.flush()
        return lecture.id


async def give_turn(database, duty: str, day: date, lecture_id: int | None = None) -> None:
    """A duty of the only member."""
    async with writing(database) as session:
        member = await session.scalar(select(MemberRow))
        unit = f"day:{day}" if lecture_id is None else f"lecture:{lecture_id}"
        session.add(
            TurnRow(
                team_id=member.team_id, duty=duty, unit=unit, date=day, lecture_id=lecture_id,
                member_id=member.id, state="assigned", made_at=MONDAY,
            )
        )  # fmt: skip


async def dates_of(database, lecture_id: int) -> tuple[date, date]:
    async with reading(database) as session:
        lecture = await session.get_one(LectureRow, lecture_id)
        return lecture.study_date, lecture.session_date


async def prompts_due(database):
    async with reading(database) as session:
        return await session.scalar(select(ScheduleRow.next_due_at).where(ScheduleRow.kind == "retro.prompt"))


async def shown(team, month: str | None = None, at: str = "2026-01-05 09:00"):
    return {day.date: day for day in (await team.calendar.show(caller(GAON, at=at), month)).days}


async def test_a_month_tells_numbers_holidays_and_closed_days(team):
    await team.teams.set(caller(at="2026-01-06 10:00"), "retro_time", "22:00")  # closes Monday
    january = await shown(team)
    assert len(january) == 31
    assert (january[MON].number, january[MON].closed) == (1, True)
    assert (january[TUE].number, january[TUE].closed) == (2, False)
    assert january[date(2026, 1, 2)].off == DayOff(DayOffKind.BEFORE_START)
    assert january[SAT].off == DayOff(DayOffKind.WEEKDAY)
    assert january[NEXT_MON].number == 6
    february = await shown(team, "2월")
    assert len(february) == 28
    assert february[date(2026, 2, 17)].off == DayOff(DayOffKind.HOLIDAY, "설날")


async def test_a_month_tells_who_is_on_duty(team, database):
    await team.roster.join(caller(GAON), None)
    lecture_id = await add_lecture(database, MON, TUE)
    await give_turn(database, "moderator", TUE)
    await give_turn(database, "presenter", TUE, lecture_id)
    tuesday = (await shown(team))[TUE]
    assert (tuesday.moderator, tuesday.presenters) == (MonthTurn("", "가온"), (MonthTurn("5강", "가온"),))


async def test_a_day_off_moves_the_numbers_after_it_and_can_be_taken_back(team):
    await team.calendar.off(caller(), "1/7", "창립기념일")
    january = await shown(team)
    assert january[WED].off == DayOff(DayOffKind.TEAM, "창립기념일")
    assert january[THU].number == 3
    changed = await team.calendar.on(caller(), "2026-01-07", None)
    assert (changed.changed, changed.today, changed.next_day, changed.next_number) == (WED, MON, MON, 1)
    assert ((await shown(team))[WED].number, (await shown(team))[THU].number) == (3, 4)


async def test_a_day_off_taken_back_is_as_usual_a_day_as_before(team):
    await team.calendar.off(caller(), "1/7", None)
    await team.calendar.on(caller(), "1/7", None)
    await team.calendar.weekdays(caller(), "목금")
    assert (await shown(team))[WED].off == DayOff(DayOffKind.WEEKDAY)


async def test_an_extra_study_day_counts_and_can_be_taken_back(team):
    await team.calendar.on(caller(), "1/10", "보강")
    january = await shown(team)
    assert (january[SAT].number, january[SAT].label, january[NEXT_MON].number) == (6, "보강", 7)
    await team.calendar.off(caller(), "1/10", None)
    january = await shown(team)
    assert (january[SAT].off, january[NEXT_MON].number) == (DayOff(DayOffKind.WEEKDAY), 6)


async def test_a_holiday_can_be_studied_on(team):
    await team.calendar.on(caller(), "2026-02-16", "특강")
    assert (await shown(team, "2026-02"))[date(2026, 2, 16)].label == "특강"


async def test_other_holidays_are_other_days_off(team):
    await team.calendar.holidays(caller(), "us")
    january = await shown(team)
    assert january[date(2026, 1, 19)].off is not None
    assert january[date(2026, 1, 19)].off.kind is DayOffKind.HOLIDAY
    await team.calendar.holidays(caller(), "off")
    assert (await shown(team))[date(2026, 1, 19)].number == 11


@pytest.mark.parametrize(
    ("command", "typed", "says"),
    [
        pytest.param("off", "2026-01-02", "이미 끝나서", id="a past date"),
        pytest.param("off", "1/10", "원래 쉬는 날", id="a weekend"),
        pytest.param("off", "2026-02-17", "원래 쉬는 날", id="a holiday"),
        pytest.param("off", "2029-01-05", "2년 넘게", id="a date too far away"),
        pytest.param("off", "2026-13-01", "읽지 못했어요", id="no date at all"),
        pytest.param("on", "1/7", "이미 학습일", id="a study day"),
        pytest.param("on", "어제", "이미 끝나서", id="yesterday"),
        pytest.param("start", "2023-12-01", "너무 멀어요", id="a start long ago"),
        pytest.param("start", "2027-12-01", "너무 멀어요", id="a start far ahead"),
        pytest.param("start", "곧", "읽지 못했어요", id="no start"),
        pytest.param("weekdays", "휴일", "요일을 읽지", id="no weekdays"),
        pytest.param("holidays", "ZZ", "공휴일은 몰라요", id="no country"),
    ],
)
async def test_what_cannot_be_is_refused_and_changes_nothing(team, database_file, command, typed, says):
    before = await dump(database_file)
    options = (typed, None) if command in {"off", "on"} else (typed,)
    with pytest.raises(InvalidInput) as refusal:
        await getattr(team.calendar, command)(caller(), *options)
    assert says in refusal.value.text(KOREAN)
    assert await dump(database_file) == before


async def test_days_before_the_start_are_no_extra_days(team):
    await team.calendar.start(caller(), "1/12")
    with pytest.raises(InvalidInput) as refusal:
        await team.calendar.on(caller(), "1/10", None)
    assert refusal.value.text(KOREAN) == (
        "1/10 토 날짜는 Day1(1/12 월)보다 앞이에요. /calendar start 로 시작 날짜를 먼저 옮겨 주세요."
    )


async def test_a_label_too_long_is_refused(team, database_file):
    before = await dump(database_file)
    with pytest.raises(InvalidInput, match="too long"):
        await team.calendar.off(caller(), "1/7", "긴 이유 " * 30)
    assert await dump(database_file) == before


async def test_the_calendar_is_for_moderators(team, database_file):
    before = await dump(database_file)
    gaon = caller(GAON)
    for refused in (
        team.calendar.off(gaon, "1/7", None),
        team.calendar.on(gaon, "1/10", None),
        team.calendar.start(gaon, "1/12"),
        team.calendar.weekdays(gaon, "월"),
        team.calendar.holidays(gaon, "US"),
    ):
        with pytest.raises(NotAllowed):
            await refused
    assert await dump(database_file) == before


async def test_planned_posts_follow_the_calendar(team, database):
    assert await prompts_due(database) == seoul("2026-01-05 21:00")
    await team.calendar.off(caller(), "오늘", None)
    assert await prompts_due(database) == seoul("2026-01-06 21:00")
    await team.calendar.weekdays(caller(), "목금")
    assert await prompts_due(database) == seoul("2026-01-08 21:00")
    await team.calendar.start(caller(), "1/12")
    assert await prompts_due(database) == seoul("2026-01-15 21:00")


async def test_lectures_of_a_day_that_becomes_free_move_to_the_next_study_day(team, database):
    moved_both = await add_lecture(database, TUE, WED)
    moved_session = await add_lecture(database, MON, TUE)
    untouched = await add_lecture(database, THU, date(2026, 1, 9))
    changed = await team.calendar.off(caller(), "1/6", None)
    assert await dates_of(database, moved_both) == (WED, THU)
    assert await dates_of(database, moved_session) == (MON, WED)
    assert await dates_of(database, untouched) == (THU, date(2026, 1, 9))
    assert [(moved.study_date, moved.session_date) for moved in changed.moved] == [(WED, THU), (MON, WED)]


async def test_whoever_presents_a_moved_lecture_presents_it_on_its_new_day(team, database):
    await team.roster.join(caller(GAON), None)
    lecture_id = await add_lecture(database, MON, TUE)
    await give_turn(database, "presenter", TUE, lecture_id)
    await team.calendar.off(caller(), "1/6", None)
    assert (await shown(team))[WED].presenters == (MonthTurn("5강", "가온"),)


async def test_questions_of_a_day_that_becomes_free_move_to_the_next_study_day(team, database):
    async with writing(database) as session:
        row = await session.scalar(select(TeamRow))
        day = await ensure_day(session, row, NEXT_MON)
        session.add(
            QuestionRow(
                team_id=row.id, number=1, day_id=day.id, text="질문", state="open", further=False, asked_at=MONDAY
            )
        )
    await team.calendar.off(caller(at="2026-01-10 12:00"), "1/12", None)
    async with reading(database) as session:
        query = select(StudyDayRow.date).join(QuestionRow, QuestionRow.day_id == StudyDayRow.id)
        assert await session.scalar(query) == date(2026, 1, 13)


@pytest.mark.parametrize("others", [0, 1])
async def test_the_board_of_questions_follows_them(team, database, others):
    await team.roster.join(caller(GAON), None)
    await team.questions.ask(caller(GAON, at="2026-01-10 12:00"), "주말에 묻는 질문")
    if others:
        async with writing(database) as session:
            row = await session.scalar(select(TeamRow))
            tuesday = await ensure_day(session, row, date(2026, 1, 13))
            await touch(session, row, "questions.day", tuesday.id, 70, MONDAY)
    await team.calendar.off(caller(at="2026-01-10 13:00"), "1/12", None)
    async with reading(database) as session:
        query = select(StudyDayRow.date, BoardRow.version).join(BoardRow, BoardRow.subject_id == StudyDayRow.id)
        boards = [(day.day, version) for day, version in await session.execute(query.order_by(StudyDayRow.date))]
    assert boards == ([(12, 2), (13, 2)] if others else [(13, 2)])


async def test_what_left_a_day_off_is_back_with_it_but_for_what_somebody_touched_since(team, database):
    async def where() -> tuple[dict[str, int], dict[int, int]]:
        async with reading(database) as session:
            entries = {}
            for table, words in ((QuestionRow, QuestionRow.text), (AnswerRow, AnswerRow.text)):
                query = select(words, StudyDayRow.date).join(StudyDayRow, StudyDayRow.id == table.day_id)
                entries |= {text: day.day for text, day in await session.execute(query)}
            boards = select(StudyDayRow.date, BoardRow.id).join(BoardRow, BoardRow.subject_id == StudyDayRow.id)
            return entries, {day.day: board for day, board in await session.execute(boards)}

    def at(hour: int, who: int = GAON):
        return caller(who, at=f"2026-01-10 {hour}:00")

    async def taken_off(hour: int) -> int:
        await team.calendar.off(at(hour, ADMIN), "1/12", None)
        return await team.undo.change_of(at(hour, ADMIN))

    for user_id, name in ((GAON, "가온"), (NARAE, "나래")):
        await team.roster.add(caller(), user_id, name)
    await team.questions.ask(at(10), "왜")
    await team.questions.ask(at(10), "어떻게")
    await team.questions.answer(at(10), 2, "이렇게")
    before = await where()
    assert before[0] == {"왜": 12, "어떻게": 12, "이렇게": 12}
    off = await taken_off(11)
    assert set((await where())[0].values()) == {13}
    await team.questions.vote(at(12, NARAE), 1)
    await team.undo.undo(at(13, ADMIN), off)
    assert await where() == before

    off = await taken_off(14)
    await team.questions.edit(at(15), 2, "어떻게요")
    await team.questions.ask(at(15), "언제")
    await team.undo.undo(at(16, ADMIN), off)
    entries, boards = await where()
    assert entries == {"왜": 12, "어떻게요": 13, "이렇게": 13, "언제": 13}
    assert set(boards) == {12, 13}


async def test_of_days_taken_off_together_one_is_had_back_with_what_was_its_own(team, database):
    """Of Seollal, what was on the 16th went over the 17th to the 19th, and what was on the 17th with it."""

    def at(day: int, hour: int, who: int = ADMIN):
        return caller(who, at=f"2026-02-{day} {hour:02}:00")

    await team.roster.add(caller(), GAON, "가온")
    for day in (16, 17):
        await team.holidays.study(at(12, 10), 1, date(2026, 2, day))
    sixteenth, seventeenth = [await add_lecture(database, date(2026, 2, day), date(2026, 2, day)) for day in (16, 17)]
    await team.questions.ask(at(15, 10, GAON), "열엿새")
    async with writing(database) as session:
        row = await session.scalar(select(TeamRow))
        day = await ensure_day(session, row, date(2026, 2, 17))
        asked = {"team_id": row.id, "number": 2, "text": "열이레", "state": "open", "further": False}
        session.add(QuestionRow(day_id=day.id, asked_at=MONDAY, **asked))
    await team.holidays.rest(at(15, 11), 1, date(2026, 2, 16), date(2026, 2, 17))
    async with reading(database) as session:
        change = await session.scalar(select(func.max(AuditRow.id)).where(AuditRow.subject == "day:2026-02-16"))
    restored = await team.undo.undo(at(15, 12), change)
    assert await dates_of(database, sixteenth) == (date(2026, 2, 16), date(2026, 2, 16))
    assert await dates_of(database, seventeenth) == (date(2026, 2, 19), date(2026, 2, 19))
    assert ENGLISH.render(restored).count("5강") == 1
    async with reading(database) as session:
        query = select(QuestionRow.text, StudyDayRow.date).join(StudyDayRow, StudyDayRow.id == QuestionRow.day_id)
        days = {text: day.day for text, day in await session.execute(query)}
    assert days == {"열엿새": 16, "열이레": 19}


TUE_MORNING = "2026-01-06 09:00"


async def put_back(team):
    await team.calendar.on(caller(at=TUE_MORNING), str(TUE), None)


async def have_back(team):
    await team.undo.undo(caller(at=TUE_MORNING), await team.undo.change_of(caller(at=TUE_MORNING)))


@pytest.mark.parametrize("back", [put_back, have_back])
@pytest.mark.parametrize("confirmed", [False, True])
async def test_nobody_has_a_turn_in_place_of_a_day_off_once_that_is_back(team, database, back, confirmed):
    """Unless they have said that they will do it; and the next day stays announced, for people were told of it."""

    async def moderators():
        days = await team.rotation.show(caller(at=TUE_MORNING), 4)
        return [turn.member.name for day in days for turn in day.turns]

    for user_id, name in enumerate(("가온", "나래", "다솜", "라온"), 1):
        await team.roster.add(caller(), user_id, name)
    await announce(database)
    before = await moderators()
    await team.calendar.off(caller(at=TUE_MORNING), str(TUE), None)
    assert await moderators() == ["나래", "다솜", "라온", "가온"]
    if confirmed:
        await team.handover.confirm(caller(2, at=TUE_MORNING), Asked(1, WED))
    await back(team)
    assert await moderators() == (["나래", "나래", "다솜", "라온"] if confirmed else before)
    wednesday = [row for row in await rows(database, TurnRow) if (row.date, row.state) == (WED, "proposed")]
    assert len(wednesday) == 1


@pytest.mark.parametrize("begun", ["session", "retrospective"])
async def test_a_day_that_has_begun_stays_a_study_day(team, database, database_file, begun):
    await team.roster.join(caller(GAON), None)
    async with writing(database) as session:
        day = await ensure_day(session, await session.scalar(select(TeamRow)), MON)
        if begun == "session":
            day.session_started_at = MONDAY
        else:
            session.add(WrittenRow(day_id=day.id, member_id=await session.scalar(select(MemberRow.id))))
    before = await dump(database_file)
    for refused in (team.calendar.off(caller(), "오늘", None), team.calendar.weekdays(caller(), "수목금")):
        with pytest.raises(InvalidInput) as refusal:
            await refused
        assert "이미 시작돼서" in refusal.value.text(KOREAN)
    assert await dump(database_file) == before


async def test_a_day_closed_early_cannot_be_taken_off(team, database):
    async with writing(database) as session:
        day = await ensure_day(session, await session.scalar(select(TeamRow)), MON)
        day.number, day.title, day.closed_at = 1, "", MONDAY
    with pytest.raises(InvalidInput) as refusal:
        await team.calendar.off(caller(), "오늘", None)
    assert refusal.value.text(KOREAN) == "1/5 월 날짜는 이미 끝나서 바꿀 수 없어요. 1/6 화부터의 날짜를 적어 주세요."
