"""A page as a file, its name, and what mentions in it mean."""

import io
import unicodedata
import zipfile

import discord

from bot.services.journal import DayPage, ServerNames
from bot.ui.uploads import KEPT_LIMIT


def file_of(page: DayPage) -> discord.File:
    """The page as a file; a page larger than Discord takes is packed, which makes text ten times smaller."""
    data, name = page.text.encode(), file_name(page)
    if len(data) <= KEPT_LIMIT:
        return discord.File(io.BytesIO(data), name)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    packed.seek(0)
    return discord.File(packed, name.removesuffix(".md") + ".zip")


def file_name(page: DayPage) -> str:
    """`day27.md`, `day27-dain.md`."""
    return f"{stem(f'day{page.day.number}', page.owner)}.md"


def stem(days: str, owner: str | None) -> str:
    """`day27`, `day27-dain`; `day27-mine` for a name that ASCII cannot write, which Discord may drop."""
    if owner is None:
        return days
    plain = unicodedata.normalize("NFKD", owner)
    letters = "".join(character for character in plain if not unicodedata.combining(character)).casefold()
    slug = "-".join("".join(c if c.isalnum() else " " for c in letters).split())
    return f"{days}-{slug if slug and slug.isascii() else 'mine'}"


def names_of(guild: discord.Guild | None) -> ServerNames:
    """What mentions of channels and roles mean in this server."""
    if guild is None:
        return ServerNames()
    channels = (*guild.channels, *guild.threads)
    return ServerNames(
        channels={channel.id: channel.name for channel in channels},
        roles={role.id: role.name for role in guild.roles},
        hidden=frozenset(channel.id for channel in channels if not _open_to_all(channel, guild)),
    )


def _open_to_all(channel: discord.abc.GuildChannel | discord.Thread, guild: discord.Guild) -> bool:
    if isinstance(channel, discord.Thread) and (channel.is_private() or channel.parent is None):
        return False
    return channel.permissions_for(guild.default_role).view_channel
