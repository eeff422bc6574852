"""Requests: somebody asks another member, or whoever can, to take a turn or to swap turns."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import DeliveryRow, MemberRow, RequestRow, TeamRow, TurnRow
from bot.domain.duties import Turn, week_of
from bot.domain.team import Caller
from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.i18n import _
from bot.services import audit
from bot.services.boards import redraw_post
from bot.services.days import close_ended_days
from bot.services.deliveries import cancel
from bot.services.deliveries import plan as plan_delivery
from bot.services.rotation._able import require_able
from bot.services.rotation._giving import give_to
from bot.services.rotation._meant import Coming, load_coming
from bot.services.rotation._swap_values import Request
from bot.services.turns import begin_act, tell

REQUEST = "rotation.request"
"""Kind of the message that asks; its subject is the request."""

DECLINED = "rotation.declined"
"""Kind of the message that tells whoever asked that it is not to be; its subject is the request."""

SWAP = "swap"
SUBSTITUTE = "substitute"

OPEN = "open"
AGREED = "agreed"
NO = "declined"
WITHDRAWN = "withdrawn"
LEFT = "left"
ASKED_LEFT = "asked_left"
LAPSED = "lapsed"
OVERTAKEN = "overtaken"


async def open_request(
    session: AsyncSession,
    team: TeamRow,
    coming: Coming,
    caller: Caller,
    turn: Turn,
    *,
    other_id: int | None,
    in_return: Turn | None = None,
) -> Request:
    """Ask, and plan the post that does so. Raises InvalidInput if the same person is asked for the same already."""
    kind = SUBSTITUTE if in_return is None else SWAP
    for asked in await open_requests(session, team):
        same = (asked.duty, asked.unit, asked.member_id) == (turn.duty, turn.unit, turn.member_id)
        if same and asked.other_member_id == other_id and _state(asked, coming) == OPEN:
            text = _("You have asked that already. The answer is still to come; /rotation undo takes the request back.")
            raise InvalidInput(text)
    row = RequestRow(
        team_id=team.id,
        kind=kind,
        duty=turn.duty,
        unit=turn.unit,
        turn_date=turn.day,
        member_id=turn.member_id,
        other_member_id=other_id,
        other_duty=None if in_return is None else in_return.duty,
        other_unit=None if in_return is None else in_return.unit,
        other_turn_date=None if in_return is None else in_return.day,
        asked_by=caller.user_id,
        asked_at=caller.at,
        state=OPEN,
    )
    session.add(row)
    await session.flush()
    record_request(session, team, row, "ask", actor_id=caller.user_id, at=caller.at)
    first = turn.day if in_return is None else min(turn.day, in_return.day)
    await plan_delivery(
        session,
        team_id=team.id,
        kind=REQUEST,
        subject_id=row.id,
        due_at=caller.at,
        expires_at=coming.situation.calendar.ends_at(first),
    )
    return to_request(row, coming)


async def open_requests(session: AsyncSession, team: TeamRow) -> Sequence[RequestRow]:
    query = select(RequestRow).where(RequestRow.team_id == team.id, RequestRow.state == OPEN)
    return (await session.scalars(query.order_by(RequestRow.id))).all()


def record_request(
    session: AsyncSession, team: TeamRow, row: RequestRow, what: str, *, actor_id: int | None, at: datetime
) -> None:
    """Put on record that somebody asked, agreed, declined or withdrew, or that one of the two is not there any more."""
    audit.record(
        session,
        f"rotation.{what}",
        f"request:{row.id}",
        team_id=team.id,
        actor_id=actor_id,
        at=at,
        after={"kind": row.kind, "duty": row.duty, "unit": row.unit, "member": row.member_id, "state": row.state},
    )


async def load_request(session: AsyncSession, caller: Caller, request_id: int) -> tuple[RequestRow, TeamRow]:
    """A request of a team of the caller's guild, for a transaction that writes. NotFound for any other."""
    row = await session.get(RequestRow, request_id)
    team = None if row is None else await session.get_one(TeamRow, row.team_id)
    if row is None or team is None or not team.is_of(caller.guild_id):
        raise NotFound(_("This request is not there any more."))
    await close_ended_days(session, team, caller.at)
    return row, team


def to_request(row: RequestRow, coming: Coming) -> Request:
    """The request as it stands now."""
    other = None if row.other_member_id is None else coming.members[row.other_member_id]
    in_return = return_turn(row)
    return Request(
        id=row.id,
        kind=row.kind,
        turn=coming.held(turn_asked_for(row)),
        other=other,
        other_turn=None if in_return is None else coming.held(in_return),
        asked_by=row.asked_by,
        state=_state(row, coming),
    )


def turn_asked_for(row: RequestRow) -> Turn:
    return Turn(row.duty, row.unit, row.turn_date, row.member_id)


def return_turn(row: RequestRow) -> Turn | None:
    if row.other_duty is None or row.other_unit is None or row.other_turn_date is None or row.other_member_id is None:
        return None
    return Turn(row.other_duty, row.other_unit, row.other_turn_date, row.other_member_id)


def _state(row: RequestRow, coming: Coming) -> str:
    """What became of a request: also one that nobody answered may be of no use any more."""
    if row.state != OPEN:
        return row.state
    turns = [turn for turn in (turn_asked_for(row), return_turn(row)) if turn is not None]
    if any(coming.is_over(turn.day) for turn in turns):
        return LAPSED
    return OPEN if all(_stands(coming, turn) for turn in turns) else OVERTAKEN


