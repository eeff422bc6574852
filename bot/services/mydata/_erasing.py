"""Taking a person out of a team's rows. What is on the team's pages stays there, without a name."""

import json
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from bot.db.tables import (
    AbsenceRow,
    ActRow,
    AnswerRow,
    AnswerVersionRow,
    AttendanceRow,
    AuditRow,
    BoardRow,
    DeliveryRow,
    MemberRow,
    PassRow,
    QuestionChangeRow,
    QuestionRow,
    RequestRow,
    RetrospectiveRow,
    SubmissionRow,
    TeamRow,
    TurnRow,
    VoteRow,
)
from bot.domain.deliveries import State
from bot.domain.questions import QuestionState
from bot.domain.retro import Visibility
from bot.i18n import _, language

UNDER_WAY = (State.SENDING,)
STUCK = (State.FAILED, State.HELD)


async def erase_member(session: AsyncSession, team: TeamRow, row: MemberRow, now: datetime) -> None:
    """Take away what is theirs alone, and their name from the rest. They have left the roster before.

    The row stays for the pages; its user is a number that Discord gives nobody. Boards are drawn anew without the name.
    """
    user_id = row.user_id
    await session.flush()
    await _forget_their_own(session, row)
    await _forget_record(session, team, row, user_id)
    await _forget_acts(session, team, row, user_id)
    await _forget_messages(session, team, user_id, row.name)
    row.user_id, row.nudged_directly, row.gone_since = -row.id, False, None
    row.name = await _nameless(session, team, row)
    boards = update(BoardRow).where(BoardRow.team_id == team.id, BoardRow.message_id.is_not(None))
    await session.execute(boards.values(version=BoardRow.version + 1, redraw_at=now))


async def _nameless(session: AsyncSession, team: TeamRow, row: MemberRow) -> str:
    """What pages call them: names are unique in a team, so a second one is counted."""
    name = language(team.language)(_("former member"))
    query = select(MemberRow.name).where(MemberRow.team_id == team.id, MemberRow.id != row.id)
    taken = set(await session.scalars(query))
    number = 1
    while (called := name if number == 1 else f"{name} {number}") in taken:
        number += 1
    return called


async def _forget_their_own(session: AsyncSession, row: MemberRow) -> None:
    """What nobody else was shown, and wishes that are nobody's any more."""
    theirs = RetrospectiveRow.member_id == row.id
    await session.execute(delete(RetrospectiveRow).where(theirs, RetrospectiveRow.visibility == Visibility.PRIVATE))
    for table in (AbsenceRow, PassRow, VoteRow):
        await session.execute(delete(table).where(table.member_id == row.id))
    answers = select(AnswerRow.id).where(AnswerRow.member_id == row.id)
    await session.execute(delete(AnswerVersionRow).where(AnswerVersionRow.answer_id.in_(answers)))
    await session.execute(update(AttendanceRow).where(AttendanceRow.member_id == row.id).values(reason=None))
    await session.execute(update(SubmissionRow).where(SubmissionRow.member_id == row.id).values(note=None))
    withdrawn = and_(QuestionRow.author_id == row.id, QuestionRow.state == QuestionState.WITHDRAWN)
    await session.execute(
        update(QuestionRow)
        .where(withdrawn)
        .values(
            text="",
            reason=None,
            about_channel_id=None,
            about_message_id=None,
            attachment_channel_id=None,
            attachment_message_id=None,
            attachment_id=None,
            attachment_name=None,
        )
    )


async def _forget_record(session: AsyncSession, team: TeamRow, row: MemberRow, user_id: int) -> None:
    """The record keeps that something was done and when; not by whom, and none of the words."""
    of_team = update(AuditRow).where(AuditRow.team_id == team.id)
    noted = select(AuditRow.subject).where(
        AuditRow.team_id == team.id, AuditRow.actor_id == user_id, AuditRow.action == "session.note"
    )  # whoever took such an entry back is the actor of what keeps its words
    about_them, names = AuditRow.subject == f"member:{row.id}", await _all_names(session, team, row)
    theirs = or_(AuditRow.actor_id == user_id, about_them, AuditRow.subject.in_(noted))
    await session.execute(of_team.where(theirs).values(before=None, after=None, reason=None))
    await session.execute(of_team.where(AuditRow.actor_id == user_id).values(actor_id=None))
    for column in (AuditRow.before, AuditRow.after, AuditRow.reason):
        await session.execute(of_team.where(_names(column, user_id, names)).values({column: None}))


async def _all_names(session: AsyncSession, team: TeamRow, row: MemberRow) -> set[str]:
    """What they are called, and what they were called before they were renamed."""
    query = select(AuditRow.before, AuditRow.after).where(
        AuditRow.team_id == team.id, AuditRow.subject == f"member:{row.id}"
    )
    facts = [json.loads(each) for pair in await session.execute(query) for each in pair if each is not None]
    return {row.name, *(each["name"] for each in facts if "name" in each)}


async def _forget_acts(session: AsyncSession, team: TeamRow, row: MemberRow, user_id: int) -> None:
    """What they did to turns and questions stays, for nobody to undo; why, and what is still open, does not."""
    changes = update(QuestionChangeRow).where(QuestionChangeRow.actor_id == user_id)
    await session.execute(changes.values(actor_id=None, was_reason=None))
    ended = select(TurnRow.end_act_id).where(TurnRow.member_id == row.id, TurnRow.end_act_id.is_not(None))
    acts = update(ActRow).where(ActRow.team_id == team.id)
    await session.execute(acts.where(or_(ActRow.actor_id == user_id, ActRow.id.in_(ended))).values(reason=None))
    await session.execute(acts.where(ActRow.actor_id == user_id).values(actor_id=-row.id))
    requests = update(RequestRow).where(RequestRow.team_id == team.id)
    about_them = or_(RequestRow.member_id == row.id, RequestRow.other_member_id == row.id)
    await session.execute(requests.where(about_them, RequestRow.state == "open").values(state="withdrawn"))
    for column in (RequestRow.asked_by, RequestRow.answered_by):
        await session.execute(requests.where(column == user_id).values({column: -row.id}))


async def _forget_messages(session: AsyncSession, team: TeamRow, user_id: int, name: str) -> None:
    """What was sent is not kept; what was to come to them is not sent. What is under way is let go of once sent."""
    of_team = update(DeliveryRow).where(DeliveryRow.team_id == team.id)
    to_them = DeliveryRow.user_id == user_id
    gone = {"state": State.CANCELLED, "reason": "the person was erased"}
    unsent = DeliveryRow.state.in_((State.PENDING, *STUCK))
    await session.execute(of_team.where(to_them, unsent).values(gone))
    stuck = and_(DeliveryRow.state.in_(STUCK), _names(DeliveryRow.payload, user_id, {name}))
    await session.execute(of_team.where(stuck).values(gone))
    await session.execute(of_team.where(DeliveryRow.state.not_in(UNDER_WAY)).values(payload=None))
    await session.execute(of_team.where(to_them).values(user_id=None, channel_id=None))
    await session.execute(delete(BoardRow).where(BoardRow.team_id == team.id, BoardRow.user_id == user_id))


def _names(column: InstrumentedAttribute[str | None], user_id: int, names: Iterable[str]) -> ColumnElement[bool]:
    """Whether a text has their id, or a name of theirs as a whole value of its JSON."""
    values = (str(user_id), *(json.dumps(name, ensure_ascii=False) for name in names))
    return or_(*(func.instr(column, value) > 0 for value in values))
