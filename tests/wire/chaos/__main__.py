"""`make chaos`: the long rounds, and a table of their counts. Exit code 1 if anything was lost or doubled."""

import argparse
import asyncio
import sys
import tempfile
import time
import traceback
from pathlib import Path

from tests.wire.chaos.lives import play
from tests.wire.chaos.rounds import CONTROLS, LONG, Round
from tests.wire.chaos.tally import Tally, table


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.wire.chaos", description=__doc__)
    parser.add_argument(
        "--seed", type=int, default=time.time_ns() % 100_000, help="repeats the chance of an earlier run"
    )
    parser.add_argument("--only", default="", help="rounds whose name contains this")
    options = parser.parse_args()
    rounds = [round_ for round_ in (*LONG, *CONTROLS) if options.only in round_.name]
    print(f"seed {options.seed}: {len(rounds)} rounds", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        tallies = asyncio.run(play_all(rounds, Path(folder), options.seed))
    print(table(tallies))
    wrong = [round_.name for round_ in rounds if not as_expected(round_, tallies.get(round_.name))]
    print(f"NOT AS IT SHOULD BE: {', '.join(wrong)}" if wrong else "As it should be: nothing lost, nothing doubled.")
    return bool(wrong)


async def play_all(rounds: list[Round], folder: Path, seed: int) -> dict[str, Tally]:
    """The tallies of the rounds that came to an end. One that breaks keeps no other from being played."""
    tallies = {}
    for number, round_ in enumerate(rounds):
        try:
            tallies[round_.name] = await play(round_, folder, seed + number)
        except (AssertionError, OSError):  # a process that ended otherwise than it should; a wait that was too long
            traceback.print_exc()
        else:
            print(f"{round_.name}: {told(tallies[round_.name])}", flush=True)
    return tallies


def told(tally: Tally) -> str:
    """One line while the others are still to come."""
    states = ", ".join(f"{state} {count}" for state, count in tally.states.items())
    refused = f"; a second process was refused {tally.refused} times" if tally.refused else ""
    return f"{states}, lost {len(tally.lost)}, doubled {len(tally.doubled)}, {tally.seconds:.0f} s{refused}"


def as_expected(round_: Round, tally: Tally | None) -> bool:
    """Each message there once, in order after an outage; and the harm of a defect that was planted, seen."""
    if tally is None:
        return False
    if round_.expect == "exact":
        return tally.exact and not (round_.outage and tally.misplaced)
    return bool(tally.lost if round_.expect == "lost" else tally.doubled)


if __name__ == "__main__":
    sys.exit(main())
