"""Lectures, notes and materials."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import LectureRow, MaterialRow, MemberRow, NoteRow, TeamRow
from bot.domain.calendar import StudyCalendar
from bot.domain.dates import DateUnreadable, read_date
from bot.domain.duties import KINDS_WITHOUT_PRESENTER
from bot.domain.lectures import LectureSummary, MaterialPlace, NewLecture, NewMaterial, NumberedDay
from bot.domain.references import Reference
from bot.domain.team import Caller
from bot.domain.titles import lecture_label
from bot.errors import InvalidInput, NotFound
from bot.i18n import _
from bot.services import audit
from bot.services.days import load_calendar
from bot.services.teams import changing_team_of, is_moderator, member_named, member_of, team_of
from bot.services.turns import active_turns, assign_presenter, brief, presenters_of, propose_if_announced
from bot.services.values import to_member

TITLE_LIMIT: Final = 200
COURSE_LIMIT: Final = 50
NUMBER_LIMIT: Final = 20
URL_LIMIT: Final = 2000

FURTHEST: Final = timedelta(days=366)
"""How far ahead a lecture or a turn may be planned; a typing error in the year should not go through."""


async def lecture_of(session: AsyncSession, team: TeamRow, lecture_id: int) -> LectureRow:
    """A lecture of this team. Raises NotFound for any other."""
    row = await session.scalar(select(LectureRow).where(LectureRow.id == lecture_id, LectureRow.team_id == team.id))
    if row is None:
        raise NotFound(_("This team has no such lecture. /lecture list shows them."))
    return row


def unit_label(row: LectureRow) -> str:
    """`NLP 5강`; the title where a lecture has no number."""
    return lecture_label(row)


def label(row: LectureRow) -> str:
    """`NLP 5강 · Attention`; course and number are left out where there are none."""
    return f"{lecture_label(row)} · {row.title}" if row.number else lecture_label(row)


def read_day(text: str, calendar: StudyCalendar, at: datetime, *, past: bool = False) -> date:
    """A date as typed, at most `FURTHEST` ahead. Raises InvalidInput saying how to write one."""
    today = calendar.date_at(at)
    try:
        day = read_date(text, today, past=past)
    except DateUnreadable:
        raise InvalidInput(
            _("I cannot read {text} as a date. Write it like 2026-12-03, 12/3 or tomorrow."), text=text
        ) from None
    if day > today + FURTHEST:
        raise InvalidInput(_("{day:%Y-%m-%d} is more than a year away. Please check the year."), day=day)
    return day


def require_open_study_day(calendar: StudyCalendar, day: date, today: date) -> None:
    """Raises InvalidInput for a day that is over, and for a day off."""
    if day < today:
        raise InvalidInput(
            _("{day:day} is already over. Choose {today:day} or a later study day."), day=day, today=today
        )
    if not calendar.is_study_day(day):
        raise InvalidInput(_("{day:day} is no study day. /calendar show tells which days are."), day=day)


class Lectures:
    """`/lecture`."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @reads
    async def choices(self, session: AsyncSession, caller: Caller, typed: str) -> Sequence[Reference]:
        """Lectures whose label contains what was typed, those studied or presented nearest to today first."""
        try:
            team = await team_of(session, caller)
        except NotFound:
            return []
        today = (await load_calendar(session, team)).day_for_entry(caller.at)
        fitting = [row for row in await _lectures(session, team) if _compact(typed) in _compact(label(row))]
        nearest = sorted(fitting, key=lambda row: _distance(row, today))
        return [Reference(row.id, label(row)) for row in nearest]

    @reads
    async def list(self, session: AsyncSession, caller: Caller) -> Sequence[LectureSummary]:
        """Every lecture of the team, in the order in which they are studied."""
        team = await team_of(session, caller)
        return await _summaries(session, team, await _lectures(session, team), caller.at)

    @writes
    async def add(self, session: AsyncSession, caller: Caller, new: NewLecture) -> LectureSummary:
        """Add a lecture, with the presenter that was named or the one whose turn it is.

        Raises InvalidInput for what cannot be, NotFound for a presenter who is not on the roster.
        """
        team = await changing_team_of(session, caller)
        await _require_part(session, team, caller)
        row = _new_row(team, new, await _latest_course(session, team), caller.at)
        await _set_days(session, team, row, new, caller.at)
        await _require_new(session, team, row)
        session.add(row)
        await session.flush()
        facts = {"lecture": label(row), "study_date": row.study_date, "session_date": row.session_date}
        _record(session, team, caller, "lecture.add", row, facts)
        if new.presenter_user_id is not None:
            presenter = await _presenter(session, team, row, new.presenter_user_id)
            await assign_presenter(session, team, row, presenter, now=caller.at, actor_id=caller.user_id)
        await propose_if_announced(session, team, row.session_date, caller.at)
        self._wake()
        return (await _summaries(session, team, [row], caller.at))[0]

    @reads
    async def check_note(self, session: AsyncSession, caller: Caller, lecture_id: int) -> str:
        """The lecture's label. Raises what `add_note` would raise, before anybody writes."""
        team = await team_of(session, caller)
        await member_of(session, team, caller)
        return label(await lecture_of(session, team, lecture_id))

    @writes
    async def add_note(self, session: AsyncSession, caller: Caller, lecture_id: int, text: str) -> str:
        """Add to one's notes of a lecture; what is there stays. Returns the lecture's label."""
        team = await changing_team_of(session, caller)
        member = await member_of(session, team, caller)
        row = await lecture_of(session, team, lecture_id)
        session.add(NoteRow(lecture_id=row.id, member_id=member.id, text=text, written_at=caller.at))
        _record(session, team, caller, "lecture.note", row, {"characters": len(text)})
        self._wake()
        return label(row)

    @reads
    async def check_material(
        self, session: AsyncSession, caller: Caller, lecture_id: int, new: NewMaterial, *, has_file: bool
    ) -> MaterialPlace:
        """Where a file would be kept. Raises what `add_material` would raise, before anything is posted."""
        team = await team_of(session, caller)
        member = await member_of(session, team, caller)
        row = await lecture_of(session, team, lecture_id)
        if (new.url is None) is not has_file:
            raise InvalidInput(_("Give either a link or a file. For both, use the command twice."))
        _material_title(new)
        return MaterialPlace(team.study_channel_id, team.language, lecture_label(row), to_member(member))

    @writes
    async def add_material(self, session: AsyncSession, caller: Caller, lecture_id: int, new: NewMaterial) -> str:
        """Put a link or a kept file under a lecture. Returns the material's title."""
        team = await changing_team_of(session, caller)
        member = await member_of(session, team, caller)
        row = await lecture_of(session, team, lecture_id)
        title, url = _material_title(new)
        session.add(
            MaterialRow(
                lecture_id=row.id,
                member_id=member.id,
                title=title,
                url=url,
                channel_id=new.channel_id,
                message_id=new.message_id,
                attachment_id=new.attachment_id,
                added_at=caller.at,
            )
        )
        _record(session, team, caller, "lecture.material", row, {"title": title, "url": url})
        await brief(session, team, caller.at)
        self._wake()
        return title


