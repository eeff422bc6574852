"""Files that people give to a command: kept by posting them again, or read as text.

The file of a command hangs on an answer that only one person sees, and its address expires within a day. Posted again
by the bot it stays, and the ids of that message lead back to it.
"""

import io
import re
from dataclasses import dataclass
from typing import Final

import aiohttp
import discord

from bot.errors import InvalidInput, UserError
from bot.i18n import _
from bot.ui.answers import NOBODY
from bot.ui.callers import Interaction

KEPT_LIMIT: Final = 10 * 1024 * 1024
"""Bytes of a file to keep; Discord takes no more from a bot in a server without boosts."""

TEXT_LIMIT: Final = 1024 * 1024
"""Bytes of a file to read as text."""

TEXT_NAMES: Final = (".md", ".markdown", ".txt")
NAME_LIMIT: Final = 100

DEVICE: Final = re.compile(r"(con|prn|aux|nul|(com|lpt)\d) *(\..*)?", re.IGNORECASE)
"""Names that Windows gives to no file."""

PROGRAMS: Final = (
    *(".exe", ".scr", ".com", ".pif", ".bat", ".cmd", ".msi", ".lnk", ".hta", ".cpl", ".vbs", ".vbe", ".wsf", ".jse"),
    *(".app", ".dmg", ".apk"),
)
"""What starts when somebody opens it; whatever ends so is not handed on, however the name begins."""


@dataclass(frozen=True)
class KeptFile:
    """Where a file is kept. `name` may stand in any text; `url` leads to the message, and does not expire."""

    channel_id: int
    message_id: int
    attachment_id: int
    name: str
    url: str


async def keep(interaction: Interaction, channel_id: int, attachment: discord.Attachment, text: str) -> KeptFile:
    """Post a file again, by the bot, into a channel or thread of this server, under a text that pings nobody.

    Check rights before calling it. The interaction is deferred, so answer with `answer`. Raises UserError for a file
    over 10 MB, an empty one, a program, or one that cannot be read or posted.
    """
    require_keepable(attachment)
    if not interaction.response.is_done():
        await interaction.response.defer(ephemeral=True, thinking=True)
    name = safe_name(attachment.filename)
    file = discord.File(io.BytesIO(await _read(attachment)), name)
    channel = interaction.client.get_partial_messageable(channel_id, guild_id=interaction.guild_id)
    try:
        message = await channel.send(text, file=file, allowed_mentions=NOBODY, suppress_embeds=True)
    except (discord.Forbidden, discord.NotFound) as error:
        raise UserError(
            _("I cannot post the file in {channel}. A server admin can allow Send Messages and Attach Files there."),
            channel=channel.mention,
        ) from error
    except discord.HTTPException as error:
        raise UserError(_("Discord did not take the file. Please try again.")) from error
    return KeptFile(channel_id, message.id, message.attachments[0].id, name, message.jump_url)


async def read_bytes(attachment: discord.Attachment, limit: int = TEXT_LIMIT) -> bytes:
    """What is in a file. Raises UserError for one over `limit` bytes, and if Discord does not give it."""
    _require_size(attachment, limit)
    return await _read(attachment)


async def read_text(attachment: discord.Attachment) -> str:
    """The text of a `.md` or `.txt` file. Raises UserError for any other, one over 1 MB, not UTF-8, or blank."""
    if not attachment.filename.casefold().endswith(TEXT_NAMES):
        raise InvalidInput(
            _("{name} is not a text file I can read. Attach a .md or .txt file."), name=safe_name(attachment.filename)
        )
    _require_size(attachment, TEXT_LIMIT)
    try:
        text = (await _read(attachment)).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(_("The file is not UTF-8 text. Save it as UTF-8 and attach it again.")) from error
    if "\x00" in text:
        raise InvalidInput(_("The file is not UTF-8 text. Save it as UTF-8 and attach it again."))
    if not text.strip():
        raise InvalidInput(_("The file is empty, so nothing was saved."))
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def safe_name(name: str) -> str:
    """A file's name that means nothing in Markdown and shows on one line; the ending stays when it is shortened."""
    plain = re.sub(r"[^\w .()+-]", "_", name).strip().rstrip(". ")
    if not plain or DEVICE.fullmatch(plain):
        plain = f"_{plain}"
    stem, dot, ending = plain.rpartition(".")
    if len(plain) <= NAME_LIMIT or len(ending) > 10:
        return plain[:NAME_LIMIT].rstrip(". ")
    return stem[: NAME_LIMIT - len(ending) - 1] + dot + ending


def _require_size(attachment: discord.Attachment, limit: int) -> None:
    if attachment.size > limit:
        raise InvalidInput(
            _("{name} is larger than {limit} MB. Put it online and give a link, or attach a smaller one."),
            name=safe_name(attachment.filename),
            limit=limit // 1024 // 1024,
        )


def require_keepable(attachment: discord.Attachment) -> None:
    """Raises UserError for a file that `keep` would refuse without looking into it."""
    _require_size(attachment, KEPT_LIMIT)
    name = safe_name(attachment.filename)
    if attachment.size == 0:
        raise InvalidInput(_("{name} is empty. Attach it again once there is something in it."), name=name)
    if name.casefold().endswith(PROGRAMS):  # as it would be passed on: shortened, it may end otherwise
        raise InvalidInput(_("I pass no programs on, and {name} is one. Put it into a zip, or give a link."), name=name)


async def _read(attachment: discord.Attachment) -> bytes:
    try:
        return await attachment.read()
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        raise UserError(_("Discord did not give me the file. Please attach it again.")) from error
