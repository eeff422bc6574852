"""Study days read from every feature's tables into one value each. Works inside the transaction of whoever asks.

Days are read together, because a query costs the same for one as for ten; a single day is a range of one.

What the reader of the page must not see is not read at all: of other people's private retrospectives and of what they
wrote about their own work, nothing reaches the record. `bot.domain.journal` decides again what is printed.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from bot.db.tables import (
    LectureRow,
    MemberRow,
    MinutesRow,
    RetrospectiveRow,
    RoundtableReplyRow,
    RoundtableRow,
    StudyDayRow,
    TeamRow,
)
from bot.domain.day_record import (
    Assignment,
    DayRecord,
    Lecture,
    Member,
    MinutesEntry,
    NextDay,
    Question,
    Reply,
    Retrospective,
    RoundTable,
    SessionFacts,
)
from bot.domain.retro import Visibility
from bot.domain.session import minutes_kind
from bot.domain.team import StudyDay
from bot.services.days import load_calendar
from bot.services.journal._assignments import entries_between, load_assignments
from bot.services.journal._days import closed_days, day_after, day_before
from bot.services.journal._grouped import grouped
from bot.services.journal._lectures import Lectures, load_lectures, to_lecture
from bot.services.journal._next_days import load_next_days, moderators
from bot.services.journal._questions import load_questions
from bot.services.journal._session import load_session_facts
from bot.services.retro.reflections import nameless_by_day, reflections_of
from bot.services.turns import DayDuties, duties_of_days

_TOGETHER: Final = 7

Each = TypeVar("Each")


@dataclass(frozen=True)
class ServerNames:
    """What mentions of channels and roles mean: Discord id → name.

    Pages travel farther than channels, so of the channels that not everybody in the server sees (`hidden`) only the
    team's own are named.
    """

    channels: dict[int, str] = field(default_factory=dict)
    roles: dict[int, str] = field(default_factory=dict)
    hidden: frozenset[int] = frozenset()


def batches(days: Sequence[Each]) -> Iterator[Sequence[Each]]:
    """Days that are read together: enough to save queries, few enough for the memory, whatever was written to them."""
    return (days[at : at + _TOGETHER] for at in range(0, len(days), _TOGETHER))


async def load_record(
    session: AsyncSession, team: TeamRow, day: StudyDay, owner: MemberRow | None, names: ServerNames
) -> DayRecord:
    """Everything that the team's page of a day needs, or that of one member."""
    (record,) = await load_records(session, team, [day], owner, names)
    return record


async def load_records(
    session: AsyncSession, team: TeamRow, days: Sequence[StudyDay], owner: MemberRow | None, names: ServerNames
) -> Sequence[DayRecord]:
    """The same for several days, in their order; what is in each is in the order of ids."""
    shared = await _load_shared(session, team, days, owner)
    return [_record(shared, team, day, names) for day in days]


@dataclass(frozen=True)
class _Shared:
    """What some days are made of: by their ids what was written to them, by their dates what else falls on them."""

    rows: Mapping[int, StudyDayRow]
    members: tuple[Member, ...]
    duties: Mapping[date, DayDuties]
    lectures: Lectures
    elsewhere: Mapping[int, Lecture]
    questions: Mapping[date, tuple[Question, ...]]
    minutes: Mapping[int, Sequence[MinutesEntry]]
    assignments: Mapping[date, tuple[Assignment, ...]]
    round_tables: Mapping[int, Sequence[RoundTable]]
    facts: Mapping[int, SessionFacts]
    next_days: Mapping[date, NextDay]
    retrospectives: Mapping[int, Sequence[Retrospective]]


async def _load_shared(
    session: AsyncSession, team: TeamRow, days: Sequence[StudyDay], owner: MemberRow | None
) -> _Shared:
    calendar, closed = await load_calendar(session, team), await closed_days(session, team)
    dates = {day.date for day in days}
    upcoming = {day: after for day in dates if (after := day_after(calendar, closed, day)) is not None}
    spans = {day: entries_between(calendar, day_before(calendar, closed, day), day) for day in dates}
    rows = {row.id: row for row in await session.scalars(select(StudyDayRow).where(_in(StudyDayRow.id, days)))}
    lectures = await load_lectures(session, team, dates, upcoming.values())
    duties = await duties_of_days(session, team, dates.union(upcoming.values()))
    questions, minutes = await load_questions(session, team, days), await _minutes(session, days)
    entries: Iterable[Question | MinutesEntry] = chain(*questions.values(), *minutes.values())
    closed_at = {row.date: row.closed_at for row in rows.values()}
    return _Shared(
        rows=rows,
        members=await _members(session, team),
        duties=duties,
        lectures=lectures,
        elsewhere=await _named(session, team, entries),
        questions=questions,
        minutes=minutes,
        assignments=await load_assignments(session, team, spans, closed_at, owner),
        round_tables=await _round_tables(session, rows),
        facts=await load_session_facts(session, team, rows.values(), lectures.presented),
        next_days=await load_next_days(session, team, upcoming, closed, calendar, duties, lectures),
        retrospectives=await _retrospectives(session, days, owner),
    )