async def _lectures(session: AsyncSession, team: TeamRow) -> Sequence[LectureRow]:
    query = select(LectureRow).where(LectureRow.team_id == team.id).order_by(LectureRow.study_date, LectureRow.id)
    return (await session.scalars(query)).all()


async def _summaries(
    session: AsyncSession, team: TeamRow, rows: Sequence[LectureRow], at: datetime
) -> list[LectureSummary]:
    calendar = await load_calendar(session, team)
    presenters = await presenters_of(session, team, rows, calendar.day_for_entry(at))
    settled = {turn.lecture_id for turn in await active_turns(session, team)}
    return [
        LectureSummary(
            id=row.id,
            label=label(row),
            kind=row.kind,
            studied=_numbered(calendar, row.study_date),
            presented=_numbered(calendar, row.session_date),
            presenter=next(iter(presenters.get(row.id, ())), None),
            settled=row.id in settled,
        )
        for row in rows
    ]


def _numbered(calendar: StudyCalendar, day: date) -> NumberedDay:
    return NumberedDay(day, calendar.number(day) if calendar.is_study_day(day) else None)


def _compact(text: str) -> str:
    return "".join(text.casefold().split())


def _distance(row: LectureRow, today: date) -> int:
    """Days between today and whichever of the lecture's two dates is nearer."""
    return min(abs((day - today).days) for day in (row.study_date, row.session_date))


