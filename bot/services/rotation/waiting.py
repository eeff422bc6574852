"""What a member's rotation waits for: requests that only they can answer, and their turns to come.

Works inside the transaction of whoever asks.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import DeliveryRow, MemberRow, RequestRow, TeamRow
from bot.domain.duties import Turn
from bot.services.rotation._meant import load_coming
from bot.services.rotation._requests import OPEN, REQUEST, SWAP, open_requests, to_request
from bot.services.rotation._swap_values import HeldTurn, Request

__all__ = ["SWAP", "Asked", "Waiting", "load_waiting"]


@dataclass(frozen=True)
class Asked:
    """A request to one member; `url` is where it is answered, as far as it is posted: else its channel."""

    request: Request
    url: str


@dataclass(frozen=True)
class Waiting:
    """Requests that only this member can answer, and the turns they can still give away, the next first."""

    requests: Sequence[Asked]
    turns: Sequence[HeldTurn]


async def load_waiting(session: AsyncSession, team: TeamRow, member: MemberRow) -> Waiting:
    coming = await load_coming(session, team)
    rows = [row for row in await open_requests(session, team) if row.other_member_id == member.id]
    requests = [(row, to_request(row, coming)) for row in rows]
    asked = [Asked(request, await _url(session, team, row)) for row, request in requests if request.state == OPEN]
    own = [turn for turn in coming.turns if turn.member_id == member.id and not coming.is_over(turn.day)]
    turns = (Turn(each.slot.duty, each.slot.unit, each.day, member.id) for each in own)
    return Waiting(asked, sorted((coming.held(turn) for turn in turns), key=lambda turn: turn.date))


async def _url(session: AsyncSession, team: TeamRow, row: RequestRow) -> str:
    query = select(DeliveryRow).where(
        DeliveryRow.team_id == team.id, DeliveryRow.kind == REQUEST, DeliveryRow.subject_id == row.id
    )
    post = await session.scalar(query)
    channel_id = team.study_channel_id if post is None else post.channel_id or team.study_channel_id
    url = f"https://discord.com/channels/{team.guild_id}/{channel_id}"
    return url if post is None or post.message_id is None else f"{url}/{post.message_id}"
