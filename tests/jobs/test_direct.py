"""Messages to one person: where they go, what happens when they are refused, and boards among them."""

import pytest
from sqlalchemy import select

from bot.db.tables import BoardRow, TeamRow
from bot.jobs.posts import Ambiguous, Deleted, Post, Refused, TryAgain
from bot.services.boards import Board, Boards, touch
from bot.services.housekeeping import Housekeeping
from tests.database import reading, writing
from tests.jobs.desk import CHANNEL, DIRECT, PERSON, REFUSED, ROOM, Desk, telling

# To one person


async def test_a_message_to_one_person_goes_to_that_person_alone(tell):
    await tell.plan("tell", user_id=PERSON)
    assert await tell.dispatch() == [("sent", None)]
    assert tell.channel.held == [ROOM]
    (row,) = await tell.rows()
    assert (row.user_id, row.channel_id, row.message_id) == (PERSON, ROOM, 1)


async def test_the_composer_may_say_to_whom_when_it_is_sent(desk):
    desk.dispatcher.compose("tell", telling(user_id=8))
    await desk.plan("tell")
    await desk.dispatch()
    assert desk.channel.held == [DIRECT + 8]


async def test_the_person_and_the_channel_that_were_planned_come_before_the_composers(desk):
    desk.dispatcher.compose("tell", telling(user_id=8, channel_id=CHANNEL))
    await desk.plan("tell", user_id=PERSON)
    await desk.plan("tell", channel_id=501, offset="channel")
    await desk.dispatch()
    assert sorted(desk.channel.held) == [501, ROOM]


async def test_a_direct_message_that_arrived_unseen_is_looked_for_where_it_was_sent(tell):
    tell.channel.failures = [(Ambiguous("reset"), True)]
    await tell.plan("tell.somewhere", user_id=PERSON)
    assert await tell.dispatch() == [("sending", None)]
    tell.clock.advance(minutes=10)
    assert await tell.dispatch() == [("sent", None)]
    assert (tell.channel.places, tell.channel.held) == ([ROOM], [ROOM])


@pytest.mark.parametrize("error", [Ambiguous("502"), TryAgain(2)])
async def test_while_the_channel_cannot_be_opened_nothing_is_under_way(tell, error):
    tell.channel.opening = error
    await tell.plan("tell", user_id=PERSON)
    assert await tell.dispatch() == [("pending", None)]
    tell.dispatcher.compose("tell", telling(file=None, mentions=(PERSON,)))
    tell.channel.opening = None
    tell.clock.advance(minutes=10)
    assert await tell.dispatch() == [("sent", None)]
    assert tell.channel.messages[0].mentions == (PERSON,), "it is composed anew, nothing having been sent"


async def test_opening_is_tried_again_after_longer_and_longer_pauses(tell):
    tell.channel.opening = Ambiguous("502")
    await tell.plan("tell", user_id=PERSON)
    waits = []
    for _attempt in range(3):
        await tell.dispatch()
        (row,) = await tell.rows()
        waits.append((row.due_at - tell.clock.now()).total_seconds())
        tell.clock.instant = row.due_at
    assert waits == sorted(set(waits))


async def test_a_person_is_not_written_to_for_a_server_that_removed_the_bot(tell):
    await Housekeeping(tell.database).guild_seen(1, present=False, now=tell.clock.now())
    await tell.plan("tell.somewhere", user_id=PERSON)
    assert await tell.dispatch() == [("pending", None)]
    assert tell.channel.attempts == 0


# Refused


@pytest.fixture(params=["on opening", "on sending"])
def closed(tell, request) -> Desk:
    """The person takes no direct messages."""
    if request.param == "on opening":
        tell.channel.opening = REFUSED
    else:
        tell.channel.closed = {ROOM: REFUSED}
    return tell


async def test_a_refused_direct_message_fails_with_its_reason_and_holds_up_nothing(closed):
    await closed.plan("tell", user_id=PERSON)
    await closed.plan("retro.prompt")
    assert await closed.dispatch() == [("failed", str(REFUSED)), ("sent", None)]
    closed.clock.advance(days=1)
    await closed.dispatch()
    assert closed.channel.held == [CHANNEL]


async def test_where_a_channel_is_named_a_refused_direct_message_goes_there_once(closed):
    await closed.plan("tell.somewhere", user_id=PERSON)
    assert await closed.dispatch() == [("sent", None)]
    closed.clock.advance(days=1)
    await closed.dispatch()
    assert closed.channel.held == [CHANNEL]
    (row,) = await closed.rows()
    assert (row.channel_id, row.user_id) == (CHANNEL, PERSON)


