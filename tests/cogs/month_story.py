"""A study team's month as its people live it, and what anybody can read of it."""

import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import discord
import simcord

from tests.study_team import StudyTeam, button, sure

Duties = dict[str, str]
"""Who has what on a day: 모더레이터, 기록, and each lecture presented, e.g. 5강."""

MODERATOR, RECORD = "모더레이터", "기록"
ANNOUNCED = re.compile(r"(?:내일|다음 학습일)\((\S+) ., Day(\d+)\)")
CHANGED = re.compile(r"바뀌었어요: |당번이 바뀌었어요")
REMINDED = re.compile(r"10분 뒤\(16:00\) 피어세션이에요")
SEOUL = timedelta(hours=9)


@dataclass(frozen=True)
class Said:
    """A post of the bot: when on a clock in Seoul, where, its text, and the names of those whom it pinged."""

    at: datetime
    channel: str
    text: str
    pinged: frozenset[str]
    message: discord.Message


@dataclass
class Month:
    """The team, and what could be read so far: each day's duties as announced, and as changed since."""

    team: StudyTeam
    mods: simcord.ChannelHandle
    announced: dict[date, Duties] = field(default_factory=dict)
    duties: dict[date, Duties] = field(default_factory=dict)
    numbers: dict[date, int] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)
    seen: int = 0
    lectures: int = 0

    # ── a day ─────────────────────────────────────────────────────────────────

    async def at(self, day: str, clock: str) -> None:
        """Let time pass, and read what was posted meanwhile."""
        moment = datetime.combine(date_of(day), time.fromisoformat(clock), tzinfo=UTC) - SEOUL
        await self.team.until(moment)
        self.read()

    async def study(self, day: str, lectures: int, question: bool = False) -> None:
        """A study day until its session is over: what was announced is shown, and what is shown is announced."""
        today = date_of(day)
        who = self.duties.get(today, {}).get(RECORD, "가온")
        await self.at(day, "10:00")
        for _lecture in range(lectures):
            await self.add_lecture(who)
        shown = await self.shown(who)
        assert self.duties.setdefault(today, shown[today]) == shown[today], (shown[today], self.duties[today])
        moderator = shown[today][MODERATOR]
        await self.at(day, "16:00")
        assert "시작했어요" in await self.do(moderator, "session start")
        if question:
            await self.do(who, "ask", question="왜 그런가요?")
        await self.at(day, "17:30")
        assert "수고하셨어요" in await self.do(moderator, "session end")
        self.read()
        (tomorrow,) = shown.keys() - {today}
        assert self.announced[tomorrow] == shown[tomorrow], (shown[tomorrow], self.announced[tomorrow])

    async def add_lecture(self, who: str) -> None:
        self.lectures += 1
        number = f"{self.lectures}강"
        await self.do(who, "lecture add", title=f"제목 {number}", course="NLP", number=number)

    async def all_will(self) -> None:
        """Those on duty next press the button, unless they have said so before for the whole week."""
        *_earlier, before, day = [date.min, *sorted(self.announced)]
        of_the_week = self.announced.get(before, {}).get(RECORD)
        asked = {name for duty, name in self.duties[day].items() if duty != RECORD or name != of_the_week}
        for name in sorted(asked):
            said = await self.answer(name, "will")
            assert "하기로 적어 뒀어요" in said or "이미 하겠다고 하신" in said, said

    # ── what people do ────────────────────────────────────────────────────────

    async def do(self, who: str, command: str, /, **options: object) -> str:
        """Somebody types a command in the channel; the answer is theirs alone."""
        result = await self.actor(who).slash(self.team.channel, command, **options)
        assert result.response.ephemeral
        await sure(self.actor(who), result)
        return text_of(result.response.message)

    async def press(self, who: str, said: Said, which: str) -> simcord.InteractionResult:
        return await self.actor(who).click(said.message, custom_id=button(said.message, which))

    async def answer(self, who: str, which: str) -> str:
        """What is said to somebody who presses a button of the latest announcement."""
        return (await self.opened(who, which)).content

    async def opened(self, who: str, which: str) -> simcord.ResponseMessage:
        return (await self.press(who, self.latest(ANNOUNCED), f"rotation:{which}:")).response

    async def press_too_late(self, who: str, said: Said, which: str, before: list[dict[str, object]]) -> str:
        """Somebody presses a button that was there `before`, because the edit has not reached their screen yet."""
        stored = self.team.env.backend.get_message(said.message.channel.id, said.message.id)
        stored.components = before
        return (await self.press(who, said, which)).followups[-1].content

    def components(self, said: Said) -> list[dict[str, object]]:
        return deepcopy(self.team.env.backend.get_message(said.message.channel.id, said.message.id).components)

    def actor(self, who: str) -> simcord.MemberActor:
        return self.team.members.get(who, self.team.admin)

    # ── what anybody can read ─────────────────────────────────────────────────

    async def shown(self, who: str) -> dict[date, Duties]:
        """What `/rotation show` says of this and the next study day."""
        text = await self.do(who, "rotation show", count=2)
        days = re.findall(r"\*\*Day(\d+)\*\* · (\S+) .\n((?:(?!\*\*Day|-#).+\n?)*)", text)
        self.numbers |= {date_of(day): int(number) for number, day, _lines in days}
        return {date_of(day): shown_duties(lines) for _number, day, lines in days}

    async def page(self, day: date) -> str:
        await self.team.env.advance_time(7)  # files are given ten times a minute
        result = await self.team["가온"].slash(self.team.channel, "journal export", day=day.isoformat())
        return (await result.response.attachments[0].read()).decode()

    def read(self) -> None:
        """Take in the posts since the last look, wherever they stand."""
        new = [
            self._said(place, message)
            for place, channel in self._places()
            for message in self.team.posts(channel)
            if message.id > self.seen and message.type is discord.MessageType.default
        ]
        for said in sorted(new, key=lambda said: said.message.id):
            self.said.append(said)
            self.seen = said.message.id
            if said.channel == "study":
                self._take_in(said.text)

    def _places(self) -> Iterator[tuple[str, simcord.ChannelHandle]]:
        yield "study", self.team.channel
        yield "mods", self.mods
        for thread in self.team.channel.threads[-1:]:
            yield "thread", thread
        for name, member in self.team.members.items():
            yield name, member.user.dm_channel

    def _said(self, place: str, message: discord.Message) -> Said:
        rung = self.team.env.backend.get_message(message.channel.id, message.id).ping_user_ids
        names = {member.id: name for name, member in self.team.members.items()}
        return Said(
            message.created_at + SEOUL, place, text_of(message), frozenset(names[each] for each in rung), message
        )

    def _take_in(self, text: str) -> None:
        if announced := ANNOUNCED.match(text):
            day = date_of(announced[1])
            assert day not in self.announced, "announced twice"
            self.announced[day] = announced_duties(text)
            self.duties[day] = dict(self.announced[day])
            assert self.numbers[day] == int(announced[2])
        elif CHANGED.match(text):
            change = r"(\d+/\d+) .(?:부터 한 주)? (?:NLP )?(\S+?)(?: 발표| 당번)?[은는] (?:다시 )?(\S+)님이 맡아요"
            for changed, duty, name in re.findall(change, text):
                self.duties.setdefault(date_of(changed), {})[duty] = name

    def latest(self, begin: re.Pattern[str] | str, channel: str = "study") -> Said:
        """The latest post that begins so."""
        return [said for said in self.said if said.channel == channel and re.match(begin, said.text)][-1]

    def all_of(self, begin: re.Pattern[str], channel: str = "study") -> list[Said]:
        return [said for said in self.said if said.channel == channel and begin.match(said.text)]


