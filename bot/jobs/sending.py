"""Sending one delivery: ask the feature what to post, post it, record what became of it.

Before any second attempt the channel's history is read for the message: it may have arrived although nobody said so.
"""

import logging
import random
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.domain.catch_up import Several, catch_up, is_late
from bot.domain.deliveries import HISTORY_UNREADABLE, PATIENCE, POISONED, Delivery, State
from bot.jobs.catching_up import holds, joined, labelled
from bot.jobs.pace import Gate, Pace
from bot.jobs.posts import (
    UNKNOWN_CHANNEL,
    Ambiguous,
    Announcer,
    Deleted,
    Post,
    Refused,
    SendError,
    ServerError,
    Skip,
    TryAgain,
)
from bot.services.deliveries import Deliveries

log = logging.getLogger(__name__)

Composer = Callable[[Delivery], Awaitable[Post | Skip]]

HISTORY_MARGIN = timedelta(minutes=2)
"""How much further back than the first attempt the history is read: clocks differ."""

RESENT_UNSEEN = frozenset({"assignment.reminder"})
"""Kinds that are sent again when history cannot be read: better twice than never. All others are held."""


class Sender:
    """Knows exactly once; composers know what. Each request to Discord waits for its turn at the gate."""

    def __init__(
        self,
        deliveries: Deliveries,
        announcer: Announcer,
        clock: Clock,
        pace: Pace,
        gate: Gate,
        rng: random.Random,
    ) -> None:
        self._deliveries = deliveries
        self._announcer = announcer
        self._clock = clock
        self._pace = pace
        self._gate = gate
        self._rng = rng
        self.composers: dict[str, Composer] = {}
        self._through = 0
        self._through_at_failure: dict[int, int] = {}
        self._in_vain: dict[int, int] = {}

    async def deliver(self, delivery: Delivery) -> None:
        """Bring one delivery as far as it gets now: to its end, or to its next attempt."""
        if delivery.state is State.SENDING:
            await self._resume(delivery)
            return
        if self._expired(delivery):
            await self._close(delivery, State.SKIPPED, "expired")
            return
        await self._gate.turn()  # before it is composed: what is posted is decided at the last moment
        beside = await self._beside(delivery)
        if catch_up(delivery.kind).several is Several.LATEST and await self._is_overtaken(delivery, beside):
            return
        post = await self._composed(delivery)
        if post is not None and catch_up(delivery.kind).several is Several.TOGETHER:
            await self._together(delivery, post, beside)
        elif post is not None:
            await self._address(delivery, post)

    async def _beside(self, delivery: Delivery) -> Sequence[Delivery]:
        """What is to be caught up with together with a late delivery: more of its kind for the same place."""
        if catch_up(delivery.kind).several is Several.EACH or not is_late(delivery.planned, self._clock.now()):
            return ()
        return await self._deliveries.beside(delivery, self._clock.now())

    async def _is_overtaken(self, delivery: Delivery, beside: Sequence[Delivery]) -> bool:
        """Leave only the latest of a kind, and say whether this one is gone."""
        latest = max((delivery, *beside), key=lambda each: (each.planned, each.id))
        overtaken = [each.id for each in (delivery, *beside) if each is not latest]
        if overtaken:
            told = {"deliveries": overtaken, "kind": delivery.kind, "latest": latest.id}
            log.info("Deliveries %(deliveries)s (%(kind)s) are overtaken by %(latest)s", told)
            await self._deliveries.overtake(overtaken)
        return latest is not delivery

    async def _together(self, delivery: Delivery, post: Post, beside: Sequence[Delivery]) -> None:
        """Send as one message what fits into one."""
        merged = []
        for other in beside:
            more = await self._composed(other)
            whole = None if more is None else joined(post, more)
            if whole is not None:
                merged.append(other.id)
                post = whole
        await self._address(delivery, post, merged)

    async def put_off(self, delivery: Delivery) -> None:
        """Something of ours is defect; that takes longer to mend than Discord, and its lane does not wait for it."""
        later = self._later(self._pace.longest_retry)
        await self._deliveries.retry(delivery.id, later, failures=max(0, PATIENCE - delivery.failures))

    def _expired(self, delivery: Delivery) -> bool:
        return delivery.expires_at is not None and delivery.expires_at <= self._clock.now()

    async def _composed(self, delivery: Delivery) -> Post | None:
        """What to post, and where. None if there is nothing to say; or if its composer has a defect, which is logged,
        and the delivery is put off."""
        try:
            post = await self.composers[delivery.kind](delivery)
        except TryAgain as error:
            await self._retry(delivery, error)
            return None
        except Exception:
            log.exception("Cannot compose delivery %(delivery)s (%(kind)s)", _named(delivery))
            await self.put_off(delivery)
            return None
        if isinstance(post, Skip):
            await self._close(delivery, State.SKIPPED, post.reason)
            return None
        return _addressed(delivery, labelled(delivery, post, self._clock.now()))

    async def _address(self, delivery: Delivery, post: Post, merged: Collection[int] = ()) -> None:
        """The first attempt. Where a direct message goes is asked first: while that fails, nothing was sent."""
        if post.user_id is None:
            await self._attempt(delivery, post, _channel(delivery, post), merged)
            return
        try:
            channel_id = await self._announcer.open_direct(post.user_id)
        except Refused as error:
            await self._refused(delivery, post, error)
        except (TryAgain, Ambiguous) as error:
            await self._retry(delivery, error)
        else:
            await self._attempt(delivery, post, channel_id)

    async def _resume(self, delivery: Delivery) -> None:
        """A second attempt: look whether the first one arrived, and only if not send the same again."""
        if delivery.payload is None or delivery.channel_id is None or delivery.first_tried_at is None:
            raise ValueError(f"delivery {delivery.id} is under way without a payload")
        post = Post.from_json(delivery.payload)
        since = delivery.first_tried_at - HISTORY_MARGIN
        await self._gate.turn()
        try:
            found = await self._announcer.find(delivery.guild_id, delivery.channel_id, post, since)
        except Refused as error:
            gone = delivery.asked_for and error.code == UNKNOWN_CHANNEL  # and its messages with it
            if delivery.kind not in RESENT_UNSEEN and not gone:
                await self._close(delivery, State.HELD, f"{HISTORY_UNREADABLE} ({error})")
                return
            found = None
        except (TryAgain, Ambiguous) as error:
            await self._retry(delivery, error)
            return
        if found is not None:
            await self._finish(delivery, post, delivery.channel_id, found)
        elif self._expired(delivery):
            await self._close(delivery, State.SKIPPED, "expired")
        elif delivery.failures >= POISONED:
            await self._close(delivery, State.FAILED, f"{delivery.failures} times a 5xx while others got through")
        elif delivery.asked_for or self._is_outdated(delivery) or not await self._holds(delivery, post):
            await self._deliveries.renew(delivery.id, self._clock.now())
        else:
            await self._gate.turn()
            await self._attempt(delivery, post, delivery.channel_id)

    def _is_outdated(self, delivery: Delivery) -> bool:
        """Whether what it says may not hold any more: who was to be reminded then may have handed in since."""
        tried_at, now = delivery.first_tried_at, self._clock.now()
        return tried_at is not None and is_late(tried_at, now) and catch_up(delivery.kind).labelled

    async def _holds(self, delivery: Delivery, post: Post) -> bool:
        """Whether what it says is still to be said, now. If not, it begins anew, and may end or wait as any other."""
        try:
            anew = [await self.composers[part.kind](part) for part in await self._deliveries.contents(delivery.id)]
        except TryAgain:
            return False
        return holds(post, anew)

    async def _attempt(self, delivery: Delivery, post: Post, channel_id: int, merged: Collection[int] = ()) -> None:
        now = self._clock.now()
        if not await self._deliveries.begin(delivery.id, post.to_json(), channel_id, now, merged=merged):
            return  # it, or one merged into it, was cancelled while it was composed
        try:
            message_id = await self._announcer.send(delivery.guild_id, channel_id, post, delivery.nonce)
        except Deleted:
            await self._sent(delivery, post, None)
        except Refused as error:
            await self._refused(delivery, post, error)
        except ServerError as error:
            await self._retry(delivery, error, most=POISONED)
        except (TryAgain, Ambiguous) as error:
            await self._retry(delivery, error)
        else:
            await self._finish(delivery, post, channel_id, message_id)

    async def _refused(self, delivery: Delivery, post: Post, error: Refused) -> None:
        """It fails, unless it was for one person and names a channel for that case.

        From the commit that begins the other attempt on, payload and channel are those of the fallback, so that a
        restart looks for it and sends it there; before that commit, the person is asked, and refuses, once more.
        """
        now = self._clock.now()
        if error.code == UNKNOWN_CHANNEL and await self._deliveries.thread_gone(delivery.id, str(error), now):
            return  # the next tick sends it to the thread's channel
        if post.user_id is None or post.fallback_channel_id is None:
            await self._close(delivery, State.FAILED, str(error))
            return
        log.info("Delivery %(delivery)s (%(kind)s) goes to its fallback: %(error)s", _named(delivery, error=error))
        instead = replace(post, user_id=None, fallback_channel_id=None)
        await self._gate.turn()
        await self._attempt(delivery, instead, post.fallback_channel_id)

    async def _finish(self, delivery: Delivery, post: Post, channel_id: int, message_id: int) -> None:
        try:
            await self._announcer.finish(delivery.guild_id, channel_id, message_id, post)
        except (TryAgain, Ambiguous) as error:
            await self._retry(delivery, error)
        except (Refused, Deleted) as error:
            told = _named(delivery, error=error)
            log.warning("Delivery %(delivery)s (%(kind)s) is posted, but not finished: %(error)s", told)
            await self._sent(delivery, post, message_id, unfinished=str(error))
        else:
            await self._sent(delivery, post, message_id)

    async def _sent(
        self, delivery: Delivery, post: Post, message_id: int | None, *, unfinished: str | None = None
    ) -> None:
        self._through += 1
        self._forget(delivery)
        await self._deliveries.sent(delivery.id, message_id, post.board_version, unfinished=unfinished)

    async def _close(self, delivery: Delivery, state: State, reason: str) -> None:
        level = logging.INFO if state is State.SKIPPED else logging.WARNING
        log.log(
            level,
            "Delivery %(delivery)s (%(kind)s) of team %(team)s is %(state)s: %(reason)s",
            _named(delivery, state=state, reason=reason),
        )
        self._forget(delivery)
        await self._deliveries.close(delivery.id, state, reason, self._clock.now())

    def _forget(self, delivery: Delivery) -> None:
        self._through_at_failure.pop(delivery.id, None)
        self._in_vain.pop(delivery.id, None)

    def _blamed(self, delivery: Delivery) -> int:
        """1 if it is the message that does not get through: since it last failed others did. In an outage, nobody is to
        blame."""
        before = self._through_at_failure.get(delivery.id)
        self._through_at_failure[delivery.id] = self._through
        return int(before is not None and self._through > before)

    async def _retry(self, delivery: Delivery, error: SendError, *, most: int = PATIENCE) -> None:
        """Again after what Discord asked for, or after a pause that grows.

        A message that does not get through while others do tries the patience of its lane, and what is no 5xx to the
        message itself nothing more: a bad connection fails none. `most` says how far it may count.
        """
        seconds = error.seconds if isinstance(error, TryAgain) else self._pause(delivery)
        blamed = self._blamed(delivery) if isinstance(error, Ambiguous) else 0
        told = _named(delivery, error=error, seconds=seconds)
        log.info("Delivery %(delivery)s (%(kind)s): %(error)s; again in %(seconds).1f s", told)
        failures = blamed if delivery.failures < most else 0
        await self._deliveries.retry(delivery.id, self._later(seconds), failures=failures)

    def _pause(self, delivery: Delivery) -> float:
        """Seconds that grow each time; also where looking back fails, which is no attempt."""
        times = max(delivery.attempts, self._in_vain.get(delivery.id, 0))
        self._in_vain[delivery.id] = times + 1
        return self._pace.pause(times, self._rng)

    def _later(self, seconds: float) -> datetime:
        return self._clock.now() + timedelta(seconds=seconds)


def _named(delivery: Delivery, **more: object) -> dict[str, object]:
    """What a line of the log says of a delivery."""
    return {"delivery": delivery.id, "kind": delivery.kind, "team": delivery.team_id, **more}


def _addressed(delivery: Delivery, post: Post) -> Post:
    """To whom, or where: the delivery says, and what it leaves open, its composer."""
    if delivery.user_id is not None:
        return replace(post, user_id=delivery.user_id)
    if delivery.channel_id is not None:
        return replace(post, channel_id=delivery.channel_id, user_id=None)
    return post


def _channel(delivery: Delivery, post: Post) -> int:
    if post.channel_id is None:
        raise ValueError(f"delivery {delivery.id} ({delivery.kind}) has no channel")
    return post.channel_id
