"""`python -m bot.locale update | check`: keep the Korean catalogues and the sources in step."""

import sys

from bot.locale.catalogue import check, update


def main() -> int:
    command = sys.argv[1] if len(sys.argv) == 2 else ""
    if command == "update":
        update()
        return 0
    if command == "check":
        problems = check()
        sys.stderr.writelines(f"{problem}\n" for problem in problems)
        sys.stderr.write(f"Problems in the Korean catalogues: {len(problems)}\n")
        return 1 if problems else 0
    sys.stderr.write("usage: python -m bot.locale update | check\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())
