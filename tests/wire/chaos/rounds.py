"""What is done to the bot, round by round."""

from dataclasses import dataclass

OUTAGE = 120.0
"""Seconds of the long outage."""


@dataclass(frozen=True)
class Round:
    """One round. What is left out does not happen.

    `latency`: how long Discord takes over a message, at least and at most: only what takes time can be interrupted.
    `failing`: the share of messages that Discord takes and does not confirm. `outage`: how many seconds it is away,
    once; with `refusing` it answers 503 instead. `weather`: the gateway drops, sessions become invalid, Discord is away
    for a moment, and requests fail before or after their effect. `second`: another process tries to run beside it.
    `module`: what runs in place of the bot. `expect`: "exact", or the harm that a defect planted on purpose must do:
    a harness that does not see it is blind.
    """

    name: str
    channels: int = 200
    each: int = 5
    kills: int = 0
    remembers: bool = True
    latency: tuple[float, float] = (0.02, 0.1)
    failing: float = 0.0
    outage: float = 0.0
    refusing: bool = False
    weather: bool = False
    second: bool = False
    module: str = "bot"
    expect: str = "exact"

    @property
    def planned(self) -> int:
        return self.channels * self.each


SLOW = (0.05, 1.2)
"""With many requests under way at any time, a kill finds each of them somewhere in the midst."""

LONG = (
    Round("kill -9, nonces remembered", kills=40, latency=SLOW, second=True),
    Round("kill -9, nonces forgotten", kills=40, latency=SLOW, second=True, remembers=False),
    Round("unconfirmed, nonces remembered", failing=0.1),
    Round("unconfirmed, nonces forgotten", failing=0.1, remembers=False),
    Round("outage, nonces remembered", outage=OUTAGE),
    Round("outage, nonces forgotten", outage=OUTAGE, refusing=True, remembers=False),
    Round("all at once, nonces remembered", kills=40, latency=SLOW, failing=0.1, weather=True),
    Round("all at once, nonces forgotten", kills=40, latency=SLOW, failing=0.1, weather=True, remembers=False),
)

SHORT = (
    Round("killed, unconfirmed, nonces forgotten", 6, 4, kills=3, latency=(0.05, 0.6), failing=0.1, remembers=False),
    Round("outage, unconfirmed, nonces remembered", 6, 4, failing=0.1, outage=3.0),
)

CONTROLS = (
    Round(
        "control: looks back never", channels=20, kills=5, latency=SLOW, remembers=False,
        module="tests.wire.chaos.forgetful_bot", expect="doubled",
    ),
    Round(
        "control: marks before sending", channels=20, kills=5, latency=SLOW,
        module="tests.wire.chaos.hasty_bot", expect="lost",
    ),
)  # fmt: skip
"""Bots with a defect. A round that does not see its harm proves nothing of the others."""
