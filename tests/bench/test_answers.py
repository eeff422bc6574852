"""How long people wait for an answer, over the wire. Figures of one run; nothing about time is asserted."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from tests.bench.conftest import Tell
from tests.bench.lag import quantile
from tests.wire.discord_server import Answer, Channel, DiscordServer, Message, User
from tests.wire.process import running

ROUNDS = 200
MEMBERS, WITHIN = 200, 10.0
EVENTS = ("RNN", "LSTM", "GRU", "Attention", "Transformer", "BERT", "GPT", "word2vec", "GloVe", "FastText")


def test_a_command_until_it_is_acknowledged(benchmark, tmp_path: Path, tell: Tell) -> None:
    """A bare bot that answers "pong", or once it has written something by hand, and ours reading and writing, in turn.

    What is written is committed before the answer.
    """
    waits = benchmark.pedantic(lambda: asyncio.run(in_turn(tmp_path)), rounds=1)
    pong = waits["ping"]
    for command, seconds in waits.items():
        p50, p99 = (quantile(seconds, share) / quantile(pong, share) for share in (0.5, 0.99))
        whose = "our" if command in {"session note", "today"} else "a bare bot's"
        tell(f"{whose} /{command}: {told(seconds)}; {p50:.1f} times (p50) and {p99:.1f} times (p99) the pong")


def told(seconds: list[float]) -> str:
    return f"{quantile(seconds, 0.5) * 1000:.1f} ms (p50), {quantile(seconds, 0.99) * 1000:.1f} ms (p99)"


async def in_turn(folder: Path) -> dict[str, list[float]]:
    async with bare_bot(folder / "none.sqlite3") as bare, study_team(folder / "bot.sqlite3", people=1) as team:
        waits: dict[str, list[float]] = {"ping": [], "keep": [], "note": [], "session note": [], "today": []}
        for number in range(ROUNDS):
            text = f"{EVENTS[number % 10]} {number}"
            waits["ping"].append(await bare("ping"))
            waits["keep"].append(await bare("keep", text=text))
            waits["note"].append(await bare("note", text=text))
            waits["session note"].append(await team.slash("session note", text=text))
            waits["today"].append(await team.slash("today"))
        for file, table, rows in (("kept.sqlite3", "kept", 1 + 2), ("bot.sqlite3", "minutes", 1)):
            with contextlib.closing(sqlite3.connect(folder / file)) as connection:
                (written,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
            assert written == rows * ROUNDS, "what was measured is a refusal"
        return waits


@contextlib.asynccontextmanager
async def bare_bot(no_database: Path) -> AsyncIterator[Callable[..., Awaitable[float]]]:
    async with DiscordServer() as server:
        room = server.add_channel(server.add_guild("스터디"), "study")
        person = server.add_person(server.world.guild(room.guild_id), "가온")
        async with running(server, no_database, module="tests.bench.bare_bot"):
            yield lambda command, **options: acknowledged(server, server.slash(person, room, command, **options))


@dataclass
class Team:
    """A team in the loopback Discord, with the bot in a process of its own."""

    server: DiscordServer
    room: Channel
    people: list[User]

    async def slash(self, command: str, **options: str) -> float:
        return await acknowledged(self.server, self.server.slash(self.people[0], self.room, command, **options))

    async def agenda(self) -> Message:
        await self.server.slash(self.people[0], self.room, "session start")
        return await self.server.until(self._agenda, what="the agenda")

    def _agenda(self) -> Message | None:
        places = [each for each in self.server.world.channels.values() if self.room.id in {each.id, each.parent_id}]
        messages = [message for place in places for message in place.messages.values()]
        return next((message for message in messages if "**출석" in message.text), None)


@contextlib.asynccontextmanager
async def study_team(database: Path, people: int) -> AsyncIterator[Team]:
    async with DiscordServer() as server:
        guild = server.add_guild("스터디")
        room = server.add_channel(guild, "study")
        role = server.add_role(guild, "운영", manage_guild=True)
        members = [server.add_person(guild, f"사람{number}", roles=[role]) for number in range(people)]
        async with running(server, database, LOG_LEVEL="WARNING"):
            await server.slash(members[0], room, "setup", language="ko")
            for member in members:
                await server.slash(member, room, "roster join")
            yield Team(server, room, members)


async def acknowledged(server: DiscordServer, action: Awaitable[Answer]) -> float:
    """Seconds from the interaction's leaving the server to the bot's first word on it."""
    answer = await action
    (call,) = server.requests_to("POST", rf"/interactions/{answer.interaction_id}/{answer.token}/callback")
    return call.answered_at - (answer.deadline - server.interactions.answer_within)


def test_two_hundred_press_a_button_of_one_board(benchmark, tmp_path: Path, tell: Tell) -> None:
    """All of a large team say that they are here, within ten seconds; the board counts them."""
    crowd = benchmark.pedantic(lambda: asyncio.run(press(tmp_path / "bot.sqlite3")), rounds=1)
    tell(f"{MEMBERS} press a button of one board within {WITHIN:.0f} s: {told(crowd.waits)}")
    apart = min(later - earlier for earlier, later in pairwise(crowd.drawn))
    tell(f"  all are answered, the last of them after {max(crowd.waits) * 1000:.0f} ms of Discord's 3,000")
    tell(f"  the board is drawn {len(crowd.drawn)} times, at least {apart:.2f} s apart")


@dataclass(frozen=True)
class Crowd:
    """How long each waited, in seconds, and when the board was drawn."""

    waits: list[float]
    drawn: list[float]


async def press(database: Path) -> Crowd:
    async with study_team(database, MEMBERS) as team:
        agenda = await team.agenda()

        async def one(number: int) -> float:
            await asyncio.sleep(number * WITHIN / MEMBERS)
            return await acknowledged(team.server, team.server.click(team.people[number], agenda, "왔어요"))

        waits = await asyncio.gather(*(one(number) for number in range(MEMBERS)))
        counted = f"{MEMBERS}"
        await team.server.until(lambda: counted in agenda.text, what="the last drawing")
        edits = team.server.requests_to("PATCH", rf"/channels/\d+/messages/{agenda.id}")
        return Crowd(list(waits), [edit.answered_at for edit in edits])
