"""The simulated Discord on which the people of the demo act: they type, press and fill in, and nothing else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

import discord
import simcord
from simcord.results import InteractionResult, ResponseMessage

from bot.demo.cast import BOT, CHANNEL, GUILD, MEMBERS, OPERATOR
from bot.demo.simulation import invite
from bot.demo.steps import Chapter, Step

ZONE: Final = ZoneInfo("Asia/Seoul")

PEOPLE: Final = frozenset({"member", "owner", "presenter"})
"""Options that take a person; the others are typed."""

PICKED: Final = frozenset({"lecture", "question", "assignment", "day"})
"""Options that offer a list while one types, but for the text of `/ask`."""

DAWN: Final = "04:00"
"""When a study day ends."""

DEFAULT_MESSAGE: Final = discord.MessageType.default.value


class Listener(Protocol):
    """Is told what happens, in order."""

    def chapter(self, chapter: Chapter) -> None: ...

    def acted(self, moment: datetime, step: Step, result: InteractionResult, form: Mapping[str, str]) -> None:
        """Somebody did something; `form` is what they put in, by the labels of its fields."""

    def posted(self, moment: datetime, place: str, message: ResponseMessage) -> None:
        """The bot wrote somewhere: `#스터디`, or to somebody alone, `@은우`."""


@dataclass
class Stage:
    """A Discord server with a team in it."""

    env: simcord.Env
    channel: simcord.ChannelHandle
    people: Mapping[str, simcord.MemberActor]
    listener: Listener | None = None
    _seen: set[int] = field(default_factory=set)

    def names(self) -> dict[int, str]:
        """What Discord's ids of people and of the channel stand for."""
        people = {actor.id: name for name, actor in self.people.items()}
        return people | {self.channel.id: str(self.channel.name)}

    async def play(self, chapter: Chapter, *, until: datetime | None = None) -> None:
        """Do everything of a chapter, or what comes before an instant."""
        await self.until(moment_of(chapter.date, DAWN))
        if self.listener is not None:
            self.listener.chapter(chapter)
        for step in chapter.steps:
            moment = moment_of(chapter.date, step.at)
            if until is not None and moment >= until:
                break
            await self.until(moment)
            await self.perform(step)

    async def until(self, moment: datetime) -> None:
        """Let time pass until an instant; it never goes back."""
        seconds = (moment - self.env.now()).total_seconds()
        if seconds > 0:
            await self.env.advance_time(seconds)
        self._tell_posts()

    async def perform(self, step: Step) -> InteractionResult:
        """One step, as the person does it. Raises ValueError if there is nothing such to press or to pick."""
        actor, now = self.people[step.who], self.env.now()
        result = await (self._press(actor, step) if step.button else self._type(actor, step))
        filled: dict[str, str] = {}
        if step.form and result.modal is not None:
            result, filled = await self._fill(actor, result, step)
        if self.listener is not None:
            self.listener.acted(now.astimezone(ZONE), step, result, filled)
        self._tell_posts()
        return result

    async def read(self, result: InteractionResult) -> str:
        """The text of the file that came with an answer. ValueError if there is none."""
        for response in answers_of(result):
            for attachment in response.attachments:
                return (await attachment.read()).decode()
        raise ValueError("no file came with the answer")

    async def _type(self, actor: simcord.MemberActor, step: Step) -> InteractionResult:
        options: dict[str, Any] = {}
        for name, value in step.options.items():
            if name in PEOPLE:
                options[name] = self.people[value]
            elif name in PICKED and (step.command, name) != ("ask", "question"):
                options[name] = await self._pick(actor, step, name, value, options)
            else:
                options[name] = value
        return await actor.slash(self.channel, step.command, **options)

    async def _pick(
        self, actor: simcord.MemberActor, step: Step, option: str, typed: str, filled: Mapping[str, Any]
    ) -> str:
        """The first of what is offered for what is typed."""
        choices = await actor.autocomplete(self.channel, step.command, option, typed, **filled)
        if not choices:
            raise ValueError(f"nothing to pick for {option}:{typed} of /{step.command}")
        return str(choices[0]["value"])

    async def _press(self, actor: simcord.MemberActor, step: Step) -> InteractionResult:
        for _, message in reversed(list(self.messages())):
            if step.on in text_of(message) and step.button in buttons_of(message):
                return await actor.click(message, label=step.button)
        raise ValueError(f"no button {step.button!r} on a message that holds {step.on!r}")

    async def _fill(
        self, actor: simcord.MemberActor, shown: InteractionResult, step: Step
    ) -> tuple[InteractionResult, dict[str, str]]:
        labels = [label for label in (shown.modal or {})["components"] if "component" in label]
        values = {label["component"]["custom_id"]: value for label, value in zip(labels, step.form, strict=False)}
        filled = {label["label"]: _shown(label, value) for label, value in zip(labels, step.form, strict=False)}
        return await actor.submit_modal(shown, values), filled

    def messages(self) -> Iterator[tuple[str, ResponseMessage]]:
        """What the bot posted, oldest first, each with its place: `#스터디`, a thread, or `@은우`.

        Of what is of one instant the channel comes first: different places are posted to at once, in no order.
        """
        backend = self.env.backend
        stored = [message for of_channel in backend.messages.values() for message in of_channel.values()]
        for message in sorted(stored, key=lambda each: (each.id >> 22, each.channel_id != self.channel.id, each.id)):
            if not message.is_ephemeral and message.type == DEFAULT_MESSAGE:
                yield self._place(message.channel_id), ResponseMessage(self.env, message)

    def _place(self, channel_id: int) -> str:
        channel = self.env.backend.get_channel(channel_id)
        names = self.names()
        people = [names[user_id] for user_id in channel.recipient_ids or ()]
        return f"@{people[0]}" if people else f"#{channel.name}"

    def latest(self) -> ResponseMessage:
        """The last thing the bot posted in the channel."""
        *_, last = (message for _, message in self.messages() if message.channel_id == self.channel.id)
        return last

    def _tell_posts(self) -> None:
        for place, message in self.messages():
            if message.id in self._seen:
                continue
            self._seen.add(message.id)
            if self.listener is not None:
                moment = discord.utils.snowflake_time(message.id).astimezone(ZONE)
                self.listener.posted(moment, place, message)


