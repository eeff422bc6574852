"""Reading what people type for a lecture: names, days, links."""

from datetime import date, datetime, timedelta
from typing import Final

from bot.db.tables import LectureRow, TeamRow
from bot.domain.calendar import StudyCalendar
from bot.domain.dates import DateUnreadable, read_coming_date, read_date
from bot.domain.duties import KINDS_WITHOUT_PRESENTER, MOST_READERS
from bot.domain.lectures import LectureEdit, NewLecture, NewMaterial
from bot.domain.web_addresses import has_credentials, is_web_address
from bot.errors import InvalidInput
from bot.i18n import _

TITLE_LIMIT: Final = 200
COURSE_LIMIT: Final = 50
NUMBER_LIMIT: Final = 20
URL_LIMIT: Final = 2000

FURTHEST: Final = timedelta(days=366)
"""How far ahead a lecture or a turn may be planned; a typing error in the year should not go through."""


def read_day(text: str, calendar: StudyCalendar, at: datetime, *, past: bool = False) -> date:
    """A date as typed, at most `FURTHEST` ahead. Raises InvalidInput saying how to write one."""
    today = calendar.date_at(at)
    try:
        day = read_date(text, today, past=True) if past else read_coming_date(text, today)
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


def new_row(team: TeamRow, new: NewLecture, latest_course: str, at: datetime) -> LectureRow:
    """The lecture as typed, without its days. Raises InvalidInput for what cannot be."""
    row = LectureRow(team_id=team.id, course=latest_course, number="", kind=new.kind, readers=1, created_at=at)
    edit_row(row, LectureEdit(new.title, new.course, new.number, None, new.readers))
    return row


def edit_row(row: LectureRow, edit: LectureEdit) -> None:
    """Put what was typed into a lecture. Raises InvalidInput for what cannot be."""
    if edit.title is not None:
        row.title = _title(edit.title)
    if edit.course is not None:
        row.course = _line(edit.course, COURSE_LIMIT)
    if edit.number is not None:
        row.number = _line(edit.number, NUMBER_LIMIT)
    if edit.kind is not None:
        row.kind = edit.kind
    row.readers = _readers(row.kind, edit.readers, row.readers)


def _title(text: str) -> str:
    title = _line(text, TITLE_LIMIT)
    if not title:
        raise InvalidInput(_("A lecture needs a title. Please write one."))
    return title


def _readers(kind: str, typed: int | None, before: int) -> int:
    """How many present a lecture together; of an event the number says nothing, and is 1."""
    if kind in KINDS_WITHOUT_PRESENTER:
        if typed is not None:
            raise InvalidInput(_("An event has no presenter. Leave the readers out, or choose another kind."))
        return 1
    readers = before if typed is None else typed
    if not 1 <= readers <= MOST_READERS:
        text = _("One to {most} people present a lecture together, not {count}. Please give another number.")
        raise InvalidInput(text, most=MOST_READERS, count=readers)
    return readers


def _line(text: str, limit: int) -> str:
    """Text on one line. Raises InvalidInput if it is too long."""
    line = " ".join(text.split())
    if len(line) > limit:
        raise InvalidInput(
            _("{text}… is too long, {limit} characters are the most. Please shorten it."), text=line[:20], limit=limit
        )
    return line


def set_days(row: LectureRow, new: NewLecture, calendar: StudyCalendar, at: datetime) -> None:
    """Studied today and presented on the study day after, unless said otherwise.

    It may have been studied before the team began here, or before today; it is presented on a day still to come.
    """
    today = calendar.day_for_entry(at)
    row.study_date = today if new.studied is None else read_day(new.studied, calendar, at, past=True)
    if row.study_date >= today:
        require_open_study_day(calendar, row.study_date, today)
    if new.presented is None:
        row.session_date = max(calendar.next_after(row.study_date), today)
    else:
        row.session_date = read_day(new.presented, calendar, at)
    require_open_study_day(calendar, row.session_date, today)
    require_studied_first(row.study_date, row.session_date)


def require_studied_first(studied: date, presented: date) -> None:
    """Raises InvalidInput for a lecture that would be presented before it is studied."""
    if presented < studied:
        raise InvalidInput(
            _("It cannot be presented on {presented:day}, before it is studied on {studied:day}. Change one of them."),
            presented=presented,
            studied=studied,
        )


def material_title(new: NewMaterial) -> tuple[str, str | None]:
    """Title and address of a material. Raises InvalidInput for what cannot be used."""
    url = None if new.url is None else _read_url(new.url)
    return _line(new.title or "", TITLE_LIMIT) or new.file_name or (url or "")[:TITLE_LIMIT], url


def _read_url(text: str) -> str:
    """A web address. Raises InvalidInput for anything else."""
    url = text.strip()
    if not is_web_address(url):
        raise InvalidInput(_("{text} is no web address. Give one that begins with https://."), text=url[:100])
    if has_credentials(url):
        raise InvalidInput(_("Leave out what stands before the @ in the link: everybody who sees it could log in."))
    if len(url) > URL_LIMIT:
        raise InvalidInput(_("The address is too long, {limit} characters are the most."), limit=URL_LIMIT)
    return url
