"""Boards: posted once, drawn again when they change, posted anew when they are gone."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.db.tables import BoardRow, DeliveryRow, TeamRow
from bot.jobs.posts import Ambiguous, Deleted, Post, Refused
from bot.services.boards import Board, redraw_post, touch
from bot.services.housekeeping import Housekeeping
from tests.database import reading, writing
from tests.jobs.desk import CHANNEL, Desk

NEW_CHANNEL = 501


class BoardDesk:
    """A board of questions that shows its version."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        desk.dispatcher.draw("questions", self.draw)

    async def draw(self, board: Board) -> Post:
        return Post(blocks=(f"v{board.version}",))

    async def touch(self, channel_id: int = CHANNEL) -> None:
        async with writing(self.desk.database) as session:
            team = await session.get_one(TeamRow, self.desk.team_id)
            await touch(session, team, "questions", 1, channel_id, self.desk.clock.now())

    async def row(self) -> BoardRow:
        async with reading(self.desk.database) as session:
            return (await session.scalars(select(BoardRow))).one()

    def posted(self) -> list[str]:
        return [post.blocks[0] for post in self.desk.channel.messages]

    def drawn(self) -> list[str]:
        return [post.blocks[0] for post in self.desk.channel.drawn]


@pytest.fixture
def board(desk):
    return BoardDesk(desk)


async def test_a_board_is_posted_once_and_then_drawn_again(board, desk):
    await board.touch()
    await desk.dispatch()
    await board.touch()
    await desk.dispatch()
    assert (board.posted(), board.drawn()) == (["v1"], ["v2"])


async def test_what_changes_within_two_seconds_is_drawn_at_once_together(board, desk):
    await board.touch()
    await desk.dispatch()
    for _change in range(5):
        await board.touch()
        await desk.dispatch()
        desk.clock.advance(seconds=0.3)
    assert board.drawn() == ["v2"]
    desk.clock.advance(seconds=0.5)
    await desk.dispatch()
    assert board.drawn() == ["v2", "v6"]


async def test_two_seconds_begin_when_discord_has_the_drawing(board, desk):
    async def draw_slowly(each: Board) -> Post:
        desk.clock.advance(seconds=1.5)
        return await board.draw(each)

    desk.dispatcher.draw("questions", draw_slowly)
    for _version in ("v1", "v2", "v3"):
        await board.touch()
        await desk.dispatch()
    desk.clock.advance(seconds=1.9)
    await desk.dispatch()
    assert board.drawn() == ["v2"]
    desk.clock.advance(seconds=0.1)
    await desk.dispatch()
    assert board.drawn() == ["v2", "v3"]


async def test_a_board_deleted_at_the_instant_of_its_first_post_is_posted_anew(board, desk):
    """Simulated time stands still: everything happens at the instant for which the first post was planned."""
    await board.touch()
    await desk.dispatch()
    desk.channel.drawing = Deleted("10008")
    await board.touch()
    await desk.dispatch()
    assert await desk.dispatch() == [("sent", None), ("sent", None)]
    assert board.posted() == ["v1", "v2"]


async def test_a_message_of_text_is_redrawn_where_it_stands_and_not_posted_anew_once_it_is_deleted(desk):
    async def ask(_delivery):
        return Post(channel_id=CHANNEL, text="올 수 있나요?")

    async def settled(board):
        return Post(text=f"끝났어요 {board.version}")

    async def end():
        async with writing(desk.database) as session:
            await redraw_post(session, (await session.scalars(select(DeliveryRow))).one(), desk.clock.now())

    desk.dispatcher.compose("rotation.request", ask)
    desk.dispatcher.draw("rotation.request", settled)
    await desk.plan("rotation.request")
    await end()
    await desk.dispatch()
    assert desk.channel.drawn == [], "it was not there yet"
    await end()
    await desk.dispatch()
    assert [post.text for post in desk.channel.drawn] == ["끝났어요 2"]
    desk.clock.advance(seconds=10)
    desk.channel.drawing = Deleted("10008")
    await end()
    await desk.dispatch()
    assert await desk.dispatch() == [("sent", None)]
    assert [post.text for post in desk.channel.messages] == ["올 수 있나요?"]


async def test_a_board_that_could_not_be_posted_is_tried_again_when_it_changes(board, desk):
    desk.channel.failures = [(Refused(50013, "Missing Permissions"), False)]
    await board.touch()
    await desk.dispatch()
    await desk.dispatch()
    assert board.posted() == []
    await board.touch()
    await board.touch()
    assert [state for state, _ in await desk.dispatch()] == ["failed", "sent"]
    assert board.posted() == ["v3"]


async def test_a_board_whose_channel_was_deleted_moves_to_the_channel_of_today(board, desk):
    await board.touch()
    await desk.dispatch()
    desk.channel.drawing = Refused(10003, "Unknown Channel")
    await board.touch()
    await desk.dispatch()
    await board.touch(NEW_CHANNEL)
    await desk.dispatch()
    assert board.posted() == ["v1", "v3"]
    assert (await board.row()).channel_id == NEW_CHANNEL


async def test_a_defect_in_a_drawing_is_not_repeated_at_once(board, desk, caplog):
    await board.touch()
    await desk.dispatch()
    desk.channel.drawing = RuntimeError("defect")
    await board.touch()
    for _ in range(3):
        desk.clock.advance(seconds=3)
        await desk.dispatch()
    assert caplog.text.count("Defect in board 1 (questions)") == 1
    desk.channel.drawing = None
    desk.clock.advance(minutes=10)
    await desk.dispatch()
    assert board.drawn() == ["v2"]


async def test_a_board_that_discord_does_not_take_is_tried_after_pauses_that_grow(board, desk):
    await board.touch()
    await desk.dispatch()
    desk.channel.drawing = Ambiguous("503")
    await board.touch()
    pauses = []
    while len(pauses) < 12:
        await desk.dispatch()
        tried, again = desk.clock.now(), (await board.row()).redraw_at
        if again - tried > timedelta(seconds=1):  # else it was not tried: a board is drawn once in two seconds at most
            pauses.append((again - tried).total_seconds())
        desk.clock.instant = again
    assert all(pause / 2**times == pytest.approx(2, rel=0.21) for times, pause in enumerate(pauses[:8]))
    assert all(pause == pytest.approx(300, rel=0.21) for pause in pauses[8:])
    desk.channel.drawing = None
    await desk.dispatch()
    assert board.drawn() == ["v2"]


async def test_a_board_waits_while_the_bot_is_not_in_the_server(board, desk):
    await board.touch()
    await desk.dispatch()
    await Housekeeping(desk.database).guild_seen(1, present=False, now=desk.clock.now())
    await board.touch()
    await desk.dispatch()
    assert board.drawn() == []
    await Housekeeping(desk.database).guild_seen(1, present=True, now=desk.clock.now())
    await desk.dispatch()
    assert board.drawn() == ["v2"]
