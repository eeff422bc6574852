"""What came of a round, counted at the server."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from tests.wire.chaos.plan import Due
from tests.wire.discord_server import DiscordServer

SIGNS = ("starting", "sending", "looking back", "at rest")


@dataclass
class Tally:
    """`kills` by what the process was doing, in `SIGNS`; `states`: what the database says of the deliveries."""

    planned: int
    delivered: int = 0
    lost: list[Due] = field(default_factory=list)
    doubled: list[Due] = field(default_factory=list)
    strange: int = 0
    misplaced: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    faults: int = 0
    refused: int = 0
    seconds: float = 0.0
    states: Mapping[str, int] = field(default_factory=dict)

    @property
    def exact(self) -> bool:
        """Every message is there, once, and the database knows it."""
        once = self.delivered == self.planned and not self.lost and not self.doubled and not self.strange
        return once and self.states == {"sent": self.planned}


def count(server: DiscordServer, planned: Iterable[Due]) -> Tally:
    """Read the channels, as people do. `strange` are messages nobody planned, `misplaced` those after a later one."""
    planned = list(planned)
    tally = Tally(len(planned))
    for channel, group in groupby(planned, key=lambda due: due.channel):
        by_line = {due.line: due for due in group}
        lines = [line for message in server.messages(channel) for line in message.text.splitlines()[:1]]
        found = Counter(lines)
        tally.delivered += sum(line in found for line in by_line)
        tally.lost += [due for line, due in by_line.items() if line not in found]
        tally.doubled += [due for line, due in by_line.items() for _ in range(found[line] - 1)]
        tally.strange += sum(line not in by_line for line in lines)
        places = [by_line[line].number for line in lines if line in by_line]
        tally.misplaced += sum(later < earlier for earlier, later in pairwise(places))
    return tally


COLUMNS = ("round", "planned", "delivered", "lost", "doubled", "kills", *SIGNS, "faults", "misplaced", "seconds")


def table(rows: Mapping[str, Tally]) -> str:
    """The counts of all rounds, in columns."""
    cells = [COLUMNS, *(_cells(name, tally) for name, tally in rows.items())]
    widths = [max(len(row[column]) for row in cells) for column in range(len(COLUMNS))]
    return "\n".join(
        "  ".join([row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))])
        for row in cells
    )


def _cells(name: str, tally: Tally) -> tuple[str, ...]:
    numbers = (tally.planned, tally.delivered, len(tally.lost), len(tally.doubled) + tally.strange, tally.kills.total())
    signs = (tally.kills[sign] for sign in SIGNS)
    return (name, *map(str, (*numbers, *signs, tally.faults, tally.misplaced)), f"{tally.seconds:.0f}")
