"""Saying whether one comes: a button each, and a form for a reason that nobody else sees."""

from collections.abc import Mapping
from typing import Any, Final

from bot.domain.attendance import Attendance
from bot.domain.team import Caller
from bot.i18n import Language, _
from bot.services.session.attendance import REASON_LIMIT, Attendances, Marked
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.forms import Form, PersistentButton
from bot.ui.people import person
from bot.ui.session import day_label

STATES: Final[Mapping[Attendance, str]] = {
    Attendance.PRESENT: _("here"),
    Attendance.LATE: _("late"),
    Attendance.ABSENT: _("not coming"),
}


def attendances_of(interaction: Interaction) -> Attendances:
    client: Any = interaction.client
    found: Attendances = client.services.attendances
    return found


def marked_text(marked: Marked, caller: Caller, lang: Language) -> str:
    """`Day27 출석: 늦어요. 7명 중 5명이 답했어요.`"""
    state, roll = lang(STATES[marked.state]), marked.roll
    people = roll.said + len(roll.silent)
    values = {"day": day_label(marked.day, lang), "state": state, "count": roll.said, "people": people}
    if marked.member.user_id == caller.user_id:
        return lang(_("Noted for {day}: {state}. {count} of {people} have said so."), **values)
    return lang(_("Noted for {day}: {name}, {state}."), name=person(marked.member, lang), **values)


class PresentButton(PersistentButton, template=r"session:present:(?P<day>\d+)"):
    async def pressed(self, interaction: Interaction) -> None:
        caller = caller_of(interaction)
        marked = await attendances_of(interaction).mark(caller, self.number("day"), Attendance.PRESENT)
        await answer(interaction, marked_text(marked, caller, reader(interaction)))


class ReasonButton(PersistentButton, template=r"session:(?P<state>late|absent):(?P<day>\d+)"):
    async def pressed(self, interaction: Interaction) -> None:
        day_id, attendances = self.number("day"), attendances_of(interaction)
        reason = await attendances.own_reason(caller_of(interaction), day_id)
        form = ReasonForm(attendances, day_id, Attendance(self.match["state"]), reason, reader(interaction))
        await interaction.response.send_modal(form)


class ReasonForm(Form):
    """Late, or not coming, and why if one likes. It says who sees that: nobody."""

    def __init__(self, attendances: Attendances, day_id: int, state: Attendance, reason: str, lang: Language) -> None:
        titles = {Attendance.LATE: _("I will be late"), Attendance.ABSENT: _("I cannot come")}
        super().__init__(lang(titles[state]))
        self._attendances = attendances
        self._day_id = day_id
        self._state = state
        self._reason = self.field(
            lang(_("Reason")),
            value=reason,
            long=False,
            required=False,
            limit=REASON_LIMIT,
            description=lang(_("For yourself only: nobody else sees it, and no page prints it.")),
        )

    async def submitted(self, interaction: Interaction) -> None:
        caller = caller_of(interaction)
        marked = await self._attendances.mark(caller, self._day_id, self._state, self._reason.value)
        await answer(interaction, marked_text(marked, caller, reader(interaction)))
