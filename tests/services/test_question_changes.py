"""Votes, answers that are edited, removal and undo, on a real database."""

import asyncio
import sqlite3

import pytest
from sqlalchemy import select

from bot.db.tables import AnswerRow, AnswerVersionRow, BoardRow, DeliveryRow, QuestionRow, VoteRow
from bot.domain.deliveries import Lane, State
from bot.domain.lectures import NewLecture
from bot.domain.questions import QuestionState
from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.services.deliveries import Deliveries
from bot.services.questions import ANONYMOUS_PER_HOUR, DAY_BOARD, LECTURE_BOARD, NEXT, Source
from tests.database import reading
from tests.services.people import ADMIN, CHANNEL, GAON, MONDAY, NARAE, STRANGER, caller, dump
from tests.services.undone import undone

DASOM = 3
LATER = "2026-01-05 16:30"


@pytest.fixture
async def questions(team):
    """The service of a team with 가온, 나래 and 다솜."""
    for user, name in ((GAON, "가온"), (NARAE, "나래"), (DASOM, "다솜")):
        await team.roster.add(caller(ADMIN), user, name)
    return team.questions


async def rows(questions, table, *conditions):
    async with reading(questions.database) as session:
        return list(await session.scalars(select(table).where(*conditions)))


# Votes


async def test_a_second_vote_takes_the_first_back(questions):
    asked = await questions.ask(caller(GAON), "질문이에요")
    await questions.vote(caller(DASOM), asked.id)
    voted = await questions.vote(caller(NARAE), asked.id)
    assert (voted.voted, voted.question.votes) == (True, 2)
    back = await questions.vote(caller(NARAE), asked.id)
    assert (back.voted, back.question.votes) == (False, 1)


async def test_of_two_votes_at_once_by_one_person_one_counts_or_none(questions):
    asked = await questions.ask(caller(GAON), "질문이에요")
    await asyncio.gather(*(questions.vote(caller(NARAE), asked.id) for _ in range(2)))
    assert await rows(questions, VoteRow) == []
    await asyncio.gather(*(questions.vote(caller(NARAE), asked.id, only_for=True) for _ in range(2)))
    assert len(await rows(questions, VoteRow)) == 1


async def test_nobody_votes_for_their_own_question_but_for_an_anonymous_one_anybody_can(questions, database_file):
    own = await questions.ask(caller(GAON), "이름 있는 질문")
    hidden = await questions.ask(caller(GAON), "부끄러운 질문", anonymous=True)
    before = await dump(database_file)
    with pytest.raises(InvalidInput):
        await questions.vote(caller(GAON), own.id)
    with pytest.raises(NotAllowed):
        await questions.vote(caller(STRANGER), own.id)
    assert await dump(database_file) == before
    offered = await questions.votable(caller(GAON), DAY_BOARD, own.day.id)
    assert [each.question.number for each in offered] == [hidden.number]
    assert (await questions.vote(caller(GAON), hidden.id)).question.votes == 1


async def test_only_what_waits_for_an_answer_takes_votes(questions):
    asked = await questions.ask(caller(GAON), "질문이에요")
    await questions.answer(caller(NARAE), asked.id, "답이에요")
    with pytest.raises(InvalidInput):
        await questions.vote(caller(NARAE), asked.id)
    with pytest.raises(NotFound):
        await questions.votable(caller(NARAE), DAY_BOARD, asked.day.id)
    await questions.drop(caller(GAON), asked.id, "겹쳐요")
    with pytest.raises(InvalidInput):
        await questions.vote(caller(NARAE), asked.id)


