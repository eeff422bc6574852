"""Rate limits: a fixed window that opens at the first request, as Discord counts."""

import re
from dataclasses import dataclass

MESSAGE_CREATE = re.compile(r"/channels/(\d+)/messages")


@dataclass(frozen=True)
class Window:
    """At most `limit` requests in `seconds`."""

    limit: int
    seconds: float


@dataclass
class _Bucket:
    window: Window
    resets_at: float = 0.0
    used: int = 0

    def take(self, now: float) -> bool:
        if now >= self.resets_at:
            self.used, self.resets_at = 0, now + self.window.seconds
        self.used += 1
        return self.used <= self.window.limit


@dataclass(frozen=True)
class Verdict:
    """`retry_after` in seconds if refused; `headers` belong to the answer either way."""

    headers: dict[str, str]
    retry_after: float | None = None
    scope: str = "user"


class RateLimits:
    """Discord's published global limit and the per-channel one for messages that people observe. None switches off.

    `now` is a monotonic time in seconds, `wall` the same instant as a Unix time for the Reset header.
    """

    def __init__(self, messages: Window | None = Window(5, 5.0), overall: Window | None = Window(50, 1.0)) -> None:
        self.messages = messages
        self.overall = overall
        self._buckets: dict[str, _Bucket] = {}

    def judge(self, method: str, path: str, *, exempt: bool, now: float, wall: float) -> Verdict:
        """`exempt` requests (interactions) do not count for the global limit."""
        if self.overall and not exempt:
            bucket = self._bucket("overall", self.overall)
            if not bucket.take(now):
                headers = {"X-RateLimit-Global": "true"}
                return Verdict(headers, bucket.resets_at - now, "global")
        found = MESSAGE_CREATE.fullmatch(path)
        if not (self.messages and found and method == "POST"):
            return Verdict({})
        bucket = self._bucket(found[1], self.messages)
        accepted = bucket.take(now)
        headers = _headers(bucket, now, wall)
        return Verdict(headers) if accepted else Verdict(headers, bucket.resets_at - now)

    def _bucket(self, key: str, window: Window) -> _Bucket:
        bucket = self._buckets.get(key)
        if bucket is None or bucket.window != window:
            bucket = self._buckets[key] = _Bucket(window)
        return bucket


def _headers(bucket: _Bucket, now: float, wall: float) -> dict[str, str]:
    left = bucket.resets_at - now
    return {
        "X-RateLimit-Bucket": "messages",
        "X-RateLimit-Limit": str(bucket.window.limit),
        "X-RateLimit-Remaining": str(max(0, bucket.window.limit - bucket.used)),
        "X-RateLimit-Reset": f"{wall + left:.3f}",
        "X-RateLimit-Reset-After": f"{left:.3f}",
    }
