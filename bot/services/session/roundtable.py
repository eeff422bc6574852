"""The round table: its question, what each member says to it, and its end, when everybody sees what the others said."""

from collections.abc import Callable, Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import RoundtableReplyRow, RoundtableRow, StudyDayRow, TeamRow
from bot.domain.session import Replies, RoundTable
from bot.domain.team import Caller, StudyDay, Team
from bot.services import audit
from bot.services.days import day_of_entry, load_calendar, to_study_day
from bot.services.session._minutes import replies_of
from bot.services.session._notes import PROMPT_LIMIT, read_text
from bot.services.session._roundtable import Question, Replied, replied, reply_of, roundtable_of
from bot.services.session_posts import REPLIES, ROUNDTABLE, post, show_agenda
from bot.services.teams import changing_team_of, member_of, require_moderator, team_of
from bot.services.turns import members
from bot.services.values import to_team

__all__ = ["Question", "Replied", "RoundTables"]


class RoundTables:
    """`/session roundtable`, *Reply* and *Close*."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @writes
    async def ask(self, session: AsyncSession, caller: Caller, prompt: str) -> StudyDay:
        """Post a question to everybody into the thread of the day."""
        team = await changing_team_of(session, caller)
        await require_moderator(session, team, caller, today=True)
        day = await day_of_entry(session, team, caller.at)
        row = RoundtableRow(day_id=day.id, prompt=read_text(prompt, PROMPT_LIMIT), opened_at=caller.at)
        session.add(row)
        await session.flush()
        await _post(session, team, caller, day, ROUNDTABLE, row)
        _record(session, team, caller, ROUNDTABLE, row, after={"prompt": row.prompt})
        await self._show(session, team, caller)
        return await to_study_day(session, team, day)

    @reads
    async def prompt(self, session: AsyncSession, roundtable_id: int) -> tuple[Team, str]:
        """The prompt of a round table, and whose it is."""
        row = await session.get_one(RoundtableRow, roundtable_id)
        day = await session.get_one(StudyDayRow, row.day_id)
        return to_team(await session.get_one(TeamRow, day.team_id)), row.prompt

    @reads
    async def question(self, session: AsyncSession, caller: Caller, roundtable_id: int) -> Question:
        """What the form of a reply starts from. Raises InvalidInput once the day is over."""
        team = await team_of(session, caller)
        member = await member_of(session, team, caller)
        row = await roundtable_of(session, team, caller, roundtable_id)
        own = await reply_of(session, row, member)
        return Question(row.prompt, "" if own is None else own.text)

    @writes
    async def reply(self, session: AsyncSession, caller: Caller, roundtable_id: int, text: str) -> Replied:
        """Save one's reply in place of an earlier one. Raises InvalidInput once the day is over."""
        team = await changing_team_of(session, caller)
        member = await member_of(session, team, caller)
        row = await roundtable_of(session, team, caller, roundtable_id)
        said = read_text(text)
        own = await reply_of(session, row, member)
        if own is None:
            own = RoundtableReplyRow(roundtable_id=row.id, member_id=member.id)
            session.add(own)
        own.text, own.replied_at = said, caller.at
        await session.flush()
        _record(session, team, caller, "session.reply", row)
        await self._show(session, team, caller)
        return await replied(session, team, row)

    @writes
    async def close(self, session: AsyncSession, caller: Caller, roundtable_id: int) -> int:
        """Show what everybody said, in the thread of the day, and take no more. Returns how many have replied.

        Raises InvalidInput if it is closed already.
        """
        team = await changing_team_of(session, caller)
        await require_moderator(session, team, caller, today=True)
        row = await roundtable_of(session, team, caller, roundtable_id)
        row.closed_at = caller.at
        await _post(session, team, caller, await session.get_one(StudyDayRow, row.day_id), REPLIES, row)
        _record(session, team, caller, "session.close", row)
        await session.flush()
        await self._show(session, team, caller)
        return len(await replies_of(session, row.id))

    @reads
    async def replies(self, session: AsyncSession, roundtable_id: int) -> Replies:
        """A closed round table with what everybody said."""
        row = await session.get_one(RoundtableRow, roundtable_id)
        day = await session.get_one(StudyDayRow, row.day_id)
        team = await session.get_one(TeamRow, day.team_id)
        names = {member.user_id: member.name for member in (await members(session, team)).values()}
        return Replies(to_team(team), RoundTable(row.prompt, await replies_of(session, row.id)), names)

    async def _show(self, session: AsyncSession, team: TeamRow, caller: Caller) -> None:
        """What the agenda shows has changed, if there is one."""
        await show_agenda(session, team, caller.at)
        self._wake()


async def _post(
    session: AsyncSession, team: TeamRow, caller: Caller, day: StudyDayRow, kind: str, row: RoundtableRow
) -> None:
    """Plan a message for the day's thread; of no use once the day is over."""
    ends = (await load_calendar(session, team)).ends_at(day.date)
    await post(session, team, day, kind, row.id, caller.at, expires_at=ends)


def _record(
    session: AsyncSession,
    team: TeamRow,
    caller: Caller,
    action: str,
    row: RoundtableRow,
    *,
    after: Mapping[str, object] | None = None,
) -> None:
    subject = f"roundtable:{row.id}"
    audit.record(session, action, subject, team_id=team.id, actor_id=caller.user_id, at=caller.at, after=after)
