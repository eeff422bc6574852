"""The announcer against the simulated Discord: posting, finding what may have arrived, threads, boards."""

from datetime import UTC, datetime, timedelta

import discord
import pytest

from bot.announcer import DiscordAnnouncer
from bot.db.tables import TeamRow
from bot.domain.schedules import RETRO_PROMPT
from bot.jobs.posts import Button, Deleted, Post, Refused, TextFile
from bot.services.days import day_of_entry
from bot.services.deliveries import plan
from tests.database import writing
from tests.study_team import NAMES

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def announcer(team):
    return DiscordAnnouncer(team.env.bot, timeout=10)


def seen(team, message_id, channel=None):
    (message,) = [message for message in (channel or team.channel).history() if message.id == message_id]
    return message


def pinged(team, message):
    stored = team.env.backend.get_message(message.channel.id, message.id)
    return set(stored.ping_user_ids) | ({"everyone"} if stored.mention_everyone else set())


def texts(message):
    return [
        component.content
        for container in message.components
        for component in container.children
        if isinstance(component, discord.TextDisplay)
    ]


async def send(announcer, team, post, channel=None):
    return await announcer.send(team.guild.id, (channel or team.channel).id, post, "nonce")


async def find(announcer, team, post, since=LONG_AGO, channel=None):
    return await announcer.find(team.guild.id, (channel or team.channel).id, post, since)


BUTTONS = (Button("쓰기", "retro:write:1:7", "primary"), Button("나중에", "retro:later:1:7"))


async def test_a_text_pings_exactly_those_listed(announcer, team):
    gaon, narae = team["가온"], team["나래"]
    post = Post(text=f"{gaon.mention} {narae.mention} @everyone", mentions=(gaon.id,))
    message = seen(team, await send(announcer, team, post))
    assert message.content == post.text
    assert pinged(team, message) == {gaon.id}


async def test_a_text_has_its_buttons_and_its_file(announcer, team):
    post = Post(text="회고", buttons=BUTTONS, file=TextFile("day1.md", "# 한글\n"))
    message = seen(team, await send(announcer, team, post))
    (row,) = message.components
    assert [(item.label, item.custom_id) for item in row.children] == [(b.label, b.custom_id) for b in BUTTONS]
    assert [item.style for item in row.children] == [discord.ButtonStyle.primary, discord.ButtonStyle.secondary]
    (attachment,) = message.attachments
    assert (attachment.filename, (await attachment.read()).decode()) == ("day1.md", "# 한글\n")


async def test_a_board_shows_its_blocks_and_its_buttons_in_rows_of_five(announcer, team):
    buttons = tuple(Button(str(number), f"b:{number}") for number in range(7))
    mention = team["가온"].mention
    message = seen(team, await send(announcer, team, Post(blocks=("**3강**", mention), buttons=buttons)))
    assert texts(message) == ["**3강**", mention]
    (container,) = message.components
    rows = [child for child in container.children if isinstance(child, discord.ActionRow)]
    assert [len(row.children) for row in rows] == [5, 2]
    assert pinged(team, message) == set()


async def test_a_message_is_found_by_the_custom_id_of_its_first_button(announcer, team):
    sent = await send(announcer, team, Post(text="그때의 말", buttons=BUTTONS))
    assert await find(announcer, team, Post(text="지금의 다른 말", buttons=BUTTONS)) == sent
    assert await find(announcer, team, Post(text="그때의 말", buttons=(Button("쓰기", "retro:write:1:8"),))) is None


async def test_a_board_is_found_by_its_button_too(announcer, team):
    sent = await send(announcer, team, Post(blocks=("하나",), buttons=BUTTONS))
    assert await find(announcer, team, Post(blocks=("둘",), buttons=BUTTONS)) == sent


async def test_without_buttons_a_message_is_found_by_its_exact_text(announcer, team):
    text = await send(announcer, team, Post(text="오늘의 안건\n- #1 왜?"))
    board = await send(announcer, team, Post(blocks=("하나", "둘")))
    assert await find(announcer, team, Post(text="오늘의 안건\n- #1 왜?")) == text
    assert await find(announcer, team, Post(text="오늘의 안건")) is None
    assert await find(announcer, team, Post(blocks=("하나", "둘"))) == board
    assert await find(announcer, team, Post(blocks=("하나",))) is None