async def test_age_decides_before_the_session_and_votes_from_then_on_everywhere(questions, team):
    new = NewLecture("RNN", course="NLP", number="3강", presented="2026-01-05")
    lecture = (await team.lectures.add(caller(GAON), new)).id
    for text in ("첫 질문입니다", "두 번째로 궁금한 것", "마지막 하나"):
        await questions.ask(caller(GAON), text, lecture_id=lecture)
    wanted = (await questions.list(caller(NARAE)))[2]
    await questions.vote(caller(NARAE), wanted.id)
    team_id = (await rows(questions, QuestionRow))[0].team_id

    async def orders():
        board = await questions.board(team_id, LECTURE_BOARD, lecture)
        agenda = await team.session.agenda(wanted.day_id, MONDAY)
        listed = await questions.list(caller(NARAE), lecture_id=lecture)
        return [[each.number for each in part] for part in (board.questions, listed, agenda.lectures[0].questions)]

    assert await orders() == [[1, 2, 3]] * 3
    (board,) = await rows(questions, BoardRow, BoardRow.kind == LECTURE_BOARD)
    await team.session.start(caller(ADMIN, at=LATER))
    assert await orders() == [[3, 1, 2]] * 3
    assert (await rows(questions, BoardRow, BoardRow.kind == LECTURE_BOARD))[0].version == board.version + 1
    assert (await questions.next(caller(ADMIN, at=LATER))).number == 3
    assert (await questions.next(caller(ADMIN, at=LATER))).number == 1


# Answers


async def test_who_answers_again_changes_the_answer_and_the_old_text_is_kept(questions):
    asked = await questions.ask(caller(GAON), "질문이에요")
    assert (await questions.answer(caller(NARAE), asked.id, "처음 답")).earlier is None
    again = await questions.answer(caller(NARAE), asked.id, "고친 답")
    assert again.earlier == "처음 답"
    assert [(answer.text, answer.edited) for answer in again.question.answers] == [("고친 답", True)]
    assert [row.text for row in await rows(questions, AnswerVersionRow)] == ["처음 답"]
    assert (await questions.answering(caller(NARAE), asked.id)).own == "고친 답"
    assert (await questions.answering(caller(GAON), asked.id)).own == ""


async def test_the_answer_of_whoever_presents_the_lecture_is_marked(questions, team):
    lecture = (await team.lectures.add(caller(GAON), NewLecture("RNN", number="3강", presented="2026-01-05"))).id
    await team.rotation.assign(caller(ADMIN), "presenter", NARAE, None, lecture)
    asked = await questions.ask(caller(GAON), "질문이에요", lecture_id=lecture)
    await questions.answer(caller(NARAE), asked.id, "발표자의 답")
    answered = await questions.answer(caller(DASOM), asked.id, "다른 답")
    assert [(a.author.name, a.presents) for a in answered.question.answers] == [("나래", True), ("다솜", False)]


async def test_a_message_is_saved_once_and_under_the_name_of_whoever_wrote_it(questions):
    asked = await questions.ask(caller(GAON), "질문이에요")
    source = Source(CHANNEL, 555)
    saved = await questions.save(caller(GAON), asked.id, source, "나래의 말", NARAE)
    assert (saved.name, saved.before) == ("나래", False)
    again = await questions.save(caller(DASOM), asked.id, source, "나래의 말", NARAE)
    assert again.before
    guest = await questions.save(caller(DASOM), asked.id, Source(CHANNEL, 556), "손님의 말", STRANGER)
    assert guest.name == "다솜"
    (question,) = await questions.list(caller(GAON))
    assert [answer.url.endswith(str(end)) for answer, end in zip(question.answers, (555, 556), strict=True)] == [
        True
    ] * 2
    await questions.answer(caller(NARAE), asked.id, "나래가 직접 쓴 답")
    assert [row.text for row in await rows(questions, AnswerVersionRow)] == []


async def test_a_question_brought_to_the_table_in_a_channel_is_the_likeliest_there(questions):
    for text in ("첫 질문입니다", "두 번째로 궁금한 것", "마지막 하나"):
        await questions.ask(caller(GAON), text)
    taken = await questions.next(caller(ADMIN))
    (delivery,) = await rows(questions, DeliveryRow, DeliveryRow.kind == NEXT)
    await Deliveries(questions.database).begin(delivery.id, "{}", CHANNEL, MONDAY)
    await Deliveries(questions.database).sent(delivery.id, 500)
    await questions.reopen(caller(ADMIN), taken.id, None)
    await questions.answer(caller(NARAE), (await questions.list(caller(GAON)))[2].id, "답")
    offered = await questions.saveable(caller(NARAE), Source(CHANNEL, 501), "그건 그래요")
    assert offered[0].id == taken.id
    with pytest.raises(InvalidInput):
        await questions.saveable(caller(NARAE), Source(CHANNEL, 501), "  ")


