"""A session that is led: moving on, taking back, attendance, actions, and what becomes of one that is forgotten."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.db.tables import AttendanceRow, AuditRow, BoardRow, DeliveryRow, MinutesRow, QuestionRow, SessionStepRow
from bot.domain.attendance import Attendance
from bot.domain.lectures import NewLecture, NewMaterial
from bot.domain.session import NoteDraft
from bot.domain.session_steps import REST
from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.i18n import ENGLISH, KOREAN
from bot.services.housekeeping import Housekeeping
from bot.ui.agenda import agenda_blocks
from tests.database import reading
from tests.services.people import ADMIN, GAON, NARAE, caller, seoul
from tests.services.undone import undone

DARAM = 3
DAY = 1
"""The row of the first study day: nothing else is written before it."""

NIGHT = seoul("2026-01-06 04:00")


@pytest.fixture
async def session(team):
    """Day 1 at 16:00: 3강 with two questions, 4강 with none, one question of the day; the session has begun."""
    for user, name in ((GAON, "가온"), (NARAE, "나래"), (DARAM, "다람")):
        await team.roster.add(caller(), user, name)
    for number, title in (("3강", "RNN"), ("4강", "LSTM")):
        new = NewLecture(title=title, course="NLP", number=number, studied="2026-01-05", presented="2026-01-05")
        await team.lectures.add(caller(), new)
    for text, lecture in (("첫째", 1), ("둘째", 1), ("그 밖", None)):
        await team.questions.ask(caller(GAON, at="2026-01-05 10:00"), text, lecture_id=lecture)
    await team.session.start(caller(at="2026-01-05 16:00"))
    return team


def at(clock, who=ADMIN):
    return caller(who, at=f"2026-01-05 {clock}")


async def rows(services, query):
    async with reading(services.session.database) as session:
        return list(await session.execute(query))


async def places(services):
    """Part and question of each step."""
    query = select(SessionStepRow.lecture_id, SessionStepRow.question_id).order_by(SessionStepRow.number)
    return [tuple(row) for row in await rows(services, query)]


async def states(services):
    return [state for (state,) in await rows(services, select(QuestionRow.state).order_by(QuestionRow.id))]


async def test_next_goes_through_the_agenda_and_every_question_once(session):
    for step in range(5):
        moved = await session.session_steps.next(at(f"16:{step * 10:02}"), DAY, step)
        assert (moved.by, moved.agenda.step) == (None, step + 1)
    assert await places(session) == [(1, None), (1, 1), (1, 2), (2, None), (REST, 3)]
    assert await states(session) == ["discussing"] * 3
    with pytest.raises(NotFound):
        await session.session_steps.next(at("16:50"), DAY, 5)
    await session.session.end(at("17:00"))
    minutes = await session.session.minutes(DAY)
    assert [(name, slot.planned, slot.taken) for name, slot in minutes.times] == [
        ("3강", 20, 30), ("4강", 20, 10), ("", 20, 20),
    ]  # fmt: skip
    assert (minutes.whole.planned, minutes.whole.taken) == (60, 60)


async def test_two_who_press_at_once_go_on_once(session):
    presses = [session.session_steps.next(at("16:01", who), DAY, 0) for who in (ADMIN, ADMIN, ADMIN)]
    moved = await asyncio.gather(*presses)
    assert await places(session) == [(1, None)]
    assert sorted(each.by is None for each in moved) == [False, False, True]
    assert {each.agenda.step for each in moved} == {1}
    query = select(func.count()).select_from(AuditRow).where(AuditRow.action == "session.next")
    assert await rows(session, query) == [(1,)]


async def test_one_goes_to_another_part_and_what_was_left_comes_after(session):
    await session.session_steps.next(at("16:00"), DAY, 0)
    moved = await session.session_steps.go_to(at("16:05"), DAY, 1, 2)
    assert moved.agenda.steps[-1].part == 2
    stale = await session.session_steps.go_to(at("16:06"), DAY, 1, REST)
    assert (stale.by, stale.agenda.step) == ("", 2)
    for step in (2, 3):
        await session.session_steps.next(at("16:10"), DAY, step)
    assert await places(session) == [(1, None), (2, None), (REST, 3), (1, 1)]
    with pytest.raises(InvalidInput):
        await session.session_steps.go_to(at("16:11"), DAY, 4, 99)


async def test_question_next_moves_the_session_on_as_its_own_next_does(session):
    await session.session_steps.next(at("16:00"), DAY, 0)
    taken = [await session.questions.next(at(clock)) for clock in ("16:10", "16:20", "16:40")]
    assert [question.number for question in taken] == [1, 2, 3]
    assert await places(session) == [(1, None), (1, 1), (1, 2), (REST, 3)]
    planned = select(DeliveryRow.thread_of_day_id, DeliveryRow.channel_id).where(DeliveryRow.kind == "question.next")
    assert await rows(session, planned) == [(DAY, None)] * 3
    stale = await session.session_steps.next(at("16:41"), DAY, 1)
    assert (stale.by, stale.agenda.at_the_table.number) == ("", 3)
    assert (await session.minutes.undo(at("16:42"))).question == 3
    assert (await session.session_steps.next(at("16:50"), DAY, 3)).agenda.steps[-1].part == 2
    await session.session.end(at("17:00"))
    minutes = await session.session.minutes(DAY)
    assert [(name, slot.taken) for name, slot in minutes.times] == [("3강", 50), ("4강", 10)]


async def test_nothing_is_at_the_table_after_the_end(session):
    await session.questions.answer(at("15:00", NARAE), 2, "답")
    await session.questions.reopen(at("15:01"), 2, None)
    await session.questions.mentor(at("15:02"), 3, None)
    for _ in range(2):
        await session.questions.next(at("16:10"))
    assert await states(session) == ["discussing", "discussing", "mentor"]
    boards = select(BoardRow.version).where(BoardRow.kind == "questions.lecture")
    ((before,),) = await rows(session, boards)
    await session.session.end(at("17:00"))
    assert await states(session) == ["open", "answered", "mentor"]
    assert (await rows(session, boards))[0][0] > before
    actors = select(AuditRow.actor_id).where(AuditRow.action == "question.leave")
    assert await rows(session, actors) == [(ADMIN,)] * 2
    assert (await undone(session.questions, at("17:01"))).question.state == "open"


async def test_only_whoever_moderates_moves_on(session):
    for attempt in (
        session.session_steps.next(at("16:01", DARAM), DAY, 0),
        session.session_steps.go_to(at("16:01", DARAM), DAY, 0, 2),
        session.session.ending(at("16:01", DARAM), DAY),
    ):
        with pytest.raises(NotAllowed):
            await attempt
    assert await places(session) == []


async def test_what_is_over_moves_no_more(session):
    await session.session.end(at("17:00"))
    with pytest.raises(InvalidInput, match="session ended"):
        await session.session_steps.next(at("17:01"), DAY, 0)
    with pytest.raises(InvalidInput, match="closed"):
        await session.session_steps.next(caller(at="2026-01-06 09:00"), DAY, 0)
    with pytest.raises(InvalidInput, match="closed"):
        await session.attendances.mark(caller(GAON, at="2026-01-06 09:00"), DAY, Attendance.PRESENT)


async def test_undo_takes_back_the_last_thing_whatever_it_was(session):
    await session.session_steps.next(at("16:00"), DAY, 0)
    await session.session_steps.next(at("16:10"), DAY, 1)
    await session.session.note(at("16:11", GAON), NoteDraft(kind="decision"), "매일 모인다")
    undone = [await session.minutes.undo(at("16:12")) for _ in range(3)]
    assert [(last.what, last.text) for last in undone] == [
        ("entry", "매일 모인다"),
        ("step", "NLP 3강"),
        ("step", "NLP 3강"),
    ]
    assert (undone[1].question, await states(session), await places(session)) == (1, ["open"] * 3, [])
    assert await rows(session, select(MinutesRow.id)) == []
    audit = await rows(session, select(AuditRow.before).where(AuditRow.action == "session.undo"))
    assert len(audit) == 3
    assert "매일 모인다" in str(audit)  # taken off the minutes, kept in their history


async def test_a_question_that_was_answered_since_stays_answered_when_the_step_is_taken_back(session):
    await session.session_steps.next(at("16:00"), DAY, 0)
    await session.session_steps.next(at("16:10"), DAY, 1)
    await session.questions.answer(at("16:11", NARAE), 1, "답")
    step = (await rows(session, select(func.max(SessionStepRow.id))))[0][0]
    await session.minutes.take_back(at("16:12"), "step", step)
    assert (await states(session))[0] == "answered"


async def test_undo_takes_back_what_became_of_a_question(session):
    await session.questions.drop(at("16:01"), 2, "겹쳐요")
    last = await session.minutes.last(at("16:02"), DAY)
    assert (last.what, last.question) == ("question", 2)
    await session.minutes.take_back(at("16:02"), "question", last.id)
    assert await states(session) == ["open"] * 3
    with pytest.raises(NotFound):
        await session.minutes.take_back(at("16:03"), "question", last.id)


async def test_undo_names_the_answer_that_goes_with_a_question(session):
    await session.questions.answer(at("16:01", NARAE), 1, "지우면 안 될 답")
    last = await session.minutes.last(at("16:02"), DAY)
    assert (last.what, last.question, last.lost) == ("question", 1, "지우면 안 될 답")


async def test_what_happened_on_a_day_off_or_after_the_page_was_closed_is_taken_back_too(session):
    await session.session.end(at("17:00"))
    await session.journal_closing.close(at("18:00"), None, "여기까지")
    await session.questions.drop(at("19:00"), 1, None)
    assert (await session.minutes.undo(at("19:01"))).question == 1
    saturday = "2026-01-10 12:00"
    await session.questions.drop(caller(at=saturday), 2, None)
    assert (await session.minutes.undo(caller(at=saturday))).question == 2
    assert await states(session) == ["open"] * 3
    with pytest.raises(NotFound):
        await session.minutes.undo(caller(at="2026-01-11 12:00"))


async def test_what_somebody_withdrew_nobody_else_brings_back(session):
    await session.questions.withdraw(at("16:01", GAON), 1)
    with pytest.raises(NotFound):
        await session.minutes.last(at("16:02"), DAY)
    withdrawn = await session.minutes.last(at("16:02", GAON), DAY)
    with pytest.raises(NotFound):
        await session.minutes.take_back(at("16:03"), "question", withdrawn.id)
    assert (await session.minutes.undo(at("16:04", GAON))).question == 1


@pytest.mark.parametrize("nothing", ["\u202e", "\u2066 \ufeff\n"])
async def test_a_text_of_which_nothing_can_be_seen_is_no_text(session, nothing):
    for attempt in (
        session.session.note(at("16:01", GAON), NoteDraft(kind="action"), nothing),
        session.round_tables.ask(at("16:01"), nothing),
        session.questions.ask(at("16:01", GAON), nothing),
        session.questions.answer(at("16:01", GAON), 1, nothing),
    ):
        with pytest.raises(InvalidInput):
            await attempt


async def test_people_take_back_their_own_entries_only(session):
    await session.session.note(at("16:01", GAON), NoteDraft(), "가온의 메모")
    await session.session.note(at("16:02", DARAM), NoteDraft(), "다람의 메모")
    entry = (await session.minutes.last(at("16:03", DARAM), DAY)).id
    with pytest.raises(NotAllowed):
        await session.minutes.take_back(at("16:03", GAON), "entry", entry)
    assert (await session.minutes.undo(at("16:03", GAON))).text == "가온의 메모"
    with pytest.raises(NotFound):
        await session.minutes.undo(at("16:04", GAON))
    assert (await session.minutes.take_back(at("16:05", DARAM), "entry", entry)).text == "다람의 메모"


async def test_two_who_take_back_at_once_take_one_thing_back(session):
    for text in ("하나", "둘"):
        await session.session.note(at("16:01", GAON), NoteDraft(), text)
    entry = (await session.minutes.last(at("16:02"), DAY)).id
    attempts = [session.minutes.take_back(at("16:02"), "entry", entry) for _ in range(2)]
    results = await asyncio.gather(*attempts, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Last", "NotFound"]
    assert await rows(session, select(MinutesRow.text)) == [("하나",)]


async def test_a_reason_is_seen_by_nobody_else_and_goes_when_one_comes_after_all(session):
    await session.attendances.mark(at("16:01", NARAE), DAY, Attendance.LATE, "병원에 들러요")
    agenda = await session.session.agenda(DAY, seoul("2026-01-05 16:02"))
    assert [member.name for member in agenda.roll.late] == ["나래"]
    assert "병원" not in str(agenda)
    assert "병원" not in str(await session.session.minutes(DAY))
    assert "병원" not in str(await rows(session, select(AuditRow.before, AuditRow.after, AuditRow.reason)))
    assert await session.attendances.own_reason(at("16:03", NARAE), DAY) == "병원에 들러요"
    await session.attendances.mark_member(at("16:04"), NARAE, Attendance.ABSENT)
    assert await session.attendances.own_reason(at("16:05", NARAE), DAY) == "병원에 들러요"
    marked = await session.attendances.mark(at("16:06", NARAE), DAY, Attendance.PRESENT)
    assert (marked.roll.said, len(marked.roll.silent)) == (1, 2)
    assert await rows(session, select(AttendanceRow.state, AttendanceRow.reason)) == [("present", None)]


async def test_two_who_say_at_once_that_one_comes_are_one_row(session):
    marks = [session.attendances.mark(at("16:01", GAON), DAY, Attendance.PRESENT) for _ in range(2)]
    await asyncio.gather(*marks, session.attendances.mark_member(at("16:01"), GAON, Attendance.LATE))
    assert len(await rows(session, select(AttendanceRow.id))) == 1
    with pytest.raises(NotAllowed):
        await session.attendances.mark_member(at("16:02", DARAM), GAON, Attendance.ABSENT)


async def test_an_action_returns_until_it_is_done(session):
    await session.session.note(at("16:01", GAON), NoteDraft(owner_user_id=NARAE, due="2026-01-06"), "자료 올리기")
    monday = "2026-01-12 16:00"
    await session.session.start(caller(at=monday))
    query = select(func.max(BoardRow.subject_id)).where(BoardRow.kind == "session.agenda")
    ((monday_id,),) = await rows(session, query)
    agenda = await session.session.agenda(monday_id, seoul(monday))
    assert [action.text for action in agenda.actions] == ["자료 올리기"]
    with pytest.raises(NotAllowed, match="or a moderator"):
        await session.minutes.finish(caller(DARAM, at=monday), [agenda.actions[0].id])
    await session.minutes.finish(caller(NARAE, at=monday), [agenda.actions[0].id])
    assert (await session.session.agenda(monday_id, seoul(monday))).actions == ()
    with pytest.raises(NotFound):
        await session.minutes.finish(caller(NARAE, at=monday), [99])


async def test_a_forgotten_session_is_closed_at_the_end_of_its_day(session):
    for step in range(2):
        await session.session_steps.next(at(f"16:0{step}"), DAY, step)
    await session.round_tables.ask(at("16:30"), "한마디")
    await session.round_tables.reply(at("16:31", GAON), 1, "늦게까지 했어요")
    assert await states(session) == ["discussing", "open", "open"]
    await Housekeeping(session.session.database).step(NIGHT)
    assert await states(session) == ["open"] * 3
    minutes = await session.session.minutes(DAY)
    assert (minutes.forgotten, minutes.whole.taken, minutes.times) == (True, None, ())
    assert [reply.text for reply in minutes.round_tables[0].replies] == ["늦게까지 했어요"]
    planned = await rows(session, select(DeliveryRow.state).where(DeliveryRow.kind == "session.minutes"))
    assert planned == [("pending",), ("pending",)]
    actor = await rows(session, select(AuditRow.actor_id).where(AuditRow.action == "session.end"))
    assert actor == [(None,)]
    await Housekeeping(session.session.database).step(NIGHT + timedelta(days=1))
    assert len(await rows(session, select(DeliveryRow.id).where(DeliveryRow.kind == "session.minutes"))) == 2


async def test_replies_are_seen_by_nobody_before_the_table_is_closed(session):
    await session.round_tables.ask(at("16:30"), "한마디")
    await session.round_tables.reply(at("16:31", GAON), 1, "비밀이에요")
    assert (await session.session.minutes(DAY)).round_tables[0].replies == ()
    assert "비밀이에요" not in (await session.journal.page(at("16:32", NARAE), None, own=False)).text
    with pytest.raises(NotAllowed):
        await session.round_tables.close(at("16:33", DARAM), 1)
    assert await session.round_tables.close(at("16:33"), 1) == 1
    assert "비밀이에요" in (await session.journal.page(at("16:34", NARAE), None, own=False)).text
    for attempt in (
        session.round_tables.reply(at("16:35", NARAE), 1, "늦은 말"),
        session.round_tables.close(at("16:35"), 1),
    ):
        with pytest.raises(InvalidInput, match="closed"):
            await attempt


@pytest.mark.parametrize("change", ["later", "off", "day off", "zone"])
async def test_the_reminder_of_a_session_at_another_time_is_not_sent(team, change):
    """It was planned for the time before, and waited; a moved session is announced anew."""
    await team.roster.add(caller(), GAON, "가온")
    planned = seoul("2026-01-05 15:50")
    await Housekeeping(team.session.database).step(planned)
    assert not isinstance(await team.session.notice(DAY, planned), str)
    if change == "day off":
        await team.calendar.off(at("15:51"), "2026-01-05", None)
    else:
        key, value = {
            "later": ("session_time", "17:00"), "off": ("session_time", "off"), "zone": ("timezone", "Asia/Shanghai"),
        }[change]  # fmt: skip
        await team.teams.set(at("15:51"), key, value)
    assert await team.session.notice(DAY, planned) == "the session is not at that time any more"


async def test_a_day_without_a_session_says_what_there_was_and_has_no_empty_headings(team):
    await team.roster.add(caller(), GAON, "가온")
    new = NewLecture(title="RNN", course="NLP", number="3강", studied="2026-01-05", presented="2026-01-05")
    await team.lectures.add(caller(), new)
    await team.session.call_off(at("10:00"), "14시에 **멘토링**이 있어요. @everyone")
    assert await team.session.notice(DAY, seoul("2026-01-05 15:50")) == "there is no session"
    page = (await team.journal.page(at("20:00", GAON), None, own=False)).text
    section = page.partition("\n## 3.")[2].partition("\n## ")[0]
    assert "멘토링" in section
    assert "3강" not in section
    assert "### 회의록" in section  # tomorrow's duties stand there
    await team.session.start(at("20:01"))
    assert "멘토링" not in (await team.journal.page(at("20:02", GAON), None, own=False)).text
    with pytest.raises(InvalidInput):
        await team.session.call_off(at("20:03"), "이제는 늦었어요")


async def test_a_further_question_is_carried_over_a_weekend_and_holidays_by_its_age_in_study_days(team):
    await team.roster.add(caller(), GAON, "가온")
    friday, thursday = "2026-02-13 16:00", "2026-02-19 16:00"  # Seollal is from Monday to Wednesday
    await team.session.start(caller(at=friday))
    await team.questions.ask(caller(GAON, at=friday), "주말과 설을 지나서도 궁금한 것")
    await team.questions.further(caller(GAON, at=friday), 1)
    await team.session.end(caller(at=friday))
    await team.session.start(caller(at=thursday))
    query = select(func.max(BoardRow.subject_id)).where(BoardRow.kind == "session.agenda")
    ((thursday_id,),) = await rows(team, query)
    agenda = await team.session.agenda(thursday_id, seoul(thursday))
    assert [(item.question.number, item.age) for item in agenda.carried] == [(1, 1)]
    moved = await team.session_steps.next(caller(at=thursday), thursday_id, 0)
    assert (moved.agenda.at_the_table.number, moved.agenda.steps[-1].part) == (1, REST)


async def test_an_agenda_full_of_links_stays_within_what_discord_takes(team):
    await team.roster.add(caller(), GAON, "가온")
    for number in range(6):
        new = NewLecture("RNN과 LSTM, 그리고 GRU " * 8, course="NLP", number=f"{number}강", presented="2026-01-05")
        added = await team.lectures.add(caller(GAON), new)
        for part in range(3):
            material = NewMaterial("_슬라이드_ " * 15, f"https://slides.example/{number}/{part}/".ljust(190, "a"))
            await team.lectures.add_material(caller(GAON), added.id, material)
        for count in range(4):
            await team.questions.ask(caller(GAON), f"{count}번째로 궁금한 것 " * 9, lecture_id=added.id)
    agenda = await team.session.agenda(1, seoul("2026-01-05 16:00"))
    for lang in (KOREAN, ENGLISH):
        blocks = agenda_blocks(agenda, lang)
        text = "".join(blocks)
        assert len(text) < 3000
        assert len(text.encode()) < 9000
        assert "slides.example" in text, len(text)
        assert "#1 " in text
    assert "📎 자료 3개" in "".join(agenda_blocks(agenda, KOREAN))
