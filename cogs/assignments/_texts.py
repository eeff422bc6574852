"""How assignments, deadlines and what was handed in are told to people."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from discord.utils import escape_markdown

from bot.domain.submissions import Added, Assignment, HandedIn, Overview, Progress, Reminder, Submission
from bot.domain.team import Member
from bot.i18n import Language, Message, _

LATE_AFTER: Final = timedelta(minutes=5)
"""How much later than planned a reminder says so."""


def time_left(due: datetime, now: datetime) -> Message:
    """`3시간 뒤`, `in 1 day 12 hours`: the time from now until then in its two largest units, to the minute."""
    minutes = round((due - now).total_seconds() / 60)
    if minutes < 1:
        return Message(_("very soon"))
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = [_amount(days, _("1 day"), _("{count} days")), _amount(hours, _("1 hour"), _("{count} hours"))]
    if not days:
        parts.append(_amount(minutes, _("1 minute"), _("{count} minutes")))
    told = [part for part in parts if part is not None]
    if len(told) == 1:
        return Message(_("in {time}"), {"time": told[0]})
    return Message(_("in {first} {second}"), {"first": told[0], "second": told[1]})


def _amount(count: int, one: str, many: str) -> Message | None:
    if count == 0:
        return None
    return Message(one) if count == 1 else Message(many, {"count": count})


def stamp(instant: datetime) -> str:
    """Discord's own relative time, which stays true while one looks at it."""
    return f"<t:{int(instant.timestamp())}:R>"


def full_moment(moment: datetime, lang: Language) -> str:
    """`2026-12-03 (목) 18:00`: the year too, for a deadline somebody is about to set."""
    return f"{moment:%Y-%m-%d} ({lang.weekday(moment.weekday())}) {moment:%H:%M}"


def reading_label(due: datetime, now: datetime, lang: Language) -> str:
    """`2026-12-03 (목) 18:00 · 3일 뒤`."""
    return f"{full_moment(due, lang)} · {lang.render(time_left(due, now))}"


def heading(assignment: Assignment) -> str:
    """`**A7** title`, with what is Markdown in the title shown as it was typed."""
    return f"**A{assignment.number}** {escape_markdown(assignment.title)}"


def due_line(assignment: Assignment, lang: Language) -> str:
    return f"{lang.format_value(assignment.due, 'moment')} ({stamp(assignment.due)})"


def due_sentence(assignment: Assignment, lang: Language) -> str:
    """`마감 2026-12-03 (목) 18:00 (3일 후)`."""
    return lang(_("Due {due} ({stamp})"), due=full_moment(assignment.due, lang), stamp=stamp(assignment.due))


def count_line(progress: Progress, lang: Language) -> str:
    """`7명 중 5명 제출 (늦게 1명)`."""
    counts = {"submitted": progress.submitted, "expected": progress.expected}
    if progress.late:
        return lang(_("{submitted} of {expected} handed in ({late} late)"), **counts, late=progress.late)
    return lang(_("{submitted} of {expected} handed in"), **counts)


def state_of(own: Submission | None, lang: Language) -> str:
    if own is None:
        return lang(_("not handed in yet"))
    return lang(_("handed in late")) if own.late else lang(_("handed in"))


def added_text(added: Added, lang: Language) -> str:
    """What was saved, so that a misread date is seen at once."""
    assignment = added.assignment
    lines = [
        lang(_("Assignment A{number} is added: {title}"), number=assignment.number, title=_title(assignment)),
        due_sentence(assignment, lang),
        reminders_line(added.reminders, lang),
    ]
    return "\n".join(lines)


def reminders_line(moments: Sequence[datetime], lang: Language) -> str:
    if not moments:
        return lang(_("No reminder will be sent: there is none before the deadline."))
    told = ", ".join(lang.format_value(moment, "moment") for moment in moments)
    return lang(_("Reminders: {moments}"), moments=told)


def list_text(overview: Overview, now: datetime, lang: Language) -> str:
    """Open assignments, then the others, a line each."""
    if not overview.progress:
        return lang(_("There are no assignments yet. A moderator can add one with /assignment add."))
    groups = [
        (_("Open"), [progress for progress in overview.progress if progress.assignment.due >= now]),
        (_("Past the deadline"), [progress for progress in overview.progress if progress.assignment.due < now]),
    ]
    return "\n\n".join(
        "\n".join([f"__{lang(title)}__", *(_list_line(progress, overview, lang) for progress in group)])
        for title, group in groups
        if group
    )


def _list_line(progress: Progress, overview: Overview, lang: Language) -> str:
    assignment = progress.assignment
    parts = [f"- {heading(assignment)}", due_line(assignment, lang)]
    if not assignment.required:
        parts.insert(1, lang(_("optional")))
    if overview.on_roster:
        parts.append(state_of(progress.own, lang))
    return " · ".join([*parts, count_line(progress, lang)])


