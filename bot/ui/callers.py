"""Who is asking, and in which language they read."""

import discord

from bot.domain.team import Caller
from bot.errors import UserError
from bot.i18n import Language, _, language

Interaction = discord.Interaction[discord.Client]


def caller_of(interaction: Interaction) -> Caller:
    """The interaction as a plain value. Raises UserError outside a server."""
    member = interaction.user
    channel = interaction.channel
    if interaction.guild_id is None or interaction.channel_id is None or not isinstance(member, discord.Member):
        raise UserError(_("This works in a server only. Use it in your team's channel."))
    parent = getattr(channel, "parent_id", None)
    return Caller(
        guild_id=interaction.guild_id,
        channel_ids=(interaction.channel_id,) if parent is None else (interaction.channel_id, parent),
        user_id=member.id,
        name=member.display_name,
        manage_guild=interaction.permissions.manage_guild,
        role_ids=frozenset(role.id for role in member.roles),
        at=interaction.created_at,
    )


def direct_caller_of(interaction: Interaction, team_id: int) -> Caller:
    """Whoever pressed a button in their direct messages, whose id carries the team."""
    person = interaction.user
    return Caller(
        guild_id=0,
        channel_ids=(),
        user_id=person.id,
        name=person.display_name,
        manage_guild=False,
        role_ids=frozenset(),
        at=interaction.created_at,
        team_id=team_id,
    )


def reader(interaction: Interaction) -> Language:
    """The reader's own Discord language; Korean in a Korean server for languages we do not speak."""
    own = interaction.locale.value
    if own.startswith(("ko", "en")) or interaction.guild_locale is None:
        return language(own)
    return language(interaction.guild_locale.value)
