"""Study days to pick from while one types."""

from collections.abc import Sequence

from discord import app_commands

from bot.domain.team import StudyDay
from bot.i18n import Language, _
from bot.ui.references import CHOICES, LABEL_LIMIT


def day_choices(days: Sequence[StudyDay], typed: str, lang: Language) -> list[app_commands.Choice[str]]:
    """Those whose label or date holds what was typed; the value of a choice is the ISO date."""
    labels = {day.date.isoformat(): day_label(day, lang) for day in days}
    wanted = "".join(typed.split()).casefold()
    fitting = [iso for iso, label in labels.items() if wanted in f"{''.join(label.split()).casefold()} {iso}"]
    return [app_commands.Choice(name=labels[iso], value=iso) for iso in fitting[:CHOICES]]


def day_label(day: StudyDay, lang: Language) -> str:
    """`Day27 · 11/24 화 · NLP 5강`, as long as Discord's lists take."""
    label = lang(_("Day {number} · {date:day}"), number=day.number, date=day.date)
    label = f"{label} · {day.title}" if day.title else label
    return label if len(label) <= LABEL_LIMIT else label[: LABEL_LIMIT - 1] + "…"
