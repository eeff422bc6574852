"""Making what people type safe inside a page without spoiling it.

    line, code, link     one line: names, titles, addresses
    block                what somebody wrote, as blocks of its own
    labelled, item       a block behind a label, a block as a list item

All of them give `Markdown`, and a page is made of nothing else. Every result has been read again, in the place where it
will stand, before it is given out; what does not stand there as it should becomes a block of code, which always does.
"""

from functools import lru_cache
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.domain.discord_text import DISCORD_MARKUP, Mentions, clean, is_blank
from bot.domain.markdown_line import Markdown, code, emphasis, line, link, one_line, strong, web_address
from bot.domain.markdown_lines import Unmendable, code_lines, rewrite
from bot.domain.markdown_mending import MAX_LEVEL, fenced, mend
from bot.domain.markdown_parts import Parts, parts
from bot.domain.markdown_prose import Prose, prose
from bot.domain.markdown_scan import inline_html, scan

__all__ = [
    "Markdown",
    "Mentions",
    "block",
    "clean",
    "code",
    "emphasis",
    "is_blank",
    "item",
    "labelled",
    "line",
    "link",
    "one_line",
    "strong",
    "web_address",
]

_READER: Final = MarkdownIt("commonmark", {"maxNesting": 60}).enable("table")
REMEMBERED: Final = 2048
"""How many results are kept: those of a busy day."""

REMEMBERED_LENGTH: Final = 2000
"""Characters up to which they are, so that what is kept stays small."""

_FORBIDDEN: Final = frozenset({"heading_open", "html_block", "html_inline"})


def block(text: str, mentions: Mentions, *, line_breaks: bool = True) -> Markdown:
    """What somebody wrote, to stand between blank lines at the left margin. Empty for a blank text.

    Markdown joins the lines of a paragraph; `line_breaks` keeps them apart, as Discord shows them. Without it only the
    breaks that are Markdown's own stay.
    """
    if is_blank(text):
        return Markdown()
    lines = [source if source.strip() else "" for source in clean(text).split("\n")]
    text = "\n".join(lines).strip("\n").rstrip()
    recognised = prose(text, line_breaks=line_breaks) or parts(text, mentions, line_breaks=line_breaks)
    if recognised is not None:
        return recognised
    if len(text) > REMEMBERED_LENGTH or DISCORD_MARKUP.search(text):
        return _checked(text, mentions, line_breaks=line_breaks)
    return _remembered(text, line_breaks=line_breaks)


@lru_cache(REMEMBERED)
def _remembered(text: str, *, line_breaks: bool) -> Markdown:
    """A text without mentions: the session stands on the page of the team and on each member's."""
    return _checked(text, Mentions(), line_breaks=line_breaks)


def _checked(text: str, mentions: Mentions, *, line_breaks: bool) -> Markdown:
    try:
        mended = mend(text, mentions)
        tidied = _tidy(mended, line_breaks=line_breaks)
        if tidied != mended:
            mended = mend(tidied, mentions)  # `[a]:` and a break after it are a link definition
    except Unmendable:
        mended = None
    if mended is not None and _stands(mended):
        return Markdown(mended)
    return Markdown(fenced(DISCORD_MARKUP.sub(mentions.text, text)))


def labelled(label: Markdown, text: Markdown) -> Markdown:
    """A block with a label in front: on its first line if that is a paragraph, otherwise above it."""
    if not text or not label:
        return text or label
    together = f"{label} {text}"
    if isinstance(text, Prose):
        return Prose(together)
    if isinstance(text, Parts):
        return Prose(f"{label}\n\n{text}")
    if len(together) > REMEMBERED_LENGTH:
        return _labelled(label, text, together)
    return _remembered_label(label, text, together)


def _labelled(label: Markdown, text: Markdown, together: str) -> Markdown:
    if _continues_paragraph(label, text, together):
        return Markdown(together)
    return Markdown(f"{label}\n\n{text}")


def item(text: Markdown) -> Markdown:
    """A block (of `block` or `labelled`) as an item of a list with dashes; it reaches no further than the item."""
    if isinstance(text, Prose | Parts):
        return Markdown(f"- {_indented(text)[2:]}")
    return _item(text) if len(text) > REMEMBERED_LENGTH else _remembered_item(text)


