"""A page as a file, its name, and what mentions in it mean."""

import io
import unicodedata
import zipfile

import discord

from bot.i18n import Language, _
from bot.services.journal import DayPage, ServerNames
from bot.ui.uploads import KEPT_LIMIT


def exported_text(page: DayPage, lang: Language) -> str:
    """What is in the file."""
    text = _("The team's page of Day {number} ({date:day}), as it stands now.")
    if page.owner is not None:
        text = _("Your own page of Day {number} ({date:day}), as it stands now.")
    return lang(text, number=page.day.number, date=page.day.date)


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
    """`day27.md`, `day27-dain.md`; `day27-mine.md` for a name that ASCII cannot write, which Discord may drop."""
    stem = f"day{page.day.number}"
    if page.owner is None:
        return f"{stem}.md"
    plain = unicodedata.normalize("NFKD", page.owner)
    letters = "".join(character for character in plain if not unicodedata.combining(character)).casefold()
    slug = "-".join("".join(c if c.isalnum() else " " for c in letters).split())
    return f"{stem}-{slug if slug and slug.isascii() else 'mine'}.md"


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
