"""Handing turns over: skipping, swapping, letting somebody step in, and taking it back."""

from collections.abc import Callable, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import DeliveryRow, MemberRow, RequestRow, TeamRow, TurnRow
from bot.domain.duties import Turn
from bot.domain.rotation import ReasonKind
from bot.domain.team import Caller, Member, Team
from bot.errors import InvalidInput, NotFound
from bot.i18n import _
from bot.services.days import close_ended_days
from bot.services.rotation._able import able_members, require_able, require_somebody, turn_in_return
from bot.services.rotation._giving import give_out, give_to, planned_for, skip_turn
from bot.services.rotation._meant import Coming, load_coming, meant_turn
from bot.services.rotation._requests import (
    AGREED,
    DECLINED,
    NO,
    OPEN,
    REQUEST,
    agree,
    close,
    load_request,
    open_request,
    require_asked,
    tell_asker,
    to_request,
    turn_asked_for,
)
from bot.services.rotation._swap_values import (
    Answered,
    Asking,
    HeldTurn,
    Request,
    Skipped,
    SteppedIn,
    Undone,
    WantedTurn,
    words_of,
)
from bot.services.rotation._undo import latest_act, latest_act_of_team, latest_request, undo_act, withdraw
from bot.services.teams import (
    changing_team_of,
    find_member,
    is_moderator,
    member_named,
    member_of,
    require_moderator,
)
from bot.services.turns import begin_act, is_announced, tell
from bot.services.values import to_team

__all__ = [
    "DECLINED",
    "REQUEST",
    "Answered",
    "Asking",
    "HeldTurn",
    "Request",
    "Skipped",
    "SteppedIn",
    "Swaps",
    "Undone",
    "WantedTurn",
    "words_of",
]