def _item(text: Markdown) -> Markdown:
    indented = _indented(text)
    for shown in (f"- {indented[2:]}", f"-\n{indented}"):
        if _is_item_of(shown, text):
            return Markdown(shown)
    return Markdown(f"- {_indented(fenced(text))[2:]}")


_remembered_label = lru_cache(REMEMBERED)(_labelled)
_remembered_item = lru_cache(REMEMBERED)(_item)


def _indented(text: str) -> str:
    return "\n".join(f"  {source}" if source else "" for source in text.split("\n"))


# Line breaks and spaces at the end of lines


def _tidy(text: str, *, line_breaks: bool) -> str:
    read = scan(text)
    lines = list(read.lines)
    for opening, inline in zip(read.tokens, read.tokens[1:], strict=False):
        if opening.type == "paragraph_open" and "\n" in inline.content:
            rewrite(lines, inline, _with_breaks(inline.content, every=line_breaks))
    inside_code = code_lines(read)
    return "\n".join(source if number in inside_code else source.rstrip() for number, source in enumerate(lines))


def _with_breaks(content: str, *, every: bool) -> str:
    """The paragraph with `\\` where a line break is meant, if that changes nothing else."""
    *lines, last = content.split("\n")
    plain = [source.rstrip() for source in lines]
    asked = [source.endswith("  ") for source in lines]
    for wanted in ([True] * len(lines), asked) if every and not _has_long_math(content) else (asked,):
        broken = [f"{source}\\" if want else source for source, want in zip(plain, wanted, strict=True)]
        candidate = "\n".join([*broken, last])
        if _words(inline_html(candidate)) == _words(inline_html(content)):
            return candidate
    return "\n".join([*plain, last])


def _has_long_math(content: str) -> bool:
    return "$$" in content or any(source.count("$") % 2 for source in content.split("\n"))


def _words(html: str) -> list[str]:
    return html.replace("<br />", " ").split()


# Reading the result again


def _shape(tokens: list[Token]) -> list[tuple[object, ...]]:
    """What makes two readings the same: everything but the place."""
    return [
        (token.type, token.tag, token.info, token.attrs, token.content, _shape(token.children or []))
        if token.type != "inline"
        else (token.type, _shape(token.children or []))
        for token in tokens
    ]


@lru_cache(8)
def _read(text: str) -> list[Token]:
    """Nobody changes the tokens: who judges a text, puts a label before it and makes it an item reads it once."""
    return _READER.parse(text)


_BEFORE: Final = _shape(_read("before"))
_AFTER: Final = _shape(_read("# after"))


def _stands(text: str) -> bool:
    """Whether the text, between two others, is what it is alone, and contains nothing forbidden."""
    alone = _read(text)
    between = _shape(_read(f"before\n\n{text}\n\n# after"))
    untouched = between == _BEFORE + _shape(alone) + _AFTER
    return untouched and not _forbidden(alone) and not scan(text).definitions


def _forbidden(tokens: list[Token], depth: int = 0) -> bool:
    return any(
        token.type in _FORBIDDEN or token.level > MAX_LEVEL or depth > 4 or _forbidden(token.children or [], depth + 1)
        for token in tokens
    )


def _continues_paragraph(label: str, text: str, together: str) -> bool:
    alone, joined = _read(text), _read(together)
    if [token.type for token in alone] != [token.type for token in joined] or alone[0].type != "paragraph_open":
        return False
    expected = f"{inline_html(label)} {inline_html(alone[1].content)}"
    return inline_html(joined[1].content) == expected and _shape(joined[2:]) == _shape(alone[2:])


def _is_item_of(shown: str, text: str) -> bool:
    tokens = _read(f"- before\n{shown}\n- after")
    ends = ["list_item_close", "list_item_open", "paragraph_open", "inline", "paragraph_close"]
    expected = ["bullet_list_open", *ends[1:], *ends[:2]]
    inside = tokens[len(expected) : -len(expected)]
    types = [token.type for token in tokens]
    return (
        types[: len(expected)] == expected
        and types[-len(expected) :] == [*ends, "list_item_close", "bullet_list_close"]
        and _shape(inside) == _shape(_read(text))
    )