async def test_where_that_channel_refuses_too_it_fails(closed):
    closed.channel.closed[CHANNEL] = Refused(50013, "Missing Permissions")
    await closed.plan("tell.somewhere", user_id=PERSON)
    assert await closed.dispatch() == [("failed", "50013: Missing Permissions")]


async def test_what_may_have_arrived_and_cannot_be_looked_for_goes_nowhere_else(tell):
    tell.channel.failures, tell.channel.unreadable = [(Ambiguous("reset"), True)], True
    await tell.plan("tell.somewhere", user_id=PERSON)
    await tell.dispatch()
    tell.clock.advance(minutes=10)
    ((state, _reason),) = await tell.dispatch()
    assert (state, tell.channel.held) == ("held", [ROOM])


# Boards


class Briefing:
    """A board for one person that shows its version."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.fallback: int | None = None
        desk.dispatcher.draw("briefing", self.draw)

    async def draw(self, board: Board) -> Post:
        return Post(blocks=(f"v{board.version}",), fallback_channel_id=self.fallback)

    async def touch(self) -> None:
        async with writing(self.desk.database) as session:
            team = await session.get_one(TeamRow, self.desk.team_id)
            await touch(session, team, "briefing", 1, None, self.desk.clock.now(), user_id=PERSON)

    async def row(self) -> BoardRow:
        async with reading(self.desk.database) as session:
            return (await session.scalars(select(BoardRow))).one()

    def seen(self) -> list[str]:
        """What was posted, then what was drawn in its place."""
        return [post.blocks[0] for post in (*self.desk.channel.messages, *self.desk.channel.drawn)]


@pytest.fixture
def briefing(desk):
    return Briefing(desk)


async def test_a_board_for_one_person_is_posted_to_them_and_drawn_again_there(briefing, desk):
    await briefing.touch()
    assert (await briefing.row()).channel_id is None
    await desk.dispatch()
    row = await briefing.row()
    assert (row.user_id, row.channel_id, row.message_id) == (PERSON, ROOM, 1)
    await briefing.touch()
    await desk.dispatch()
    assert briefing.seen() == ["v1", "v2"]
    assert (desk.channel.held, desk.channel.redrawn) == ([ROOM], [ROOM])
    assert desk.channel.drawn[0].user_id == PERSON
    assert (await Boards(desk.database).get(1)).user_id == PERSON


async def test_a_board_whose_person_takes_no_messages_waits_until_it_changes(briefing, desk):
    desk.channel.closed = {ROOM: REFUSED}
    await briefing.touch()
    assert await desk.dispatch() == [("failed", str(REFUSED))]
    await desk.dispatch()
    assert desk.channel.attempts == 1
    desk.channel.closed = {}
    await briefing.touch()
    await desk.dispatch()
    assert (briefing.seen(), desk.channel.held) == (["v2"], [ROOM])


async def test_a_board_of_one_person_that_is_gone_is_posted_to_them_anew(briefing, desk):
    await briefing.touch()
    await desk.dispatch()
    desk.channel.drawing = Deleted("10008")
    await briefing.touch()
    await desk.dispatch()
    await desk.dispatch()
    assert (briefing.seen(), desk.channel.held) == (["v1", "v2"], [ROOM, ROOM])


async def test_a_board_posted_elsewhere_is_drawn_again_there(briefing, desk):
    briefing.fallback, desk.channel.closed = CHANNEL, {ROOM: REFUSED}
    await briefing.touch()
    await desk.dispatch()
    await briefing.touch()
    await desk.dispatch()
    assert (desk.channel.held, desk.channel.redrawn) == ([CHANNEL], [CHANNEL])
    assert briefing.seen() == ["v1", "v2"]


@pytest.mark.parametrize("post", [Post(text="안녕", user_id=PERSON, fallback_channel_id=CHANNEL), Post(text="안녕")])
def test_to_whom_it_goes_is_kept_in_the_payload(post):
    assert Post.from_json(post.to_json()) == post


def test_a_payload_from_before_there_were_direct_messages_is_still_read():
    old = (
        '{"channel_id": 1, "text": "안녕", "blocks": [], "buttons": [], "mentions": [], "file": null, "thread": null, '
    )
    assert Post.from_json(old + '"board_version": null}') == Post(channel_id=1, text="안녕")
