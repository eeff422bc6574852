"""The pretend Discord, driven by the real discord.py over real sockets."""

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
import pytest
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from .discord_server import Channel, DiscordServer, File, Guild, User, Window
from .faults import Faults
from .tiny_bot import TinyBot


@dataclass
class Place:
    """A server with a guild, a room, two people, and the bot connected to it."""

    server: DiscordServer
    bot: TinyBot
    guild: Guild
    room: Channel
    mina: User
    jun: User

    @property
    def channel(self) -> discord.PartialMessageable:
        return self.bot.get_partial_messageable(self.room.id, guild_id=self.guild.id)

    async def bot_sees(self, condition: Any, what: str) -> None:
        """The bot's own view follows a moment after the server's: ask it again after each round trip."""
        async with asyncio.timeout(5):
            while not condition():
                await self.server.gateway.seen()
                await asyncio.sleep(0)
        assert condition(), what


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as running:
        yield running


@pytest.fixture
async def place(server: DiscordServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Place]:
    monkeypatch.setattr(Route, "BASE", server.api_url)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway_url))
    guild = server.add_guild("스터디")
    room = server.add_channel(guild, "room")
    mina, jun = server.add_person(guild, "민아"), server.add_person(guild, "준", locale="en-US")
    bot = TinyBot()
    running = asyncio.create_task(bot.start(server.token))
    await server.connected()
    await asyncio.wait_for(bot.wait_until_ready(), 5)
    yield Place(server, bot, guild, room, mina, jun)
    assert server.unknown_requests == []
    await bot.close()
    await asyncio.wait_for(running, 5)


# Logging in


async def test_the_bot_logs_in_and_knows_the_guild(place: Place) -> None:
    assert place.bot.user is not None
    assert place.bot.user.id == place.server.world.bot.id
    assert place.bot.application_id == place.server.world.application_id
    [guild] = place.bot.guilds
    assert guild.name == "스터디"
    assert guild.me.guild_permissions.send_messages
    assert [channel.name for channel in guild.text_channels] == ["room"]
    assert place.bot.guild_events == []


async def test_commands_keep_their_ids_when_put_up_again(place: Place) -> None:
    before = {command["name"]: command["id"] for command in place.server.commands}
    await place.bot.tree.sync()
    assert before.keys() == {"team", "setup", "Quote"}
    assert {command["name"]: command["id"] for command in place.server.commands} == before


async def test_a_wrong_token_is_refused(server: DiscordServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Route, "BASE", server.api_url)
    async with TinyBot() as bot:
        with pytest.raises(discord.LoginFailure):
            await bot.login("another-token")


async def test_a_bot_that_asks_for_privileged_intents_is_shut_out(
    server: DiscordServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Route, "BASE", server.api_url)
    bot = discord.AutoShardedClient(intents=discord.Intents(guilds=True, members=True))
    with pytest.raises(discord.PrivilegedIntentsRequired):
        await asyncio.wait_for(bot.start(server.token), 5)


# People


async def test_a_command_gets_its_options_and_answers_everybody(place: Place) -> None:
    answer = await place.server.slash(place.mina, place.room, "team hello", member=place.jun, name="준", times=2)
    assert answer.content == f"<@{place.jun.id}> 준 x2 ko"
    assert not answer.ephemeral
    assert place.server.messages(place.room) == [answer.message]
    assert answer.shown.pings == set()


async def test_an_ephemeral_answer_is_in_no_channel(place: Place) -> None:
    answer = await place.server.slash(place.mina, place.room, "team whisper")
    assert (answer.content, answer.ephemeral) == ("쉿", True)
    assert place.server.messages(place.room) == []


async def test_a_button_opens_a_form_whose_answer_fills_the_deferred_message(place: Place) -> None:
    hello = await place.server.slash(place.mina, place.room, "team hello", member=place.jun, name="준")
    form = await place.server.click(place.jun, hello, "응원하기")
    assert form.kind == "modal"
    thanks = await place.server.submit_modal(place.jun, form, {"한마디": "힘내요", "mood": ["good"]})
    assert thanks.content == f"<@{place.jun.id}> 힘내요 [good]"
    assert thanks.ephemeral
    assert thanks.followups == []


