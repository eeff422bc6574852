"""Links from a page to those of other days. A page writes them as if all lay beside each other: `day26.md`."""

import re
from collections.abc import Callable, Mapping
from typing import Final

_LINK: Final = re.compile(r"\[([^\[\]\n]+)\]\(day(\d+)\.md\)")


def with_targets(page: str, target: Callable[[int], str | None]) -> str:
    """The page with other addresses; where there is none, only the words of the link stay."""

    def replaced(match: re.Match[str]) -> str:
        address = target(int(match[2]))
        return match[1] if address is None else f"[{match[1]}]({address})"

    return _LINK.sub(replaced, page)


def with_links(page: str, folder: str, folders: Mapping[int, str]) -> str:
    """A page that stands in `folder` (`week6/day27`), with links into the folders of other days."""
    up = "../" * (folder.count("/") + 1)
    return with_targets(page, lambda number: f"{up}{folders[number]}/README.md" if number in folders else None)
