"""`python -m tests.wire.writing_bot run`: the bot, which says of each file that it opens it for writing."""

import os
import sys

from bot.cli import main

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def tell(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITING and isinstance(arguments[0], str):
        os.write(2, f"writes {arguments[0]}\n".encode())
    elif event in {"os.mkdir", "os.rename", "sqlite3.connect"}:
        os.write(2, f"writes {arguments[0]!s}\n".encode())


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    sys.addaudithook(tell)
    main()
