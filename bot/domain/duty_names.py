"""What a team calls its own duties, and the words under which the two that every team has are known."""

from collections.abc import Iterable, Mapping
from typing import Final

from bot.domain.duties import MODERATOR, PRESENTER
from bot.domain.markdown_line import one_line

NAME_LIMIT: Final = 30
"""Characters of the name of an own duty."""

MOST_DUTIES: Final = 10
"""How many duties of its own a team may have at a time."""

BUILT_IN: Final[Mapping[str, str]] = {
    **dict.fromkeys(("moderator", "모더레이터"), MODERATOR),
    **dict.fromkeys(("presenter", "발표자", "발표"), PRESENTER),
}
"""Words for the duties that every team has → their keys."""


class DutyNameRefused(ValueError):
    """The name cannot be a duty's. `taken`: there is a duty of that name already; otherwise it is too long or empty."""

    def __init__(self, name: str, *, taken: bool) -> None:
        super().__init__(f"{name!r} cannot be the name of a duty")
        self.name = name
        self.taken = taken


def read_duty_name(text: str, others: Iterable[str]) -> str:
    """The name in one line. DutyNameRefused if it is too long, empty, or the name of one of the others.

    Case makes no difference, nor does the kind of white space; the form of a key (`duty:7`) is not free either.
    """
    name = one_line(text)
    if not any(character.isprintable() and not character.isspace() for character in name) or len(name) > NAME_LIMIT:
        raise DutyNameRefused(name, taken=False)
    folded = name.casefold()
    if folded in BUILT_IN or folded.startswith("duty:") or folded in {other.casefold() for other in others}:
        raise DutyNameRefused(name, taken=True)
    return name
