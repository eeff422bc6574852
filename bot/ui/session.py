"""How a session, its agenda and its minutes are told to people."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final

import discord

from bot.domain.discord_text import DISCORD_MARKUP, Mentions
from bot.domain.questions import shortened
from bot.domain.session import (
    Agenda,
    Entry,
    Minutes,
    MinutesKind,
    NextDay,
    OnDuty,
    OpenQuestion,
    OwnDuty,
    Presented,
    by_kind,
)
from bot.domain.team import Member, StudyDay
from bot.i18n import Language, _
from bot.jobs.posts import TextFile
from bot.ui.answers import MESSAGE_LIMIT
from bot.ui.people import together

HEAD: Final = 1500
"""Characters of a long text that stand in the message; the file beside it has all of them."""

EXCERPT: Final = 60
"""Characters of a question on the agenda: enough to know which one it is."""

PRESENTERS: Final = 10
"""Lectures named in one line; how many more there are is said."""

LECTURE: Final = 40
"""Characters of a lecture in such a line: one without a number is called by its title, which may be long."""

Quote = Callable[[str], str]
"""What people typed, made safe for where it is shown."""

Named = Callable[[OnDuty, Language], str]
"""How somebody who has a duty is called."""

KIND_NAMES: Final[Mapping[MinutesKind, str]] = {
    "note": _("Note"),
    "discussion": _("Discussion"),
    "decision": _("Decision"),
    "action": _("Action"),
    "announcement": _("Announcement"),
    "material": _("Material"),
}
"""One entry of the minutes, by its kind."""

_KIND_HEADINGS: Final[Mapping[MinutesKind, str]] = {
    "announcement": _("Announcements"),
    "decision": _("Decisions"),
    "action": _("To do"),
    "discussion": _("Discussions"),
    "note": _("Notes"),
    "material": _("Materials"),
}


def escaped(text: str) -> str:
    """For a message: Markdown is shown as it was typed. Nothing pings, because the announcer allows nobody."""
    return discord.utils.escape_markdown(text).replace("](", "]\\(")  # it misses links over two lines


def plain(names: Mapping[int, str], lang: Language) -> Quote:
    """For a file: as typed, with names in place of mentions, which only Discord can resolve."""
    mentions = Mentions(members=names, unknown_member=lang(_("somebody")))
    return lambda text: DISCORD_MARKUP.sub(mentions.text, text)


def within_a_message(compose: Callable[[Quote], str], names: Mapping[int, str], name: str, lang: Language) -> tuple[
    str, TextFile | None
]:  # fmt: skip
    """The text if it fits into a message; else its first lines, and a file with all of it."""
    text = compose(escaped)
    if len(text) <= MESSAGE_LIMIT:
        return text, None
    head = text[:HEAD].rpartition("\n")[0].rstrip()
    more = lang(_("… and more: all of it is in the file."))
    return f"{head}\n{more}", TextFile(name, compose(plain(names, lang)) + "\n")


def day_label(day: StudyDay, lang: Language) -> str:
    """`Day27`."""
    return lang(_("Day {number}"), number=day.number)


def heading(day: StudyDay, lang: Language) -> str:
    """`Day27 NLP 5~6강`."""
    return f"{day_label(day, lang)} {day.title}".strip()


def opening_text(agenda: Agenda, lang: Language) -> str:
    """The day at a glance: the first message of its thread."""
    first = f"{escaped(shortened(heading(agenda.day, lang)))} · {lang.day(agenda.day.date)}"
    return "\n".join([first, " · ".join(_glance(agenda, lang, by_name))])


def reminder_text(agenda: Agenda, start: datetime, now: datetime, lang: Language) -> str:
    """Today's agenda in one line; the moderator and the presenters are pinged by it."""
    minutes = round((start - now).total_seconds() / 60)
    begins = _("The peer session begins in {minutes} min ({start:time}).")
    began = _("It is time for the peer session ({start:time}).")
    head = lang(begins if minutes > 0 else began, minutes=minutes, start=start)
    return f"{head} {' · '.join(_glance(agenda, lang, by_mention))}".strip()


