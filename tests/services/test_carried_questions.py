"""Further questions over the days: carried, answered later on both pages, decided on."""

import pytest
from sqlalchemy import select

from bot.db.tables import DeliveryRow, StudyDayRow
from bot.domain.questions import QuestionState
from bot.errors import NotAllowed, NotFound
from bot.services.carried_questions import CARRIED
from bot.services.housekeeping import Housekeeping
from tests.database import reading
from tests.services.people import ADMIN, GAON, NARAE, caller, seoul

DASOM = 3
NEXT_MONDAY = "2026-01-12 12:00"


@pytest.fixture
async def questions(team):
    for user, name in ((GAON, "가온"), (NARAE, "나래"), (DASOM, "다솜")):
        await team.roster.add(caller(ADMIN), user, name)
    return team.questions


async def further(questions, text: str, at: str = "2026-01-05 12:00") -> int:
    asked = await questions.ask(caller(GAON, at=at), text)
    await questions.further(caller(GAON, at=at), asked.id)
    return asked.id


async def offers(questions, until: str):
    """When moderators were asked, up to an instant; time passes tick by tick."""
    await Housekeeping(questions.database).step(seoul(until))
    async with reading(questions.database) as session:
        query = select(DeliveryRow).where(DeliveryRow.kind == CARRIED).order_by(DeliveryRow.due_at)
        return [(row.due_at, row.subject_id) for row in await session.scalars(query)]


async def test_a_further_question_is_offered_after_the_days_the_team_set_over_weekends_and_holidays(questions, team):
    await team.calendar.off(caller(ADMIN), "2026-01-12", "휴일")
    await further(questions, "오래 남을 질문")
    settled = await further(questions, "답이 달릴 질문")
    await questions.answer(caller(NARAE), settled, "답이에요")
    await further(questions, "이틀 뒤 질문", at="2026-01-07 12:00")
    assert await offers(questions, "2026-01-13 17:59") == []
    ((due_at, day_id),) = await offers(questions, "2026-01-13 18:00")
    assert due_at == seoul("2026-01-13 18:00")
    carried = await questions.carried(day_id)
    assert [(each.question.text, each.age) for each in carried.waiting] == [("오래 남을 질문", 5)]
    assert len(await offers(questions, "2026-01-14 18:00")) == 1
    assert len(await offers(questions, "2026-01-15 18:00")) == 2


async def test_a_team_may_carry_for_ever(questions, team):
    await team.teams.set(caller(ADMIN), "carry_days", "off")
    await further(questions, "오래 남을 질문")
    assert await offers(questions, "2026-01-20 18:00") == []


async def test_several_are_decided_at_once_and_what_was_settled_meanwhile_stays(questions, team):
    first = await further(questions, "첫 번째로 남은 질문")
    second = await further(questions, "두 번째로 궁금한 것")
    await team.rotation.assign(caller(ADMIN, at=NEXT_MONDAY), "moderator", NARAE, None, None)
    with pytest.raises(NotFound):
        await questions.deciding(caller(ADMIN, at="2026-01-09 23:00"))
    with pytest.raises(NotAllowed):
        await questions.deciding(caller(GAON, at=NEXT_MONDAY))
    offered = await questions.deciding(caller(ADMIN, at=NEXT_MONDAY))
    assert [each.question.id for each in offered] == [first, second]
    await questions.answer(caller(NARAE, at=NEXT_MONDAY), second, "그 사이 답이 달렸어요")
    both, state = (first, second), QuestionState.MENTOR
    with pytest.raises(NotAllowed):
        await questions.decide(caller(GAON, at=NEXT_MONDAY), both, state, None)
    decided = await questions.decide(caller(ADMIN, at=NEXT_MONDAY), both, state, "아무도 몰라요")
    assert [(each.id, each.state, each.reason) for each in decided] == [(first, state, "아무도 몰라요")]
    assert await questions.decide(caller(ADMIN, at=NEXT_MONDAY), both, QuestionState.DROPPED, None) == []


async def page_texts(team, day: str) -> str:
    page = await team.journal.page(caller(GAON, at="2026-01-14 12:00"), day, own=False)
    return page.text


async def test_answered_on_a_later_day_it_stands_on_both_pages_with_links(questions, team):
    carried = await further(questions, "가장 나중에 풀린 질문")
    await questions.mentor(caller(ADMIN), carried, None)
    ((kept,),) = [await questions.for_mentor(caller(ADMIN))]
    assert (kept.question.id, kept.day.number) == (carried, 1)
    same_day = await further(questions, "그날 풀린 질문")
    await questions.answer(caller(NARAE), same_day, "그날의 답")
    await questions.answer(caller(NARAE, at="2026-01-08 12:00"), carried, "멘토님이 그러시는데 그래요")
    await questions.answer(caller(GAON, at="2026-01-09 12:00"), carried, "저도 찾아봤어요")
    asked, answered, between = [await page_texts(team, day) for day in ("Day1", "Day4", "Day3")]
    for page in (asked, answered):
        assert "가장 나중에 풀린 질문" in page
        assert "멘토님이 그러시는데 그래요" in page
        assert "저도 찾아봤어요" in page
    assert "*[Day4](day4.md), [Day5](day5.md)에 답이 달렸어요.*" in asked
    assert "*[Day1](day1.md)에 올라온 질문이에요. [Day5](day5.md)에 답이 달렸어요.*" in answered
    assert "나중에 풀린" not in between
    assert "그날 풀린 질문" not in answered
    assert asked.count("day") == asked.count("day4.md") + asked.count("day5.md")


async def test_an_answer_before_the_session_of_its_lecture_stands_on_the_page_of_the_session_only(questions, team):
    from bot.domain.lectures import NewLecture

    lecture = (await team.lectures.add(caller(GAON), NewLecture("RNN", number="3강", presented="2026-01-07"))).id
    asked = await questions.ask(caller(GAON), "미리 물어본 질문", lecture_id=lecture)
    await questions.answer(caller(NARAE), asked.id, "미리 단 답")
    assert "미리 단 답" in await page_texts(team, "Day3")
    assert "답이 달렸어요" not in await page_texts(team, "Day3")
    assert "미리 물어본" not in await page_texts(team, "Day1")


async def test_an_answer_on_a_day_taken_off_goes_to_the_next_page(questions, team):
    carried = await further(questions, "가장 나중에 풀린 질문")
    await questions.answer(caller(NARAE, at="2026-01-06 12:00"), carried, "답이에요")
    await team.calendar.off(caller(ADMIN, at="2026-01-06 13:00"), "2026-01-06", "쉬어요")
    async with reading(questions.database) as session:
        days = {row.date.isoformat() for row in await session.scalars(select(StudyDayRow))}
    assert "2026-01-07" in days
    page = await team.journal.page(caller(GAON, at="2026-01-08 12:00"), "2026-01-07", own=False)
    assert "[Day1](day1.md)에 올라온 질문이에요." in page.text


async def test_what_is_asked_after_a_day_was_closed_goes_to_the_next_day(questions, team):
    await team.journal_closing.close(caller(ADMIN, at="2026-01-05 18:00"), None, "여기까지")
    asked = await questions.ask(caller(GAON, at="2026-01-05 19:00"), "닫힌 뒤의 질문")
    assert (asked.day.number, asked.day.closed) == (2, False)