def show_text(overview: Overview, lang: Language) -> str:
    """One assignment with all that is known of it."""
    (progress,) = overview.progress
    assignment = progress.assignment
    lines = [
        heading(assignment),
        due_sentence(assignment, lang),
        lang(_("Required")) if assignment.required else lang(_("Optional")),
    ]
    if assignment.lecture is not None:
        lines.append(lang(_("Lecture: {lecture}"), lecture=escape_markdown(assignment.lecture)))
    if assignment.link is not None:
        lines.append(f"<{assignment.link}>")
    if assignment.description is not None:
        lines += ["", assignment.description, ""]
    lines.append(count_line(progress, lang))
    if overview.on_roster:
        lines += _own_lines(progress.own, lang)
    return "\n".join(lines)


def _own_lines(own: Submission | None, lang: Language) -> Iterable[str]:
    yield lang(_("You: {state}"), state=state_of(own, lang))
    if own is not None:
        yield from work_lines(own, lang)


def work_lines(own: Submission, lang: Language) -> Iterable[str]:
    """What was handed in, a line each."""
    if own.link is not None:
        yield lang(_("- Link: {link}"), link=f"<{own.link}>")
    if own.file is not None:
        yield lang(_("- File: {name}"), name=own.file.name)
    if own.note is not None:
        yield lang(_("- Note: {note}"), note=own.note)


def submitted_text(done: HandedIn, lang: Language) -> str:
    """That it is in, what is in, and how many have."""
    what = {"name": f"A{done.progress.assignment.number}", "title": _title(done.progress.assignment)}
    again = _("{name} is handed in again and replaces the earlier one: {title}")
    lines = [lang(again if done.replaced else _("{name} is handed in: {title}"), **what)]
    if done.submission.late:
        lines.append(lang(_("The deadline was {due:moment}, so it is marked late."), due=done.progress.assignment.due))
    lines += work_lines(done.submission, lang)
    return "\n".join([*lines, count_line(done.progress, lang)])


def withdrawn_text(progress: Progress, lang: Language) -> str:
    """That it is taken back, and how many have handed in now."""
    number = progress.assignment.number
    return lang(_("What you handed in for A{number} is withdrawn."), number=number) + "\n" + count_line(progress, lang)


def status_text(overview: Overview, lang: Language) -> str:
    """Counts for everybody, names of the missing where the caller may see them."""
    if not overview.progress:
        return lang(_("No assignment is open. /assignment list shows the earlier ones."))
    return "\n\n".join("\n".join(_status_lines(progress, lang)) for progress in overview.progress)


def _status_lines(progress: Progress, lang: Language) -> Iterable[str]:
    yield f"{heading(progress.assignment)} · {due_line(progress.assignment, lang)}"
    yield count_line(progress, lang)
    if progress.missing:
        yield lang(_("Still open: {people}"), people=names(progress.missing, lang))


def names(members: Iterable[Member], lang: Language) -> str:
    """People by their roster names, as one speaks of them."""
    return ", ".join(lang(_("{name}"), name=escape_markdown(member.name)) for member in members)


def reminder_text(reminder: Reminder, now: datetime, lang: Language) -> str:
    """`과제 A3 제목, 오늘 23:59 마감이에요 (3시간 뒤). 아직인 분: …`, then the date, and what helps.

    Relative words are computed from now: a reminder sent late stays true.
    """
    assignment = reminder.assignment
    kind = _("Assignment A{number} {title}") if assignment.required else _("Optional assignment A{number} {title}")
    first = lang(
        _("{what} is due {when} ({left}). Still open: {people}"),
        what=Message(kind, {"number": assignment.number, "title": _title(assignment)}),
        when=day_word(assignment.due, now.astimezone(assignment.due.tzinfo).date()),
        left=time_left(assignment.due, now),
        people=" ".join(f"<@{member.user_id}>" for member in reminder.missing),
    )
    below = [lang.format_value(assignment.due, "moment"), stamp(assignment.due)]
    if assignment.link is not None:
        below.append(f"<{assignment.link}>")
    lines = [first, f"-# {' · '.join(below)}"]
    if now - reminder.planned > LATE_AFTER:
        lines.append("-# " + lang(_("(meant for {planned:moment}, sent late)"), planned=reminder.planned))
    return "\n".join(lines)


def day_word(due: datetime, today: date) -> Message:
    """`오늘 23:59`, `내일 09:00`, or the date; days end at midnight here, as on everybody's clock."""
    days = (due.date() - today).days
    text = {0: _("today at {due:time}"), 1: _("tomorrow at {due:time}")}.get(days, _("on {due:moment}"))
    return Message(text, {"due": due})


def _title(assignment: Assignment) -> str:
    return escape_markdown(assignment.title)
