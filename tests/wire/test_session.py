"""Two moderators press *Next* at once, over real HTTP: the session goes on once, and both are told where it is."""

import asyncio

import pytest

from tests.wire.discord_server import DiscordServer
from tests.wire.process import running


@pytest.fixture
async def server():
    async with DiscordServer() as server:
        yield server


def posted(server, room, text):
    """The messages of a channel and of its threads that hold a text."""
    channels = [each for each in server.world.channels.values() if room.id in {each.id, each.parent_id}]
    return [message for each in channels for message in each.messages.values() if text in message.text]


async def test_two_moderators_press_next_at_once(server, tmp_path):
    guild = server.add_guild("스터디")
    room = server.add_channel(guild, "study")
    role = server.add_role(guild, "운영", manage_guild=True)
    moderators = [server.add_person(guild, name, roles=[role]) for name in ("가온", "나래")]
    async with running(server, tmp_path / "bot.sqlite3") as bot:
        await server.slash(moderators[0], room, "setup", language="ko")
        for moderator in moderators:
            await server.slash(moderator, room, "roster join")
        for text in ("첫째 궁금증", "둘째로 알고 싶은 것"):
            await server.slash(moderators[0], room, "ask", question=text)
        await server.slash(moderators[0], room, "session start")
        await server.until(lambda: posted(server, room, "**출석"), what="the agenda")
        (agenda,) = posted(server, room, "**출석")
        answers = await asyncio.gather(*(server.click(moderator, agenda, "다음") for moderator in moderators))
        assert sorted("먼저 넘겼어요" in answer.text for answer in answers) == [False, True]
        assert all("질문 #1" in answer.text for answer in answers)
        await server.until(lambda: posted(server, room, ">>> 첫째"), what="the question")
        assert await bot.stop() == 0, bot.output
    assert (len(posted(server, room, ">>> 첫째")), posted(server, room, ">>> 둘째")) == (1, [])


async def test_ask_anyway_pressed_twice_at_once_asks_once(server, tmp_path):
    guild = server.add_guild("스터디")
    room = server.add_channel(guild, "study")
    person = server.add_person(guild, "가온", roles=[server.add_role(guild, "운영", manage_guild=True)])
    async with running(server, tmp_path / "bot.sqlite3") as bot:
        await server.slash(person, room, "setup", language="ko")
        await server.slash(person, room, "roster join")
        await server.slash(person, room, "ask", question="은닉 상태는 언제 초기화하나요?")
        alike = await server.slash(person, room, "ask", question="은닉 상태는 언제 초기화 하나요")
        await asyncio.gather(*(server.click(person, alike.shown, "그래도 질문하기") for _ in range(2)))
        await server.until(lambda: posted(server, room, "**#2**"), what="the board")
        assert "질문 #3" in (await server.slash(person, room, "ask", question="전혀 다른 것")).text
        assert await bot.stop() == 0, bot.output
