"""The announcer over real HTTP: what the simulated Discord cannot do to it."""

from datetime import UTC, datetime

import discord
import pytest
from discord.http import Route

from bot.announcer import DiscordAnnouncer, repeats_no_message
from bot.jobs.posts import Ambiguous, Post, Refused, ServerError, TryAgain
from tests.wire.discord_server import DiscordServer, Window

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
async def server(monkeypatch):
    async with DiscordServer() as server:
        monkeypatch.setattr(Route, "BASE", server.api_url)
        yield server


@pytest.fixture
def study(server):
    guild = server.add_guild("스터디")
    return guild, server.add_channel(guild, "study")


@pytest.fixture
async def client(server):
    """Logged in, but not connected to the gateway."""
    async with discord.Client(intents=discord.Intents(guilds=True), http_trace=repeats_no_message()) as client:
        await client.login(server.token)
        yield client


async def test_giving_up_on_a_global_rate_limit_does_not_stop_all_posts_for_ever(server, study, client):
    guild, room = study
    server.limits.overall = Window(0, 20.0)
    with pytest.raises(Ambiguous):
        await DiscordAnnouncer(client, timeout=0.5).send(guild.id, room.id, Post(text="하나"), "1")
    server.limits.overall = None
    await DiscordAnnouncer(client, timeout=5).send(guild.id, room.id, Post(text="둘"), "2")
    assert [message.text for message in server.messages(room)] == ["둘"]


async def test_before_the_gateway_has_told_what_we_may_read_history_is_not_trusted(server, study, client):
    """Without Read Message History Discord answers with an empty one; right after a start nobody knows that yet."""
    guild, room = study
    with pytest.raises(TryAgain):
        await DiscordAnnouncer(client, timeout=5).find(guild.id, room.id, Post(text="하나"), LONG_AGO)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_message_that_was_answered_with_a_5xx_is_not_sent_again_by_discord_py(server, study, client, status):
    """It is there; a server that does not remember nonces would take it a second time."""
    guild, room = study
    server.message_routes.nonce_seconds = 0.0
    server.faults.add(status, accepted=True, method="POST", path=r"/messages$")
    with pytest.raises(ServerError):
        await DiscordAnnouncer(client, timeout=30).send(guild.id, room.id, Post(text="하나"), "1")
    assert len(server.messages(room)) == len(server.requests_to("POST", r"/channels/\d+/messages")) == 1


async def test_other_words_for_a_message_that_is_there_already_are_not_a_second_one(server, study, client):
    """It was on its way when history was read; what changed meanwhile is composed anew, with the nonce it had."""
    guild, room = study
    announcer = DiscordAnnouncer(client, timeout=30)
    server.faults.add(502, accepted=True, method="POST", path=r"/messages$")
    with pytest.raises(ServerError):
        await announcer.send(guild.id, room.id, Post(text="아직인 분: 민아, 나래"), "1")
    again = await announcer.send(guild.id, room.id, Post(text="아직인 분: 나래"), "1")
    assert [(message.id, message.text) for message in server.messages(room)] == [(again, "아직인 분: 민아, 나래")]


async def test_what_reads_or_edits_is_repeated_by_discord_py(server, study, client):
    guild, room = study
    sent = await DiscordAnnouncer(client, timeout=30).send(guild.id, room.id, Post(blocks=("하나",)), "1")
    server.faults.add(502, method="PATCH", path=r"/messages/\d+$")
    await DiscordAnnouncer(client, timeout=30).edit(guild.id, room.id, sent, Post(blocks=("둘",)))
    assert [message.text for message in server.messages(room)] == ["둘"]


# Direct messages


@pytest.fixture
def mina(server, study):
    return server.add_person(study[0], "민아")


async def test_the_channel_of_direct_messages_is_asked_for_once(server, client, mina):
    announcer = DiscordAnnouncer(client, timeout=5)
    assert await announcer.open_direct(mina.id) == await announcer.open_direct(mina.id)
    assert len(server.requests_to("POST", "/users/@me/channels")) == 1


@pytest.mark.parametrize(
    ("status", "code", "outcome"),
    [(400, 50007, Refused), (403, 50278, Refused), (403, 40003, TryAgain), (502, 0, Ambiguous)],
    ids=["takes none", "no common server", "opening too fast", "outage"],
)
async def test_discords_answers_to_opening_in_the_words_of_the_port(server, client, mina, status, code, outcome):
    server.faults.add(status, code=code, path="/users/@me/channels", times=None)
    with pytest.raises(outcome):
        await DiscordAnnouncer(client, timeout=0.5).open_direct(mina.id)


async def test_closed_direct_messages_open_and_refuse_the_message(server, study, client, mina):
    mina.dms_closed = True
    announcer = DiscordAnnouncer(client, timeout=5)
    room = await announcer.open_direct(mina.id)
    with pytest.raises(Refused) as refused:
        await announcer.send(study[0].id, room, Post(text="안녕", user_id=mina.id), "1")
    assert refused.value.code == 50007
    assert server.dm(mina) == []


# Threads


async def test_a_board_in_an_archived_thread_is_drawn_again_after_the_thread_is_opened(server, study, client):
    guild, room = study
    announcer = DiscordAnnouncer(client, timeout=5)
    opening = await announcer.send(guild.id, room.id, Post(text="Day1"), "1")
    await client.http.start_thread_with_message(room.id, opening, name="Day1", auto_archive_duration=10080)
    board = await announcer.send(guild.id, opening, Post(blocks=("하나",)), "2")
    server.world.channel(opening).archived = True
    await announcer.edit(guild.id, opening, board, Post(blocks=("둘",)))
    assert not server.world.channel(opening).archived
    (message,) = [message for message in server.messages(opening) if message.id == board]
    assert "둘" in str(message.components)
