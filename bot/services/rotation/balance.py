"""`/rotation balance`: how many turns of each duty everybody has had."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads
from bot.db.tables import MemberRow, TeamRow
from bot.domain.duties import MODERATOR, PRESENTER
from bot.domain.team import Caller, Member
from bot.errors import NotFound
from bot.i18n import _
from bot.services.rotation._values import NamedDuty
from bot.services.rotation.duties import present_rows
from bot.services.rotation.simulation import next_by_duty
from bot.services.teams import roster, team_of
from bot.services.turns import load_situation, own_duty
from bot.services.values import to_member


@dataclass(frozen=True)
class DutyBalance:
    """Turns of one duty that were had or are given out, by member in roster order; and who has the next one.

    `average` is that of everybody on the roster.
    """

    duty: NamedDuty
    counts: tuple[tuple[Member, int], ...]
    average: float
    next: Member | None


class Balance:
    """`/rotation balance`."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @reads
    async def show(self, session: AsyncSession, caller: Caller, user_id: int | None = None) -> Sequence[DutyBalance]:
        """Every duty that the team has, for everybody on the roster, or for one who is or was on it.

        Nothing if nobody is on the roster. Raises NotFound for somebody who never was.
        """
        team = await team_of(session, caller)
        present = await roster(session, team)
        shown = present if user_id is None else [await _ever(session, team, user_id)]
        turns = Counter((turn.duty, turn.member_id) for turn in (await load_situation(session, team)).turns)
        next_turns = await next_by_duty(session, team)
        own = [NamedDuty(own_duty(row.id), row.name) for row in await present_rows(session, team)]
        return [
            DutyBalance(
                duty,
                tuple((to_member(row), turns[duty.key, row.id]) for row in shown),
                fmean(turns[duty.key, row.id] for row in present) if present else 0.0,
                next_turns.get(duty.key),
            )
            for duty in (NamedDuty(MODERATOR), NamedDuty(PRESENTER), *own)
            if shown
        ]


async def _ever(session: AsyncSession, team: TeamRow, user_id: int) -> MemberRow:
    """Somebody who is or was in the team. Raises NotFound for anybody else."""
    row = await session.scalar(select(MemberRow).where(MemberRow.team_id == team.id, MemberRow.user_id == user_id))
    if row is None:
        raise NotFound(_("This person has never been on the roster, so there is no history."))
    return row