async def test_a_form_keeps_what_was_not_filled_in(place: Place) -> None:
    hello = await place.server.slash(place.mina, place.room, "team hello", member=place.jun, name="준")
    form = await place.server.click(place.jun, hello, f"cheer:{place.jun.id}")
    with pytest.raises(AssertionError, match="length"):
        await place.server.submit_modal(place.jun, form, {"words": "ㅋ" * 51})
    with pytest.raises(AssertionError, match="no \\['없는 칸'\\]"):
        await place.server.submit_modal(place.jun, form, {"words": "네", "없는 칸": "?"})
    thanks = await place.server.submit_modal(place.jun, form, {"words": "네"})
    assert thanks.content.endswith("네 []")


async def test_autocompletion_and_a_select_that_edits_its_message(place: Place) -> None:
    offered = await place.server.autocomplete(place.mina, place.room, "team pick", focused="lecture", text="NLP")
    assert [choice["name"] for choice in offered] == ["NLP 1강", "NLP 2강"]
    picked = await place.server.slash(place.mina, place.room, "team pick", lecture=offered[1]["value"])
    changed = await place.server.select(place.mina, picked, "who", place.jun)
    assert changed.kind == "update"
    assert place.server.messages(place.room)[0].content == f"2: <@{place.jun.id}>"


async def test_a_menu_command_reads_the_message_it_is_used_on(place: Place) -> None:
    said = place.server.say(place.jun, place.room, "어텐션이 뭐예요?")
    answer = await place.server.menu(place.mina, place.room, "Quote", said)
    assert answer.content == "> 어텐션이 뭐예요?"


async def test_a_file_comes_back_byte_for_byte(place: Place) -> None:
    work = File("work.md", "# 과제\n".encode() * 1000)
    answer = await place.server.slash(place.mina, place.room, "team echo", file=work)
    assert answer.content == "받았어요"
    assert answer.files == [work]


async def test_many_people_at_once_each_get_their_own_answer(place: Place) -> None:
    people = [place.server.add_person(place.guild, f"사람{number}") for number in range(20)]
    hellos = [place.server.slash(p, place.room, "team hello", member=p, name=p.name) for p in people]
    answers = await asyncio.gather(*hellos)
    assert [answer.content for answer in answers] == [f"<@{p.id}> {p.name} x1 ko" for p in people]


async def test_a_command_nobody_answers_is_reported(place: Place) -> None:
    place.server.interactions.answer_within = 0.1
    with pytest.raises(TimeoutError, match="an answer to /team silent did not happen"):
        await place.server.slash(place.mina, place.room, "team silent")


async def test_people_are_held_to_what_the_client_offers_them(place: Place) -> None:
    with pytest.raises(AssertionError, match="no command /tema"):
        await place.server.slash(place.mina, place.room, "tema hello")
    with pytest.raises(AssertionError, match="insist on \\['member', 'name'\\]"):
        await place.server.slash(place.mina, place.room, "team hello")
    with pytest.raises(AssertionError, match="does not even see /setup"):
        await place.server.slash(place.mina, place.room, "setup")
    moderators = place.server.add_role(place.guild, "mods", manage_guild=True)
    boss = place.server.add_person(place.guild, "반장", roles=[moderators])
    assert (await place.server.slash(boss, place.room, "setup")).content == "설정"


# Messages


async def test_a_nonce_sent_twice_makes_one_message(place: Place) -> None:
    first = await place.channel.send("한 번만", nonce="once")
    second = await place.channel.send("한 번만", nonce="once")
    assert first.id == second.id
    assert first.nonce == "once"
    assert len(place.server.messages(place.room)) == 1


async def test_a_forgotten_nonce_makes_a_second_message(place: Place) -> None:
    place.server.message_routes.nonce_seconds = 0
    await place.channel.send("두 번", nonce="twice")
    await place.channel.send("두 번", nonce="twice")
    assert len(place.server.messages(place.room)) == 2