def pinged(agenda: Agenda) -> tuple[int, ...]:
    """User ids of those whom the reminder names."""
    presenters = (on_duty for lecture in _named(agenda.lectures) for on_duty in lecture.presenters)
    named = presenters if agenda.moderator is None else (agenda.moderator, *presenters)
    return tuple(dict.fromkeys(on_duty.member.user_id for on_duty in named))


def by_name(on_duty: OnDuty, lang: Language) -> str:
    return lang(_("{name}"), name=escaped(on_duty.member.name))


def by_mention(on_duty: OnDuty, lang: Language) -> str:
    return lang(_("{name}"), name=f"<@{on_duty.member.user_id}>")


def by_answer(quote: Quote) -> Named:
    """By name, and whether they have not yet said that they will do it."""

    def named(on_duty: OnDuty, lang: Language) -> str:
        text = _("{name}") if on_duty.confirmed else _("{name} (unconfirmed)")
        return lang(text, name=quote(on_duty.member.name))

    return named


def _glance(agenda: Agenda, lang: Language, named: Named) -> list[str]:
    """Who does what, and how much is waiting."""
    parts = _duties(agenda.moderator, agenda.lectures, lang, named)
    if agenda.open_questions or not parts:
        parts.append(lang(_("open questions: {count}"), count=agenda.open_questions))
    if agenda.deadlines:
        parts.append(lang(_("deadlines: {count}"), count=len(agenda.deadlines)))
    return parts


def _duties(moderator: OnDuty | None, lectures: Sequence[Presented], lang: Language, named: Named) -> list[str]:
    parts: list[str] = []
    if moderator is not None:
        parts.append(lang(_("{person} moderates"), person=named(moderator, lang)))
    presenters = [_presented(lecture, lang, named) for lecture in _named(lectures)]
    if more := len([lecture for lecture in lectures if lecture.presenters]) - len(presenters):
        presenters.append(lang(_("and {count} more"), count=more))
    if presenters:
        parts.append(lang(_("presenting: {presenters}"), presenters=", ".join(presenters)))
    return parts


def _presented(lecture: Presented, lang: Language, named: Named) -> str:
    """`5강 가온님`, `논문 가온님·나래님`."""
    short = escaped(shortened(lecture.short, LECTURE))
    return f"{short} {together((named(on_duty, lang) for on_duty in lecture.presenters), lang)}"


def _named(lectures: Iterable[Presented]) -> list[Presented]:
    return [lecture for lecture in lectures if lecture.presenters][:PRESENTERS]


def agenda_text(agenda: Agenda, lang: Language, quote: Quote) -> str:
    """What the session is about, section by section."""
    title = lang(_("{day} · agenda of the peer session"), day=quote(heading(agenda.day, lang)))
    if agenda.moderator is not None:
        title += "\n" + lang(_("{person} moderates"), person=_called(agenda.moderator, lang, quote))
    if agenda.experiment:
        title += "\n" + lang(_("This week's experiment: {text}"), text=quote(agenda.experiment))
    lectures = [_lecture_section(lecture, lang, quote) for lecture in agenda.lectures]
    questions = [_question(question, quote) for question in agenda.questions]
    actions = [_action(item.text, item.owner, item.due, lang, quote) for item in agenda.actions]
    sections = [
        title,
        *(lectures or [lang(_("No lecture is presented today."))]),
        _section(_("Other questions"), questions, lang),
        _section(_("Further questions carried over"), _carried(agenda, lang, quote), lang),
        _section(_("Deadlines"), _deadlines(agenda, lang, quote), lang),
        _section(_("Still to do"), actions, lang),
    ]
    return "\n\n".join(section for section in sections if section)


def _lecture_section(lecture: Presented, lang: Language, quote: Quote) -> str:
    title = f"**{quote(lecture.label)}**"
    if lecture.presenters:
        people = together((_called(on_duty, lang, quote) for on_duty in lecture.presenters), lang)
        title += " · " + lang(_("presented by {people}"), people=people)
    lines = [_question(question, quote) for question in lecture.questions]
    return "\n".join([title, *(lines or ["- " + lang(_("No open questions yet."))])])


