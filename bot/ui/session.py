"""How a session, its agenda and its minutes are told to people."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Final

import discord

from bot.domain.discord_text import DISCORD_MARKUP, Mentions, clean
from bot.domain.questions import shortened
from bot.domain.session import (
    Agenda,
    Entry,
    Minutes,
    MinutesKind,
    NextDay,
    OnDuty,
    OwnDuty,
    Presented,
    Replies,
    RoundTable,
    by_kind,
)
from bot.domain.session_steps import Part
from bot.domain.team import Member, StudyDay
from bot.i18n import Language, _
from bot.jobs.posts import TextFile
from bot.ui.answers import MESSAGE_LIMIT
from bot.ui.people import together

HEAD: Final = 1500
"""Characters of a long text that stand in the message; the file beside it has all of them."""

PRESENTERS: Final = 10
"""Lectures named in one line; how many more there are is said."""

LABEL: Final = 200
"""Characters of a lecture's whole name."""

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

_NOTHING_NOTED: Final = {
    False: _("Nothing was noted. It can still be added with /session note."),
    True: _("Nothing was noted. To add something, a moderator opens the day again with /journal reopen."),
}
"""Whether the session was forgotten: then its day is over, and a note would go to the next one."""


def escaped(text: str) -> str:
    """For a message: Markdown is shown as it was typed. Nothing pings, because the announcer allows nobody."""
    return discord.utils.escape_markdown(clean(text)).replace("](", "]\\(")  # it misses links over two lines


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
    cut = text[:HEAD]
    head = (cut.rpartition("\n")[0] or shortened(cut, HEAD - 1)).rstrip()
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


def _section(title: str, lines: Sequence[str], lang: Language) -> str:
    return "\n".join([f"**{lang(title)}**", *lines]) if lines else ""


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
    sections = ["\n".join(_session(minutes, lang, quote))]
    if minutes.next_day is not None:
        sections.append(next_day_text(minutes.next_day, lang, quote))
    for kind, entries in by_kind(minutes.entries).items():
        lines = [_entry(entry, lang, quote) for entry in entries]
        sections.append(_section(_KIND_HEADINGS[kind], lines, lang))
    sections += [_round_table(table, lang, quote) for table in minutes.round_tables]
    if not minutes.entries and not minutes.round_tables:
        sections.append(lang(_NOTHING_NOTED[minutes.forgotten]))
    return "\n\n".join(sections)


def _session(minutes: Minutes, lang: Language, quote: Quote) -> Iterator[str]:
    """What it was, when, who was there, and how long each part took; why somebody was not is nobody's business."""
    yield lang(_("{day} · minutes of the peer session"), day=quote(heading(minutes.day, lang)))
    if minutes.forgotten:
        cutoff = minutes.team.cutoff
        yield lang(
            _("The day ended before the session, so it was closed at {cutoff:time} with what was noted."), cutoff=cutoff
        )
    roll = minutes.roll
    groups = ((_("here: {names}"), roll.present), (_("late: {names}"), roll.late), (_("absent: {names}"), roll.absent))
    here = [
        lang(text, names=", ".join(lang(_("{name}"), name=quote(each.name)) for each in people))
        for text, people in groups
        if people
    ]
    if here:
        yield " · ".join(here)
    if times := times_text(minutes, lang, quote):
        yield times


def part_text(agenda: Agenda, part: Part, lang: Language) -> str | None:
    """Which lecture is presented now, by whom, and how long; None for one that is not presented any more."""
    lecture = next((each for each in agenda.lectures if each.id == part), None)
    if lecture is None or not agenda.steps:
        return None
    facts = [f"▶ **{escaped(shortened(lecture.label, LABEL))}**"]
    if lecture.presenters:
        people = together((by_name(on_duty, lang) for on_duty in lecture.presenters), lang)
        facts.append(lang(_("presented by {people}"), people=people))
    planned = next(slot.planned for slot in agenda.slots if slot.part == part)
    facts.append(lang(_("{minutes} min planned"), minutes=planned))
    return " · ".join(facts)


def times_text(minutes: Minutes, lang: Language, quote: Quote) -> str:
    """`16:00부터 85분 (예정 60분) · 3강 31분 (예정 20분)`."""
    whole = minutes.whole
    if whole is None or whole.taken is None or whole.begins is None:
        return ""
    text = _("from {start:time}, {taken} min ({planned} planned)")
    parts = [lang(text, start=whole.begins, taken=whole.taken, planned=whole.planned)]
    for name, slot in minutes.times:
        called = quote(shortened(name, LECTURE)) or lang(_("the rest"))
        parts.append(
            lang(_("{part} {taken} min ({planned} planned)"), part=called, taken=slot.taken, planned=slot.planned)
        )
    return " · ".join(parts)


def replies_text(replies: Replies, lang: Language, quote: Quote) -> str:
    """What everybody said at a round table, now that it is closed."""
    return _round_table(replies.table, lang, quote)


def _round_table(table: RoundTable, lang: Language, quote: Quote) -> str:
    said = [lang(_("- {name}: {text}"), name=quote(r.name), text=_continued(quote(r.text))) for r in table.replies]
    nobody = ["- " + lang(_("Nobody has replied."))]
    return "\n".join([f"**{quote(_one_line(table.prompt))}**", *(said or nobody)])


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
