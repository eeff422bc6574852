"""`/journal`: the page of a day."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.client import StudyBot


async def setup(bot: "StudyBot") -> None:
    """Nothing yet."""
