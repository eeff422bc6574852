"""Things that go wrong between a bot and Discord, scripted or by chance."""

import random
import re
from dataclasses import dataclass
from typing import Literal

Breakage = int | Literal["close", "reset", "hang"]


@dataclass
class Fault:
    """One rule. The first rule that fits a request, and whose dice say so, breaks it.

    `answer`: an HTTP status; or "close" (connection closed without an answer), "reset" (closed by RST), "hang" (no
    answer until `release()`). A tuple is chosen from by chance.
    `accepted`: the request has its effect, only the answer goes wrong. None tosses a coin each time.
    `method`, `path`: regular expressions; the method whole, the path anywhere in it (`/channels/…/messages`).
    `times`: how often it strikes, None for ever. `chance`: of striking at each fitting request.
    """

    answer: Breakage | tuple[Breakage, ...]
    accepted: bool | None = False
    method: str = ".*"
    path: str = ""
    times: int | None = 1
    chance: float = 1.0
    retry_after: float = 0.05
    code: int = 0
    message: str = "injected"
    struck: int = 0

    def fits(self, method: str, path: str) -> bool:
        spent = self.times is not None and self.struck >= self.times
        return not spent and bool(re.fullmatch(self.method, method)) and bool(re.search(self.path, path))


@dataclass(frozen=True)
class Strike:
    """What happens to one request."""

    fault: Fault
    answer: Breakage
    accepted: bool


class Faults:
    """The rules in force. `seed` makes chance repeatable.

    `latency`: the shortest and the longest time, in seconds, that an answer takes; half of it passes before the request
    has its effect. Of those whose sender is gone by then, half have none. It applies to paths that fit `slow`.
    """

    def __init__(self, seed: int = 0) -> None:
        self._dice = random.Random(seed)
        self._other_dice = random.Random(seed)  # so that the same seed strikes the same requests, slow or not
        self.latency = (0.0, 0.0)
        self.slow = ""
        self.rules: list[Fault] = []
        self.strikes: list[Strike] = []

    def add(self, answer: Breakage | tuple[Breakage, ...], **fields: object) -> Fault:
        """`add(500, accepted=True, method="POST", path=r"/messages$")`; fields as in Fault."""
        fault = Fault(answer, **fields)  # type: ignore[arg-type]
        self.rules.append(fault)
        return fault

    def storm(self, chance: float, *, method: str = ".*", path: str = "", hang: bool = False) -> Fault:
        """Everything at random: refused or lost before or after the request took effect, for ever."""
        answers: tuple[Breakage, ...] = (500, 502, 503, 429, "close", "reset")
        answers += ("hang",) if hang else ()
        return self.add(answers, accepted=None, method=method, path=path, times=None, chance=chance)

    def clear(self) -> None:
        self.rules.clear()

    def draw(self, method: str, path: str) -> Strike | None:
        for fault in self.rules:
            if fault.fits(method, path) and self._dice.random() < fault.chance:
                fault.struck += 1
                answer = self._choose(fault)
                strike = Strike(fault, answer, self._is_accepted(fault) and answer != 429)
                self.strikes.append(strike)
                return strike
        return None

    def delay(self, path: str) -> float:
        """How many seconds this answer takes."""
        slow = any(self.latency) and re.search(self.slow, path)
        return self._other_dice.uniform(*self.latency) if slow else 0.0

    def reaches_nobody(self) -> bool:
        """Whether a request is lost with its sender."""
        return self._other_dice.random() < 0.5

    def _choose(self, fault: Fault) -> Breakage:
        return self._dice.choice(fault.answer) if isinstance(fault.answer, tuple) else fault.answer

    def _is_accepted(self, fault: Fault) -> bool:
        return self._dice.random() < 0.5 if fault.accepted is None else fault.accepted
