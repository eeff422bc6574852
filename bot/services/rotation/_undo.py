"""Taking back the last thing somebody did to turns: an act, or a request that is still open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import ActRow, RequestRow, TeamRow, TurnRow
from bot.domain.duties import Slot, Turn
from bot.domain.team import Caller
from bot.errors import InvalidInput
from bot.i18n import Message, _
from bot.services import audit
from bot.services.rotation._able import days_of, is_present, made_turns
from bot.services.rotation._giving import give_out, rows_of_act, turn_skipped_by
from bot.services.rotation._meant import Coming, load_coming
from bot.services.rotation._requests import OPEN, WITHDRAWN, close, settle_post, to_request
from bot.services.rotation._swap_values import HeldTurn, Undone
from bot.services.turns import (
    PROPOSED,
    REPLACED,
    SKIPPED,
    begin_act,
    covers,
    is_announced,
    make_turn,
    release,
    tell,
    turn_of,
)
from bot.services.values import to_team

UNDOABLE: Final = ("assign", "skip", "swap", "substitute")
AGREED_BY_TWO: Final = ("swap", "substitute")

WHAT_HAPPENED: Final[Mapping[str, str]] = {
    "assign": _("it was given to {name}"),
    "skip": _("it was skipped, and {name} has it"),
    "swap": _("it was swapped, and {name} has it"),
    "substitute": _("{name} has stepped in"),
    "undo": _("something was taken back, and {name} has it"),
    "away": _("somebody is away, and {name} has it"),
    "left": _("somebody left the team, and {name} has it"),
}
"""What became of a turn, by the cause of its latest row."""


@dataclass(frozen=True)
class Step:
    """What an act did to one turn. `made` stands now; `before` is what it took the place of.

    `planned`: `before` was only planned, and became a row in the act itself. `before` is None for a turn that nobody
    had been given, `made` for one that was skipped before anybody was told of it.
    """

    slot: Slot
    before: TurnRow | None
    made: TurnRow | None
    planned: bool = False

    @property
    def row(self) -> TurnRow:
        row = self.made or self.before
        if row is None:
            raise ValueError("a step without a turn")
        return row


async def latest_act(session: AsyncSession, team: TeamRow, user_id: int, member_id: int | None) -> ActRow | None:
    """The last act that somebody did, or agreed to, and that did something."""
    query = select(ActRow).where(ActRow.team_id == team.id, ActRow.kind.in_(UNDOABLE)).order_by(ActRow.id.desc())
    for act in await session.scalars(query):
        rows = await rows_of_act(session, act.id)
        agreed = act.kind in AGREED_BY_TWO and any(
            row.member_id == member_id and row.confirmed_at == act.at for row in rows
        )
        if (act.actor_id == user_id or agreed) and (rows or act.kind == "skip"):
            return act
    return None


async def latest_act_of_team(session: AsyncSession, team: TeamRow) -> ActRow | None:
    """The last act of anybody that did something."""
    query = select(ActRow).where(ActRow.team_id == team.id, ActRow.kind.in_(UNDOABLE)).order_by(ActRow.id.desc())
    for act in await session.scalars(query):
        if act.kind == "skip" or await rows_of_act(session, act.id):
            return act
    return None


async def latest_request(session: AsyncSession, team: TeamRow, user_id: int, coming: Coming) -> RequestRow | None:
    """The last request of somebody's that waits for an answer, or was taken back."""
    query = select(RequestRow).where(RequestRow.team_id == team.id, RequestRow.asked_by == user_id)
    for row in await session.scalars(query.order_by(RequestRow.id.desc())):
        if to_request(row, coming).state in {OPEN, WITHDRAWN}:
            return row
    return None


async def steps_of(session: AsyncSession, act: ActRow) -> Sequence[Step]:
    """What an act did, turn by turn. Raises InvalidInput if some of it is not there any more."""
    rows: dict[Slot, list[TurnRow]] = {}
    for row in await rows_of_act(session, act.id):
        rows.setdefault(Slot(row.duty, row.unit), []).append(row)
    skipped = await turn_skipped_by(session, act)
    if (act.kind == "skip" and skipped is None) or (act.kind == "swap" and len(rows) < 2):
        raise InvalidInput(_("The lecture is not there any more, so there is nothing to take back."))
    if skipped is not None:
        slot = Slot(skipped.duty, skipped.unit)
        made = [row for row in rows.get(slot, []) if row.id != skipped.id]
        return [Step(slot, skipped, made[-1] if made else None, planned=skipped.act_id == act.id)]
    return [await _step(session, slot, made) for slot, made in rows.items()]


async def _step(session: AsyncSession, slot: Slot, made: Sequence[TurnRow]) -> Step:
    if len(made) > 1:
        return Step(slot, made[0], made[-1], planned=True)
    query = select(TurnRow).where(TurnRow.team_id == made[0].team_id, TurnRow.duty == slot.duty)
    query = query.where(TurnRow.unit == slot.unit, TurnRow.id < made[0].id).order_by(TurnRow.id.desc()).limit(1)
    latest = await session.scalar(query)
    stood = latest is not None and latest.end_act_id is None
    return Step(slot, latest if stood else None, made[0])


async def require_undoable(session: AsyncSession, team: TeamRow, coming: Coming, step: Step, act: ActRow) -> None:
    """Raises InvalidInput if the day has begun, the turn was changed since, or whoever had it cannot have it again."""
    row = step.row
    turn = Turn(row.duty, row.unit, row.date, row.member_id)
    if coming.is_over(row.date):
        text = _("Too late to take back {turn}: its day has begun or is over. A moderator can use /rotation assign.")
        raise InvalidInput(text, turn=coming.words(turn))
    now = await turn_of(session, team, row.duty, row.unit)
    expected = None if step.made is None else step.made.id
    given_since = step.made is None and now is not None and now.act_id is None
    if (now.id if now is not None else None) != expected and not given_since:
        raise InvalidInput(
            _("Not taken back: {turn} was changed again since, {what}. A moderator can use /rotation assign."),
            turn=coming.words(turn),
            what=_what_happened(now, coming),
        )
    if step.before is not None:
        await _require_back(session, team, coming, step.before, turn, act.at)


