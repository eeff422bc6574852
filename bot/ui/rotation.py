"""Duties and turns as people read them, wherever they are told."""

from collections.abc import Iterable

from discord.utils import escape_markdown

from bot.domain.duties import MODERATOR, PRESENTER
from bot.i18n import Language, _
from bot.services.rotation import HandedOver, NamedDuty


def duty_text(duty: NamedDuty, lang: Language) -> str:
    """What a duty is called: `모더레이터`, `5강 발표`, `기록`, `기록 (5강)`."""
    lecture = None if duty.lecture is None else escape_markdown(duty.lecture)
    if duty.key == MODERATOR:
        return lang(_("moderator"))
    if duty.key == PRESENTER:
        return lang(_("presenter")) if lecture is None else lang(_("presenter of {lecture}"), lecture=lecture)
    return escape_markdown(duty.name) if lecture is None else f"{escape_markdown(duty.name)} ({lecture})"


def handed_over_lines(turns: Iterable[HandedOver], lang: Language) -> list[str]:
    """A line for each turn that somebody could not take: who has it now, or will have it."""
    return [_handed_over(turn, lang) for turn in turns]


def _handed_over(turn: HandedOver, lang: Language) -> str:
    duty = duty_text(turn.duty, lang)
    if turn.member is None:
        text = _("- {date:day} {duty}: ⚠️ nobody is left who could. Please ask a moderator.")
        return lang(text, date=turn.date, duty=duty)
    text = _("- {date:day} {duty}: {name} takes over")
    if not turn.made:
        text = _("- {date:day} {duty}: by the rotation {name} takes over")
    return lang(text, date=turn.date, duty=duty, name=escape_markdown(turn.member.name))
