"""How much still fits on a board: Discord counts characters and bytes, and Hangul takes three bytes a character."""

from collections.abc import Sequence

from bot.i18n import Language


class Room:
    """What is left of a board's characters and bytes."""

    def __init__(self, characters: int, size: int) -> None:
        self._characters = characters
        self._size = size

    def take(self, text: str) -> str:
        """Count a text that is shown in any case."""
        self._characters -= len(text) + 1
        self._size -= len(text.encode()) + 1
        return text

    def share(self, parts: int) -> "Room":
        """A part of what is left, for what must not take all of it. Count what comes of it with `take`."""
        return Room(self._characters // parts, self._size // parts)

    def first(self, texts: Sequence[str]) -> list[str]:
        """The first texts as far as they fit."""
        shown: list[str] = []
        for text in texts:
            if len(text) >= self._characters or len(text.encode()) >= self._size:
                break
            shown.append(self.take(text))
        return shown

    def lines(self, lines: Sequence[str], more: str, lang: Language) -> list[str]:
        """The first lines as far as they fit; below them `more` says how many ({count}) there are besides."""
        shown = self.first(lines)
        hidden = len(lines) - len(shown)
        return [*shown, *(["-# " + lang(more, count=hidden)] if hidden else [])]
