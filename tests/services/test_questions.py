"""The questions' service on a real database: two at once, days, other teams, and what is recorded."""

import asyncio
import json
from datetime import date

import pytest
from sqlalchemy import select

from bot.db.tables import AuditRow, BoardRow, DeliveryRow, QuestionRow, StudyDayRow
from bot.domain.lectures import NewLecture
from bot.domain.questions import QuestionState
from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.services.questions import DAY_BOARD, LECTURE_BOARD, NEXT, TEXT_LIMIT
from tests.database import reading
from tests.services.people import ADMIN, CHANNEL, GAON, MONDAY, NARAE, STRANGER, caller, dump

WEEKEND = "2026-01-10 11:00"


@pytest.fixture
async def questions(team):
    """The service of a team with 가온 and 나래."""
    for user, name in ((GAON, "가온"), (NARAE, "나래")):
        await team.roster.add(caller(ADMIN), user, name)
    return team.questions


async def add_lecture(services, number="3강", **options) -> int:
    new = NewLecture("RNN", course="NLP", number=number, **options)
    return (await services.lectures.add(caller(GAON), new)).id


async def rows(questions, table, *conditions):
    async with reading(questions.database) as session:
        return list(await session.scalars(select(table).where(*conditions).order_by(table.id)))


async def day_of(questions, question_id) -> date:
    (question,) = await rows(questions, QuestionRow, QuestionRow.id == question_id)
    (day,) = await rows(questions, StudyDayRow, StudyDayRow.id == question.day_id)
    return day.date


# Two at once


async def test_questions_asked_at_once_have_numbers_of_their_own(questions):
    asked = await asyncio.gather(*(questions.ask(caller(GAON), f"질문 {count}") for count in range(20)))
    assert sorted(each.number for each in asked) == list(range(1, 21))
    (board,) = await rows(questions, BoardRow)
    assert board.version == 20


async def test_two_moderators_at_once_take_one_question_each(questions):
    for text in ("하나", "둘", "셋"):
        await questions.ask(caller(GAON), text)
    taken = await asyncio.gather(questions.next(caller(ADMIN)), questions.next(caller(ADMIN)))
    assert sorted(each.number for each in taken) == [1, 2]
    planned = await rows(questions, DeliveryRow, DeliveryRow.kind == NEXT)
    assert sorted(each.subject_id for each in planned) == sorted(each.id for each in taken)


