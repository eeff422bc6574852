"""What is posted about assignments: reminders, how a deadline went, a morning's deadlines, boards."""

from datetime import date, datetime
from typing import Final

from discord.utils import escape_markdown

from bot.domain.submissions import Assignment, AssignmentBoard, Morning, Progress, Reminder, Summary
from bot.i18n import Language, Message, _
from bot.ui.moments import time_left
from cogs.assignments._texts import count_line, due_sentence, people_lines, stamp, title_of

MORNING_LINES: Final = 12
"""Deadlines in a morning's message; with the longest titles they stay under Discord's 2,000 characters."""

BAR: Final = 10
"""Parts of the bar on a board."""


def reminder_text(reminder: Reminder, now: datetime, lang: Language) -> str:
    """`과제 A3 제목, 오늘 23:59 마감이에요 (3시간 뒤). 아직인 분: …`, then the date, and what helps.

    Relative words are computed from now: a reminder sent late stays true. That a deadline is one person's own is said,
    since all others read it, too.
    """
    assignment = reminder.assignment
    extended = _("{what} is due {when} ({left}), extended for {people}")
    first = lang(
        extended if reminder.extended else _("{what} is due {when} ({left}). Still open: {people}"),
        what=named(assignment),
        when=day_word(assignment.due, now.astimezone(assignment.due.tzinfo).date()),
        left=time_left(assignment.due, now),
        people=" ".join(f"<@{member.user_id}>" for member in reminder.missing),
    )
    below = [lang.format_value(assignment.due, "moment"), stamp(assignment.due)]
    if assignment.link is not None:
        below.append(f"<{assignment.link}>")
    lines = [first, f"-# {' · '.join(below)}"]
    return "\n".join(lines)


def day_word(due: datetime, today: date) -> Message:
    """`오늘 23:59`, `내일 09:00`, or the date; days end at midnight here, as on everybody's clock."""
    days = (due.date() - today).days
    text = {0: _("today at {due:time}"), 1: _("tomorrow at {due:time}")}.get(days, _("on {due:moment}"))
    return Message(text, {"due": due})


def named(assignment: Assignment) -> Message:
    """`과제 A3 제목`."""
    kind = _("Assignment A{number} {title}") if assignment.required else _("Optional assignment A{number} {title}")
    return Message(kind, {"number": assignment.number, "title": title_of(assignment)})


def summary_head(summary: Summary, lang: Language) -> str:
    """`과제 A3 제목, 11/24 화 23:59에 마감됐어요. 9명 중 7명 제출`."""
    progress = summary.progress
    text = _("{what} is over ({due:moment}). {counts}")
    return lang(text, what=named(progress.assignment), due=progress.assignment.due, counts=count_line(progress, lang))


def summary_people(summary: Summary, lang: Language) -> list[str]:
    """Who is missing, extended and excused; where others would read the names too, where to find them."""
    progress = summary.progress
    if progress.submitted == progress.expected:
        return [lang(_("Everybody has handed in.")), *people_lines(progress, lang)]
    if progress.missing is None:
        return ["-# " + lang(_("Moderators see the names with /assignment status."))]
    return list(people_lines(progress, lang))


def morning_text(morning: Morning, lang: Language) -> str:
    """A line for each deadline of today and tomorrow: `오늘 23:59 마감: 과제 A3 제목 · 9명 중 7명 제출 (5시간 후)`."""
    lines = [_morning_line(progress, morning.today, lang) for progress in morning.progress[:MORNING_LINES]]
    hidden = len(morning.progress) - len(lines)
    if hidden:
        lines.append("-# " + lang(_("… and {count} more: /assignment list"), count=hidden))
    return "\n".join(lines)


def _morning_line(progress: Progress, today: date, lang: Language) -> str:
    assignment = progress.assignment
    text = lang(_("Due {when}: {what}"), when=day_word(assignment.due, today), what=named(assignment))
    return f"{text} · {count_line(progress, lang)} ({stamp(assignment.due)})"


def board_blocks(board: AssignmentBoard, now: datetime, lang: Language) -> tuple[str, ...]:
    """What is to be done until when, and how many have. A removed one says only that."""
    assignment = board.progress.assignment
    name = lang.render(named(assignment))
    if board.removed:
        return f"### ~~{name}~~", lang(_("This assignment was removed. Nothing is to be handed in."))
    facts = [due_sentence(assignment, lang)]
    if assignment.due <= now:
        facts.insert(0, lang(_("The deadline is over; what comes now is late.")))
    if assignment.lecture is not None:
        facts.append(lang(_("Lecture: {lecture}"), lecture=escape_markdown(assignment.lecture)))
    if assignment.link is not None:
        facts.append(f"<{assignment.link}>")
    blocks = [f"### {name}", "\n".join(facts), assignment.description, count_and_bar(board.progress, lang)]
    return tuple(block for block in blocks if block)


def count_and_bar(progress: Progress, lang: Language) -> str:
    """`▰▰▰▰▰▰▰▱▱▱ 9명 중 7명 제출`; full only when everybody has handed in."""
    if not progress.expected:
        return count_line(progress, lang)
    filled = BAR * progress.submitted // progress.expected
    return f"{'▰' * filled}{'▱' * (BAR - filled)} {count_line(progress, lang)}"
