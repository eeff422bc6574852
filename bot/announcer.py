"""The one door through which background work posts to Discord."""

import asyncio
import io
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Final

import aiohttp
import discord

from bot.jobs.posts import Ambiguous, Button, Deleted, LoggedOut, Post, Refused, ServerError, TryAgain

log = logging.getLogger(__name__)

UNKNOWN_MEMBER: Final = 10007
UNKNOWN_MESSAGE: Final = 10008
UNKNOWN_USER: Final = 10013
THREAD_EXISTS: Final = 160004
MISSING_PERMISSIONS: Final = 50013
THREAD_ARCHIVED: Final = 50083
"""A message is sent into an archived thread, which opens it; to be edited there, it has to be opened first."""
OPENING_TOO_FAST: Final = 40003
"""Too many channels of direct messages were opened; Discord answers 403 without saying how long to wait."""
UNTIL_MORE_OPEN: Final = 60.0
UNTIL_READY: Final = 5.0
"""Seconds after which to ask again whether the gateway has told about our guilds."""
HISTORY: Final = 1000
"""Messages read at most when looking for one that may have arrived; many may follow it until the bot is back."""

_STYLES: Final = {
    "primary": discord.ButtonStyle.primary,
    "secondary": discord.ButtonStyle.secondary,
    "success": discord.ButtonStyle.success,
    "danger": discord.ButtonStyle.danger,
}

_of_the_outbox: ContextVar[bool] = ContextVar("of_the_outbox", default=False)
"""Whether the request under way is a message that only the outbox may send again."""


class DiscordAnnouncer:
    """Posts through the bot's HTTP client. A cache miss is not a deletion, so no cache is asked where to post."""

    def __init__(self, client: discord.Client, *, timeout: float) -> None:
        self._client = client
        self._timeout = timeout

    async def open_direct(self, user_id: int) -> int:
        async with self._outcomes():
            channel = await self._client.create_dm(discord.Object(user_id))  # which remembers those it opened
        return channel.id

    async def send(self, guild_id: int, channel_id: int, post: Post, nonce: str) -> int:
        channel = self._channel(guild_id, channel_id, post)
        files = [] if post.file is None else [discord.File(io.BytesIO(post.file.text.encode()), post.file.name)]
        mentions = allowed(post.mentions)
        async with self._outcomes(), _unrepeated():
            if post.blocks:
                view = board_view(post)
                message = await channel.send(view=view, nonce=nonce, allowed_mentions=mentions)
                view.stop()
            else:
                message = await channel.send(
                    post.text,
                    view=buttons_view(post.buttons),
                    files=files,
                    nonce=nonce,
                    allowed_mentions=mentions,
                    suppress_embeds=True,
                    silent=post.silent,
                )
        return message.id

    async def find(self, guild_id: int, channel_id: int, post: Post, since: datetime) -> int | None:
        marker = post.buttons[0].custom_id if post.buttons else None
        if not self._client.is_ready():  # what we may read is not known yet
            raise TryAgain(UNTIL_READY)
        self._require_history(channel_id)
        async with self._outcomes():
            async for message in self._channel(guild_id, channel_id, post).history(after=since, limit=HISTORY):
                if message.author == self._client.user and _matches(message, post, marker):
                    return message.id
        return None

    async def finish(self, guild_id: int, channel_id: int, message_id: int, post: Post) -> None:
        if post.thread is None or post.user_id is not None:  # direct messages have no threads
            return
        message = self._channel(guild_id, channel_id, post).get_partial_message(message_id)
        async with self._outcomes():
            try:
                await message.create_thread(name=post.thread, auto_archive_duration=10080)
            except discord.HTTPException as error:
                if error.code != THREAD_EXISTS:
                    raise

    async def edit(self, guild_id: int, channel_id: int, message_id: int, post: Post) -> None:
        message = self._channel(guild_id, channel_id, post).get_partial_message(message_id)
        async with self._outcomes():
            try:
                await _redraw(message, post)
            except discord.HTTPException as error:
                if error.code != THREAD_ARCHIVED:
                    raise
                await self._client.http.edit_channel(channel_id, archived=False)
                await _redraw(message, post)

    async def is_member(self, guild_id: int, user_id: int) -> bool | None:
        """Whether a user is in a guild; None if Discord does not tell now."""
        guild = self._client.get_guild(guild_id)
        if guild is None or guild.unavailable:
            return None
        try:
            async with asyncio.timeout(self._timeout):
                await guild.fetch_member(user_id)
        except discord.NotFound as error:
            return False if error.code in {UNKNOWN_MEMBER, UNKNOWN_USER} else None
        except (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, TimeoutError):
            return None
        return True

    def _require_history(self, channel_id: int) -> None:
        """Raise Refused where we may not read history: Discord answers with an empty one, not with an error."""
        channel = self._client.get_channel(channel_id)
        place = channel.parent if isinstance(channel, discord.Thread) else channel
        if not isinstance(place, discord.abc.GuildChannel) or self._client.user is None:
            return
        me = place.guild.get_member(self._client.user.id)
        if me is not None and not place.permissions_for(me).read_message_history:
            raise Refused(MISSING_PERMISSIONS, "Read Message History is missing")

    def _channel(self, guild_id: int, channel_id: int, post: Post) -> discord.PartialMessageable:
        direct = post.user_id is not None
        return self._client.get_partial_messageable(channel_id, guild_id=None if direct else guild_id)

    @asynccontextmanager
    async def _outcomes(self) -> AsyncIterator[None]:
        """Discord's answers in the words of the port (design of the deliveries: a table of outcomes)."""
        try:
            async with asyncio.timeout(self._timeout):
                yield
        except discord.RateLimited as error:
            raise TryAgain(error.retry_after) from error
        except discord.HTTPException as error:
            raise outcome(error) from error
        except TimeoutError as error:
            self._reopen()
            raise Ambiguous(type(error).__name__) from error
        except (aiohttp.ClientError, OSError) as error:
            raise Ambiguous(type(error).__name__) from error

    def _reopen(self) -> None:
        """Let requests through again.

        discord.py holds all of them back during a global rate limit, and for ever if the one that met it is given up.
        """
        self._client.http._global_over.set()  # noqa: SLF001  # it has no public name