def _record(shared: _Shared, team: TeamRow, day: StudyDay, names: ServerNames) -> DayRecord:
    row, duties = shared.rows.get(day.id), shared.duties[day.date]
    questions, minutes = shared.questions[day.date], tuple(shared.minutes[day.id])
    studied = tuple(to_lecture(row) for row in shared.lectures.studied[day.date])
    presented = shared.lectures.presented_on(day.date, duties)
    return DayRecord(
        number=day.number,
        date=day.date,
        zone=ZoneInfo(team.timezone),
        members=shared.members,
        title=day.title if day.closed else None,
        close_reason="" if row is None else row.close_reason or "",
        lectures_studied=studied,
        lectures_presented=presented,
        lectures_elsewhere=_elsewhere(shared, (*studied, *presented), (*questions, *minutes)),
        moderator_ids=moderators(duties),
        notes=shared.lectures.notes_on(day.date),
        assignments=shared.assignments[day.date],
        questions=questions,
        minutes=minutes,
        round_tables=tuple(shared.round_tables[day.id]),
        session=shared.facts.get(day.id, SessionFacts()),
        next_day=shared.next_days.get(day.date),
        retrospectives=tuple(shared.retrospectives[day.id]),
        channels=_named_channels(team, names),
        roles=names.roles,
    )


def _in(column: InstrumentedAttribute[int], days: Iterable[StudyDay]) -> ColumnElement[bool]:
    return column.in_([day.id for day in days])


async def _members(session: AsyncSession, team: TeamRow) -> tuple[Member, ...]:
    """Everybody who is or was on the roster, in its order."""
    query = select(MemberRow).where(MemberRow.team_id == team.id).order_by(MemberRow.id)
    return tuple(Member(row.id, row.user_id, row.name) for row in await session.scalars(query))


async def _named(
    session: AsyncSession, team: TeamRow, entries: Iterable[Question | MinutesEntry]
) -> Mapping[int, Lecture]:
    """The lectures that entries are about."""
    wanted = {entry.lecture_id for entry in entries if entry.lecture_id is not None}
    query = select(LectureRow).where(LectureRow.team_id == team.id, LectureRow.id.in_(wanted))
    return {row.id: to_lecture(row) for row in await session.scalars(query)}


def _elsewhere(
    shared: _Shared, shown: Iterable[Lecture], entries: Iterable[Question | MinutesEntry]
) -> tuple[Lecture, ...]:
    """Lectures of other days that something of this day is about."""
    wanted = {entry.lecture_id for entry in entries if entry.lecture_id is not None} - {each.id for each in shown}
    return tuple(shared.elsewhere[lecture_id] for lecture_id in sorted(wanted & shared.elsewhere.keys()))


async def _minutes(session: AsyncSession, days: Iterable[StudyDay]) -> Mapping[int, Sequence[MinutesEntry]]:
    query = select(MinutesRow).where(_in(MinutesRow.day_id, days)).order_by(MinutesRow.id)
    rows = grouped(await session.scalars(query), lambda row: row.day_id)
    return defaultdict(list, {day_id: [_entry(row) for row in of_day] for day_id, of_day in rows.items()})


def _entry(row: MinutesRow) -> MinutesEntry:
    return MinutesEntry(minutes_kind(row.kind), row.text, row.lecture_id, row.owner_id, row.due)


async def _round_tables(session: AsyncSession, days: Mapping[int, StudyDayRow]) -> Mapping[int, Sequence[RoundTable]]:
    """Replies are seen once their table is closed, at the latest when its day is."""
    tables = select(RoundtableRow).where(RoundtableRow.day_id.in_(days)).order_by(RoundtableRow.id)
    rows = (await session.scalars(tables)).all()
    closed = [row.id for row in rows if days[row.day_id].number is not None or row.closed_at is not None]
    said = select(RoundtableReplyRow).where(RoundtableReplyRow.roundtable_id.in_(closed))
    given = await session.scalars(said.order_by(RoundtableReplyRow.id))
    replies = grouped(given, lambda row: row.roundtable_id)
    found: defaultdict[int, list[RoundTable]] = defaultdict(list)
    for row in rows:
        said_at_it = tuple(Reply(reply.member_id, reply.text) for reply in replies[row.id])
        found[row.day_id].append(RoundTable(row.prompt, said_at_it))
    return found


async def _retrospectives(
    session: AsyncSession, days: Collection[StudyDay], owner: MemberRow | None
) -> Mapping[int, Sequence[Retrospective]]:
    """On the team's page the team's and the anonymous ones, on a member's page only what they wrote by name."""
    query = select(RetrospectiveRow).where(_in(RetrospectiveRow.day_id, days)).order_by(RetrospectiveRow.member_id)
    if owner is not None:
        return await _by_name(session, query.where(RetrospectiveRow.member_id == owner.id))
    found = await _by_name(session, query.where(RetrospectiveRow.visibility == Visibility.TEAM))
    for day_id, nameless in (await nameless_by_day(session, [day.id for day in days])).items():
        found[day_id] += [Retrospective("anonymous", reflections, key=key) for key, reflections in nameless]
    return found


async def _by_name(session: AsyncSession, query: Select[RetrospectiveRow]) -> defaultdict[int, list[Retrospective]]:
    rows = (await session.scalars(query)).all()
    reflections = await reflections_of(session, [row.id for row in rows])
    found: defaultdict[int, list[Retrospective]] = defaultdict(list)
    for row in rows:
        found[row.day_id].append(
            Retrospective(
                "private" if row.visibility == Visibility.PRIVATE else "team",
                reflections.get(row.id, ()),
                row.member_id,
                edited=row.edited_at is not None,
            )
        )
    return found


def _named_channels(team: TeamRow, names: ServerNames) -> dict[int, str]:
    own = {team.study_channel_id, team.reminder_channel_id, team.retro_channel_id, team.journal_channel_id}
    return {
        channel_id: name
        for channel_id, name in names.channels.items()
        if channel_id in own or channel_id not in names.hidden
    }
