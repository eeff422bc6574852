"""The headings of a page, the address that GitHub gives each, and the links to them in its contents."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from github_slugger import GithubSlugger

from bot.domain import markdown
from bot.domain.journal import Page
from bot.domain.markdown import Markdown
from bot.i18n import _

_SECTIONS: Final = (_("Lecture notes"), _("Assignments"), _("Peer session"), _("Retrospectives"))


@dataclass(frozen=True)
class _Heading:
    """A heading, the address GitHub gives it, and the link to it in the table of contents."""

    shown: Markdown
    link: Markdown
    parts: tuple["_Heading", ...] = ()


@dataclass(frozen=True)
class Outline:
    """The headings of a page in their order."""

    day: Markdown
    contents: Markdown
    sections: tuple[_Heading, ...]
    lectures: tuple[_Heading, ...]
    """Of the session, one for each of its lectures."""
    further: _Heading | None
    minutes: _Heading | None


class _Slugs:
    """Addresses in the order of the page: a title that comes again gets a number behind it."""

    def __init__(self) -> None:
        self._slugger = GithubSlugger()

    def heading(self, text: str, label: str | None = None) -> _Heading:
        """A heading with this plain text; its link shows the label."""
        text = markdown.one_line(text)
        link = Markdown(f"[{markdown.line(label or text)}](#{self._slugger.slug(text)})")
        return _Heading(markdown.line(text), link)


def outline(page: Page, say: Callable[..., Markdown]) -> Outline:
    """The headings of a page; `say` gives the page's own words."""
    slugs = _Slugs()
    number = say(_("Day {number}"), number=page.record.number)
    day = slugs.heading(f"{number} {page.title}")
    contents = slugs.heading(say(_("Contents")))
    sections = [_section(slugs, place, say(title)) for place, title in enumerate(_SECTIONS[:3], start=1)]
    session = page.session
    lectures = tuple(slugs.heading(lecture.heading or say(_("Lecture"))) for lecture in session.lectures)
    further = slugs.heading(say(_("Further questions"))) if session.further else None
    minutes = slugs.heading(say(_("Minutes"))) if session.minutes else None
    parts = (*lectures, *(heading for heading in (further, minutes) if heading))
    sections[2] = _Heading(sections[2].shown, sections[2].link, parts)
    sections.append(_section(slugs, 4, say(_SECTIONS[3])))
    return Outline(day.shown, contents.shown, tuple(sections), lectures, further, minutes)


def _section(slugs: _Slugs, number: int, title: str) -> _Heading:
    heading = slugs.heading(f"{number}. {title}", label=title)
    return _Heading(Markdown(f"{number}. {title}"), heading.link)
