"""What pages are worded with: their own words, the names of people, and what people typed, as Markdown."""

from collections.abc import Iterable, Mapping
from typing import Final

from babel.dates import format_date

from bot.domain import markdown
from bot.domain.day_record import DayRecord, Lecture, Material
from bot.domain.discord_text import DISCORD_MARKUP
from bot.domain.markdown import Markdown, Mentions
from bot.domain.titles import lecture_heading
from bot.i18n import Language, _

_HONORIFIC: Final = {"ko": "님", "en": ""}
"""What stands behind a name; names are kept without it."""


def only_markdown(value: object) -> object:
    """Let through what a template may print. Raises TypeError for text that was not made safe."""
    if isinstance(value, Markdown | int):
        return value
    raise TypeError(f"a page cannot print {type(value).__name__}: make it Markdown first")


class Wording:
    """The page's own words in one language, and those that people typed, made safe."""

    def __init__(self, record: DayRecord, lang: Language) -> None:
        self._lang = lang
        self._record = record
        self._names = {member.id: member.name for member in record.members}
        lectures = (*record.lectures_studied, *record.lectures_presented, *record.lectures_elsewhere)
        self._presenters: Mapping[int | None, tuple[int, ...]] = {
            lecture.id: lecture.presenter_ids for lecture in lectures
        }
        self._mentions = Mentions(
            members={member.user_id: member.name for member in record.members},
            channels=record.channels,
            roles=record.roles,
            zone=record.zone,
            unknown_member=lang(_("somebody")),
            unknown_channel=lang(_("a channel")),
            unknown_role=lang(_("a role")),
        )

    def say(self, message: str, **values: object) -> Markdown:
        """The page's own words. Text put into them has to be Markdown already."""
        for value in values.values():
            if isinstance(value, str):
                only_markdown(value)
        return Markdown(self._lang(message, **values))

    def joined(self, parts: Iterable[Markdown | None], between: str) -> Markdown:
        return Markdown(between.join(str(only_markdown(part)) for part in parts if part))

    def date(self) -> Markdown:
        """`2026년 11월 24일 화요일`, `Tuesday 24 November 2026`."""
        locale, style = ("ko", "full") if self._lang.code == "ko" else ("en", "EEEE d MMMM y")
        return Markdown(format_date(self._record.date, style, locale=locale))

    # People

    def _called(self, member_id: int) -> str:
        name = markdown.one_line(self._names.get(member_id, ""))
        return name + _HONORIFIC[self._lang.code] if name else self._lang(_("Somebody"))

    def person(self, member_id: int) -> Markdown:
        """`하준님`."""
        return markdown.line(self._called(member_id))

    def people(self, member_ids: Iterable[int]) -> Markdown:
        return self.joined((self.person(member_id) for member_id in member_ids), ", ")

    def presenters(self, lecture: Lecture) -> Markdown:
        """Names in code style, as the team writes them."""
        names = (
            markdown.one_line(self._names.get(member_id, "")) or self._lang(_("Somebody"))
            for member_id in lecture.presenter_ids
        )
        return self.joined((markdown.code(name) for name in names), ", ")

    # Texts

    def title(self, text: str) -> Markdown:
        return markdown.strong(markdown.line(text))

    def text(self, text: str) -> Markdown:
        return markdown.line(DISCORD_MARKUP.sub(self._mentions.text, text))

    def member(self, member_id: int) -> Markdown:
        return markdown.strong(self.person(member_id))

    def lecture(self, lecture: Lecture) -> Markdown:
        return self.title(lecture_heading(lecture) or self._lang(_("Lecture")))

    def aside(self, text: Markdown) -> Markdown:
        return markdown.emphasis(text)

    def block(self, text: str) -> Markdown:
        return markdown.block(text, self._mentions)

    def document(self, text: str) -> Markdown:
        """A note: written as Markdown, so that its line breaks are Markdown's."""
        return markdown.block(text, self._mentions, line_breaks=False)

    def material(self, material: Material) -> Markdown:
        return markdown.link(material.title, material.url)
