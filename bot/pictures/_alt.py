"""What a picture shows, in words, for those who do not see it: as much as Discord takes."""

from collections.abc import Sequence
from typing import Final

ALT_LIMIT: Final = 1024
"""Characters that Discord takes as the description of a picture."""

_CUT: Final = "\n…"


def as_alt(lines: Sequence[str]) -> str:
    """Whole lines, as many as fit; an ellipsis stands for the rest."""
    text = "\n".join(lines)
    if len(text) <= ALT_LIMIT:
        return text
    kept = text[: ALT_LIMIT - len(_CUT) + 1].rpartition("\n")[0]
    return (kept or text[: ALT_LIMIT - len(_CUT)]) + _CUT