def text_of(message: discord.Message) -> str:
    blocks = [part.content for part in walk(message.components) if isinstance(part, discord.TextDisplay)]
    return "\n".join([*([message.content] if message.content else []), *blocks])


def walk(components: Iterable[discord.Component]) -> Iterator[discord.Component]:
    for component in components:
        yield component
        yield from walk(getattr(component, "children", ()))


def date_of(text: str) -> date:
    """A day of 2026, e.g. from 2/17."""
    month, day = text.split("/")
    return date(2026, int(month), int(day))


def announced_duties(text: str) -> Duties:
    """From `… 모더레이터는 가온님, 발표는 5강 나래님 · 6강 다솜님이에요.` and lines like `기록: 라온님`."""
    first, *others = text.splitlines()
    moderator = re.findall(r"(모더레이터)는 (\S+)님", first)
    presented = re.findall(r"(\d+강) (\S+)님", first)
    own = re.findall(r"^(\S+): (\S+)님$", "\n".join(others), re.MULTILINE)
    return dict([*moderator, *presented, *own])


def shown_duties(lines: str) -> Duties:
    """From `모더레이터 가온님 ✅`, `발표 **5강** 나래님 · **6강** 다솜님` and `기록: 라온님`, with stars or without."""
    return dict(re.findall(r"(모더레이터|\d+강|기록)(?:\*\*|:)? (\S+)님", lines))


def printed_duties(page: str) -> Duties:
    """Who moderated and presented, from the page of the day."""
    moderator = re.findall(r"^(모더레이터): (\S+)님$", page, re.MULTILINE)
    presented = re.findall(r"^### (\d+강)\. .*\n\n발표자: `(\S+)`$", page, re.MULTILINE)
    return dict([*moderator, *presented])