async def test_the_nonce_of_a_deleted_message_is_unknown_and_history_never_shows_one(place: Place) -> None:
    await place.channel.send("지워질 말", nonce="gone")
    [found] = [message async for message in place.channel.history()]
    assert found.nonce is None
    place.server.delete_message(place.server.messages(place.room)[0])
    with pytest.raises(discord.NotFound) as refused:
        await place.channel.send("지워질 말", nonce="gone")
    assert refused.value.code == 10008


async def test_history_is_cut_and_ordered_as_discord_does(place: Place) -> None:
    said = [place.server.say(place.jun, place.room, str(number)) for number in range(120)]
    middle = discord.Object(said[60].id)
    newest = [m.content async for m in place.channel.history(limit=3)]
    after = [m.content async for m in place.channel.history(limit=3, after=middle)]
    before = [m.content async for m in place.channel.history(limit=3, before=middle)]
    around = [m.content async for m in place.channel.history(limit=3, around=middle)]
    everything = [m.content async for m in place.channel.history(limit=None, oldest_first=True)]
    assert (newest, after) == (["119", "118", "117"], ["61", "62", "63"])
    assert (before, sorted(around)) == (["59", "58", "57"], ["59", "60", "61"])
    assert everything == [str(number) for number in range(120)]


async def test_a_thread_grows_from_a_message_only_once(place: Place) -> None:
    message = await place.channel.send("오늘")
    thread = await message.create_thread(name="11/24")
    await thread.send("안건")
    with pytest.raises(discord.HTTPException) as refused:
        await message.create_thread(name="11/24")
    assert refused.value.code == 160004
    [opening] = place.server.messages(place.room)
    kept = place.server.thread_of(opening)
    assert (kept.id, kept.name) == (message.id, "11/24")
    assert [m.content for m in place.server.messages(kept)] == ["안건"]


async def test_an_archived_thread_refuses_edits_and_opens_when_written_to(place: Place) -> None:
    message = await place.channel.send("오늘")
    thread = await message.create_thread(name="11/24")
    agenda = await thread.send("안건")
    await thread.edit(archived=True)
    with pytest.raises(discord.HTTPException) as refused:
        await agenda.edit(content="새 안건")
    assert refused.value.code == 50083
    await thread.send("다시")
    assert not place.server.thread_of(place.server.messages(place.room)[0]).archived


async def test_an_upload_keeps_its_bytes_description_and_is_served_again(place: Place) -> None:
    data = b"\x00page" * 100
    message = await place.channel.send("기록", file=discord.File(io.BytesIO(data), "day27.md"))
    assert place.server.messages(place.room)[0].attachments[0].data == data
    assert await message.attachments[0].read() == data
    assert (message.attachments[0].content_type or "").startswith("text/markdown")
    edited = await message.edit(content="기록 (고침)", attachments=message.attachments)
    assert [attachment.filename for attachment in edited.attachments] == ["day27.md"]


async def test_a_board_of_components_v2_shows_its_text(place: Place) -> None:
    view = discord.ui.LayoutView()
    view.add_item(discord.ui.Container(discord.ui.TextDisplay("# 질문"), discord.ui.TextDisplay("- 하나")))
    message = await place.channel.send(view=view)
    assert place.server.messages(place.room)[0].text == "# 질문\n- 하나"
    view.clear_items().add_item(discord.ui.TextDisplay("없어요"))
    await message.edit(view=view)
    assert place.server.messages(place.room)[0].text == "없어요"


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"content": "가" * 2001}, 50035),
        ({"content": " "}, 50006),
        ({"content": "x", "nonce": "n" * 26}, 50035),
        ({"embeds": [discord.Embed(description="가" * 4000), discord.Embed(description="가" * 2001)]}, 50035),
    ],
)
async def test_what_is_too_long_or_empty_is_refused(place: Place, sent: dict[str, Any], code: int) -> None:
    with pytest.raises(discord.HTTPException) as refused:
        await place.channel.send(**sent)
    assert (refused.value.status, refused.value.code) == (400, code)
    assert place.server.messages(place.room) == []


