"""Pages as one HTML file that needs nothing else: to read, to print, to keep.

The Markdown of a page is safe already; here it is read with raw HTML switched off all the same. Pictures of the web are
links, so that opening the file asks nobody for anything, and a policy in its head forbids the rest.
"""

import html
import itertools
import re
from collections.abc import Iterator, MutableMapping, Sequence
from functools import cache
from typing import Any, Final

from github_slugger import GithubSlugger
from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from bot.i18n import Language, _
from bot.pages.formulas import formula


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("bot", "pages"), undefined=StrictUndefined, trim_blocks=True, autoescape=True
    )
    return environment.get_template("journal.html.j2")


def html_parts(title: str, days: Sequence[tuple[str, str]], lang: Language) -> tuple[str, str]:
    """What stands before the pages and behind them. `days` are anchors and titles, for the contents of several days."""
    contents = days if len(days) > 1 else ()
    text = _template().render(title=title, language=lang.code, days=contents, contents=lang(_("Contents")))
    before, _pages, behind = text.partition("<!-- pages -->")
    return before, behind


def page_html(page: str, anchor: str) -> str:
    """A page of Markdown as an article; its headings are `anchor-1-lecture-notes` and the like."""
    tokens = _READER.parse(page)
    _name_headings(tokens, anchor)
    _shorten_links(tokens, anchor)
    body = _READER.renderer.render(tokens, _READER.options, {})
    return f'<article id="{html.escape(anchor)}">\n{body}</article>\n'


def _name_headings(tokens: Sequence[Token], anchor: str) -> None:
    """The ids are those that GitHub gives, so that the page's contents lead to them."""
    slugger = GithubSlugger()
    for opening, inline in itertools.pairwise(tokens):
        if opening.type == "heading_open":
            words = "".join(child.content for child in inline.children or [] if child.type in {"text", "code_inline"})
            opening.attrSet("id", f"{anchor}-{slugger.slug(words)}")


def _shorten_links(tokens: Sequence[Token], anchor: str) -> None:
    for token in _walk(tokens):
        href = str(token.attrs.get("href", ""))
        if token.type == "link_open" and re.fullmatch(r"#day\d+-\d{4}-\d\d-\d\d", href):
            continue  # the page of another day in this file
        if token.type == "link_open" and href.startswith("#"):
            token.attrSet("href", f"#{anchor}-{href[1:]}")
        elif token.type == "link_open":
            token.attrSet("rel", "noopener noreferrer")


def _walk(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _walk(token.children or [])


# Formulas


def _math(state: StateInline, silent: bool) -> bool:
    """`$x$` and `$$x$$`, as GitHub reads them: no space inside the marks, no letter or digit behind them."""
    source, start = state.src, state.pos
    if source[start] != "$":
        return False
    mark = "$$" if source.startswith("$$", start) else "$"
    begin = start + len(mark)
    end = _closing(source, mark, begin, state.posMax)
    if end is None:
        return False
    if not silent:
        token = state.push("math_inline", "math", 0)
        token.content, token.markup = source[begin:end], mark
    state.pos = end + len(mark)
    return True


def _closing(source: str, mark: str, begin: int, limit: int) -> int | None:
    end = source.find(mark, begin, limit)
    while end > 0 and source[end - 1] == "\\":
        end = source.find(mark, end + 1, limit)
    inside = source[begin:end] if end > 0 else ""
    if not inside.strip() or (mark == "$" and inside != inside.strip()):
        return None
    after = source[end + len(mark) : end + len(mark) + 1]
    return None if mark == "$" and after.isdigit() else end


def _render_math(
    _self: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, _env: MutableMapping[str, Any]
) -> str:
    token = tokens[index]
    shown = formula(token.content, display=token.markup == "$$")
    return shown or f"<code>{html.escape(token.markup + token.content + token.markup)}</code>"


def _render_fence(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]
) -> str:
    """A fenced `math` block is a formula; all others are code."""
    token = tokens[index]
    shown = formula(token.content, display=True) if token.info.strip() == "math" else None
    return f"<p>{shown}</p>\n" if shown else self.fence(tokens, index, options, env)


def _render_image(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]
) -> str:
    """A picture of the web is a link to it, under its description."""
    token = tokens[index]
    address = str(token.attrs.get("src", ""))
    shown = self.renderInlineAsText(token.children, options, env) or address
    return f'<a class="picture" href="{html.escape(address)}" rel="noopener noreferrer">{html.escape(shown)}</a>'


def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "maxNesting": 60}).enable(["table", "strikethrough"])
    reader.inline.ruler.before("escape", "math", _math)
    reader.add_render_rule("math_inline", _render_math)
    reader.add_render_rule("fence", _render_fence)
    reader.add_render_rule("image", _render_image)
    return reader


_READER: Final = _reader()
