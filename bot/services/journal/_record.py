"""A study day read from every feature's tables into one value. Works inside the transaction of whoever asks.

What the reader of the page must not see is not read at all: of other people's private retrospectives and of what they
wrote about their own work, nothing reaches the record. `bot.domain.journal` decides again what is printed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import (
    DutyRow,
    LectureRow,
    MemberRow,
    MinutesRow,
    RetrospectiveRow,
    RoundtableReplyRow,
    RoundtableRow,
    StudyDayRow,
    TeamRow,
)
from bot.domain.calendar import StudyCalendar
from bot.domain.day_record import (
    DayRecord,
    Lecture,
    Member,
    MinutesEntry,
    NextDay,
    OwnDuty,
    Question,
    Reply,
    Retrospective,
    RoundTable,
)
from bot.domain.duties import MODERATOR
from bot.domain.retro import Visibility
from bot.domain.session import minutes_kind
from bot.domain.team import StudyDay
from bot.services.days import lectures_presented, lectures_studied, load_calendar
from bot.services.journal._assignments import entries_between, load_assignments
from bot.services.journal._days import closed_days, day_after, day_before
from bot.services.journal._lectures import load_lectures, load_notes, to_lecture
from bot.services.journal._questions import load_questions
from bot.services.journal._session import load_session_facts
from bot.services.retro.reflections import nameless_of_day, reflections_of
from bot.services.turns import DayDuties, DutyTurn, duties_on, own_duty


@dataclass(frozen=True)
class ServerNames:
    """What mentions of channels and roles mean: Discord id → name.

    Pages travel farther than channels, so of the channels that not everybody in the server sees (`hidden`) only the
    team's own are named.
    """

    channels: dict[int, str] = field(default_factory=dict)
    roles: dict[int, str] = field(default_factory=dict)
    hidden: frozenset[int] = frozenset()


async def load_record(
    session: AsyncSession, team: TeamRow, day: StudyDay, owner: MemberRow | None, names: ServerNames
) -> DayRecord:
    """Everything that the team's page of a day needs, or that of one member, in the order of ids."""
    calendar, closed = await load_calendar(session, team), await closed_days(session, team)
    entries = entries_between(calendar, day_before(calendar, closed, day.date), day.date)
    studied = await lectures_studied(session, team, day.date)
    presented = await lectures_presented(session, team, day.date, day.date)
    duties = await duties_on(session, team, day.date)
    questions = await load_questions(session, team, day)
    minutes = await _minutes(session, day.id)
    return DayRecord(
        number=day.number,
        date=day.date,
        zone=ZoneInfo(team.timezone),
        members=await _members(session, team),
        title=day.title if day.closed else None,
        close_reason=await _close_reason(session, day),
        lectures_studied=tuple(to_lecture(row) for row in studied),
        lectures_presented=await load_lectures(session, team, presented, duties),
        lectures_elsewhere=await _elsewhere(session, team, (*studied, *presented), (*questions, *minutes)),
        moderator_ids=_moderators(duties),
        notes=await load_notes(session, [row.id for row in studied]),
        assignments=await load_assignments(session, team, day.date, entries, owner),
        questions=questions,
        minutes=minutes,
        round_tables=await _round_tables(session, day.id),
        session=await load_session_facts(session, team, day.id),
        next_day=await _next_day(session, team, calendar, closed, day.date),
        retrospectives=await _retrospectives(session, day.id, owner),
        channels=_named_channels(team, names),
        roles=names.roles,
    )


async def _close_reason(session: AsyncSession, day: StudyDay) -> str:
    row = await session.get(StudyDayRow, day.id)
    return "" if row is None else row.close_reason or ""


async def _members(session: AsyncSession, team: TeamRow) -> tuple[Member, ...]:
    """Everybody who is or was on the roster, in its order."""
    query = select(MemberRow).where(MemberRow.team_id == team.id).order_by(MemberRow.id)
    return tuple(Member(row.id, row.user_id, row.name) for row in await session.scalars(query))


async def _elsewhere(
    session: AsyncSession, team: TeamRow, shown: Iterable[LectureRow], entries: Iterable[Question | MinutesEntry]
) -> tuple[Lecture, ...]:
    """Lectures of other days that something of this day is about."""
    wanted = {entry.lecture_id for entry in entries if entry.lecture_id is not None} - {row.id for row in shown}
    query = select(LectureRow).where(LectureRow.team_id == team.id, LectureRow.id.in_(wanted)).order_by(LectureRow.id)
    return tuple(to_lecture(row) for row in await session.scalars(query))