async def test_channels_the_bot_may_not_use_answer_with_discords_codes(place: Place) -> None:
    async def code(channel_id: int) -> int:
        with pytest.raises(discord.HTTPException) as refused:
            await place.bot.get_partial_messageable(channel_id).send("?")
        return refused.value.code

    assert await code(1) == 10003
    place.server.deny(place.room, "send_messages")
    assert await code(place.room.id) == 50013
    place.server.deny(place.room, "view_channel")
    assert await code(place.room.id) == 50001
    place.server.allow(place.room, "send_messages", "view_channel")
    await place.channel.send("!")


async def test_private_messages_reach_a_person_unless_closed(place: Place) -> None:
    person = await place.bot.fetch_user(place.mina.id)
    await person.send("안녕하세요")
    assert [message.content for message in place.server.dm(place.mina)] == ["안녕하세요"]
    place.mina.dms_closed = True
    with pytest.raises(discord.Forbidden) as refused:
        await person.send("또 저예요")
    assert refused.value.code == 50007


async def test_a_member_who_left_is_unknown(place: Place) -> None:
    guild = place.bot.guilds[0]
    assert (await guild.fetch_member(place.jun.id)).name == "준"
    place.server.leave(place.guild, place.jun)
    with pytest.raises(discord.NotFound) as refused:
        await guild.fetch_member(place.jun.id)
    assert refused.value.code == 10007


# Things that go wrong


async def test_an_error_after_the_message_was_made_does_not_double_it(place: Place) -> None:
    place.server.faults.add(500, accepted=True, method="POST", path="/messages$")
    await place.channel.send("한 번만")  # discord.py tries again by itself, after a second
    assert len(place.server.requests_to("POST", r"/channels/\d+/messages")) == 2
    assert len(place.server.messages(place.room)) == 1


@pytest.mark.parametrize("accepted", [True, False])
@pytest.mark.parametrize("breakage", [503, "close", "reset"])
async def test_a_lost_answer_leaves_it_open_whether_the_message_was_made(
    place: Place, breakage: Any, accepted: bool
) -> None:
    place.server.faults.add(breakage, accepted=accepted, method="POST", path="/messages$")
    with pytest.raises((discord.DiscordServerError, OSError, aiohttp.ClientError)) as lost:
        await place.channel.send("?", nonce="n")
    assert breakage != "reset" or isinstance(lost.value, OSError)
    assert len(place.server.messages(place.room)) == accepted
    await place.channel.send("?", nonce="n")
    assert len(place.server.messages(place.room)) == 1


async def test_a_request_may_hang_until_released(place: Place) -> None:
    place.server.faults.add("hang", accepted=True, method="POST", path="/messages$")
    sending = asyncio.create_task(place.channel.send("?"))
    await place.server.until(lambda: place.server.faults.strikes)
    place.server.rest.release()
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await sending
    assert len(place.server.messages(place.room)) == 1


async def test_being_told_to_slow_down_is_obeyed(place: Place) -> None:
    place.server.faults.add(429, method="POST", path="/messages$", times=2)
    await place.channel.send("천천히")
    assert [call.status for call in place.server.requests_to("POST", r"/channels/\d+/messages")] == [429, 429, 200]
    assert len(place.server.messages(place.room)) == 1


async def test_the_clients_own_pace_follows_the_headers(place: Place) -> None:
    place.server.limits.messages = Window(5, 0.2)
    await asyncio.gather(*(place.channel.send(str(number)) for number in range(12)))
    statuses = {call.status for call in place.server.requests_to("POST", r"/channels/\d+/messages")}
    assert len(place.server.messages(place.room)) == 12
    assert statuses == {200}


async def test_whoever_ignores_the_limits_is_stopped(place: Place) -> None:
    place.server.limits.messages, place.server.limits.overall = Window(1, 60), Window(2, 0.2)
    post = {"content": "x"}
    url = f"{place.server.api_url}/channels/{place.room.id}/messages"
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {place.server.token}"}) as session:
        async with session.post(url, json=post) as accepted:
            assert (accepted.status, accepted.headers["X-RateLimit-Remaining"]) == (200, "0")
        async with session.post(url, json=post) as per_channel:
            body = await per_channel.json()
            assert (per_channel.status, body["global"]) == (429, False)
            assert per_channel.headers["Via"]
            assert per_channel.headers["X-RateLimit-Scope"] == "user"
            assert 59 < body["retry_after"] <= 60
        async with session.get(f"{place.server.api_url}/users/@me") as overall:
            assert (overall.status, (await overall.json())["global"]) == (429, True)
            assert overall.headers["X-RateLimit-Scope"] == "global"
    await place.bot.fetch_user(place.mina.id)  # discord.py waits for its turn


