"""What every part of the questions' service shares: putting a change on record, and having what shows it redrawn."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database
from bot.db.tables import QuestionChangeRow, QuestionRow, TeamRow
from bot.domain.team import Caller
from bot.services import audit
from bot.services.question_boards import draw_board_of
from bot.services.turns import brief


@dataclass(frozen=True)
class Standing:
    """How a question stands, before something changes it."""

    state: str
    reason: str | None
    further: bool

    @classmethod
    def of(cls, row: QuestionRow) -> Self:
        return cls(row.state, row.reason, row.further)


class QuestionService:
    """A part of the service of the questions."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    async def _changed(
        self,
        session: AsyncSession,
        team: TeamRow,
        caller: Caller,
        row: QuestionRow,
        action: str,
        *,
        was: Standing | None = None,
        after: audit.Facts | None = None,
        reason: str | None = None,
        answer_id: int | None = None,
        nameless: bool = False,
    ) -> None:
        """Record a change, and let the board be drawn again; `nameless` names nobody.

        With `was`, how the question stood before it, the change can be taken back.
        """
        actor_id = None if nameless else caller.user_id
        audit.record(
            session,
            f"question.{action}",
            f"question:{row.id}",
            team_id=team.id,
            actor_id=actor_id,
            at=caller.at,
            before=None if was is None else {"state": was.state},
            after={"state": row.state, **(after or {})},
            reason=reason,
        )
        if (was is not None and was != Standing.of(row)) or answer_id is not None:
            _remember(session, row, was or Standing.of(row), action, caller, actor_id, answer_id)
        await redraw(session, team, row, caller)
        self._wake()


def _remember(
    session: AsyncSession,
    row: QuestionRow,
    was: Standing,
    action: str,
    caller: Caller,
    actor_id: int | None,
    answer_id: int | None,
) -> None:
    session.add(
        QuestionChangeRow(
            question_id=row.id,
            actor_id=actor_id,
            at=caller.at,
            action=action,
            was_state=was.state,
            was_reason=was.reason,
            was_further=was.further,
            answer_id=answer_id,
        )
    )


async def redraw(session: AsyncSession, team: TeamRow, row: QuestionRow, caller: Caller) -> None:
    """What shows the question follows it: its board, and what presenters are told before the session."""
    await draw_board_of(session, team, row.day_id, row.lecture_id, caller.at)
    await brief(session, team, caller.at)