class Swaps:
    """`/rotation skip`, `swap`, `substitute` and `undo`, and the buttons that lead there."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @writes
    async def skip(
        self, session: AsyncSession, caller: Caller, wanted: WantedTurn, reason: str | None, user_id: int | None
    ) -> Skipped:
        """Skip a turn, one's own or for moderators a member's: the rule gives it to somebody else at once.

        It does not count, so it comes first next time. Raises NotAllowed for others' turns, InvalidInput if it cannot
        be told which turn is meant, if its day has begun, or if nobody else is there for it.
        """
        team, holder, coming = await _holder(session, caller, wanted, user_id)
        turn = await meant_turn(session, team, coming, holder, wanted, caller)
        known = await is_announced(session, team, turn.day, caller.at)
        act = await begin_act(session, team, "skip", actor_id=caller.user_id, now=caller.at)
        await skip_turn(session, team, act, turn, caller, (reason or "").strip() or None)
        planned = await planned_for(session, team, turn.slot, turn.day)
        if planned is None or planned.member_id is None:
            text = _("Nobody else is there for {turn}, so it cannot be skipped. Ask a moderator to move or cancel it.")
            raise InvalidInput(text, turn=coming.words(turn))
        if known:
            made = await give_out(session, team, act, turn.slot, turn.day, caller, cause="skip")
            await tell(session, team, act, [] if made is None else [made])
        self._wake()
        double = planned.reason.kind is ReasonKind.DOUBLE
        return Skipped(coming.held(turn), coming.members[planned.member_id], told=known, double=double)

    @writes
    async def ask_swap(self, session: AsyncSession, caller: Caller, with_user_id: int, wanted: WantedTurn) -> Request:
        """Ask a member to swap: one's own turn for their next one of the same duty. The post goes out at once.

        Raises InvalidInput for oneself, for days on which one of the two is away or has another duty, and if they have
        no such turn within 60 study days.
        """
        team, holder, coming = await _holder(session, caller, wanted)
        other = await member_named(session, team, with_user_id)
        if other.id == holder.id:
            raise InvalidInput(_("You cannot swap with yourself. Choose somebody else."))
        turn = await meant_turn(session, team, coming, holder, wanted, caller)
        in_return = await turn_in_return(session, team, coming, turn, other.id)
        request = await open_request(session, team, coming, caller, turn, other_id=other.id, in_return=in_return)
        self._wake()
        return request

    @writes
    async def substitute(
        self, session: AsyncSession, caller: Caller, wanted: WantedTurn, to_user_id: int | None, whose: int | None
    ) -> Request | SteppedIn:
        """Let somebody step in for one turn: one's own, or for moderators that of `whose`.

        A member named for one's own turn is asked; a moderator gives the turn of another at once. Without a member,
        those who can are asked, and the first to answer has it. Raises InvalidInput if nobody can, or the one who is
        named cannot, NotAllowed for others' turns.
        """
        team, holder, coming = await _holder(session, caller, wanted, whose)
        turn = await meant_turn(session, team, coming, holder, wanted, caller)
        if to_user_id is None:
            await require_somebody(session, team, coming, turn)
            answer: Request | SteppedIn = await open_request(session, team, coming, caller, turn, other_id=None)
        else:
            other = await member_named(session, team, to_user_id)
            if other.id == holder.id:
                text = _("It is {name}'s turn already. Choose somebody else, or nobody: then all who can are asked.")
                raise InvalidInput(text, name=other.name)
            await require_able(session, team, coming, other.id, turn)
            if holder.user_id == caller.user_id:
                answer = await open_request(session, team, coming, caller, turn, other_id=other.id)
            else:
                answer = await _step_in(session, team, coming, turn, other, caller)
        self._wake()
        return answer

    @writes
    async def accept(self, session: AsyncSession, caller: Caller, request_id: int) -> Answered:
        """Agree to a request: what it asks for is done at once, and told.

        Pressing again, or too late, changes nothing and says what became of it. Raises NotAllowed for those who were
        not asked, InvalidInput if somebody is away by now or has another duty.
        """
        row, team = await load_request(session, caller, request_id)
        coming = await load_coming(session, team)
        if (request := to_request(row, coming)).state != OPEN:
            return Answered(to_team(team), request, by_this=False)
        member_id = await require_asked(session, team, coming, row, caller)
        await agree(session, team, coming, row, member_id, caller)
        row.other_member_id = member_id
        close(session, team, row, AGREED, caller)
        self._wake()
        return Answered(to_team(team), to_request(row, coming), by_this=True)

    @writes
    async def decline(self, session: AsyncSession, caller: Caller, request_id: int) -> Answered:
        """Say no to a request; whoever asked is told. Pressing again changes nothing."""
        row, team = await load_request(session, caller, request_id)
        coming = await load_coming(session, team)
        if (request := to_request(row, coming)).state != OPEN:
            return Answered(to_team(team), request, by_this=False)
        await require_asked(session, team, coming, row, caller)
        close(session, team, row, NO, caller)
        await tell_asker(session, row, coming, caller.at)
        self._wake()
        return Answered(to_team(team), to_request(row, coming), by_this=True)

    @writes
    async def undo(self, session: AsyncSession, caller: Caller) -> Undone:
        """Take back the last act one did or agreed to, or one's open request; for moderators, the team's last act.

        Each turn goes back to whoever had it; one that was only planned is planned again. Raises InvalidInput if there
        is nothing, if it was taken back already, if one of the days has begun, or if one of the turns was changed again
        since.
        """
        team = await changing_team_of(session, caller)
        moderates = is_moderator(team, caller)
        member = await find_member(session, team, caller.user_id) if moderates else None
        if not moderates:
            member = await member_of(session, team, caller)
        coming = await load_coming(session, team)
        request = await latest_request(session, team, caller.user_id, coming)
        if moderates:
            act = await latest_act_of_team(session, team)
        else:
            act = await latest_act(session, team, caller.user_id, None if member is None else member.id)
        if request is not None and (act is None or request.asked_at >= act.at):
            undone = await withdraw(session, team, coming, request, caller)
        elif act is not None:
            undone = await undo_act(session, team, coming, act, caller)
        else:
            raise InvalidInput(_("There is nothing of yours to take back. /rotation history tells what was changed."))
        self._wake()
        return undone

    @reads
    async def asking(self, session: AsyncSession, request_id: int) -> Asking | str:
        """A request and whom its post pings: whoever is asked, or all who can. Why not, if it need not be posted."""
        row = await session.get_one(RequestRow, request_id)
        team = await session.get_one(TeamRow, row.team_id)
        coming = await load_coming(session, team)
        request = to_request(row, coming)
        if request.state != OPEN:
            return f"the request is {request.state}"
        if request.other is not None:
            return Asking(to_team(team), request, (request.other.user_id,))
        able = await able_members(session, team, coming, turn_asked_for(row))
        pinged = tuple(coming.members[member_id].user_id for member_id in able)
        return Asking(to_team(team), request, pinged) if pinged else "nobody can"

    @reads
    async def declined(self, session: AsyncSession, request_id: int) -> Asking:
        """A request that is not to be, and whoever asked."""
        return await _asked(session, request_id)

    @reads
    async def posted(self, session: AsyncSession, delivery_id: int) -> Asking:
        """The request of a post as it stands now."""
        post = await session.get_one(DeliveryRow, delivery_id)
        return await _asked(session, post.subject_id)

    @reads
    async def own_turn(self, session: AsyncSession, caller: Caller, turn_id: int) -> tuple[Team, HeldTurn]:
        """The turn of a button, if it is the caller's and can be handed over. Raises as `skip` does."""
        team, coming, turn = await _turn_of_button(session, caller, turn_id)
        return to_team(team), coming.held(turn)

    @reads
    async def partners(self, session: AsyncSession, caller: Caller, turn_id: int) -> Sequence[HeldTurn]:
        """The turns for which one could swap the turn of a button, the earliest first: each member's next one."""
        team, coming, turn = await _turn_of_button(session, caller, turn_id)
        found = []
        for member_id in {each.member_id for each in coming.turns} - {turn.member_id, None}:
            if member_id is not None:
                try:
                    found.append(coming.held(await turn_in_return(session, team, coming, turn, member_id)))
                except InvalidInput:  # they cannot, or one cannot on their day
                    continue
        return sorted(found, key=lambda each: (each.date, each.member.id))

    @reads
    async def able(self, session: AsyncSession, caller: Caller, turn_id: int) -> Sequence[Member]:
        """Those who could step in for the turn of a button, in roster order."""
        team, coming, turn = await _turn_of_button(session, caller, turn_id)
        return [coming.members[member_id] for member_id in await able_members(session, team, coming, turn)]


