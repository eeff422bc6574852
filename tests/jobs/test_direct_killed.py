"""A message to one person, who may refuse it, of a process that is killed at any step: there is one, here or there."""

import asyncio
from collections.abc import Iterable
from itertools import product

import pytest

from bot.jobs.dispatch import Dispatcher
from bot.jobs.pace import Pace
from bot.jobs.posts import Ambiguous
from bot.services.deliveries import Deliveries, plan
from tests.database import writing
from tests.jobs.desk import CHANNEL, PERSON, REFUSED, ROOM, Desk, telling

STEPS = {"begin", "sent", "close", "retry", "open_direct", "send", "find", "finish"}
MOST_STEPS = 14
NEVER = (-1, -1)


class Death:
    """Stops the lane dead before or after one of its steps, counted from 0."""

    def __init__(self, at: int) -> None:
        self.at, self.steps = at, 0

    @property
    def met(self) -> bool:
        return 0 <= self.at < self.steps

    def step(self) -> None:
        self.steps += 1
        if self.steps == self.at + 1:
            raise asyncio.CancelledError

    def around(self, thing: object) -> object:
        return Mortal(thing, self)


class Mortal:
    """What the dispatcher works with, and may die at."""

    def __init__(self, thing: object, death: Death) -> None:
        self._thing, self._death = thing, death

    def __getattr__(self, name: str) -> object:
        original = getattr(self._thing, name)
        if name not in STEPS:
            return original

        async def stepping(*args: object, **named: object) -> object:
            self._death.step()
            result = await original(*args, **named)
            self._death.step()
            return result

        return stepping


def restarted(desk: Desk, death: Death) -> Dispatcher:
    deliveries = death.around(Deliveries(desk.database))
    dispatcher = Dispatcher(deliveries, desk.boards, death.around(desk.channel), desk.clock, Pace(per_second=None))
    dispatcher.compose("tell.somewhere", telling(fallback_channel_id=CHANNEL))
    return dispatcher


async def lives(desk: Desk, subject_id: int, deaths: Iterable[int], *, opens_after_death: bool = False) -> int:
    """One delivery through these deaths and a last life without one; how many deaths it met."""
    died = 0
    async with writing(desk.database) as session:
        due = desk.clock.now()
        await plan(
            session, team_id=desk.team_id, kind="tell.somewhere", subject_id=subject_id, due_at=due, user_id=PERSON
        )
    for at in (*deaths, *NEVER):
        death = Death(at)
        dispatcher = restarted(desk, death)
        await dispatcher.dispatch()
        await dispatcher.finished()
        died += death.met
        if opens_after_death:
            desk.channel.closed = {}
        desk.clock.advance(minutes=10)
    return died


@pytest.mark.parametrize("lost", [None, "but arrived", "on the way"])
@pytest.mark.parametrize("refusing", ["nothing", "opening", "sending"])
async def test_there_is_one_message_at_whatever_step_the_process_dies(tell, refusing, lost):
    tell.channel.opening = REFUSED if refusing == "opening" else None
    tell.channel.closed = {ROOM: REFUSED} if refusing == "sending" else {}
    died = 0
    for step in range(MOST_STEPS):
        tell.channel.failures = [(Ambiguous("reset"), lost == "but arrived")] if lost else []
        died += await lives(tell, step, [step])
        assert len(tell.channel.held) == step + 1, f"killed at step {step}"
    assert died >= 6
    assert set(tell.channel.held) == {ROOM if refusing == "nothing" else CHANNEL}
    assert {row.state for row in await tell.rows()} == {"sent"}


async def test_there_is_one_message_although_the_process_dies_twice(tell):
    died = 0
    for number, steps in enumerate(product(range(MOST_STEPS), range(10))):
        tell.channel.closed = {ROOM: REFUSED}
        died += await lives(tell, number, steps)
        assert len(tell.channel.held) == number + 1, f"killed at steps {steps}"
    assert died >= 150
    assert set(tell.channel.held) == {CHANNEL}


async def test_whoever_takes_messages_after_all_gets_one_here_or_there(tell):
    for step in range(MOST_STEPS):
        tell.channel.closed = {ROOM: REFUSED}
        await lives(tell, step, [step], opens_after_death=True)
        assert len(tell.channel.held) == step + 1, f"killed at step {step}"
    assert set(tell.channel.held) == {ROOM, CHANNEL}
