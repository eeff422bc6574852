"""What the bot may do in a channel, tried before anything depends on it."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import discord

from bot.errors import UserError
from bot.i18n import Language, _
from bot.ui.callers import Interaction

NEEDED: Final[Mapping[str, str]] = {
    "view_channel": _("View Channel"),
    "send_messages": _("Send Messages"),
    "send_messages_in_threads": _("Send Messages in Threads"),
    "create_public_threads": _("Create Public Threads"),
    "attach_files": _("Attach Files"),
    "read_message_history": _("Read Message History"),
}
"""Every permission the bot uses, with Discord's own name for it. The README's invitation asks for exactly these."""


def permission_integer() -> int:
    """The permissions as Discord's invitation link takes them."""
    return discord.Permissions(**dict.fromkeys(NEEDED, True)).value


def missing(channel: Any, me: discord.Member | None, lang: Language) -> str:
    """Names of the permissions that are missing in a channel, for whoever can switch them on; empty if all is well."""
    if me is None:
        return ""
    has = channel.permissions_for(me)
    return ", ".join(lang(label) for name, label in NEEDED.items() if not getattr(has, name))


async def greet(interaction: Interaction, channels: Iterable[Any], lang: Language, *, team_lang: Language) -> list[str]:
    """Post a test message, in the team's language, into each channel, and say which permissions are missing there.

    Raises UserError for the first channel that cannot be written to; then no greeting stays.
    """
    posted: list[discord.Message] = []
    warnings: list[str] = []
    me = interaction.guild.me if interaction.guild else None
    text = team_lang(_("I can post here. This is where the study team will hear from me."))
    for channel in dict.fromkeys(channels):
        try:
            posted.append(await channel.send(text))
        except discord.HTTPException as error:
            for message in posted:
                await message.delete()
            raise _cannot_post(channel.mention, error) from error
        if names := missing(channel, me, lang):
            warning = _("In {channel} I still lack: {permissions}. A server admin can allow them in its permissions.")
            warnings.append("⚠️ " + lang(warning, channel=channel.mention, permissions=names))
    return warnings


def _cannot_post(mention: str, error: discord.HTTPException) -> UserError:
    if isinstance(error, discord.Forbidden | discord.NotFound):
        return UserError(
            _(
                "I cannot post in {channel}."
                " A server admin can allow View Channel and Send Messages in the channel's permissions."
            ),
            channel=mention,
        )
    return UserError(_("Discord did not take my test message for {channel}. Please try again."), channel=mention)