async def test_the_same_seed_brings_the_same_weather() -> None:
    def weather(seed: int) -> list[Any]:
        faults = Faults(seed)
        faults.storm(0.4, method="POST")
        return [(strike.answer, strike.accepted) if (strike := faults.draw("POST", "/x")) else None for _ in range(50)]

    assert weather(7) == weather(7) != weather(8)
    assert any(weather(7))
    assert None in weather(7)


# The gateway


async def test_after_a_drop_the_bot_resumes_and_misses_nothing(place: Place) -> None:
    [session] = place.server.gateway.sessions
    await place.server.gateway.drop()
    place.server.add_channel(place.guild, "while-away")
    await place.server.until(lambda: session.resumes == 1, what="resuming")
    await place.bot_sees(lambda: place.bot.resumed, "RESUMED")
    assert place.server.gateway.identifies == 1
    assert [channel.name for channel in place.bot.guilds[0].text_channels] == ["room", "while-away"]
    await place.server.slash(place.mina, place.room, "team whisper")


async def test_asked_to_reconnect_the_bot_resumes(place: Place) -> None:
    [session] = place.server.gateway.sessions
    await place.server.gateway.ask_to_reconnect()
    await place.server.until(lambda: session.resumes == 1, what="resuming")
    assert place.server.gateway.identifies == 1


async def test_after_an_invalid_session_the_bot_identifies_anew(place: Place) -> None:
    await place.server.gateway.invalidate()
    await place.server.until(lambda: place.server.gateway.identifies == 2, what="identifying")
    await place.server.connected()
    await place.server.slash(place.mina, place.room, "team whisper")


async def test_guilds_come_and_go(place: Place) -> None:
    second = place.server.add_guild("두 번째")
    await place.bot_sees(lambda: len(place.bot.guilds) == 2, "the new guild")
    place.server.guild_outage(second)
    place.server.guild_outage(second, over=True)
    place.server.remove_guild(second)
    await place.bot_sees(lambda: len(place.bot.guilds) == 1, "the guild is gone")
    await place.bot_sees(lambda: len(place.bot.guild_events) == 2, "events")
    assert place.bot.guild_events == ["join 두 번째", "remove 두 번째"]


async def test_an_outage_refuses_everything_and_ends(place: Place) -> None:
    async with place.server.outage():
        with pytest.raises(aiohttp.ClientConnectionError):
            await place.channel.send("?")
        assert place.server.gateway.connected == []
    await place.channel.send("!")
    assert [message.content for message in place.server.messages(place.room)] == ["!"]


async def test_an_unknown_path_is_remembered(place: Place) -> None:
    with pytest.raises(discord.NotFound):
        await place.bot.http.request(Route("GET", "/nothing/here"))
    assert [call.path for call in place.server.unknown_requests] == ["/nothing/here"]
    place.server.unknown_requests.clear()


async def test_whoever_is_gone_before_a_slow_answer_may_have_been_heard(place: Place) -> None:
    """Half of what was under way when the connection was cut has its effect all the same."""
    rooms = [place.server.add_channel(place.guild, f"room{number}") for number in range(8)]
    place.server.faults.latency = (0.2, 0.2)

    def under_way() -> int:
        return sum(call.status is None for call in place.server.requests)

    sending = [asyncio.create_task(place.bot.get_partial_messageable(room.id).send("?")) for room in rooms]
    await place.server.until(lambda: under_way() == 8, what="eight requests at once")
    for task in sending:
        task.cancel()
    await place.server.until(lambda: not under_way(), what="the end of all eight")
    assert 0 < sum(len(place.server.messages(room)) for room in rooms) < 8