async def _require_part(session: AsyncSession, team: TeamRow, caller: Caller) -> None:
    """Members and moderators; a moderator need not be on the roster."""
    if not is_moderator(team, caller):
        await member_of(session, team, caller)


async def _latest_course(session: AsyncSession, team: TeamRow) -> str:
    query = select(LectureRow.course).where(LectureRow.team_id == team.id).order_by(LectureRow.id.desc()).limit(1)
    return await session.scalar(query) or ""


def _new_row(team: TeamRow, new: NewLecture, latest_course: str, at: datetime) -> LectureRow:
    title = _line(new.title, TITLE_LIMIT)
    if not title:
        raise InvalidInput(_("A lecture needs a title. Please write one."))
    return LectureRow(
        team_id=team.id,
        course=latest_course if new.course is None else _line(new.course, COURSE_LIMIT),
        number=_line(new.number or "", NUMBER_LIMIT),
        title=title,
        kind=new.kind,
        created_at=at,
    )


def _line(text: str, limit: int) -> str:
    """Text on one line. Raises InvalidInput if it is too long."""
    line = " ".join(text.split())
    if len(line) > limit:
        raise InvalidInput(
            _("{text}… is too long, {limit} characters are the most. Please shorten it."), text=line[:20], limit=limit
        )
    return line


async def _set_days(session: AsyncSession, team: TeamRow, row: LectureRow, new: NewLecture, at: datetime) -> None:
    """Studied today and presented on the study day after, unless said otherwise.

    It may have been studied before the team began here, or before today; it is presented on a day still to come.
    """
    calendar = await load_calendar(session, team)
    today = calendar.day_for_entry(at)
    row.study_date = today if new.studied is None else read_day(new.studied, calendar, at, past=True)
    if row.study_date >= today:
        require_open_study_day(calendar, row.study_date, today)
    if new.presented is None:
        row.session_date = max(calendar.next_after(row.study_date), today)
    else:
        row.session_date = read_day(new.presented, calendar, at)
    require_open_study_day(calendar, row.session_date, today)
    if row.session_date < row.study_date:
        raise InvalidInput(
            _("It cannot be presented on {presented:day}, before it is studied on {studied:day}. Change one of them."),
            presented=row.session_date,
            studied=row.study_date,
        )


async def _require_new(session: AsyncSession, team: TeamRow, row: LectureRow) -> None:
    """Raises InvalidInput for the same lecture on the same day: a command sent twice."""
    for other in await _lectures(session, team):
        same = (other.course, other.number, other.title) == (row.course, row.number, row.title)
        if same and other.study_date == row.study_date:
            raise InvalidInput(_("{lecture} is already there. /lecture list shows it."), lecture=label(row))


async def _presenter(session: AsyncSession, team: TeamRow, row: LectureRow, user_id: int) -> MemberRow:
    if row.kind in KINDS_WITHOUT_PRESENTER:
        raise InvalidInput(_("An event has no presenter. Leave the presenter out, or choose another kind."))
    return await member_named(session, team, user_id)


def _material_title(new: NewMaterial) -> tuple[str, str | None]:
    """Title and address of a material. Raises InvalidInput for what cannot be used."""
    url = None if new.url is None else _read_url(new.url)
    return _line(new.title or "", TITLE_LIMIT) or new.file_name or (url or "")[:TITLE_LIMIT], url


def _read_url(text: str) -> str:
    """A web address. Raises InvalidInput for anything else."""
    url = text.strip()
    try:
        parts = urlsplit(url)
        valid = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        valid = False
    if not valid or any(character.isspace() or not character.isprintable() for character in url):
        raise InvalidInput(_("{text} is no web address. Give one that begins with https://."), text=url[:100])
    if len(url) > URL_LIMIT:
        raise InvalidInput(_("The address is too long, {limit} characters are the most."), limit=URL_LIMIT)
    return url


def _record(
    session: AsyncSession, team: TeamRow, caller: Caller, action: str, row: LectureRow, facts: audit.Facts
) -> None:
    audit.record(
        session, action, f"lecture:{row.id}", team_id=team.id, actor_id=caller.user_id, at=caller.at, after=facts
    )
