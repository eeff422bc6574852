"""What Discord puts into a text besides Markdown, and what no page should contain: mentions, emoji, control characters.

Rules of the source: Discord's message formatting (`<@1>`, `<#1>`, `<@&1>`, `<:name:1>`, `<t:1:F>`, `</ask:1>`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Final

DISCORD_MARKUP: Final = re.compile(
    r"<(?:@!?(?P<member>\d{1,20})|@&(?P<role>\d{1,20})|#(?P<channel>\d{1,20})"
    r"|a?:(?P<emoji>\w{2,32}):\d{1,20}|t:(?P<time>-?\d{1,13})(?::(?P<style>[tTdDfFsSR]))?"
    r"|/(?P<command>[^<>:\n]{1,100}):\d{1,20}|id:(?P<guide>[a-z-]{1,30}))>",
    re.ASCII,
)

_NEW_LINES: Final = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
_UNPRINTABLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"  # control characters but tab and line feed
    "\u202a-\u202e\u2066-\u2069"  # embeddings, overrides and isolates: they reorder what stands after them
    "\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0001]"
)
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_TIME_STYLES: Final = {"t": "%H:%M", "T": "%H:%M:%S", "d": "%Y-%m-%d", "D": "%Y-%m-%d"}


@dataclass(frozen=True)
class Mentions:
    """Whom and what a mention means: Discord ids → names, the zone of time stamps, words for the unknown."""

    members: Mapping[int, str] = field(default_factory=dict)
    channels: Mapping[int, str] = field(default_factory=dict)
    roles: Mapping[int, str] = field(default_factory=dict)
    zone: tzinfo = UTC
    unknown_member: str = "somebody"
    unknown_channel: str = "a channel"
    unknown_role: str = "a role"

    def text(self, match: re.Match[str]) -> str:
        """The plain words for one match of DISCORD_MARKUP."""
        kind, value = next((kind, value) for kind, value in match.groupdict().items() if value is not None)
        match kind:
            case "member":
                return self.members.get(int(value), self.unknown_member)
            case "role":
                return self.roles.get(int(value), self.unknown_role)
            case "channel":
                name = self.channels.get(int(value))
                return f"#{name}" if name else self.unknown_channel
            case "time":
                return self._moment(match)
        return {"emoji": ":{}:", "command": "/{}", "guide": "{}"}[kind].format(value)

    def _moment(self, match: re.Match[str]) -> str:
        try:
            moment = datetime.fromtimestamp(int(match["time"]), self.zone)
        except (ValueError, OverflowError, OSError):
            return match.group()[1:-1]
        return moment.strftime(_TIME_STYLES.get(match["style"] or "f", "%Y-%m-%d %H:%M"))


def clean(text: str) -> str:
    """The text with `\\n` line ends, without characters that cannot be printed or that reorder what is around them."""
    text = _NEW_LINES.sub("\n", text)
    text = _UNPRINTABLE.sub("", text)
    return _SURROGATES.sub("\ufffd", text)


def is_blank(text: str | None) -> bool:
    """Whether nothing would be left to print."""
    return not (text and clean(text).strip())
