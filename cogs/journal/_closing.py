"""How ready a day's page is, told with a button for each thing that opens its form; and closing it as it is."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import discord
from discord.utils import escape_markdown

from bot.i18n import Language, _
from bot.services.gaps import Gap, Lack
from bot.services.journal.closing import REASON_LIMIT, JournalClosing, Readiness, Reopened
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.forms import Form, PersistentButton, filled

SHOWN: Final = 12
"""Things named at most; how many more there are is said."""

LABEL: Final = 80
"""Characters that Discord takes on a button."""

_GAPS: Final[Mapping[Lack, str]] = {
    Lack.LECTURES: _("the lecture studied"),
    Lack.NOTES: _("notes on {about}"),
    Lack.PRESENTERS: _("a presenter for {about}"),
    Lack.ANSWERS: _("an answer to {about}"),
    Lack.MINUTES: _("minutes of the session"),
    Lack.HAND_INS: _("work handed in for {about}"),
}

NUMBERED: Final = frozenset({Lack.ANSWERS, Lack.HAND_INS})
"""What a button names by its number alone."""

_FORMS: Final[Mapping[Lack, tuple[str, str]]] = {
    Lack.LECTURES: (_("The lecture studied"), "lecture:add:{day}"),
    Lack.NOTES: (_("Notes: {about}"), "lecture:note:{id}"),
    Lack.PRESENTERS: (_("Presenter: {about}"), "rotation:presenter:{id}"),
    Lack.ANSWERS: (_("Answer {about}"), "question:answer:{id}:0"),
    Lack.MINUTES: (_("Minutes"), "session:note"),
    Lack.HAND_INS: (_("Hand in {about}"), "assignment:submit:{id}:board"),
}
"""What is missing → the label of the button that opens its form, and its custom id."""


async def show_readiness(interaction: Interaction, readiness: Readiness, head: str = "") -> None:
    """What the page lacks, and for an open day the buttons."""
    lang = reader(interaction)
    text = "\n".join(filter(None, (head, *readiness_lines(readiness, lang))))
    view = None if readiness.day.closed else readiness_view(readiness, lang, closing=not head)
    await answer(interaction, text, view=view)


def readiness_lines(readiness: Readiness, lang: Language) -> Iterator[str]:
    day, title = readiness.day, escape_markdown(readiness.day.title)
    if day.closed:
        yield lang(_("Day {number} ({day:day}) is closed."), number=day.number, day=day.date)
        if readiness.complete:
            yield lang(_("Nothing was missing on its page."))
            return
        yield lang(_("Its page says why this is missing:"))
    elif readiness.complete:
        yield lang(_("Nothing is missing on its page."))
        return
    else:
        number = lang(_("Day {number}"), number=day.number)
        heading = f"**{number} {title}**".replace(" **", "**")
        yield lang(_("{heading} · {day:day} · its page still lacks:"), heading=heading, day=day.date)
    for gap in readiness.gaps[:SHOWN]:
        yield f"- {_gap_text(gap, lang)}"
    if (more := len(readiness.gaps) - SHOWN) > 0:
        yield "- " + lang(_("and {count} more"), count=more)
    if readiness.written < readiness.members:
        written = _("retrospectives: {written} of {members} have written")
        yield "- " + lang(written, written=readiness.written, members=readiness.members)


def _gap_text(gap: Gap, lang: Language) -> str:
    text = lang(_GAPS[gap.what], about=_escaped(gap.about))
    owners = ", ".join(lang(_("{name}"), name=escape_markdown(owner)) for owner in gap.owners)
    return " · ".join(filter(None, (text, owners)))


def _escaped(about: str) -> str:
    """A lecture or a question; the `#` of its number is no markup within a line."""
    return about[:1] + escape_markdown(about[1:])


def readiness_view(readiness: Readiness, lang: Language, *, closing: bool) -> discord.ui.View | None:
    """Buttons that open forms, and one to close the day as it is."""
    view = discord.ui.View(timeout=None)
    for label, custom_id in _forms(readiness, lang):
        view.add_item(discord.ui.Button(label=label, custom_id=custom_id))
    if closing:
        label, style = lang(_("Close it as it is")), discord.ButtonStyle.danger
        custom_id = f"journal:close:{readiness.day.date}"
        view.add_item(discord.ui.Button(label=label, custom_id=custom_id, style=style))
    view.stop()  # dynamic items answer
    return view if view.children else None


def _forms(readiness: Readiness, lang: Language) -> Iterator[tuple[str, str]]:
    for gap in readiness.gaps[:SHOWN]:
        if gap.for_reader and (readiness.current or gap.what is not Lack.MINUTES):
            label, custom_id = _FORMS[gap.what]
            about = gap.about.split(" ")[0] if gap.what in NUMBERED else gap.about
            yield _button_label(lang(label, about=about)), custom_id.format(id=gap.subject_id, day=readiness.day.date)
    if readiness.own_missing:
        yield lang(_("My retrospective")), f"retro:write:{readiness.day.id}:0"


def _button_label(text: str) -> str:
    return text if len(text) <= LABEL else text[: LABEL - 1] + "…"


def reopened_text(reopened: Reopened, lang: Language) -> str:
    """That it is open, and until when."""
    text = _("Day {number} ({day:day}) is open again. It closes by itself at {until:moment}.")
    day = reopened.readiness.day
    return lang(text, number=day.number, day=day.date, until=reopened.until)


class CloseButton(PersistentButton, template=r"journal:close:(?P<day>\d{4}-\d\d-\d\d)"):
    async def pressed(self, interaction: Interaction) -> None:
        client: Any = interaction.client
        closing: JournalClosing = client.services.journal_closing
        await interaction.response.send_modal(ReasonForm(closing, self.match["day"], reader(interaction)))


class ReasonForm(Form):
    """Why a day is closed although something is missing."""

    def __init__(self, closing: JournalClosing, day: str, lang: Language) -> None:
        super().__init__(lang(_("Close it as it is")))
        self._closing = closing
        self._day = day
        self._reason = self.field(
            lang(_("Why is it closed?")),
            placeholder=lang(_("e.g. we were at the conference in the afternoon")),
            description=lang(_("Everybody reads it in the page of the day.")),
            long=False,
            limit=REASON_LIMIT,
        )

    async def submitted(self, interaction: Interaction) -> None:
        readiness = await self._closing.close(caller_of(interaction), self._day, filled(self._reason))
        await show_readiness(interaction, readiness)
