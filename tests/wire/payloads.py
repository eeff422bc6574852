"""State in Discord's JSON. Field lists follow what discord.py 2.7 reads and what Discord documents as always there."""

from typing import Any

import discord

from .state import DM, FORUM, HAS_THREAD, TEXT, Attachment, Channel, Guild, Member, Message, Role, User
from .world import World

Payload = dict[str, Any]


def user_payload(user: User) -> Payload:
    return {
        "id": str(user.id), "username": user.name, "global_name": None, "discriminator": "0", "avatar": None,
        "bot": user.bot, "public_flags": 0,
    }  # fmt: skip


def member_payload(member: Member) -> Payload:
    return {
        "user": user_payload(member.user),
        "roles": [str(role.id) for role in member.roles],
        "nick": member.nick,
        "avatar": None,
        "joined_at": member.joined_at.isoformat(),
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
    }


def role_payload(role: Role) -> Payload:
    return {
        "id": str(role.id), "name": role.name, "permissions": str(role.permissions), "position": role.position,
        "color": 0, "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False, "managed": False, "mentionable": False, "flags": 0,
    }  # fmt: skip


def channel_payload(world: World, channel: Channel) -> Payload:
    if channel.type == DM:
        return {
            "id": str(channel.id), "type": DM, "recipients": [user_payload(channel.recipient)], "flags": 0,
            "last_message_id": _last_message(channel),
        }  # fmt: skip
    payload = {
        "id": str(channel.id), "type": channel.type, "guild_id": str(channel.guild_id), "name": channel.name,
        "parent_id": _optional(channel.parent_id), "last_message_id": _last_message(channel),
        "rate_limit_per_user": 0, "flags": 0,
    }  # fmt: skip
    if channel.is_thread:
        return payload | _thread_fields(channel)
    forum = {"available_tags": [], "default_forum_layout": 0}
    return (
        payload
        | {"topic": channel.topic, "position": channel.position, "nsfw": False}
        | {"permission_overwrites": _overwrites(world, channel)}
        | (forum if channel.type == FORUM else {})
    )


def _overwrites(world: World, channel: Channel) -> list[Payload]:
    denied = discord.Permissions(**dict.fromkeys(channel.denied, True)).value
    return [{"id": str(world.bot.id), "type": 1, "allow": "0", "deny": str(denied)}] if denied else []


def _thread_fields(channel: Channel) -> Payload:
    created = channel.created_at.isoformat() if channel.created_at else None
    return {
        "owner_id": _optional(channel.owner_id),
        "message_count": len(channel.messages),
        "total_message_sent": len(channel.messages),
        "member_count": len(channel.thread_members),
        "thread_metadata": {
            "archived": channel.archived,
            "locked": channel.locked,
            "auto_archive_duration": channel.auto_archive_duration,
            "archive_timestamp": created,
            "create_timestamp": created,
        },
    }


def guild_payload(world: World, guild: Guild) -> Payload:
    """GUILD_CREATE without the members intent: of the members only the bot itself is listed."""
    bot = guild.members.get(world.bot.id)
    return {
        "id": str(guild.id),
        "name": guild.name,
        "owner_id": str(guild.owner_id),
        "preferred_locale": guild.locale,
        "joined_at": bot.joined_at.isoformat() if bot else None,
        "member_count": len(guild.members),
        "members": [member_payload(bot)] if bot else [],
        "roles": [role_payload(role) for role in guild.roles.values()],
        "channels": [channel_payload(world, channel) for channel in world.channels_of(guild, threads=False)],
        "threads": [channel_payload(world, c) for c in world.channels_of(guild, threads=True) if not c.archived],
        **dict.fromkeys(("icon", "description", "system_channel_id", "rules_channel_id", "afk_channel_id")),
        **{key: [] for key in ("features", "emojis", "stickers", "voice_states", "presences", "stage_instances")},
        **{key: [] for key in ("guild_scheduled_events", "soundboard_sounds")},
        **dict.fromkeys(("verification_level", "default_message_notifications", "explicit_content_filter"), 0),
        **dict.fromkeys(("mfa_level", "nsfw_level", "premium_tier", "afk_timeout", "system_channel_flags"), 0),
        "large": False,
    }


def attachment_payload(attachment: Attachment) -> Payload:
    payload = {
        "id": str(attachment.id), "filename": attachment.filename, "size": len(attachment.data),
        "url": attachment.url, "proxy_url": attachment.url, "ephemeral": attachment.ephemeral, "flags": 0,
    }  # fmt: skip
    if attachment.content_type:
        payload["content_type"] = attachment.content_type
    if attachment.description:
        payload["description"] = attachment.description
    return payload


def message_payload(world: World, message: Message) -> Payload:
    """As history shows it. The nonce is not part of it: Discord repeats it only in the answer to the request."""
    named = [world.users[number] for number in message.mentioned if number in world.users]
    payload: Payload = {
        "id": str(message.id),
        "channel_id": str(message.channel_id),
        "author": user_payload(message.author),
        "type": message.type,
        "content": message.content,
        "timestamp": message.timestamp.isoformat(),
        "edited_timestamp": message.edited_at.isoformat() if message.edited_at else None,
        "flags": message.flags,
        "embeds": message.embeds,
        "components": message.components,
        "attachments": [attachment_payload(attachment) for attachment in message.attachments],
        "mentions": [user_payload(user) for user in named],
        "mention_roles": [],
        "mention_everyone": "everyone" in message.pings,
        "pinned": message.pinned,
        "tts": False,
    }
    if message.reference:
        payload["message_reference"] = message.reference
    if message.poll:
        payload["poll"] = message.poll
    if message.thread_id and message.thread_id in world.channels:
        payload["flags"] |= HAS_THREAD
        payload["thread"] = channel_payload(world, world.channels[message.thread_id])
    return payload


def interaction_channel_payload(world: World, channel: Channel, permissions: int) -> Payload:
    """A channel as interactions carry it: with the permissions of whoever uses or is offered it."""
    return channel_payload(world, channel) | {"permissions": str(permissions)}


def is_messageable(channel: Channel) -> bool:
    return channel.type in {TEXT, DM} or channel.is_thread


def _last_message(channel: Channel) -> str | None:
    return str(max(channel.messages)) if channel.messages else None


def _optional(number: int | None) -> str | None:
    return None if number is None else str(number)