# Asking without a name, often


async def test_nobody_floods_a_board_without_a_name_and_nothing_of_the_count_is_kept(questions, database_file):
    for number in range(ANONYMOUS_PER_HOUR):
        await questions.ask(caller(GAON), f"익명 {number}", anonymous=True)
    before = await dump(database_file)
    with pytest.raises(InvalidInput) as refused:
        await questions.ask(caller(GAON), "하나 더", anonymous=True)
    with pytest.raises(InvalidInput):
        await questions.asking(caller(GAON), anonymous=True)
    assert refused.value.message.values["text"] == "하나 더"
    assert await dump(database_file) == before
    assert [(len(key), type(key)) for key in questions._anonymous._asked] == [(16, bytes)]
    await questions.ask(caller(NARAE), "다른 사람은 됩니다", anonymous=True)
    await questions.ask(caller(GAON), "이름으로는 됩니다")
    await questions.ask(caller(GAON, at="2026-01-05 10:00"), "다음 시간에는 됩니다", anonymous=True)


# Removing


async def test_a_removed_question_leaves_its_number_and_the_reason_and_no_text_anywhere(questions, database_file):
    asked = await questions.ask(caller(GAON), "나쁜말 가득", about=Source(CHANNEL, 444))
    await questions.edit(caller(GAON), asked.id, "나쁜말 고침")
    await questions.answer(caller(NARAE), asked.id, "나쁜말이라니")
    await questions.answer(caller(NARAE), asked.id, "나쁜말이네요")
    await questions.vote(caller(NARAE), (await questions.ask(caller(GAON), "멀쩡한 질문")).id)
    await questions.reopen(caller(GAON), asked.id, None)
    await questions.next(caller(ADMIN))
    for delivery in await rows(questions, DeliveryRow):
        await Deliveries(questions.database).begin(delivery.id, '{"text": "나쁜말"}', CHANNEL, MONDAY)
        await Deliveries(questions.database).sent(
            delivery.id, 500 + delivery.id, 1 if delivery.kind == "board" else None
        )
    removed = await questions.remove(caller(ADMIN), asked.id, "비방")
    assert [channel for channel, _message in removed.posts] == [CHANNEL]
    left = "\n".join(await dump(database_file))
    assert "나쁜말" not in left
    assert "멀쩡한 질문" in left
    await questions.database.dispose()
    assert "나쁜말".encode() not in database_file.read_bytes()
    shown = {each.number: each for each in await questions.list(caller(GAON))}[asked.number]
    assert (shown.state, shown.text, shown.reason, shown.answers) == (QuestionState.REMOVED, "", "비방", ())
    for refused in (
        questions.reopen(caller(ADMIN), asked.id, None),
        questions.answer(caller(NARAE), asked.id, "답"),
        questions.vote(caller(NARAE), asked.id),
        questions.edit(caller(GAON), asked.id, "글"),
        questions.remove(caller(ADMIN), asked.id, None),
    ):
        with pytest.raises(InvalidInput):
            await refused


async def test_only_moderators_remove(questions, database_file):
    asked = await questions.ask(caller(GAON), "질문이에요")
    before = await dump(database_file)
    for who in (GAON, NARAE):
        with pytest.raises(NotAllowed):
            await questions.remove(caller(who), asked.id, None)
        with pytest.raises(NotAllowed):
            await questions.removing(caller(who), asked.id)
    assert await dump(database_file) == before