def _what_happened(now: TurnRow | None, coming: Coming) -> Message:
    if now is None:
        return Message(_("nobody has it"))
    text = WHAT_HAPPENED.get(now.cause or "", _("{name} has it"))
    return Message(text, {"name": coming.members[now.member_id].name})


async def _require_back(
    session: AsyncSession, team: TeamRow, coming: Coming, before: TurnRow, turn: Turn, since: datetime
) -> None:
    """Whoever had the turn is there, and was given no other duty of its days since."""
    name = coming.members[before.member_id].name
    if not is_present(coming, before.member_id, turn.day):
        text = _(
            "{name} is away on {day:day} by now, so it cannot be taken back. A moderator can use /rotation assign."
        )
        raise InvalidInput(text, name=name, day=turn.day)
    days = days_of(coming, turn)
    for row in await made_turns(session, team, coming):
        other = Turn(row.duty, row.unit, row.date, row.member_id)
        given_since = row.member_id == before.member_id and row.made_at > since and other.slot != turn.slot
        if given_since and any(covers(row, day) for day in days):
            text = _("{name} has another duty by now: {turn}. A moderator can use /rotation assign.")
            raise InvalidInput(text, name=name, turn=coming.words(other))


async def take_back(session: AsyncSession, team: TeamRow, act: ActRow, step: Step, caller: Caller) -> TurnRow | None:
    """Put a turn back as it was, as part of the act of undoing. None if it is only planned again.

    What was only planned is, until people know its day: a turn fixed for whoever it was planned for would count, and
    the rule would choose others for what is planned around it.
    """
    row = step.row
    known = await is_announced(session, team, row.date, caller.at)
    if step.before is not None and step.before.state == SKIPPED:
        step.before.state = REPLACED
    if step.before is None or (step.planned and not known):
        return await _back_to_the_rule(session, team, act, step, caller, known=known)
    before = step.before
    state = PROPOSED if step.planned else before.made_as
    turn = Turn(before.duty, before.unit, before.date, before.member_id)
    await make_turn(session, team, turn, state=state, now=caller.at, actor_id=caller.user_id, act=act, cause="undo")
    made = await turn_of(session, team, before.duty, before.unit)
    if made is not None:
        made.confirmed_at = before.confirmed_at
    return made


async def _back_to_the_rule(
    session: AsyncSession, team: TeamRow, act: ActRow, step: Step, caller: Caller, *, known: bool
) -> TurnRow | None:
    """Nobody had it before: it is planned again, and where people know the day, the rule gives it out."""
    now = await turn_of(session, team, step.slot.duty, step.slot.unit)
    if now is not None:
        release(session, team, now, act, cause="undo")
    if not known:
        return None
    return await give_out(session, team, act, step.slot, step.row.date, caller, cause="undo")


async def withdraw(session: AsyncSession, team: TeamRow, coming: Coming, row: RequestRow, caller: Caller) -> Undone:
    """Take back a request that nobody has answered. Raises InvalidInput if that was done before."""
    if row.state == WITHDRAWN:
        raise already_undone()
    close(session, team, row, WITHDRAWN, caller)
    await settle_post(session, row, caller.at)
    return Undone(to_team(team), "request", (), request=to_request(row, coming))


async def undo_act(session: AsyncSession, team: TeamRow, coming: Coming, act: ActRow, caller: Caller) -> Undone:
    """Take back an act, all of it or nothing."""
    if act.undone_at is not None:
        raise already_undone()
    steps = await steps_of(session, act)
    for step in steps:
        await require_undoable(session, team, coming, step, act)
    act.undone_at = caller.at
    undoing = await begin_act(session, team, "undo", actor_id=caller.user_id, now=caller.at)
    made = [row for step in steps if (row := await take_back(session, team, undoing, step, caller)) is not None]
    _record(session, team, act, caller)
    known = [await is_announced(session, team, row.date, caller.at) for row in made]
    turns = await _turns_now(session, team, steps)
    had = {step.slot: step.row.member_id for step in steps}
    told = any(known) or (act.kind in AGREED_BY_TWO and any(turn.member.id != had[turn.slot] for turn in turns))
    if told:
        await tell(session, team, undoing, [step.row for step in steps])
    whose = next((m for m in coming.members.values() if m.user_id == act.actor_id != caller.user_id), None)
    return Undone(to_team(team), act.kind, turns, whose=whose, told=told)


def already_undone() -> InvalidInput:
    return InvalidInput(_("The last change was taken back already. /rotation history tells what was changed."))


async def _turns_now(session: AsyncSession, team: TeamRow, steps: Sequence[Step]) -> tuple[HeldTurn, ...]:
    """Whose the turns are afterwards, made or planned."""
    await session.flush()
    coming = await load_coming(session, team)
    found = [coming.find(step.slot.duty, step.slot.unit) for step in steps]
    return tuple(
        coming.held(Turn(each.slot.duty, each.slot.unit, each.day, each.member_id))
        for each in found
        if each is not None and each.member_id is not None
    )


def _record(session: AsyncSession, team: TeamRow, act: ActRow, caller: Caller) -> None:
    audit.record(
        session,
        "rotation.undo",
        f"act:{act.id}",
        team_id=team.id,
        actor_id=caller.user_id,
        at=caller.at,
        before={"kind": act.kind, "by": act.actor_id, "at": act.at},
    )
