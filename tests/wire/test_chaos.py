"""Short rounds of chaos; `make chaos` plays the long ones. See tests/wire/chaos."""

import pytest

from tests.wire.chaos.lives import play
from tests.wire.chaos.plan import Due, due_messages
from tests.wire.chaos.rounds import SHORT
from tests.wire.chaos.tally import count, table
from tests.wire.discord_server import DiscordServer


@pytest.mark.parametrize("round_", SHORT, ids=lambda round_: round_.name)
async def test_whatever_happens_every_message_is_there_once(round_, tmp_path):
    tally = await play(round_, tmp_path, seed=27)
    shown = table({round_.name: tally})
    assert tally.exact, shown
    assert tally.kills.total() == round_.kills, shown
    assert tally.faults, "nothing went wrong, so nothing was shown"
    if round_.outage:
        assert tally.misplaced == 0, shown


# The counting itself


@pytest.fixture
async def read(database_file):
    """Three messages planned for each of two channels, and somebody who posts what they like."""
    async with DiscordServer() as server:
        planned = await due_messages(server, database_file, 2, 3)

        def post(due: Due, *, text: str = "") -> None:
            server.say(server.world.bot, due.channel, text or f"{due.line}\n\n한마디씩 해 주세요.")

        yield server, planned, post


async def test_a_message_too_few_is_lost_and_one_too_many_is_doubled(read):
    server, planned, post = read
    for due in [*planned[1:], planned[3]]:
        post(due)
    tally = count(server, planned)
    assert (tally.planned, tally.delivered, tally.lost, tally.doubled) == (6, 5, planned[:1], [planned[3]])
    assert not tally.exact


async def test_messages_are_out_of_order_only_within_their_channel(read):
    server, planned, post = read
    for number in (3, 0, 4, 2, 1, 5):
        post(planned[number])
    tally = count(server, planned)
    assert (tally.delivered, tally.misplaced) == (6, 1)


async def test_a_message_that_nobody_planned_is_noticed(read):
    server, planned, post = read
    for due in planned:
        post(due)
    tally = count(server, planned)
    tally.states = {"sent": 6}
    assert tally.exact
    post(planned[0], text="아무도 부르지 않은 말")
    again = count(server, planned)
    again.states = {"sent": 6}
    assert not again.exact
