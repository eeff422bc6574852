"""Addresses that do not expire."""

from bot.db.tables import TeamRow
from bot.domain.day_record import KeptFile, Material


def attached(
    team: TeamRow, title: str | None, channel_id: int | None, message_id: int | None, attachment_id: int | None
) -> Material | None:
    """A kept file under the jump link of its message; None where nothing was attached."""
    if channel_id is None or message_id is None:
        return None
    url = f"https://discord.com/channels/{team.guild_id}/{channel_id}/{message_id}"
    return Material(title or "", url, KeptFile(channel_id, message_id, attachment_id))
