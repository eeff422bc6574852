"""What people type in one line (names, titles, addresses), as Markdown that shows exactly that."""

import re
from typing import Final
from urllib.parse import urlsplit

from bot.domain.discord_text import clean


class Markdown(str):
    """Text that is safe to stand in a page. Only the functions of `bot.domain.markdown` make it of what people type."""

    __slots__ = ()


_SAFE_MATH: Final = re.compile(r"\$(?:[^\s$*`\[\]<>~&|\\_]|(?<=[^\W_])_|\\(?=[A-Za-z])| (?!\$))+\$")
"""LaTeX without anything that Markdown would read: it stays as typed."""

_SPECIAL: Final = re.compile(r"[\\`*\[\]|$<]|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_])")
_BLOCK_AT_START: Final = re.compile(r"^(?:(?=#{1,6}(?:\s|$)|>|[+-](?:\s|$)|[=-][\s=-]*$)|\d{1,9}(?=[.)](?:\s|$)))")
_HASHES_AT_END: Final = re.compile(r"(?:(?<=\s)|^)(?=#+$)")

_ENTITY: Final = re.compile(r"&(?=#?\w+;)")
_NOT_IN_ADDRESS: Final = re.compile(r'[\s<>"`\\|{}^]')


def one_line(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(clean(text).split())


def line(text: str) -> Markdown:
    """One line that shows the text as it was typed, wherever it stands: nothing in it is markup but plain LaTeX."""
    text = one_line(text)
    pieces: list[str] = []
    at = 0
    for math in _SAFE_MATH.finditer(text):
        pieces += [_escaped(text[at : math.start()]), math.group()]
        at = math.end()
    pieces.append(_escaped(text[at:]))
    shown = "".join(pieces)
    if shown.count("~") > 1:  # GitHub strikes out between two of them; one alone is a range, 5~6강
        shown = shown.replace("~", "\\~")
    return Markdown(_escaped_ends(shown))


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda match: "&lt;" if match.group() == "<" else "\\" + match.group(), text)


def _escaped_ends(text: str) -> str:
    text = _HASHES_AT_END.sub(r"\\", text, count=1)
    return _BLOCK_AT_START.sub(lambda match: match.group() + "\\", text)


def code(text: str) -> Markdown:
    """Code style: `` `name` ``; backticks in the text lengthen the ones around it. Empty for an empty text."""
    text = one_line(text)
    if not text:
        return Markdown()
    runs = {len(run) for run in re.findall("`+", text)}
    marks = "`" * next(length for length in range(1, len(runs) + 2) if length not in runs)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return Markdown(f"{marks}{space}{text}{space}{marks}")


def strong(text: Markdown) -> Markdown:
    """Bold. To be followed by a space, punctuation or the end of the line."""
    return Markdown(f"**{text}**") if text else text


def emphasis(text: Markdown) -> Markdown:
    """Italic. To be followed by a space, punctuation or the end of the line."""
    return Markdown(f"*{text}*") if text else text


def web_address(text: str | None) -> str | None:
    """The address if it is one of http or https, written so that it fits a Markdown link; None otherwise."""
    address = clean(text or "").strip()
    try:
        parts = urlsplit(address)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return None
    if not usable or any(character.isspace() for character in address):
        return None
    address = _NOT_IN_ADDRESS.sub(lambda match: f"%{ord(match.group()):02X}", address)
    if not _balanced(address):
        address = address.replace("(", "%28").replace(")", "%29")
    return _ENTITY.sub("&amp;", address)


def _balanced(address: str) -> bool:
    depth = 0
    for character in address:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth < 0:
            return False
    return depth == 0


def link(title: str | None, address: str | None) -> Markdown:
    """`[title](address)`; the address itself without a title; both as text when the address is not one of the web."""
    shown = one_line(title or "")
    typed = one_line(address or "")
    target = web_address(address)
    if target is not None:
        return Markdown(f"[{line(shown or typed)}]({target})")
    return line(f"{shown} ({typed})" if shown and typed else shown or typed)
