"""The forms of the panel: what is typed, such as times. What cannot be read stays in the form, to be mended."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from bot.i18n import Language, _
from bot.ui.callers import Interaction
from bot.ui.forms import Form
from bot.ui.settings import MEANINGS
from bot.ui.setup._draft import Draft

Typed = Callable[[Interaction, Mapping[str, str]], Awaitable[None]]

FORMS: Final[Mapping[str, tuple[str, Sequence[str]]]] = {
    "zone": (_("Time zone"), ("timezone",)),
    "country": (_("Public holidays"), ("country",)),
    "start": (_("Day 1"), ("start",)),
    "times": (_("Times of the day"), ("session_time", "session_minutes", "announce_time", "confirm_by", "retro_time")),
    "reminders": (_("Reminders"), ("reminders", "due_time", "nudge_time", "digest", "quiet_hours")),
    "limits": (_("End of the day, and further questions"), ("cutoff", "carry_days")),
}
"""A form: its title, and the settings typed into it; five at most."""

LABELS: Final[Mapping[str, str]] = {
    "timezone": _("Time zone, e.g. Asia/Seoul"),
    "country": _("Country, e.g. KR, or off"),
    "start": _("Day 1, e.g. 2026-12-03"),
    "session_time": _("The peer session begins, or off"),
    "session_minutes": _("Length of the peer session in minutes"),
    "announce_time": _("The next duties are announced"),
    "confirm_by": _("Those on duty answer until, or off"),
    "retro_time": _("Retrospectives are asked for"),
    "reminders": _("Before a deadline, e.g. 3d, 3h"),
    "due_time": _("Deadlines of the day in the morning, or off"),
    "nudge_time": _("Reminder of the retrospective, or off"),
    "digest": _("The week's digest, or off"),
    "quiet_hours": _("Quiet hours, e.g. 23:00-08:00, or off"),
    "cutoff": _("A study day ends, 00:00 to 12:00"),
    "carry_days": _("Study days a question is carried, or off"),
}


class SettingsForm(Form):
    """A short field for each setting, filled with what it is, or with what could not be read."""

    def __init__(self, form: str, draft: Draft, lang: Language, typed: Typed) -> None:
        title, keys = FORMS[form]
        super().__init__(lang(title))
        self._typed = typed
        self._fields = {
            key: self.field(
                lang(LABELS[key]),
                value=draft.typed(key),
                long=False,
                limit=200,
                description=lang(MEANINGS[key]) if key in MEANINGS else None,
            )
            for key in keys
        }

    async def submitted(self, interaction: Interaction) -> None:
        await self._typed(interaction, {key: field.value for key, field in self._fields.items()})