async def _minutes(session: AsyncSession, day_id: int) -> tuple[MinutesEntry, ...]:
    query = select(MinutesRow).where(MinutesRow.day_id == day_id).order_by(MinutesRow.id)
    return tuple(
        MinutesEntry(minutes_kind(row.kind), row.text, row.lecture_id, row.owner_id, row.due)
        for row in await session.scalars(query)
    )


async def _round_tables(session: AsyncSession, day_id: int) -> tuple[RoundTable, ...]:
    """Replies are seen once their table is closed, at the latest when its day is."""
    tables = select(RoundtableRow).where(RoundtableRow.day_id == day_id).order_by(RoundtableRow.id)
    rows = (await session.scalars(tables)).all()
    day_closed = await session.scalar(select(StudyDayRow.number).where(StudyDayRow.id == day_id)) is not None
    closed = [row.id for row in rows if day_closed or row.closed_at is not None]
    prompts = {row.id: row.prompt for row in rows}
    said = select(RoundtableReplyRow).where(RoundtableReplyRow.roundtable_id.in_(closed))
    replies = (await session.scalars(said.order_by(RoundtableReplyRow.id))).all()
    return tuple(
        RoundTable(prompt, tuple(Reply(row.member_id, row.text) for row in replies if row.roundtable_id == table_id))
        for table_id, prompt in prompts.items()
    )


async def _retrospectives(session: AsyncSession, day_id: int, owner: MemberRow | None) -> tuple[Retrospective, ...]:
    """On the team's page the team's and the anonymous ones, on a member's page only what they wrote by name."""
    query = select(RetrospectiveRow).where(RetrospectiveRow.day_id == day_id).order_by(RetrospectiveRow.member_id)
    if owner is not None:
        return await _by_name(session, query.where(RetrospectiveRow.member_id == owner.id))
    named = await _by_name(session, query.where(RetrospectiveRow.visibility == Visibility.TEAM))
    nameless = await nameless_of_day(session, day_id)
    return (*named, *(Retrospective("anonymous", reflections, key=key) for key, reflections in nameless))


async def _by_name(session: AsyncSession, query: Select[RetrospectiveRow]) -> tuple[Retrospective, ...]:
    rows = (await session.scalars(query)).all()
    reflections = await reflections_of(session, [row.id for row in rows])
    return tuple(
        Retrospective(
            "private" if row.visibility == Visibility.PRIVATE else "team",
            reflections.get(row.id, ()),
            row.member_id,
            edited=row.edited_at is not None,
        )
        for row in rows
    )


async def _next_day(
    session: AsyncSession, team: TeamRow, calendar: StudyCalendar, closed: Mapping[date, int], day: date
) -> NextDay | None:
    """Who does what on the study day after a date; None where the calendar has none."""
    upcoming = day_after(calendar, closed, day)
    if upcoming is None:
        return None
    duties = await duties_on(session, team, upcoming)
    presented = await lectures_presented(session, team, upcoming, upcoming)
    return NextDay(
        number=closed[upcoming] if upcoming in closed else calendar.number(upcoming),
        date=upcoming,
        moderator_ids=_moderators(duties),
        lectures=tuple(to_lecture(row, duties) for row in presented),
        unconfirmed_ids=frozenset(
            turn.member.id for turn in duties.turns if turn.duty == MODERATOR and not turn.confirmed
        ),
        own=await _own_duties(session, team, duties),
    )


async def _own_duties(session: AsyncSession, team: TeamRow, duties: DayDuties) -> tuple[OwnDuty, ...]:
    """The team's own duties of a day; people who do one together stand together."""
    rows = await session.scalars(select(DutyRow).where(DutyRow.team_id == team.id))
    names = {own_duty(row.id): row.name for row in rows}
    turns: dict[tuple[str, int | None], list[DutyTurn]] = {}
    for turn in duties.turns:
        if turn.duty in names:
            turns.setdefault((turn.duty, turn.lecture_id), []).append(turn)
    return tuple(
        OwnDuty(
            names[duty],
            tuple(turn.member.id for turn in found),
            frozenset(turn.member.id for turn in found if not turn.confirmed),
            lecture_id,
        )
        for (duty, lecture_id), found in turns.items()
    )


def _moderators(duties: DayDuties) -> tuple[int, ...]:
    return () if duties.moderator is None else (duties.moderator.id,)


def _named_channels(team: TeamRow, names: ServerNames) -> dict[int, str]:
    own = {team.study_channel_id, team.reminder_channel_id, team.retro_channel_id, team.journal_channel_id}
    return {
        channel_id: name
        for channel_id, name in names.channels.items()
        if channel_id in own or channel_id not in names.hidden
    }
