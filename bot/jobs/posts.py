"""A message as plain values, the port through which it is posted, and what can become of it."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal, Protocol, Self

UNKNOWN_CHANNEL = 10003
"""Discord's code for a channel that is gone."""

TEXT_LIMIT = 2000
MOST_BUTTONS = 25

ButtonStyle = Literal["primary", "secondary", "success", "danger"]


@dataclass(frozen=True)
class Button:
    """A button. Its `custom_id` carries all it needs, so that it works after a restart."""

    label: str
    custom_id: str
    style: ButtonStyle = "secondary"


@dataclass(frozen=True)
class TextFile:
    """A file to attach: an ASCII name, and text in UTF-8."""

    name: str
    text: str


@dataclass(frozen=True)
class Post:
    """What is to be posted.

    Either `text` (which pings and shows on a lock screen; 2,000 characters at most) or `blocks` (a board: each block a
    paragraph of Markdown, 3,000 characters and 9,000 bytes in all). `mentions` are the only users it may ping.
    `channel_id` is where, unless the delivery says. `thread` makes a thread of that name from the message.
    `user_id` makes it a direct message, unless the delivery says; if that person takes none, it goes as it stands to
    `fallback_channel_id`, or fails where there is none. Teams share a person's direct messages: one without a button,
    which is recognised by its text, names its team or day. With `silent` no phone rings, whatever its owner has set.
    """

    channel_id: int | None = None
    text: str = ""
    blocks: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()
    mentions: tuple[int, ...] = ()
    file: TextFile | None = None
    thread: str | None = None
    board_version: int | None = None
    user_id: int | None = None
    fallback_channel_id: int | None = None
    silent: bool = False

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, payload: str) -> Self:
        values = json.loads(payload)
        file = values.pop("file")
        return cls(
            channel_id=values["channel_id"],
            text=values["text"],
            blocks=tuple(values["blocks"]),
            buttons=tuple(Button(**button) for button in values["buttons"]),
            mentions=tuple(values["mentions"]),
            file=None if file is None else TextFile(**file),
            thread=values["thread"],
            board_version=values["board_version"],
            user_id=values.get("user_id"),  # a payload of an earlier version has none of the last three
            fallback_channel_id=values.get("fallback_channel_id"),
            silent=values.get("silent", False),
        )


@dataclass(frozen=True)
class Skip:
    """There is nothing to say, and why: `everybody has handed in`."""

    reason: str


class SendError(Exception):
    """A message that did not (or may not) get through."""


class Refused(SendError):
    """Discord will never take it: no such channel, no permission, not a valid message. `code` is Discord's."""

    def __init__(self, code: int, explanation: str) -> None:
        super().__init__(f"{code}: {explanation}")
        self.code = code


class Deleted(SendError):
    """The message was there and is gone."""


class TryAgain(SendError):
    """It was not taken; ask again in `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"again in {seconds} s")
        self.seconds = seconds


class Ambiguous(SendError):
    """Nobody knows whether it arrived: a 5xx, a lost connection, a time-out."""


class ServerError(Ambiguous):
    """A 5xx. Once it may be chance, or an outage; again and again, while others get through, it is the message."""


class LoggedOut(SendError):
    """The token is no longer valid; the process cannot go on."""


class Announcer(Protocol):
    """The one door through which background work posts to Discord. Each method may raise a SendError.

    A post with a `user_id` is in that person's direct messages, whatever `guild_id` says.
    """

    async def open_direct(self, user_id: int) -> int:
        """Id of the channel of direct messages with this person. Nobody is told; doing it twice is harmless."""

    async def send(self, guild_id: int, channel_id: int, post: Post, nonce: str) -> int:
        """Post and return the message's id."""

    async def find(self, guild_id: int, channel_id: int, post: Post, since: datetime) -> int | None:
        """Id of our own message that carries the post's marker, in the channel's history since an instant.

        The marker is the custom id of the first button, else the exact text.
        """

    async def finish(self, guild_id: int, channel_id: int, message_id: int, post: Post) -> None:
        """Do what follows a message: make its thread. Doing it twice is harmless."""

    async def edit(self, guild_id: int, channel_id: int, message_id: int, post: Post) -> None:
        """Redraw a board in place, or a message of text. Nobody is pinged."""
