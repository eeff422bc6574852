"""Answering a person: to them alone, within Discord's limits, in their language, also when something went wrong."""

import io
import logging
import secrets
from typing import Final

import discord
from discord import app_commands

from bot.errors import UserError
from bot.i18n import Language, _
from bot.ui.callers import Interaction, reader

log = logging.getLogger(__name__)

MESSAGE_LIMIT: Final = 2000

LONG: Final = 40
"""Characters from which on nobody likes to type a text again."""

NOBODY: Final = discord.AllowedMentions.none()


async def answer(
    interaction: Interaction,
    text: str,
    *,
    view: discord.ui.View | None = None,
    file: discord.File | None = None,
    file_name: str = "answer.md",
    previews: bool = True,
) -> None:
    """Answer the person alone. A text over 2,000 characters comes as a file under its first lines, uncut.

    Without `previews` Discord shows none of the pages that the text links to.
    """
    files = [] if file is None else [file]
    if len(text) > MESSAGE_LIMIT:
        files.append(discord.File(io.BytesIO(text.encode()), file_name))
        text = f"{text[:300].rsplit(chr(10), 1)[0]}\n…"
    shown = discord.utils.MISSING if view is None else view
    send = interaction.followup.send if interaction.response.is_done() else interaction.response.send_message
    await send(text, ephemeral=True, files=files, view=shown, allowed_mentions=NOBODY, suppress_embeds=not previews)


async def answer_error(interaction: Interaction, error: Exception, *, typed: str = "") -> bool:
    """The one exit for errors of commands, views and modals. False if it is our fault.

    A UserError is shown in the reader's language; anything else is logged under a reference that the person sees.
    `typed` is what they wrote into a form or an option, and is given back unless the error does so itself.
    """
    lang = reader(interaction)
    cause, ours = _cause(error), False
    if isinstance(cause, UserError):
        text = cause.text(lang)
    elif isinstance(cause, app_commands.CheckFailure | app_commands.TransformerError):
        text = lang(_("I cannot do that here. /help shows what you can do."))
    else:
        text, ours = _our_fault(interaction, cause, lang), True
    if typed and typed.strip() not in text:
        text += "\n\n" + lang(_("This is what you wrote:")) + f"\n{typed}"
    try:
        await answer(interaction, text, file_name="text.md")
    except discord.HTTPException:
        told = {"interaction": interaction.id}
        log.warning("Interaction %(interaction)s could not be answered", told, exc_info=True)
    return not ours


def typed_options(interaction: Interaction) -> str:
    """The long texts among a command's options: Discord keeps no option once the command is sent."""
    texts = [value for _name, value in interaction.namespace if isinstance(value, str) and len(value) > LONG]
    return "\n\n".join(texts)


def _cause(error: Exception) -> Exception:
    if isinstance(error, app_commands.CommandInvokeError):
        return error.original
    if isinstance(error, app_commands.TransformerError) and isinstance(error.__cause__, Exception):
        return error.__cause__
    return error


def _our_fault(interaction: Interaction, error: Exception, lang: Language) -> str:
    reference = secrets.token_hex(2).upper()
    told = {"interaction": interaction.id, "ref": reference}
    log.error("Interaction %(interaction)s failed (ref %(ref)s)", told, exc_info=error)
    return lang(_("Something went wrong on our side. Please tell a moderator the reference {ref}."), ref=reference)