async def test_a_text_with_space_around_it_is_found_as_discord_keeps_it(announcer, team):
    kept = await send(announcer, team, Post(text="안건"))
    assert await find(announcer, team, Post(text="  안건\n\n")) == kept


async def test_a_history_that_may_not_be_read_is_refused_not_empty(announcer, team):
    post = Post(text="안건", thread="Day1")
    sent = await send(announcer, team, post)
    await announcer.finish(team.guild.id, team.channel.id, sent, post)
    team.forbid(read_message_history=False)
    await team.env.settle()
    for place in (team.channel, *team.channel.threads):
        with pytest.raises(Refused, match="Read Message History"):
            await find(announcer, team, post, channel=place)


async def test_what_somebody_else_wrote_is_not_ours(announcer, team):
    await team["가온"].send(team.channel, "오늘의 안건")
    assert await find(announcer, team, Post(text="오늘의 안건")) is None


async def test_only_what_came_since_is_found(announcer, team):
    post = Post(text="안건")
    before = team.env.now()
    sent = await send(announcer, team, post)
    assert await find(announcer, team, post, before - timedelta(minutes=2)) == sent
    await team.env.advance_time(600)
    assert await find(announcer, team, post, before + timedelta(minutes=5)) is None


async def test_it_is_found_behind_later_messages(announcer, team):
    sent = await send(announcer, team, Post(text="안건"))
    for number in range(60):  # simcord gives the latest hundred, where Discord pages on from the oldest
        await send(announcer, team, Post(text=f"{number}"))
    assert await find(announcer, team, Post(text="안건")) == sent


async def test_a_thread_is_made_once_and_takes_messages(announcer, team):
    post = Post(text="Day1", thread="Day1 NLP 5강")
    sent = await send(announcer, team, post)
    for _attempt in range(2):
        await announcer.finish(team.guild.id, team.channel.id, sent, post)
    (thread,) = team.channel.threads
    assert (thread.id, thread.name) == (sent, "Day1 NLP 5강")
    inside = await send(announcer, team, Post(text="안건"), thread)
    assert seen(team, inside, thread).content == "안건"
    assert await find(announcer, team, Post(text="안건"), channel=thread) == inside


async def test_a_message_without_a_thread_needs_no_finish(announcer, team):
    sent = await send(announcer, team, Post(text="안건"))
    await announcer.finish(team.guild.id, team.channel.id, sent, Post(text="안건"))
    assert team.channel.threads == []


async def test_a_board_is_redrawn_in_place(announcer, team):
    sent = await send(announcer, team, Post(blocks=("하나", "둘"), buttons=BUTTONS))
    now = Post(blocks=("셋", team["가온"].mention), buttons=(Button("묻기", "question:ask:1"),))
    await announcer.edit(team.guild.id, team.channel.id, sent, now)
    message = seen(team, sent)
    assert texts(message) == ["셋", team["가온"].mention]
    assert pinged(team, message) == set()
    assert await find(announcer, team, now) == sent


async def test_so_is_a_message_of_text_whose_buttons_go(announcer, team):
    sent = await send(announcer, team, Post(text="하나", buttons=BUTTONS))
    await announcer.edit(team.guild.id, team.channel.id, sent, Post(text=f"둘 {team['가온'].mention}"))
    message = seen(team, sent)
    assert (message.content, list(message.components)) == (f"둘 {team['가온'].mention}", [])
    assert pinged(team, message) == set()


async def test_a_board_that_was_deleted_says_so(announcer, team):
    sent = await send(announcer, team, Post(blocks=("하나",)))
    team.env.backend.delete_message(team.channel.id, sent)
    with pytest.raises(Deleted):
        await announcer.edit(team.guild.id, team.channel.id, sent, Post(blocks=("둘",)))


async def test_a_channel_that_is_not_there_is_refused_with_its_code(announcer, team):
    with pytest.raises(Refused) as refused:
        await announcer.send(team.guild.id, 404, Post(text="안건"), "nonce")
    assert refused.value.code == 10003
    with pytest.raises(Refused):
        await announcer.find(team.guild.id, 404, Post(text="안건"), LONG_AGO)


