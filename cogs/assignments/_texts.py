"""How assignments, deadlines and what was handed in are told to people."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from discord.utils import escape_markdown

from bot.domain.submissions import Added, Assignment, HandedIn, Overview, Progress, Submission
from bot.domain.team import Member
from bot.i18n import Language, _
from bot.ui.moments import full_moment


def stamp(instant: datetime) -> str:
    """Discord's own relative time, which stays true while one looks at it."""
    return f"<t:{int(instant.timestamp())}:R>"


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


def state_of(progress: Progress, lang: Language) -> str:
    """How far the caller is with it."""
    if progress.own is not None:
        return lang(_("handed in late")) if progress.own.late else lang(_("handed in"))
    return lang(_("excused")) if progress.own_excused else lang(_("not handed in yet"))


def added_text(added: Added, lang: Language) -> str:
    """What was saved, so that a misread date is seen at once."""
    assignment = added.assignment
    lines = [
        lang(_("Assignment A{number} is added: {title}"), number=assignment.number, title=title_of(assignment)),
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
        (_("Open"), [progress for progress in overview.progress if progress.own_due >= now]),
        (_("Past the deadline"), [progress for progress in overview.progress if progress.own_due < now]),
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
        parts.append(state_of(progress, lang))
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
        lines += own_lines(progress, lang)
    return "\n".join(lines)


def mine_text(progress: Progress, lang: Language) -> str:
    """One's own state, under what it is about."""
    assignment = progress.assignment
    return "\n".join([heading(assignment), due_sentence(assignment, lang), *own_lines(progress, lang)])


def own_lines(progress: Progress, lang: Language) -> Iterable[str]:
    """The caller's own later deadline, if there is one, and what they have handed in."""
    if progress.own_until is not None and not progress.own_excused:
        due, when = lang.format_value(progress.own_until, "moment"), stamp(progress.own_until)
        yield lang(_("Your own deadline: {due} ({stamp})"), due=due, stamp=when)
    yield lang(_("You: {state}"), state=state_of(progress, lang))
    if progress.own is not None:
        yield from work_lines(progress.own, lang)


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
    what = {"name": f"A{done.progress.assignment.number}", "title": title_of(done.progress.assignment)}
    again = _("{name} is handed in again and replaces the earlier one: {title}")
    lines = [lang(again if done.replaced else _("{name} is handed in: {title}"), **what)]
    if done.submission.late:
        lines.append(lang(_("The deadline was {due:moment}, so it is marked late."), due=done.progress.own_due))
    lines += work_lines(done.submission, lang)
    return "\n".join([*lines, count_line(done.progress, lang)])


def withdraw_text(progress: Progress, lang: Language) -> str:
    """Asks before what somebody handed in is gone."""
    return lang(_("Withdraw what you handed in for A{number}?"), number=progress.assignment.number)


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
    yield from people_lines(progress, lang)


def people_lines(progress: Progress, lang: Language) -> Iterable[str]:
    """Who is missing, who has more time, who is excused: a line each, as far as the reader may see names."""
    if progress.missing:
        yield lang(_("Still open: {people}"), people=names(progress.missing, lang))
    if progress.extended:
        told = (
            lang(_("{name} (until {due:moment})"), name=escape_markdown(each.member.name), due=each.until)
            for each in progress.extended
        )
        yield lang(_("More time: {people}"), people=", ".join(told))
    if progress.excused:
        yield lang(_("Excused: {people}"), people=names(progress.excused, lang))


def names(members: Iterable[Member], lang: Language) -> str:
    """People by their roster names, as one speaks of them."""
    return ", ".join(lang(_("{name}"), name=escape_markdown(member.name)) for member in members)


def title_of(assignment: Assignment) -> str:
    """The title as it was typed, with what is Markdown in it escaped."""
    return escape_markdown(assignment.title)
