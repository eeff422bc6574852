"""Looking after a team's messages: what could not be delivered, trying it again, pausing, resuming."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import DeliveryRow, TeamRow
from bot.domain.deliveries import Delivery
from bot.domain.team import Caller, Pause
from bot.domain.undelivered import Notice, Problem, Retried, Undelivered
from bot.errors import InvalidInput, NotFound
from bot.i18n import _
from bot.services import audit
from bot.services.admin._again import is_overtaken, try_again
from bot.services.admin._notice import gather
from bot.services.admin._pause import end_of, pause_facts, to_pause
from bot.services.admin._pause import pause_of as pause_of
from bot.services.admin._problems import (
    boards_standing_still,
    late,
    not_getting_on,
    problems_of,
    unsent,
    without_thread,
)
from bot.services.deliveries import UNDELIVERED as UNDELIVERED
from bot.services.deliveries import UNSENT
from bot.services.teams import changing_team_of, require_moderator, team_of
from bot.services.values import to_team

SHOWN: Final = 25
"""Messages of each sort in a list; older ones are counted."""

KEPT_IN_SIGHT: Final = timedelta(days=30)
"""How long what could not be delivered is listed."""

LATE_IN_SIGHT: Final = timedelta(days=14)
"""How long what was skipped as late is listed."""


class Admin:
    """`/admin`. All raise NotAllowed unless the caller is a moderator."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @reads
    async def failed(self, session: AsyncSession, caller: Caller) -> Undelivered:
        """What failed, is held, does not get on, was skipped as late, or is there without its thread."""
        team = await team_of(session, caller)
        await require_moderator(session, team, caller)
        bad = await _troubled(session, team, caller.at)
        skipped = await late(session, team, caller.at - LATE_IN_SIGHT)
        return Undelivered(
            to_team(team),
            pause_of(team, caller.at),
            (*await problems_of(session, team, bad[:SHOWN], caller.at), *await boards_standing_still(session, team)),
            await problems_of(session, team, skipped[:SHOWN], caller.at),
            more=len(bad[SHOWN:]) + len(skipped[SHOWN:]),
        )

    @reads
    async def retriable(self, session: AsyncSession, caller: Caller) -> Sequence[Problem]:
        """What may be tried again, the latest first."""
        team = await team_of(session, caller)
        await require_moderator(session, team, caller)
        rows = await unsent(session, team, caller.at - KEPT_IN_SIGHT)
        return [problem for problem in await problems_of(session, team, rows, caller.at) if problem.retriable]

    @writes
    async def retry(self, session: AsyncSession, caller: Caller, delivery_id: int) -> Retried:
        """Try one delivery again; one that may have arrived is looked for first.

        Raises NotFound for what is not waiting to be tried again, and InvalidInput for what would come too late or
        what something later has taken the place of.
        """
        team = await changing_team_of(session, caller)
        await require_moderator(session, team, caller)
        row = await session.get(DeliveryRow, delivery_id)
        if row is None or row.team_id != team.id or row.state not in UNSENT:
            raise NotFound(_("That message need not be sent again. /admin failed lists those that do."))
        (problem,) = await problems_of(session, team, [row], caller.at)
        if problem.over:
            raise InvalidInput(_("Its time is over, so that message is not sent any more. Tell the team yourself."))
        if await is_overtaken(session, row):
            raise InvalidInput(_("A newer message has taken its place, so that one need not be sent again."))
        await self._again(session, team, caller, row)
        return Retried((problem,), pause=pause_of(team, caller.at))

    @writes
    async def retry_all(self, session: AsyncSession, caller: Caller, notice_id: int | None = None) -> Retried:
        """Try again whatever makes sense: all there is, or what one notice told of."""
        team = await changing_team_of(session, caller)
        await require_moderator(session, team, caller)
        rows = await unsent(session, team, caller.at - KEPT_IN_SIGHT)
        wanted = [row for row in rows if notice_id in {None, row.told_by_id}]
        tried: list[Problem] = []
        for row, problem in zip(wanted, await problems_of(session, team, wanted, caller.at), strict=True):
            if problem.retriable and not await is_overtaken(session, row):
                await self._again(session, team, caller, row)
                tried.append(problem)
        return Retried(tuple(tried), left=len(wanted) - len(tried), pause=pause_of(team, caller.at))

    async def _again(self, session: AsyncSession, team: TeamRow, caller: Caller, row: DeliveryRow) -> None:
        before = {"state": row.state, "reason": row.reason}
        await try_again(session, row, caller.at)
        _record(session, team, caller, "delivery.retry", f"delivery:{row.id}", before, {"state": row.state})
        self._wake()

    @writes
    async def pause(self, session: AsyncSession, caller: Caller, until: str | None = None) -> Pause:
        """Post nothing until then, or until somebody resumes: it waits. Done again, only the end changes.

        Raises InvalidInput for an end that cannot be read, or is past.
        """
        team = await changing_team_of(session, caller)
        await require_moderator(session, team, caller)
        before = pause_facts(team)
        if pause_of(team, caller.at) is None:
            team.paused_since = caller.at
        team.paused_until = None if until is None else end_of(team, caller, until)
        _record(session, team, caller, "team.pause", f"team:{team.id}", before, pause_facts(team))
        self._wake()
        return to_pause(team)

    @writes
    async def resume(self, session: AsyncSession, caller: Caller) -> None:
        """Post again, first what fell due meanwhile and is still of use. Raises InvalidInput if nothing is paused."""
        team = await changing_team_of(session, caller)
        await require_moderator(session, team, caller)
        if pause_of(team, caller.at) is None:
            raise InvalidInput(_("Nothing is paused: messages come as planned. /admin pause stops them."))
        before = pause_facts(team)
        team.paused_since = team.paused_until = None
        _record(session, team, caller, "team.resume", f"team:{team.id}", before, pause_facts(team))
        self._wake()

    @writes
    async def notice(self, session: AsyncSession, delivery: Delivery, now: datetime) -> Notice | str:
        """What a due notice tells moderators of, or why there is nothing. What fails from now on is the next one's."""
        return await gather(session, delivery, now)


async def count_troubled(session: AsyncSession, team: TeamRow, now: datetime) -> int:
    """How many messages `/admin failed` lists as needing somebody."""
    return len(await _troubled(session, team, now)) + len(await boards_standing_still(session, team))


async def _troubled(session: AsyncSession, team: TeamRow, now: datetime) -> list[DeliveryRow]:
    """What failed, is held, does not get on, or is there without its thread."""
    return [
        *await unsent(session, team, now - KEPT_IN_SIGHT),
        *await not_getting_on(session, team, now - KEPT_IN_SIGHT, now),
        *await without_thread(session, team, now - LATE_IN_SIGHT),
    ]


def _record(
    session: AsyncSession,
    team: TeamRow,
    caller: Caller,
    action: str,
    subject: str,
    before: audit.Facts,
    after: audit.Facts,
) -> None:
    audit.record(
        session, action, subject, team_id=team.id, actor_id=caller.user_id, at=caller.at, before=before, after=after
    )
