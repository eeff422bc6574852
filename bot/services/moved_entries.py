"""What was written for a day moves with it when it is no study day any more, and back when it is one again.

Works inside the transaction of whoever changed the calendar.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import AnswerRow, AuditRow, BoardRow, MinutesRow, QuestionRow, RoundtableRow, StudyDayRow, TeamRow
from bot.domain.team import Caller
from bot.services import audit
from bot.services.boards import touch
from bot.services.question_boards import DAY_BOARD

MOVED = "day.move"
_VOTED: Final = "question.vote"
"""It changes nothing of where a question belongs."""

_ENTRIES: Final = {row.__tablename__: row for row in (QuestionRow, AnswerRow, MinutesRow, RoundtableRow)}


async def move_entries(
    session: AsyncSession, team: TeamRow, caller: Caller, row: StudyDayRow, target: StudyDayRow
) -> None:
    """Move a day's entries to another one, and put on record which, so that they can be had back."""
    moved: dict[str, Sequence[int]] = {}
    for name, table in _ENTRIES.items():
        going = update(table).where(table.day_id == row.id).values(day_id=target.id).returning(table.id)
        if ids := sorted(await session.scalars(going)):
            moved[name] = ids
    if moved:
        audit.record(
            session,
            MOVED,
            f"day:{row.date}",
            team_id=team.id,
            actor_id=caller.user_id,
            at=caller.at,
            before={"date": row.date},
            after={"date": target.date, "entries": moved},
        )
    await _move_board(session, team, caller, row, target)


async def move_back(session: AsyncSession, team: TeamRow, caller: Caller, change: AuditRow) -> None:
    """Entries that a change of the calendar had moved are where they were, unless somebody has touched them since."""
    moves = select(AuditRow).where(AuditRow.team_id == team.id, AuditRow.action == MOVED)
    since = select(AuditRow.subject).where(AuditRow.team_id == team.id, AuditRow.id > change.id)
    touched = set(await session.scalars(since.where(AuditRow.action != _VOTED)))
    same = moves.where(AuditRow.at == change.at, AuditRow.actor_id == change.actor_id)
    for move in await session.scalars(same.order_by(AuditRow.id.desc())):  # of several days, the way back
        row, target = [await _open_day(session, team, facts) for facts in (audit.kept(move), audit.became(move))]
        if row is not None and target is not None:
            await _move_some(session, target, row, audit.became(move)["entries"], touched)
            await _draw_boards(session, team, caller, target, row)


async def _open_day(session: AsyncSession, team: TeamRow, facts: Mapping[str, str]) -> StudyDayRow | None:
    """The day of a record, unless its page is closed or nobody is to know it any more."""
    if "date" not in facts:
        return None
    query = select(StudyDayRow).where(StudyDayRow.team_id == team.id, StudyDayRow.number.is_(None))
    return await session.scalar(query.where(StudyDayRow.date == date.fromisoformat(facts["date"])))


async def _move_some(
    session: AsyncSession,
    row: StudyDayRow,
    target: StudyDayRow,
    entries: Mapping[str, Sequence[int]],
    touched: Collection[str],
) -> None:
    """Move some of a day's entries, but those that are touched; an answer is, with its question."""
    asked = select(AnswerRow.id, AnswerRow.question_id).where(AnswerRow.id.in_(entries.get("answer", ())))
    answers = {answer_id: f"question:{question_id}" for answer_id, question_id in await session.execute(asked)}
    for name, ids in entries.items():
        table = _ENTRIES[name]
        subjects = {each: f"{name}:{each}" for each in ids} if table is not AnswerRow else answers
        going = [each for each, subject in subjects.items() if subject not in touched]
        here = update(table).where(table.day_id == row.id, table.id.in_(going))
        await session.execute(here.values(day_id=target.id))


async def _draw_boards(
    session: AsyncSession, team: TeamRow, caller: Caller, row: StudyDayRow, target: StudyDayRow
) -> None:
    """The board follows the questions that went; where some stay, each of the two days has its own."""
    holding = select(QuestionRow.day_id).where(QuestionRow.day_id.in_([row.id, target.id]))
    days = set(await session.scalars(holding.where(QuestionRow.lecture_id.is_(None))))
    if row.id not in days:
        await _move_board(session, team, caller, row, target)
        return
    for day_id in days:
        await touch(session, team, DAY_BOARD, day_id, team.study_channel_id, caller.at)


async def _move_board(
    session: AsyncSession, team: TeamRow, caller: Caller, row: StudyDayRow, target: StudyDayRow
) -> None:
    """The board of the day's questions follows them; if the other day has one already, both are drawn again."""

    def board_of(day: StudyDayRow) -> Select[BoardRow]:
        return select(BoardRow).where(
            BoardRow.team_id == team.id, BoardRow.kind == DAY_BOARD, BoardRow.subject_id == day.id
        )

    board = await session.scalar(board_of(row))
    if board is None or board.channel_id is None:
        return
    if await session.scalar(board_of(target)) is None:
        board.subject_id = target.id
        await session.flush()
    for day in (row, target):
        if await session.scalar(board_of(day)) is not None:
            await touch(session, team, DAY_BOARD, day.id, board.channel_id, caller.at)
