"""What an entry of the minutes refers to, read from what was typed. Works inside the transaction of whoever asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import LectureRow, MemberRow, TeamRow
from bot.domain.dates import DateUnreadable, read_coming_date
from bot.domain.discord_text import is_blank
from bot.domain.session import MinutesKind, NoteDraft
from bot.domain.team import Caller, StudyDay
from bot.errors import InvalidInput
from bot.i18n import _
from bot.services.days import lectures_presented, lectures_studied, load_calendar
from bot.services.lectures import label, lecture_of
from bot.services.teams import member_named, roster

TEXT_LIMIT = 4000
"""Characters of an entry or a reply: as much as a form takes."""

PROMPT_LIMIT = 900
"""Characters of a round-table prompt, so that it fits into one message also when each of them is escaped."""


@dataclass(frozen=True)
class Noted:
    """An entry that was taken into the minutes. `posted` says that the minutes of the day were posted before it."""

    day: StudyDay
    kind: MinutesKind
    about: str
    owner: str | None
    due: date | None
    posted: bool


@dataclass(frozen=True)
class Noting:
    """What the form of an entry offers: lectures (id, label) of the day, and names by Discord user."""

    lectures: tuple[tuple[int, str], ...]
    names: Mapping[int, str]


async def load_noting(session: AsyncSession, team: TeamRow, day: date) -> Noting:
    """The lectures presented on a day come first, then those studied on it."""
    rows = [*await lectures_presented(session, team, day, day), *await lectures_studied(session, team, day)]
    lectures = {row.id: label(row) for row in rows}
    names = {member.user_id: member.name for member in await roster(session, team)}
    return Noting(tuple(lectures.items()), names)


@dataclass(frozen=True)
class References:
    """What an entry refers to."""

    lecture: LectureRow | None
    owner: MemberRow | None
    due: date | None


async def resolve(session: AsyncSession, team: TeamRow, caller: Caller, draft: NoteDraft) -> References:
    """Lecture, owner and date of an entry. Raises NotFound or InvalidInput for the first that cannot be."""
    if draft.has_owner_or_due and draft.resolved_kind != "action":
        raise InvalidInput(_("Only an action has an owner and a date. Choose the kind action, or leave both out."))
    owner = None if draft.owner_user_id is None else await member_named(session, team, draft.owner_user_id)
    lecture = None if draft.lecture_id is None else await lecture_of(session, team, draft.lecture_id)
    due = None if draft.due is None else read_due(draft.due, (await load_calendar(session, team)).date_at(caller.at))
    return References(lecture, owner, due)


def read_due(text: str, today: date) -> date:
    """The date until which something is to be done. Raises InvalidInput if it is unreadable or past."""
    try:
        due = read_coming_date(text, today)
    except DateUnreadable:
        raise InvalidInput(
            _("I cannot read {text} as a date. Write it like tomorrow, 12/3 or 2026-12-03."), text=text
        ) from None
    if due < today:
        raise InvalidInput(_("{due:day} is already past. Give a date to come, e.g. tomorrow."), due=due)
    return due


def read_text(text: str, limit: int = TEXT_LIMIT) -> str:
    """The text without space around it. Raises InvalidInput if nothing is left, or too much."""
    stripped = "" if is_blank(text) else text.strip()
    if not stripped or len(stripped) > limit:
        raise InvalidInput(
            _("This has {count} characters; it can have 1 to {limit}. Nothing was saved."),
            count=len(stripped),
            limit=limit,
        )
    return stripped
