"""The boards of the questions, for whoever changes what they show. Works inside the transaction of whoever asks."""

from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import TeamRow
from bot.services.boards import touch

LECTURE_BOARD: Final = "questions.lecture"
"""Kind of the board of a lecture's questions; its subject is the lecture."""

DAY_BOARD: Final = "questions.day"
"""Kind of the board of the questions of a day that belong to no lecture; its subject is the day."""


async def draw_board_of(
    session: AsyncSession, team: TeamRow, day_id: int, lecture_id: int | None, now: datetime
) -> None:
    """Draw the board again on which questions of a day to a lecture stand, or to none."""
    kind, subject_id = (DAY_BOARD, day_id) if lecture_id is None else (LECTURE_BOARD, lecture_id)
    await touch(session, team, kind, subject_id, team.study_channel_id, now)