async def test_what_waits_to_be_posted_of_a_removed_question_is_not_posted(questions):
    asked = await questions.ask(caller(GAON), "질문이에요")
    await questions.next(caller(ADMIN))
    (delivery,) = await rows(questions, DeliveryRow, DeliveryRow.kind == NEXT)
    deliveries = Deliveries(questions.database)
    await deliveries.begin(delivery.id, '{"text": "질문이에요"}', CHANNEL, MONDAY)
    await deliveries.close(delivery.id, State.FAILED, "no permission", MONDAY)
    await questions.remove(caller(ADMIN), asked.id, None)
    (delivery,) = await rows(questions, DeliveryRow, DeliveryRow.kind == NEXT)
    assert (delivery.state, delivery.payload) == (State.CANCELLED, None)


async def test_what_may_not_have_arrived_of_a_removed_question_is_not_sent_again(questions):
    asked = await questions.ask(caller(GAON), "질문이에요")
    await questions.next(caller(ADMIN))
    (delivery,) = await rows(questions, DeliveryRow, DeliveryRow.kind == NEXT)
    deliveries = Deliveries(questions.database)
    await deliveries.begin(delivery.id, '{"text": "질문이에요"}', CHANNEL, MONDAY)
    await questions.remove(caller(ADMIN), asked.id, None)
    again = await deliveries.due(Lane(delivery.team_id, delivery.lane), MONDAY)
    assert (again.id, again.state, again.asked_for) == (delivery.id, State.SENDING, True)


# Undo


async def test_the_last_change_of_a_state_is_taken_back_one_by_one(questions):
    asked = await questions.ask(caller(GAON), "질문이에요")
    await questions.further(caller(GAON), asked.id)
    await questions.mentor(caller(ADMIN), asked.id, "아무도 몰라요")
    await questions.answer(caller(NARAE), asked.id, "답이에요")
    await questions.drop(caller(ADMIN), asked.id, "겹쳐요")

    async def standing():
        taken = await undone(questions, caller(ADMIN))
        return taken.action, taken.question.state.value, taken.question.reason, taken.question.further, taken.text

    assert await standing() == ("dropped", "answered", "", True, "")
    assert await standing() == ("answer", "mentor", "아무도 몰라요", True, "답이에요")
    assert await rows(questions, AnswerRow) == []
    assert await standing() == ("mentor", "open", "", True, "")
    assert await standing() == ("further", "open", "", False, "")
    with pytest.raises(NotFound):
        await undone(questions, caller(ADMIN))


async def test_members_take_back_what_they_did_themselves_unless_others_went_on(questions):
    first = await questions.ask(caller(GAON), "첫 질문입니다")
    await questions.answer(caller(NARAE), first.id, "나래의 답")
    with pytest.raises(NotFound):
        await undone(questions, caller(DASOM))
    with pytest.raises(NotAllowed):
        await undone(questions, caller(STRANGER))
    await questions.reopen(caller(ADMIN), first.id, None)
    with pytest.raises(NotFound):
        await undone(questions, caller(NARAE))
    await undone(questions, caller(ADMIN))
    assert (await undone(questions, caller(NARAE))).text == "나래의 답"


async def test_what_happened_yesterday_stays(questions):
    asked = await questions.ask(caller(GAON), "질문이에요")
    await questions.drop(caller(GAON), asked.id, None)
    with pytest.raises(NotFound):
        await undone(questions, caller(ADMIN, at="2026-01-06 04:00"))
    assert (await undone(questions, caller(ADMIN, at="2026-01-06 03:59"))).question.state is QuestionState.OPEN


async def test_nobodys_name_is_kept_for_what_every_member_may_do_with_an_anonymous_question(questions, database_file):
    asked = await questions.ask(caller(GAON), "부끄러운 질문", anonymous=True)
    await questions.further(caller(GAON), asked.id)
    with sqlite3.connect(database_file) as connection:
        assert connection.execute("SELECT actor_id FROM question_change").fetchall() == [(None,)]
    assert not (await undone(questions, caller(ADMIN))).question.further
