"""A study team in the simulated Discord, for tests that act as people."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import simcord
from simcord.backend.models.channel import Overwrite
from simcord.enums import OverwriteType

from bot.client import StudyBot
from bot.demo.clock import SimulatedClock
from bot.demo.simulation import SIMULATED_PACE, halt, invite
from bot.domain.team import Caller
from bot.services import Services

NAMES = ("가온", "나래", "다솜", "라온", "마루", "바다", "새벽")
MONDAY = datetime(2026, 1, 5, 0, 0, tzinfo=UTC)
"""09:00 in Seoul on Monday, 5 January 2026; the tests' team studies from that day on."""


@dataclass
class StudyTeam:
    """A set-up team: `admin` holds Manage Server and is not on the roster; members are found by name."""

    env: simcord.Env
    guild: simcord.GuildHandle
    channel: simcord.ChannelHandle
    admin: simcord.MemberActor
    members: dict[str, simcord.MemberActor]

    def __getitem__(self, name: str) -> simcord.MemberActor:
        return self.members[name]

    async def until(self, moment: datetime) -> None:
        """Let simulated time pass until an instant, a day at a time: the time-out of the simulation is for each."""
        while (left := moment - self.env.now()) > timedelta():
            await self.env.advance_time(min(left, timedelta(days=1)).total_seconds())

    async def restart(self) -> None:
        """Restart the bot over the same database."""
        halt(self.env)
        await self.env.restart_bot(StudyBot(self.env.bot.database, SimulatedClock(), SIMULATED_PACE))

    def forbid(self, **permissions: bool) -> None:
        """Take permissions from the bot in the study channel: `forbid(send_messages=False)`."""
        allow, deny = discord.PermissionOverwrite(**permissions).pair()
        bot = self.env.bot.user.id
        overwrite = Overwrite(target_id=bot, type=OverwriteType.MEMBER, allow=allow.value, deny=deny.value)
        self.env.backend.set_overwrite(self.channel.id, overwrite)

    def posts(self, channel: simcord.ChannelHandle | None = None) -> list[discord.Message]:
        """What the bot posted in a channel (the study channel), oldest first."""
        return [m for m in (channel or self.channel).history() if m.author.id == self.env.bot.user.id]


def button(message: discord.Message, custom_id: str) -> str:
    """The full custom id of the message's button whose id begins with `custom_id`; boards have theirs inside."""
    ids = [
        component.custom_id
        for component in walk(message.components)
        if re.match(custom_id, getattr(component, "custom_id", None) or "")
    ]
    assert ids, f"no button {custom_id!r} on {message.components}"
    return ids[0]


async def sure(actor: simcord.MemberActor, result: Any) -> str:
    """What is said in the end: whoever is asked whether they are sure presses the red button."""
    buttons = [part for part in walk(result.response.message.components) if isinstance(part, discord.Button)]
    red = [part.label for part in buttons if part.style is discord.ButtonStyle.danger]
    if not red:
        return result.response.content
    pressed = await actor.click(result.response, label=red[0])
    return pressed.response.content


def shown(message: discord.Message) -> str:
    """What a message says; of a board, its blocks."""
    blocks = [part.content for part in walk(message.components) if isinstance(part, discord.TextDisplay)]
    return "\n".join([*([message.content] if message.content else []), *blocks])


def walk(components: Iterable[Any]) -> Iterator[Any]:
    """Components, and those inside them."""
    for component in components:
        yield component
        yield from walk(getattr(component, "children", ()))


async def found_team(env: simcord.Env, names: tuple[str, ...] = NAMES, **setup_options: object) -> StudyTeam:
    """Set up a team on Monday morning, with these people on its roster."""
    team = await gather(env, names)
    await team.admin.slash(team.channel, "setup", **({"language": "ko"} | setup_options))
    await _enroll(team)
    return team


async def gather(env: simcord.Env, names: tuple[str, ...] = NAMES) -> StudyTeam:
    """The server and its people on Monday morning, before the bot knows of a team.

    The simulated Discord gives the same ids each time, so a database in which they have founded a team fits them again.
    """
    guild = env.create_guild("스터디")
    invite(env, guild)
    channel = guild.create_text_channel("study")
    role = guild.create_role("운영", permissions=discord.Permissions(manage_guild=True))
    writes = guild.create_role("멤버", permissions=discord.Permissions(send_messages=True, read_message_history=True))
    admin = guild.add_member(env.create_user("admin", global_name="운영자"), roles=[role, writes])
    members = {
        name: guild.add_member(env.create_user(f"member{number}", global_name=name), roles=[writes])
        for number, name in enumerate(names, 1)
    }
    return StudyTeam(env, guild, channel, admin, members)


async def _enroll(team: StudyTeam) -> None:
    """Put everybody on the roster by the service: seven commands for every test would take a second each time."""
    env, admin = team.env, team.admin
    roster = Services.over(env.bot.database, lambda: None).roster
    caller = Caller(team.guild.id, (team.channel.id,), admin.id, admin.name, True, frozenset(), env.now())
    for name, member in team.members.items():
        await roster.add(caller, member.id, name)