async def _asked(session: AsyncSession, request_id: int) -> Asking:
    row = await session.get_one(RequestRow, request_id)
    team = await session.get_one(TeamRow, row.team_id)
    return Asking(to_team(team), to_request(row, await load_coming(session, team)), (row.asked_by,))


async def _holder(
    session: AsyncSession, caller: Caller, wanted: WantedTurn, user_id: int | None = None
) -> tuple[TeamRow, MemberRow, Coming]:
    """Whose turn it is about: the caller's own, or for moderators that of somebody else."""
    if wanted.turn_id is not None:
        team = await _team_of_turn(session, caller, wanted.turn_id)
        await close_ended_days(session, team, caller.at)
        return team, await member_of(session, team, caller), await load_coming(session, team)
    team = await changing_team_of(session, caller)
    if user_id is None or user_id == caller.user_id:
        return team, await member_of(session, team, caller), await load_coming(session, team)
    await require_moderator(session, team, caller, today=True)
    return team, await member_named(session, team, user_id), await load_coming(session, team)


async def _turn_of_button(session: AsyncSession, caller: Caller, turn_id: int) -> tuple[TeamRow, Coming, Turn]:
    """The turn that a button carries, to look at only."""
    team = await _team_of_turn(session, caller, turn_id)
    member, coming = await member_of(session, team, caller), await load_coming(session, team)
    return team, coming, await meant_turn(session, team, coming, member, WantedTurn(turn_id=turn_id), caller)


async def _team_of_turn(session: AsyncSession, caller: Caller, turn_id: int) -> TeamRow:
    """The team whose turn it is, if that is one of the caller's guild: a button may stand in any channel."""
    row = await session.get(TurnRow, turn_id)
    team = None if row is None else await session.get_one(TeamRow, row.team_id)
    if team is None or not team.is_of(caller.guild_id):
        raise NotFound(_("This turn is not there any more. /rotation show tells whose turn it is."))
    return team


async def _step_in(
    session: AsyncSession, team: TeamRow, coming: Coming, turn: Turn, other: MemberRow, caller: Caller
) -> SteppedIn:
    """A moderator gives a turn to somebody for this once."""
    act = await begin_act(session, team, "substitute", actor_id=caller.user_id, now=caller.at)
    confirmed = other.user_id == caller.user_id
    made = await give_to(session, team, act, turn, other.id, caller, cause="substitute", confirmed=confirmed)
    await tell(session, team, act, [made])
    return SteppedIn(coming.held(turn, other.id), coming.members[turn.member_id])
