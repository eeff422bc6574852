"""What the answers say about a table of assignments."""

from discord.utils import escape_markdown

from bot.domain.submissions import SheetEntry
from bot.i18n import Language, _
from bot.services.assignments.imports import SheetPreview
from bot.ui.moments import full_moment, offsets_told


def preview_text(preview: SheetPreview, lang: Language) -> str:
    """What would be added, a line each."""
    head = lang(_("{count} assignments are in the file; none is added yet."), count=len(preview.entries))
    return "\n".join([head, *(_entry_line(entry, preview, lang) for entry in preview.entries)])


def _entry_line(entry: SheetEntry, preview: SheetPreview, lang: Language) -> str:
    new = entry.new
    parts = [f"- {full_moment(new.due.astimezone(preview.team.zone), lang)}", escape_markdown(new.title)]
    if not new.required:
        parts.append(lang(_("optional")))
    if new.link is not None:
        parts.append(f"<{new.link}>")
    if new.description is not None:
        parts.append(escape_markdown(" ".join(new.description.split())))
    parts.append(lang(_("reminders: {offsets}"), offsets=offsets_told(new.reminders, lang) or lang(_("none"))))
    return " · ".join(parts)


def problems_text(preview: SheetPreview, lang: Language) -> str:
    """What is wrong in which line; nothing is added before all of it is mended."""
    head = lang(_("Nothing is added. Please correct these lines and attach the file again:"))
    told = _("- Line {line}: {problem}")
    return "\n".join([head, *(lang(told, line=problem.line, problem=problem.message) for problem in preview.problems)])


def imported_text(count: int, lang: Language) -> str:
    return lang(_("{count} assignments are added. /assignment list shows them."), count=count)