async def _redraw(message: discord.PartialMessage, post: Post) -> None:
    if post.blocks:
        view = board_view(post)
        await message.edit(view=view, allowed_mentions=allowed(()))
        view.stop()
    else:
        await message.edit(content=post.text, view=buttons_view(post.buttons), allowed_mentions=allowed(()))


def repeats_no_message() -> aiohttp.TraceConfig:
    """For the HTTP client of discord.py, which by itself sends again, four times, what a 500, 502 or 504 answered.

    The message may have arrived all the same, and only the nonce would stand between it and a second one. The outbox
    reads the channel's history before it sends anything again.
    """
    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(_end_at_once)
    return trace


async def _end_at_once(_session: object, _context: object, answered: aiohttp.TraceRequestEndParams) -> None:
    status = answered.response.status
    if status >= 500 and _of_the_outbox.get():
        raise ServerError(f"{status} {answered.response.reason}")


@asynccontextmanager
async def _unrepeated() -> AsyncIterator[None]:
    before = _of_the_outbox.set(True)
    try:
        yield
    finally:
        _of_the_outbox.reset(before)


def outcome(error: discord.HTTPException) -> Exception:
    """What an HTTP error of Discord's means for a message."""
    if error.status == 401:
        return LoggedOut(str(error))
    if error.code == UNKNOWN_MESSAGE:
        return Deleted(str(error))
    if error.status == 429:
        return TryAgain(float(error.response.headers.get("Retry-After", 5)))
    if error.code == OPENING_TOO_FAST:
        return TryAgain(UNTIL_MORE_OPEN)
    if error.status >= 500:
        return ServerError(str(error))
    return Refused(error.code, error.text)


def allowed(user_ids: Iterable[int]) -> discord.AllowedMentions:
    """Exactly these users may be pinged; nobody else, no role, not everyone."""
    users: list[discord.abc.Snowflake] = [discord.Object(user_id) for user_id in user_ids]
    return discord.AllowedMentions(everyone=False, roles=False, users=users, replied_user=False)


def button(value: Button) -> discord.ui.Button[discord.ui.View]:
    return discord.ui.Button(label=value.label, custom_id=value.custom_id, style=_STYLES[value.style])


def buttons_view(buttons: Iterable[Button]) -> discord.ui.View:
    """A view of buttons that dynamic items answer; it listens to nothing itself."""
    view = discord.ui.View(timeout=None)
    for value in buttons:
        view.add_item(button(value))
    view.stop()
    return view


def board_view(post: Post) -> discord.ui.LayoutView:
    """A Components V2 message: blocks in a container, parted by lines, then the buttons in rows of five."""
    view = discord.ui.LayoutView(timeout=None)
    container: discord.ui.Container[discord.ui.LayoutView] = discord.ui.Container(accent_color=discord.Color.blurple())
    for index, block in enumerate(post.blocks):
        if index:
            container.add_item(discord.ui.Separator())
        container.add_item(discord.ui.TextDisplay(block))
    for start in range(0, len(post.buttons), 5):
        container.add_item(discord.ui.ActionRow(*(button(value) for value in post.buttons[start : start + 5])))
    view.add_item(container)
    return view


def _matches(message: discord.Message, post: Post, marker: str | None) -> bool:
    if marker is not None:
        return marker in _custom_ids(message.components)
    if post.blocks:
        return _texts(message.components) == list(post.blocks)
    return message.content.strip() == post.text.strip()  # Discord keeps no space around a text


def _walk(components: Iterable[object]) -> Iterable[object]:
    for component in components:
        yield component
        yield from _walk(getattr(component, "children", ()))


def _custom_ids(components: Iterable[object]) -> set[object]:
    return {getattr(component, "custom_id", None) for component in _walk(components)}


def _texts(components: Iterable[object]) -> list[str]:
    return [component.content for component in _walk(components) if isinstance(component, discord.TextDisplay)]