def _called(on_duty: OnDuty, lang: Language, quote: Quote) -> str:
    return lang(_("{name}"), name=quote(on_duty.member.name))


def _section(title: str, lines: Sequence[str], lang: Language) -> str:
    return "\n".join([f"**{lang(title)}**", *lines]) if lines else ""


def _question(question: OpenQuestion, quote: Quote) -> str:
    about = f" ({quote(question.about)})" if question.about else ""
    return f"- #{question.number} {quote(shortened(question.text, EXCERPT))}{about}"


def _carried(agenda: Agenda, lang: Language, quote: Quote) -> list[str]:
    one, many = _("for 1 study day"), _("for {count} study days")
    return [
        f"{_question(item.question, quote)} · {lang(one if item.age == 1 else many, count=item.age)}"
        for item in agenda.carried
    ]


def _deadlines(agenda: Agenda, lang: Language, quote: Quote) -> list[str]:
    return [
        f"- A{item.number} {quote(item.title)} · " + lang(_("due {due:moment}"), due=item.due)
        for item in agenda.deadlines
    ]


def _action(text: str, owner: Member | None, due: date | None, lang: Language, quote: Quote) -> str:
    parts = [_item(text, quote)]
    if owner is not None:
        parts.append(lang(_("by {name}"), name=quote(owner.name)))
    if due is not None:
        parts.append(lang(_("until {due:day}"), due=due))
    return " · ".join(parts)


def _item(text: str, quote: Quote) -> str:
    """A list item; further lines stay in it."""
    return "- " + quote(text).replace("\n", "\n  ")


def minutes_text(minutes: Minutes, lang: Language, quote: Quote) -> str:
    """What the session leaves behind; who is next comes first, so that it is read."""
    sections = [lang(_("{day} · minutes of the peer session"), day=quote(heading(minutes.day, lang)))]
    if minutes.next_day is not None:
        sections.append(next_day_text(minutes.next_day, lang, quote))
    for kind, entries in by_kind(minutes.entries).items():
        lines = [_entry(entry, lang, quote) for entry in entries]
        sections.append(_section(_KIND_HEADINGS[kind], lines, lang))
    for table in minutes.round_tables:
        replies = [
            lang(_("- {name}: {text}"), name=quote(r.name), text=_continued(quote(r.text))) for r in table.replies
        ]
        nobody = ["- " + lang(_("Nobody has replied."))]
        sections.append("\n".join([f"**{quote(_one_line(table.prompt))}**", *(replies or nobody)]))
    if not minutes.entries and not minutes.round_tables:
        sections.append(lang(_("Nothing was noted. It can still be added with /session note.")))
    return "\n\n".join(sections)


def _entry(entry: Entry, lang: Language, quote: Quote) -> str:
    line = _action(entry.text, entry.owner, entry.due, lang, quote)
    return f"{line} ({quote(entry.about)})" if entry.about else line


def _continued(text: str) -> str:
    return text.replace("\n", "\n  ")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def next_day_text(next_day: NextDay, lang: Language, quote: Quote) -> str:
    """Who does what on the next study day, and who has not yet said that they will."""
    title = lang(_("Next study day: Day {number} ({date:day})"), number=next_day.day.number, date=next_day.day.date)
    named = by_answer(quote)
    duties = _duties(next_day.moderator, next_day.lectures, lang, named)
    duties += [_own_duty(duty, lang, quote) for duty in next_day.own]
    return f"**{title}**\n" + (" · ".join(duties) or lang(_("Nobody has a duty yet.")))


def _own_duty(duty: OwnDuty, lang: Language, quote: Quote) -> str:
    """`기록 가온님`, `질문 정리 5강 가온님`."""
    named = by_answer(quote)
    people = together((named(on_duty, lang) for on_duty in duty.people), lang)
    return " ".join([quote(duty.name), *([quote(duty.lecture)] if duty.lecture else []), people])
