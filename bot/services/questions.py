"""Questions: asking, answering, and what becomes of them."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, writes
from bot.db.tables import QuestionRow, TeamRow
from bot.domain.team import Caller
from bot.errors import InvalidInput
from bot.i18n import _
from bot.services import audit
from bot.services.days import day_of_entry
from bot.services.teams import changing_team_of, member_of

TEXT_LIMIT = 4000


@dataclass(frozen=True)
class Asked:
    """A question just asked: its number in the team, and whether its author is stored."""

    id: int
    number: int
    anonymous: bool


class Questions:
    """`/ask` and `/question`."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @writes
    async def ask(self, session: AsyncSession, caller: Caller, text: str, *, anonymous: bool = False) -> Asked:
        """Ask a question of the day. An anonymous one stores nothing that leads to its author."""
        team = await changing_team_of(session, caller)
        member = await member_of(session, team, caller)
        if not text.strip() or len(text) > TEXT_LIMIT:
            raise InvalidInput(_("A question has 1 to {limit} characters."), limit=TEXT_LIMIT)
        day = await day_of_entry(session, team, caller.at)
        row = QuestionRow(
            team_id=team.id,
            number=await _next_number(session, team),
            day_id=day.id,
            author_id=None if anonymous else member.id,
            text=text.strip(),
            state="open",
            further=False,
            asked_at=caller.at,
        )
        session.add(row)
        await session.flush()
        audit.record(
            session,
            "question.ask",
            f"question:{row.id}",
            team_id=team.id,
            actor_id=None if anonymous else caller.user_id,
            at=caller.at,
            after={"number": row.number},
        )
        self._wake()
        return Asked(row.id, row.number, anonymous)


async def _next_number(session: AsyncSession, team: TeamRow) -> int:
    highest = await session.scalar(select(func.max(QuestionRow.number)).where(QuestionRow.team_id == team.id))
    return (highest or 0) + 1
