"""Reading what people type into `/away`."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.db.tables import AbsenceRow, MemberRow
from bot.domain.calendar import ONE_DAY, StudyCalendar
from bot.domain.markdown_line import one_line
from bot.domain.settings import SettingUnreadable, read_weekdays
from bot.domain.team import Caller
from bot.errors import InvalidInput
from bot.i18n import _
from bot.services.absences._rows import to_absence
from bot.services.lectures import read_day
from bot.services.team_settings import setting_refused

REASON_LIMIT: Final = 200

EVERY_DAY: Final = "0123456"


@dataclass(frozen=True)
class NewAbsence:
    """An absence as typed into `/away`. What is not given is None; without `user_id` it is one's own."""

    since: str | None = None
    until: str | None = None
    weekdays: str | None = None
    reason: str | None = None
    user_id: int | None = None


def read_absence(member: MemberRow, new: NewAbsence, calendar: StudyCalendar, caller: Caller) -> AbsenceRow:
    """What was typed as a row. Raises InvalidInput for days on which nobody can be away."""
    today = calendar.date_at(caller.at)
    weekdays = _read_weekdays(new.weekdays)
    since = today if new.since is None else read_day(new.since, calendar, caller.at)
    if since < today:
        raise InvalidInput(_("{day:day} is already past. Give today or a day to come."), day=since)
    last = None if new.until is None else read_day(new.until, calendar, caller.at)
    if last is None and new.since is not None and new.weekdays is None:
        last = since
    if last is not None and last < since:
        raise InvalidInput(
            _("{last:day} is before {since:day}. Give the first day as from and the last one as until."),
            last=last,
            since=since,
        )
    reason = one_line(new.reason or "")
    if len(reason) > REASON_LIMIT:
        raise InvalidInput(_("The reason is too long, {limit} characters are the most."), limit=REASON_LIMIT)
    row = AbsenceRow(
        member_id=member.id,
        since=since,
        until=None if last is None else last + ONE_DAY,
        weekdays=weekdays,
        reason=reason or None,
    )
    if not any(since + timedelta(days=step) in to_absence(row) for step in range(7)):
        raise InvalidInput(_("None of these days of the week lies between the two dates. Check the dates."))
    return row


def _read_weekdays(text: str | None) -> str:
    """Digits, Monday 0; none for every day. Raises InvalidInput saying how to write them."""
    if text is None:
        return ""
    try:
        weekdays = read_weekdays(text)
    except SettingUnreadable as error:
        raise setting_refused(error) from None
    return "" if weekdays == EVERY_DAY else weekdays