async def test_the_last_question_is_taken_once(questions):
    await questions.ask(caller(GAON), "하나뿐인 질문")
    results = await asyncio.gather(*(questions.next(caller(ADMIN)) for _ in range(2)), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["NotFound", "Question"]
    assert len(await rows(questions, DeliveryRow, DeliveryRow.kind == NEXT)) == 1


async def test_two_answers_at_once_are_both_kept(questions):
    asked = await questions.ask(caller(GAON), "질문")
    await asyncio.gather(
        questions.answer(caller(GAON), asked.id, "하나"), questions.answer(caller(NARAE), asked.id, "둘")
    )
    (question,) = await questions.list(caller(GAON))
    assert sorted(answer.text for answer in question.answers) == ["둘", "하나"]
    assert question.state is QuestionState.ANSWERED


# Days


async def test_a_question_of_a_lecture_belongs_to_the_page_of_its_session(questions, team):
    lecture = await add_lecture(team, presented="2026-01-07")
    before = await questions.ask(caller(GAON), "미리 묻는 질문", lecture_id=lecture)
    after = await questions.ask(caller(GAON, at="2026-01-08 11:00"), "나중 질문", lecture_id=lecture)
    assert await day_of(questions, before.id) == date(2026, 1, 7)
    assert await day_of(questions, after.id) == date(2026, 1, 8)
    assert before.day.number == 3


async def test_a_question_after_midnight_belongs_to_the_day_before_until_the_cutoff(questions):
    night = await questions.ask(caller(GAON, at="2026-01-06 03:59"), "밤")
    morning = await questions.ask(caller(GAON, at="2026-01-06 04:00"), "아침")
    assert await day_of(questions, night.id) == date(2026, 1, 5)
    assert await day_of(questions, morning.id) == date(2026, 1, 6)


async def test_a_question_on_a_day_off_belongs_to_the_next_study_day(questions):
    asked = await questions.ask(caller(GAON, at=WEEKEND), "주말 질문")
    assert await day_of(questions, asked.id) == date(2026, 1, 12)


async def test_each_day_and_each_lecture_has_a_board_in_the_study_channel(questions, team):
    lecture = await add_lecture(team)
    today = await questions.ask(caller(GAON), "오늘")
    later = await questions.ask(caller(GAON, at="2026-01-06 11:00"), "내일")
    await questions.ask(caller(GAON), "강의", lecture_id=lecture)
    found = await rows(questions, BoardRow)
    assert [(board.kind, board.subject_id) for board in found] == [
        (DAY_BOARD, today.day.id), (DAY_BOARD, later.day.id), (LECTURE_BOARD, lecture),
    ]  # fmt: skip
    assert {board.channel_id for board in found} == {CHANNEL}
    shown = await questions.board(found[0].team_id, DAY_BOARD, today.day.id)
    assert [question.text for question in shown.questions] == ["오늘"]


async def test_a_question_can_be_taken_up_where_the_moderator_is(questions):
    for text in ("하나", "둘"):
        await questions.ask(caller(GAON), text)
    thread = caller(ADMIN)
    await questions.next(type(thread)(**{**vars(thread), "channel_ids": (71, CHANNEL)}))
    await questions.next(caller(ADMIN, channel_id=99))
    planned = await rows(questions, DeliveryRow, DeliveryRow.kind == NEXT)
    assert [each.channel_id for each in planned] == [71, CHANNEL]


# Refusals change nothing


@pytest.mark.parametrize("text", ["", "  \n\t", "가" * (TEXT_LIMIT + 1)])
async def test_a_text_that_cannot_be_used_changes_nothing(questions, database_file, text):
    asked = await questions.ask(caller(GAON), "질문")
    before = await dump(database_file)
    for refused in (
        questions.ask(caller(GAON), text),
        questions.ask(caller(GAON), text, anonymous=True),
        questions.answer(caller(NARAE), asked.id, text),
        questions.edit(caller(GAON), asked.id, text),
    ):
        with pytest.raises(InvalidInput):
            await refused
    assert await dump(database_file) == before


async def test_a_text_of_exactly_the_limit_is_taken_whole(questions):
    await questions.ask(caller(GAON), "가" * TEXT_LIMIT)
    (question,) = await questions.list(caller(GAON))
    assert len(question.text) == TEXT_LIMIT


async def test_what_belongs_to_another_team_is_not_found(questions, team, database_file):
    neighbour = caller(ADMIN, guild_id=8, channel_id=80)
    await team.teams.setup(neighbour, "이웃", {})
    await team.roster.join(neighbour, "이웃")
    lecture = await add_lecture(team)
    asked = await questions.ask(caller(GAON), "질문", lecture_id=lecture)
    before = await dump(database_file)
    for refused in (
        questions.ask(neighbour, "질문", lecture_id=lecture),
        questions.asking(neighbour, lecture),
        questions.list(neighbour, lecture_id=lecture),
        questions.next(neighbour, lecture),
        questions.answer(neighbour, asked.id, "답"),
        questions.answering(neighbour, asked.id),
        questions.further(neighbour, asked.id),
        questions.mentor(neighbour, asked.id, None),
        questions.drop(neighbour, asked.id, None),
        questions.reopen(neighbour, asked.id, None),
        questions.withdraw(neighbour, asked.id),
        questions.edit(neighbour, asked.id, "글"),
        questions.editing(neighbour, asked.id),
        questions.answerable(neighbour, LECTURE_BOARD, lecture),
    ):
        with pytest.raises(NotFound):
            await refused
    assert await questions.choices(neighbour, "") == []
    assert await questions.list(neighbour) == []
    assert await dump(database_file) == before


async def test_a_guest_may_look_but_not_take_part(questions, database_file):
    asked = await questions.ask(caller(GAON), "질문")
    guest = caller(STRANGER)
    before = await dump(database_file)
    for refused in (
        questions.ask(guest, "질문"),
        questions.ask(guest, "질문", anonymous=True),
        questions.answer(guest, asked.id, "답"),
        questions.further(guest, asked.id),
        questions.drop(guest, asked.id, None),
        questions.next(guest),
    ):
        with pytest.raises(NotAllowed):
            await refused
    assert len(await questions.list(guest)) == 1
    assert await dump(database_file) == before


async def test_marking_a_further_question_again_changes_nothing(questions, database_file):
    asked = await questions.ask(caller(GAON), "질문")
    await questions.further(caller(GAON), asked.id)
    before = await dump(database_file)
    assert (await questions.further(caller(GAON), asked.id)).further
    assert await dump(database_file) == before


# What is recorded


async def test_every_change_is_recorded_without_a_word_of_the_text(questions):
    asked = await questions.ask(caller(GAON), "비밀스러운 글")
    await questions.answer(caller(NARAE), asked.id, "비밀스러운 답")
    await questions.edit(caller(GAON), asked.id, "비밀스러운 새 글")
    await questions.mentor(caller(ADMIN), asked.id, "아무도 몰라서")
    audit = await rows(questions, AuditRow, AuditRow.action.like("question.%"))
    assert [(row.action, row.actor_id) for row in audit] == [
        ("question.ask", GAON), ("question.answer", NARAE), ("question.edit", GAON), ("question.mentor", ADMIN),
    ]  # fmt: skip
    assert "비밀" not in "".join(f"{row.before}{row.after}{row.reason}" for row in audit)
    assert json.loads(audit[-1].before) == {"state": "answered"}
    assert json.loads(audit[-1].after) == {"state": "mentor"}
    assert audit[-1].reason == "아무도 몰라서"


async def test_an_anonymous_question_is_recorded_without_anybody(questions):
    asked = await questions.ask(caller(GAON), "부끄러운 글", anonymous=True)
    await questions.further(caller(GAON), asked.id)
    audit = await rows(questions, AuditRow, AuditRow.action.like("question.%"))
    assert [(row.action, row.actor_id) for row in audit] == [("question.ask", None), ("question.further", None)]
    (question,) = await rows(questions, QuestionRow)
    assert question.author_id is None


async def test_a_member_who_left_is_still_named(questions, team):
    await questions.ask(caller(GAON), "질문")
    await team.roster.remove(caller(ADMIN, at=MONDAY), GAON)
    (question,) = await questions.list(caller(NARAE))
    assert question.author is not None
    assert question.author.name == "가온"