def found_server(env: simcord.Env, listener: Listener | None = None) -> Stage:
    """A server with a text channel, somebody who may manage it, and seven who may not."""
    env.backend.bot_user.name = BOT
    guild = env.create_guild(GUILD, preferred_locale="ko")
    invite(env, guild)
    channel = guild.create_text_channel(CHANNEL)
    role = guild.create_role("운영", permissions=discord.Permissions(manage_guild=True))
    reads = guild.create_role("멤버", permissions=discord.Permissions(read_message_history=True, send_messages=True))
    people = {OPERATOR: guild.add_member(env.create_user("boram", global_name=OPERATOR), roles=[role, reads])}
    for name, username in MEMBERS.items():
        people[name] = guild.add_member(env.create_user(username, global_name=name), roles=[reads])
    return Stage(env, channel, people, listener)


def moment_of(day: date, at: str) -> datetime:
    """`09:05` on a date, in the team's zone; `28:05` is five past four on the date after."""
    hours, minutes = at.split(":")
    return datetime.combine(day, time(), ZONE) + timedelta(hours=int(hours), minutes=int(minutes))


def answers_of(result: InteractionResult) -> list[ResponseMessage]:
    """What somebody was told, at once or a little later."""
    return [each for each in (result.response, *result.followups) if each is not None]


def text_of(message: ResponseMessage) -> str:
    """A message's text; of a board, its blocks."""
    blocks = [part["content"] for part in walk(message.components) if "content" in part]
    return "\n".join(text for text in (message.content, *blocks) if text)


def buttons_of(message: ResponseMessage) -> list[str]:
    """The labels of a message's buttons."""
    return [str(part["label"]) for part in walk(message.components) if "custom_id" in part and part.get("label")]


def walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Components, and those inside them."""
    for component in components:
        yield component
        yield from walk(component.get("components", []))


def _shown(label: dict[str, Any], value: object) -> str:
    """What a form shows where something was put in: text, or the names of what was chosen."""
    if isinstance(value, str):
        return value
    options = {option["value"]: option["label"] for option in label["component"].get("options", [])}
    chosen = value if isinstance(value, list | tuple) else []
    return ", ".join(str(options.get(item, item)) for item in chosen)