@pytest.mark.parametrize("permission", ["send_messages", "view_channel"])
async def test_a_channel_closed_to_the_bot_is_refused(announcer, team, permission):
    closed = {team.env.bot.user: discord.PermissionOverwrite(**{permission: False})}
    channel = team.guild.create_text_channel("closed", overwrites=closed)
    with pytest.raises(Refused) as refused:
        await send(announcer, team, Post(text="안건"), channel)
    assert refused.value.code in {50001, 50013}


async def test_a_text_over_discords_limit_is_refused_not_retried(announcer, team):
    with pytest.raises(Refused):
        await send(announcer, team, Post(text="가" * 2001))


async def test_posting_leaves_no_view_listening(announcer, team):
    for _time in NAMES:
        await send(announcer, team, Post(text="회고", buttons=BUTTONS))
        board = await send(announcer, team, Post(blocks=("하나",), buttons=BUTTONS))
        await announcer.edit(team.guild.id, team.channel.id, board, Post(blocks=("둘",), buttons=BUTTONS))
    assert [view for view in team.env.bot.persistent_views if not view.is_finished()] == []


# Direct messages


async def test_a_direct_message_reaches_that_person_alone(announcer, team):
    gaon = team["가온"]
    room = await announcer.open_direct(gaon.id)
    sent = await announcer.send(team.guild.id, room, Post(text="아직 답이 없어요", user_id=gaon.id), "nonce")
    assert seen(team, sent, gaon.user.dm_channel).content == "아직 답이 없어요"
    assert team["나래"].user.dm_channel.history() == []
    assert await announcer.open_direct(gaon.id) == room


async def test_a_direct_message_is_found_again_with_its_button_or_by_its_text(announcer, team):
    gaon = team["가온"]
    room = await announcer.open_direct(gaon.id)
    plain, buttons = Post(text="발표 준비", user_id=gaon.id), Post(text="답", buttons=BUTTONS, user_id=gaon.id)
    ids = [await announcer.send(team.guild.id, room, post, "nonce") for post in (plain, buttons)]
    await gaon.user.send_dm("발표 준비")
    assert [await announcer.find(team.guild.id, room, post, LONG_AGO) for post in (plain, buttons)] == ids
    assert await announcer.find(team.guild.id, room, Post(text="다른 말", user_id=gaon.id), LONG_AGO) is None


async def test_a_board_in_direct_messages_is_redrawn_in_place(announcer, team):
    gaon = team["가온"]
    room = await announcer.open_direct(gaon.id)
    sent = await announcer.send(team.guild.id, room, Post(blocks=("하나",), user_id=gaon.id), "nonce")
    await announcer.edit(team.guild.id, room, sent, Post(blocks=("둘",), buttons=BUTTONS, user_id=gaon.id))
    (message,) = gaon.user.dm_channel.history()
    assert (message.id, texts(message)) == (sent, ["둘"])


async def test_a_direct_message_has_no_thread(announcer, team):
    gaon = team["가온"]
    room = await announcer.open_direct(gaon.id)
    post = Post(text="Day1", thread="Day1", user_id=gaon.id)
    sent = await announcer.send(team.guild.id, room, post, "nonce")
    await announcer.finish(team.guild.id, room, sent, post)
    assert seen(team, sent, gaon.user.dm_channel).content == "Day1"


async def test_somebody_whom_we_may_not_write_to_is_refused_with_discords_code(announcer, team):
    other_bot = team.env.create_user("other", bot=True)
    room = await announcer.open_direct(other_bot.id)
    with pytest.raises(Refused) as refused:
        await announcer.send(team.guild.id, room, Post(text="안녕", user_id=other_bot.id), "nonce")
    assert refused.value.code == 50007


async def test_somebody_who_does_not_exist_is_refused(announcer):
    with pytest.raises(Refused):
        await announcer.open_direct(404)


async def test_a_planned_direct_message_arrives(team):
    """The whole way: outbox, heartbeat, Discord."""
    gaon, now = team["가온"], team.env.now()
    async with writing(team.env.bot.database) as session:
        day = await day_of_entry(session, await session.get_one(TeamRow, 1), now)
        await plan(session, team_id=1, kind=RETRO_PROMPT, subject_id=day.id, due_at=now, user_id=gaon.id)
    await team.restart()
    await team.env.settle()
    (message,) = gaon.user.dm_channel.history()
    assert "Day1" in message.content
    assert message.components
    assert "Day1" not in "".join(post.content for post in team.posts())
