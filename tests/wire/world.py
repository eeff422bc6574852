"""The one mutable thing: everybody and everything there is, with Discord's ids, lookups and permissions."""

import mimetypes
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import discord

from bot.clock import Clock

from .errors import (
    MISSING_ACCESS,
    MISSING_PERMISSIONS,
    UNKNOWN_CHANNEL,
    UNKNOWN_GUILD,
    UNKNOWN_MEMBER,
    UNKNOWN_MESSAGE,
    UNKNOWN_USER,
    DiscordError,
)
from .state import DM, TEXT, THREAD, Attachment, Channel, File, Guild, Member, Message, Role, User

DISCORD_EPOCH = 1_420_070_400_000

EVERYONE = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_public_threads=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,
    add_reactions=True,
    use_application_commands=True,
)


class World:
    """Guilds, people, channels and messages, and the bot among them.

    The application and the bot user have different ids, as with older applications: a mix-up shows.
    """

    def __init__(self, clock: Clock, *, url: str = "") -> None:
        self.clock = clock
        self.url = url
        self._last_id = 0
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.files: dict[int, Attachment] = {}
        self.application_id = self.new_id()
        self.owner = self.add_user("operator")
        self.bot = self.add_user("study-bot", bot=True, locale="en-US")

    def now(self) -> datetime:
        return self.clock.now()

    def new_id(self) -> int:
        """A snowflake of now; later ones are always larger."""
        milliseconds = int(self.now().timestamp() * 1000) - DISCORD_EPOCH
        self._last_id = max(self._last_id + 1, milliseconds << 22)
        return self._last_id

    # People and places

    def add_user(self, name: str, *, bot: bool = False, locale: str = "ko") -> User:
        user = User(self.new_id(), name, bot=bot, locale=locale)
        self.users[user.id] = user
        return user

    def add_guild(self, name: str, *, locale: str, bot_permissions: discord.Permissions, owner: User) -> Guild:
        guild = Guild(self.new_id(), name, owner.id, locale)
        self.guilds[guild.id] = guild
        guild.roles[guild.id] = Role(guild.id, "@everyone", EVERYONE.value, position=0)
        bot_role = self.add_role(guild, self.bot.name, bot_permissions)
        self.add_member(guild, owner)
        self.add_member(guild, self.bot, roles=[bot_role])
        return guild

    def add_role(self, guild: Guild, name: str, permissions: discord.Permissions) -> Role:
        role = Role(self.new_id(), name, permissions.value, position=len(guild.roles))
        guild.roles[role.id] = role
        return role

    def add_member(self, guild: Guild, user: User, *, roles: Iterable[Role] = (), nick: str | None = None) -> Member:
        member = Member(user, self.now(), list(roles), nick)
        guild.members[user.id] = member
        return member

    def add_channel(self, guild: Guild | None, name: str, *, kind: int = TEXT, **fields: Any) -> Channel:
        fields.setdefault("id", self.new_id())
        position = sum(channel.guild_id == (guild and guild.id) for channel in self.channels.values())
        channel = Channel(
            guild_id=guild.id if guild else None, type=kind, name=name, position=position,
            created_at=self.now(), **fields,
        )  # fmt: skip
        self.channels[channel.id] = channel
        return channel

    def add_thread(self, parent: Channel, name: str, *, owner: User, thread_id: int, archive_after: int) -> Channel:
        return self.add_channel(
            self.guild(parent.guild_id), name, kind=THREAD, id=thread_id, parent_id=parent.id, owner_id=owner.id,
            auto_archive_duration=archive_after, thread_members={owner.id},
        )  # fmt: skip

    def dm_with(self, user: User) -> Channel:
        """The private channel of the bot and this person, made on first use."""
        for channel in self.channels.values():
            if channel.type == DM and channel.recipient is user:
                return channel
        return self.add_channel(None, user.name, kind=DM, recipient=user)

    def add_file(self, file: File, *, folder: str, ephemeral: bool = False) -> Attachment:
        """Keep the bytes and give them an address below the server's own (Discord: its CDN)."""
        number = self.new_id()
        # Discord keeps only characters that are safe in a link; names in Hangul were dropped for years.
        name = re.sub(r"[^\w.\-]", "", file.name.replace(" ", "_"), flags=re.ASCII).lstrip(".") or "unknown"
        attachment = Attachment(
            number, name, file.data, f"{self.url}/{folder}/{number}/{name}", mimetypes.guess_type(name)[0],
            file.description, ephemeral,
        )  # fmt: skip
        self.files[number] = attachment
        return attachment

    # Looking up; what is missing answers as Discord does

    def user(self, user_id: int) -> User:
        return _found(self.users, user_id, UNKNOWN_USER)

    def guild(self, guild_id: int | None) -> Guild:
        return _found(self.guilds, guild_id, UNKNOWN_GUILD)

    def member(self, guild: Guild, user_id: int) -> Member:
        return _found(guild.members, user_id, UNKNOWN_MEMBER)

    def channel(self, channel_id: int) -> Channel:
        return _found(self.channels, channel_id, UNKNOWN_CHANNEL)

    def message(self, channel: Channel, message_id: int) -> Message:
        return _found(channel.messages, message_id, UNKNOWN_MESSAGE)

    def channels_of(self, guild: Guild, *, threads: bool) -> list[Channel]:
        return [c for c in self.channels.values() if c.guild_id == guild.id and c.is_thread is threads]

    # Permissions

    def permissions(self, member: Member, guild: Guild, channel: Channel | None = None) -> discord.Permissions:
        """What this member may do, in the guild or in one of its channels."""
        granted = guild.roles[guild.id].permissions
        for role in member.roles:
            granted |= role.permissions
        permissions = discord.Permissions(granted)
        if member.user.id == guild.owner_id or permissions.administrator:
            return discord.Permissions.all()
        if channel is not None and member.user is self.bot:
            permissions.update(**dict.fromkeys(self.denied(channel), False))
        return permissions if permissions.view_channel else discord.Permissions.none()

    def denied(self, channel: Channel) -> set[str]:
        """A thread follows its parent."""
        parent = self.channels.get(channel.parent_id or 0)
        return channel.denied | (parent.denied if parent else set())

    def bot_permissions(self, channel: Channel) -> discord.Permissions:
        if channel.guild_id is None:
            return discord.Permissions.all()
        guild = self.guild(channel.guild_id)
        return self.permissions(self.member(guild, self.bot.id), guild, channel)

    def require(self, channel: Channel, *names: str) -> None:
        """50001 if the bot cannot see the channel, 50013 if it lacks one of these permissions."""
        permissions = self.bot_permissions(channel)
        if not permissions.view_channel:
            raise DiscordError(*MISSING_ACCESS)
        if not all(getattr(permissions, name) for name in names):
            raise DiscordError(*MISSING_PERMISSIONS)


def _found(things: dict[int, Any], number: int | None, refusal: tuple[int, int, str]) -> Any:
    try:
        return things[number]  # type: ignore[index]
    except KeyError:
        raise DiscordError(*refusal) from None
