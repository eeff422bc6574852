"""What the bot may do in a channel, tried before anything depends on it, and who can grant what it lacks."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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

_IMPLIED: Final[Mapping[str, Collection[str]]] = {"view_channel": NEEDED, "send_messages": ("attach_files",)}
"""Without these Discord takes others as missing too, whether or not they are switched on."""

ROLES_SHOWN: Final = 5
"""Roles named at most as those that can grant a permission."""


def permission_integer() -> int:
    """The permissions as Discord's invitation link takes them."""
    return discord.Permissions(**dict.fromkeys(NEEDED, True)).value


def lacking(channel: Any, me: discord.Member | None) -> tuple[str, ...]:
    """The permissions of `NEEDED` to be switched on for the bot in a channel."""
    if me is None:
        return ()
    has = channel.permissions_for(me)
    missing = [name for name in NEEDED if not getattr(has, name)]
    implied = {each for name in missing for each in _IMPLIED.get(name, ()) if each != name}
    return tuple(name for name in missing if name not in implied)


def named(permissions: Iterable[str], lang: Language) -> str:
    """Permissions as Discord's settings call them."""
    return ", ".join(lang(NEEDED[name]) for name in permissions)


def granters(channel: Any, permissions: Collection[str], lang: Language, asker: Any = None) -> str:
    """Who can allow these permissions in a channel: the asker if they can, the server's owner, and roles.

    Whoever allows something in a channel needs Manage Permissions there (`manage_roles`) and the permission itself, or
    Administrator. Who has a role is not known to the bot, so it names the role.
    """
    wanted = discord.Permissions(manage_roles=True, **dict.fromkeys(permissions, True))
    owner_id = channel.guild.owner_id
    people: list[str] = []
    if asker is not None and (asker.id == owner_id or wanted <= channel.permissions_for(asker)):
        people.append(lang(_("you")))
    if owner_id is not None and (asker is None or asker.id != owner_id):
        people.append(lang(_("<@{id}> (owner)"), id=owner_id))
    people += [f"<@{user_id}>" for user_id in _granted_here(channel) if user_id != getattr(asker, "id", None)]
    roles = [role for role in channel.guild.roles if not role.managed and wanted <= channel.permissions_for(role)]
    shown = [role.mention for role in sorted(roles, key=lambda role: -role.position)[:ROLES_SHOWN]]
    return ", ".join(dict.fromkeys(people + shown))


def _granted_here(channel: Any) -> Iterator[int]:
    """People to whom a channel itself gives Manage Permissions; the bot sees no others by name."""
    for target, overwrite in channel.overwrites.items():
        is_person = not isinstance(target, discord.Role) and getattr(target, "type", None) is not discord.Role
        if is_person and overwrite.manage_roles and target.id != channel.guild.me.id:
            yield target.id


@dataclass(frozen=True)
class Trial:
    """A channel in which a test message was tried: the message, or why there is none; and what is missing there."""

    channel: Any
    message: discord.Message | None
    error: discord.HTTPException | None
    lacks: tuple[str, ...]

    @property
    def is_fine(self) -> bool:
        return self.error is None and not self.lacks


async def try_channel(channel: Any, me: discord.Member | None, text: str) -> Trial:
    """Post a test message into a channel, and look what permissions are missing there."""
    try:
        message = await channel.send(text)
    except discord.HTTPException as error:
        return Trial(channel, None, error, lacking(channel, me))
    return Trial(channel, message, None, lacking(channel, me))


def trial_message(team_lang: Language) -> str:
    """What is posted into a channel to see whether it can be."""
    return team_lang(_("I can post here. This is where the study team will hear from me."))


def trial_text(trial: Trial, lang: Language, asker: Any = None) -> str:
    """What is wrong in a channel, and who can mend it."""
    if trial.error is not None:
        return _cannot_post(trial, lang, asker).text(lang)
    return lack_text(trial.channel, trial.lacks, lang, asker)


def lack_text(channel: Any, permissions: Sequence[str], lang: Language, asker: Any = None) -> str:
    """Which permissions are missing in a channel, and who can allow them."""
    text = _("In {channel} I still lack: {permissions}. They can be allowed in its permissions by: {granters}")
    who = granters(channel, permissions, lang, asker)
    return lang(text, channel=channel.mention, permissions=named(permissions, lang), granters=who)


async def greet(interaction: Interaction, channels: Iterable[Any], lang: Language, *, team_lang: Language) -> list[str]:
    """Post a test message, in the team's language, into each channel, and say which permissions are missing there.

    Raises UserError for the first channel that cannot be written to; then no greeting stays.
    """
    trials: list[Trial] = []
    me = interaction.guild.me if interaction.guild else None
    for channel in dict.fromkeys(channels):
        trial = await try_channel(channel, me, trial_message(team_lang))
        trials.append(trial)
        if trial.error is not None:
            for message in filter(None, (earlier.message for earlier in trials)):
                await message.delete()
            raise _cannot_post(trial, lang, interaction.user) from trial.error
    return ["⚠️ " + trial_text(trial, lang, interaction.user) for trial in trials if trial.lacks]


def _cannot_post(trial: Trial, lang: Language, asker: Any) -> UserError:
    channel = trial.channel
    if isinstance(trial.error, discord.Forbidden | discord.NotFound):
        wanted = trial.lacks or ("view_channel", "send_messages")
        return UserError(
            _("I cannot post in {channel}. {permissions} can be allowed in its permissions by: {granters}"),
            channel=channel.mention,
            permissions=named(wanted, lang),
            granters=granters(channel, wanted, lang, asker),
        )
    text = _("Discord did not take my test message for {channel}. Please try again.")
    return UserError(text, channel=channel.mention)