def _stands(coming: Coming, turn: Turn) -> bool:
    """Whether it is still this member's turn, on this day; of a week, on any of its days."""
    planned = coming.find(turn.duty, turn.unit)
    if planned is None or planned.member_id != turn.member_id:
        return False
    return planned.day == turn.day or week_of(turn.unit) is not None


async def require_asked(session: AsyncSession, team: TeamRow, coming: Coming, row: RequestRow, caller: Caller) -> int:
    """The member who may answer: whoever is asked. Raises NotAllowed for anybody else."""
    query = select(MemberRow.id).where(MemberRow.team_id == team.id, MemberRow.user_id == caller.user_id)
    member_id = await session.scalar(query)
    if row.other_member_id is not None:
        if member_id != row.other_member_id:
            text = _("Only {name} can answer this, it was they who were asked.")
            raise NotAllowed(text, name=coming.members[row.other_member_id].name)
        return row.other_member_id
    if member_id is None:
        raise NotAllowed(_("You are not on the roster yet. Join with /roster join."))
    if member_id == row.member_id:
        raise NotAllowed(
            _("This is your own turn; somebody else has to step in. /rotation undo takes the request back.")
        )
    return member_id


async def agree(
    session: AsyncSession, team: TeamRow, coming: Coming, row: RequestRow, member_id: int, caller: Caller
) -> None:
    """Do what was asked, in one act of whoever asked. Raises InvalidInput if somebody cannot any more."""
    turn, in_return = turn_asked_for(row), return_turn(row)
    await require_able(session, team, coming, member_id, turn)
    if in_return is not None:
        await require_able(session, team, coming, row.member_id, in_return)
    elif row.other_member_id is None:
        _require_not_skipped(coming, member_id, turn)
    act = await begin_act(session, team, row.kind, actor_id=row.asked_by, now=caller.at)
    made: list[TurnRow] = []
    for each, taker in ((turn, member_id), (in_return, row.member_id)):
        if each is not None:
            made.append(await give_to(session, team, act, each, taker, caller, cause=row.kind, confirmed=True))
    await tell(session, team, act, made)


def _require_not_skipped(coming: Coming, member_id: int, turn: Turn) -> None:
    skips = coming.situation.skips
    if any((skip.duty, skip.unit, skip.member_id) == (turn.duty, turn.unit, member_id) for skip in skips):
        text = _("You skipped this turn yourself. Somebody else has to step in.")
        raise InvalidInput(text)


def close(session: AsyncSession, team: TeamRow, row: RequestRow, state: str, caller: Caller) -> None:
    """The request is answered, or taken back."""
    row.state, row.answered_by, row.answered_at = state, caller.user_id, caller.at
    what = {AGREED: "agree", NO: "decline", WITHDRAWN: "withdraw"}[state]
    record_request(session, team, row, what, actor_id=caller.user_id, at=caller.at)


async def settle_post(session: AsyncSession, row: RequestRow, now: datetime) -> None:
    """The post of a request that nobody can answer any more is not sent; where it stands, it says what became of it."""
    reason = f"the request is {row.state}"
    await cancel(session, team_id=row.team_id, kind=REQUEST, subject_id=row.id, reason=reason)
    posts = select(DeliveryRow).where(DeliveryRow.team_id == row.team_id, DeliveryRow.kind == REQUEST)
    for post in await session.scalars(posts.where(DeliveryRow.subject_id == row.id)):
        await redraw_post(session, post, now)


async def close_requests_of(
    session: AsyncSession,
    team: TeamRow,
    member: MemberRow,
    *,
    actor_id: int | None,
    now: datetime,
    tell_at: datetime | None = None,
) -> None:
    """Before somebody leaves: what they asked, or were asked, is at an end. Whoever had asked them is told.

    That stays so if they come back: by then somebody else may have been asked. `tell_at` is for what is found at night.
    """
    theirs = [row for row in await open_requests(session, team) if member.id in {row.member_id, row.other_member_id}]
    if not theirs:
        return
    coming = await load_coming(session, team)
    for row in (row for row in theirs if _state(row, coming) == OPEN):
        row.state, row.answered_at = LEFT if row.member_id == member.id else ASKED_LEFT, now
        record_request(session, team, row, "end", actor_id=actor_id, at=now)
        await settle_post(session, row, now)
        if row.state == ASKED_LEFT:
            await tell_asker(session, row, coming, tell_at or now)


async def tell_asker(session: AsyncSession, row: RequestRow, coming: Coming, due_at: datetime) -> None:
    """Plan the message that tells whoever asked that it is not to be; of no use once the turn's day is over."""
    expires = coming.situation.calendar.ends_at(row.turn_date)
    await plan_delivery(
        session, team_id=row.team_id, kind=DECLINED, subject_id=row.id, due_at=due_at, expires_at=expires
    )


async def ended_requests(session: AsyncSession, member: MemberRow, left_at: datetime) -> bool:
    """Whether somebody's leaving ended any."""
    theirs = or_(RequestRow.member_id == member.id, RequestRow.other_member_id == member.id)
    query = select(RequestRow.id).where(theirs, RequestRow.answered_at == left_at)
    return await session.scalar(query.where(RequestRow.state.in_((LEFT, ASKED_LEFT))).limit(1)) is not None
