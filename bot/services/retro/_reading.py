"""Reading what was written, and how many days in a row."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads
from bot.db.tables import MemberRow, RetrospectiveRow
from bot.domain.retro import Reflection, Visibility, written
from bot.domain.team import Caller, StudyDay
from bot.errors import InvalidInput
from bot.i18n import _
from bot.services.journal import day_meant
from bot.services.retro._streaks import Streaks, load_streaks
from bot.services.retro.reflections import nameless_of_day, reflections_of
from bot.services.teams import is_moderator, member_named, member_of, team_of


@dataclass(frozen=True)
class Entry:
    """A retrospective as it is read: `author` None for an anonymous one, `private` for nobody but its author."""

    author: str | None
    reflections: tuple[Reflection, ...]
    edited: bool = False
    private: bool = False


@dataclass(frozen=True)
class Entries:
    """What was written on a day; `of` is the one whose text was asked for."""

    day: StudyDay
    entries: tuple[Entry, ...]
    of: str | None = None


class RetroReading:
    """`/retro show` and `/retro streak`."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @reads
    async def show(self, session: AsyncSession, caller: Caller, typed: str | None, user_id: int | None) -> Entries:
        """What the team may read of a day, or what one member wrote by name; one's own also if it is private.

        Without a day, the latest. Raises NotAllowed for guests, NotFound for a day that has no page.
        """
        team = await team_of(session, caller)
        if not is_moderator(team, caller):
            await member_of(session, team, caller)
        day = await day_meant(session, team, caller.at, typed)
        if user_id is None:
            named = await _named(session, day, caller)
            nameless = await nameless_of_day(session, day.id)
            return Entries(day, (*named, *(Entry(None, texts) for _key, texts in nameless)))
        member = await member_named(session, team, user_id)
        named = await _named(session, day, caller, member)
        return Entries(day, named, of=member.name)

    @reads
    async def streak(self, session: AsyncSession, caller: Caller) -> Streaks:
        """One's own streak and the team's. Raises InvalidInput where the team has switched them off."""
        team = await team_of(session, caller)
        member = await member_of(session, team, caller)
        if not team.streaks:
            raise InvalidInput(_("Your team does not count days in a row. A moderator can switch streaks on."))
        return await load_streaks(session, team, caller.at, member.id)


async def _named(
    session: AsyncSession, day: StudyDay, caller: Caller, member: MemberRow | None = None
) -> tuple[Entry, ...]:
    """Those by name, in roster order, or one member's; a private one is read only for whoever asks for their own."""
    query = (
        select(RetrospectiveRow, MemberRow.name)
        .join(MemberRow, MemberRow.id == RetrospectiveRow.member_id)
        .where(RetrospectiveRow.day_id == day.id)
        .order_by(RetrospectiveRow.member_id)
    )
    if member is not None:
        query = query.where(MemberRow.id == member.id)
    if member is None or member.user_id != caller.user_id:
        query = query.where(RetrospectiveRow.visibility == Visibility.TEAM)
    rows = (await session.execute(query)).all()
    texts = await reflections_of(session, [row.id for row, _name in rows])
    return tuple(
        Entry(
            name,
            written(texts.get(row.id, ())),
            edited=row.edited_at is not None,
            private=row.visibility == Visibility.PRIVATE,
        )
        for row, name in rows
    )
