"""One process per database: an advisory lock on a file beside it, which the system gives back when the process dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import AlreadyRunning


@contextmanager
def exclusive(database: Path) -> Iterator[None]:
    """Hold the database for this process, making its folder if needed.

    Raises AlreadyRunning, naming the holder, if another process has it. Also after `kill -9` the lock is free at once.
    """
    database.parent.mkdir(parents=True, exist_ok=True)
    path = database.with_name(database.name + ".lock")
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise AlreadyRunning(
                f"{database} is in use by another study-bot (process {holder}). Stop that one first."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
