"""What the pretend Discord knows: people, guilds, channels, messages. Plain values; no network, no JSON."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .components import texts

TEXT, DM, THREAD, FORUM = 0, 1, 11, 15

EPHEMERAL = 1 << 6
LOADING = 1 << 7
HAS_THREAD = 1 << 5
COMPONENTS_V2 = 1 << 15


@dataclass(eq=False)
class User:
    """A person, or the bot. `locale` is the language of their client, which every interaction carries."""

    id: int
    name: str
    bot: bool = False
    locale: str = "ko"
    dms_closed: bool = False

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"


@dataclass(eq=False)
class Role:
    id: int
    name: str
    permissions: int
    position: int = 1


@dataclass(eq=False)
class Member:
    user: User
    joined_at: datetime
    roles: list[Role] = field(default_factory=list)
    nick: str | None = None


@dataclass(eq=False)
class Guild:
    id: int
    name: str
    owner_id: int
    locale: str
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)


@dataclass(frozen=True)
class File:
    """What a person uploads, or what the bot sent."""

    name: str
    data: bytes
    description: str | None = None


@dataclass(eq=False)
class Attachment:
    id: int
    filename: str
    data: bytes
    url: str
    content_type: str | None
    description: str | None = None
    ephemeral: bool = False


@dataclass(eq=False)
class Message:
    """One message. `visible_to` names the only reader of an ephemeral one, which no channel keeps."""

    id: int
    channel_id: int
    author: User
    timestamp: datetime
    type: int = 0
    content: str = ""
    flags: int = 0
    nonce: str | None = None
    embeds: list[dict[str, Any]] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    allowed_mentions: dict[str, Any] | None = None
    reference: dict[str, Any] | None = None
    poll: dict[str, Any] | None = None
    edited_at: datetime | None = None
    thread_id: int | None = None
    visible_to: User | None = None
    pinned: bool = False
    reactions: list[str] = field(default_factory=list)

    @property
    def ephemeral(self) -> bool:
        return bool(self.flags & EPHEMERAL)

    @property
    def text(self) -> str:
        """Everything a reader sees as text: the content, or the text displays of a board."""
        return "\n".join([self.content, *texts(self.components)]).strip("\n")

    @property
    def mentioned(self) -> list[int]:
        """Ids of the users named in the text, pinged or not."""
        return [int(found) for found in dict.fromkeys(re.findall(r"<@!?(\d+)>", self.text))]

    @property
    def pings(self) -> set[int | str]:
        """Who really gets a notification: user ids, role ids, "everyone". Empty `allowed_mentions` means nobody."""
        allowed = self.allowed_mentions
        parse = ["users", "roles", "everyone"] if allowed is None else allowed.get("parse", [])
        allowed = allowed or {}
        roles = [int(found) for found in re.findall(r"<@&(\d+)>", self.text)]
        pinged: set[int | str] = set()
        pinged.update(_allowed(self.mentioned, "users", parse, allowed))
        pinged.update(_allowed(roles, "roles", parse, allowed))
        if "everyone" in parse and re.search(r"@(everyone|here)", self.text):
            pinged.add("everyone")
        return pinged


def _allowed(ids: list[int], what: str, parse: list[str], allowed: dict[str, Any]) -> list[int]:
    listed = {int(listed) for listed in allowed.get(what) or ()}
    return [found for found in ids if what in parse or found in listed]


@dataclass(eq=False)
class Channel:
    """A text channel, a thread of one, or a private channel.

    `denied` names permissions (as discord.py spells them) that the bot lacks here: "view_channel" → 50001 on
    everything, "send_messages" → 50013 on posting, "read_message_history" → an empty history.
    """

    id: int
    guild_id: int | None
    type: int
    name: str
    topic: str | None = None
    position: int = 0
    parent_id: int | None = None
    recipient: User | None = None
    denied: set[str] = field(default_factory=set)
    messages: dict[int, Message] = field(default_factory=dict)
    owner_id: int | None = None
    created_at: datetime | None = None
    archived: bool = False
    locked: bool = False
    auto_archive_duration: int = 1440
    thread_members: set[int] = field(default_factory=set)

    @property
    def is_thread(self) -> bool:
        return self.type == THREAD

    @property
    def mention(self) -> str:
        return f"<#{self.id}>"
