"""What the answers say when an assignment is changed, removed, or different for one member."""

from collections.abc import Iterable

from discord.utils import escape_markdown

from bot.domain.submissions import Assignment, Edited, Excuse, Extension, Progress
from bot.i18n import Language, _
from bot.ui.moments import full_moment, offsets_told
from cogs.assignments._texts import count_line, reminders_line, stamp, title_of


def edited_text(edited: Edited, lang: Language) -> str:
    """What changed, a line each, and when reminders come now."""
    after = edited.after
    head = lang(_("A{number} is changed: {title}"), number=after.number, title=title_of(after))
    changed = [f"- {line}" for line in _changed_lines(edited.before, after, lang)]
    return "\n".join([head, *changed, reminders_line(edited.reminders, lang)])


def _changed_lines(before: Assignment, after: Assignment, lang: Language) -> Iterable[str]:
    if before.title != after.title:
        yield lang(_("Title: {before} → {after}"), before=title_of(before), after=title_of(after))
    if before.due != after.due:
        due = f"{full_moment(after.due, lang)} ({stamp(after.due)})"
        yield lang(_("Due: {before:moment} → {after}"), before=before.due, after=due)
    if before.required != after.required:
        yield lang(_("It is required now.")) if after.required else lang(_("It is optional now."))
    if before.link != after.link:
        yield lang(_("Link: {link}"), link=f"<{after.link}>" if after.link else lang(_("none")))
    if before.description != after.description:
        yield lang(_("The description is new.")) if after.description else lang(_("The description is gone."))
    if before.reminders != after.reminders:
        yield lang(
            _("Reminders before the deadline: {offsets}"),
            offsets=offsets_told(after.reminders, lang) or lang(_("none")),
        )
    if before.lecture != after.lecture and after.lecture is not None:
        yield lang(_("Lecture: {lecture}"), lecture=escape_markdown(after.lecture))


def sure_text(progress: Progress, lang: Language) -> str:
    """Asks before it goes: what it is, and who has handed in."""
    assignment = progress.assignment
    text = _("Remove A{number}, {title}? Its reminders are cancelled. Pages of closed days keep what they say.")
    return lang(text, number=assignment.number, title=title_of(assignment)) + "\n" + count_line(progress, lang)


def removed_text(progress: Progress, lang: Language) -> str:
    """That it is gone, and what stays."""
    assignment = progress.assignment
    head = lang(_("A{number} is removed: {title}"), number=assignment.number, title=title_of(assignment))
    return head + "\n" + lang(_("Its reminders are cancelled. Pages of closed days keep what they say."))


def extended_text(extension: Extension, lang: Language) -> str:
    """Until when a member has time now, and when they are reminded."""
    assignment = extension.assignment
    who = {"name": escape_markdown(extension.member.name), "number": assignment.number}
    if extension.until is None:
        text = _("{name} has until {due}, like everybody, to hand in A{number}.")
        return lang(text, due=full_moment(assignment.due, lang), **who)
    due = f"{full_moment(extension.until, lang)} ({stamp(extension.until)})"
    text = lang(_("{name} has until {due} to hand in A{number}."), due=due, **who)
    return f"{text}\n{reminders_line(extension.reminders, lang)}"


def excused_text(excuse: Excuse, lang: Language) -> str:
    """What being excused means, or that it was taken back."""
    who = {"name": escape_markdown(excuse.member.name), "number": excuse.assignment.number}
    if not excuse.excused:
        return lang(_("{name} is to hand in A{number} again."), **who)
    lines = [
        lang(_("{name} need not hand in A{number}: not counted, not reminded."), **who),
        lang(_("To take it back, use /assignment excuse once more.")),
    ]
    return "\n".join(lines)
