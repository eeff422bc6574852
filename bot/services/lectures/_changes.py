"""Changing, moving and removing a lecture, and what follows it. Works inside the transaction of whoever does so."""

from datetime import date
from functools import reduce
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import (
    AssignmentRow,
    BoardRow,
    LectureRow,
    MaterialRow,
    MinutesRow,
    NoteRow,
    QuestionRow,
    StudyDayRow,
    TeamRow,
)
from bot.domain.calendar import StudyCalendar
from bot.domain.team import Caller
from bot.errors import InvalidInput, NotAllowed
from bot.i18n import Message, _
from bot.services.boards import touch
from bot.services.days import ensure_day
from bot.services.lectures._rows import label
from bot.services.lectures._typed import read_day, require_open_study_day, require_studied_first
from bot.services.teams import is_moderator, member_of
from bot.services.turns import presenters_of, turns_are_settled

QUESTIONS_OF_LECTURE: Final = "questions.lecture"
"""Kind of the board of a lecture's questions, as the questions feature calls it."""


async def require_presenter(session: AsyncSession, team: TeamRow, caller: Caller, row: LectureRow, today: date) -> None:
    """Raises NotAllowed for anybody but moderators and who presents the lecture, as things stand."""
    if is_moderator(team, caller):
        return
    member = await member_of(session, team, caller)
    presenters = (await presenters_of(session, team, [row], today)).get(row.id, ())
    if member.id in {presenter.id for presenter in presenters}:
        return
    if not presenters:
        raise NotAllowed(_("Only moderators can change {lecture}. Please ask one of them."), lecture=label(row))
    raise NotAllowed(
        _("Only {name}, who presents it, and moderators can change {lecture}. Please ask one of them."),
        name=presenters[0].name,
        lecture=label(row),
    )


async def require_still_open(session: AsyncSession, team: TeamRow, row: LectureRow, today: date) -> None:
    """Raises InvalidInput for a lecture whose day of presenting is over or closed."""
    if row.session_date < today or await _is_closed(session, team, row.session_date):
        text = _("{lecture} was presented on {day:day}. That day is over, and its page stays as it is.")
        raise InvalidInput(text, lecture=label(row), day=row.session_date)


async def _is_closed(session: AsyncSession, team: TeamRow, day: date) -> bool:
    query = select(StudyDayRow.number).where(StudyDayRow.team_id == team.id, StudyDayRow.date == day)
    return await session.scalar(query) is not None


def moved_days(
    row: LectureRow, studied: str | None, presented: str | None, calendar: StudyCalendar, caller: Caller
) -> tuple[date, date]:
    """The two days of a lecture after a move as typed. Raises InvalidInput for days that cannot be.

    Without a day of presenting it stays where it is, unless it would no longer come after the day of studying.
    """
    today = calendar.day_for_entry(caller.at)
    study, session_date = row.study_date, row.session_date
    if studied is not None:
        if study < today:
            text = _("{lecture} was studied on {day:day}, which is over. Only present_on can still change.")
            raise InvalidInput(text, lecture=label(row), day=study)
        study = read_day(studied, calendar, caller.at)
        require_open_study_day(calendar, study, today)
    if presented is not None:
        session_date = read_day(presented, calendar, caller.at)
    elif row.study_date == row.session_date:
        session_date = max(study, session_date)
    elif study >= session_date:
        session_date = calendar.next_after(study)
    require_open_study_day(calendar, session_date, today)
    require_studied_first(study, session_date)
    if (study, session_date) == (row.study_date, row.session_date):
        text = _("{lecture} is on these days already. Give another day as date or present_on.")
        raise InvalidInput(text, lecture=label(row))
    return study, session_date


async def move_questions(session: AsyncSession, team: TeamRow, row: LectureRow, before: date) -> None:
    """Questions of a lecture go with it to its new day, unless the session of the day before has begun."""
    if await turns_are_settled(session, team, before):
        return
    day_before = await session.scalar(
        select(StudyDayRow.id).where(StudyDayRow.team_id == team.id, StudyDayRow.date == before)
    )
    asked = select(QuestionRow.id).where(QuestionRow.lecture_id == row.id, QuestionRow.day_id == day_before)
    ids = (await session.scalars(asked)).all()
    if ids:
        target = await ensure_day(session, team, row.session_date)
        await session.execute(update(QuestionRow).where(QuestionRow.id.in_(ids)).values(day_id=target.id))


async def redraw(session: AsyncSession, team: TeamRow, row: LectureRow, caller: Caller) -> None:
    """Draw the board of the lecture's questions again, if there is one."""
    board = await session.scalar(
        select(BoardRow)
        .where(BoardRow.team_id == team.id, BoardRow.kind == QUESTIONS_OF_LECTURE)
        .where(BoardRow.subject_id == row.id)
    )
    if board is not None:
        await touch(session, team, QUESTIONS_OF_LECTURE, row.id, board.channel_id, caller.at)


async def require_empty(session: AsyncSession, team: TeamRow, row: LectureRow) -> None:
    """Raises InvalidInput, naming what hangs on it, for a lecture that people have used, or that was studied."""
    if await _is_closed(session, team, row.study_date):
        text = _(
            "{lecture} was studied on {day:day}, and that day's page stays as it is."
            " /lecture edit can make it an event, which nobody presents."
        )
        raise InvalidInput(text, lecture=label(row), day=row.study_date)
    tables: tuple[tuple[type[MaterialRow | MinutesRow | NoteRow | QuestionRow | AssignmentRow], str], ...] = (
        (QuestionRow, _("questions: {count}")),
        (NoteRow, _("notes: {count}")),
        (MinutesRow, _("entries of the minutes: {count}")),
        (MaterialRow, _("materials: {count}")),
        (AssignmentRow, _("assignments: {count}")),
    )
    found = []
    for table, text in tables:
        count = await session.scalar(select(func.count()).where(table.lecture_id == row.id))
        if count:
            found.append(Message(text, {"count": count}))
    if found:
        what = reduce(lambda one, other: Message(_("{one}, {other}"), {"one": one, "other": other}), found)
        text = _("{lecture} stays, people have used it ({what}). Change it with /lecture edit or /lecture move.")
        raise InvalidInput(text, lecture=label(row), what=what)
