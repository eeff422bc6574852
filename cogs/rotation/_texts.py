"""How turns are told to people."""

from collections.abc import Sequence

from discord.utils import escape_markdown

from bot.domain.duties import MODERATOR, PRESENTER
from bot.domain.team import Member
from bot.i18n import Language, _
from bot.services.rotation import Assignment, PastTurn
from bot.ui.rotation import duty_text


def shown_name(member: Member | None) -> str:
    return "—" if member is None else escape_markdown(member.name)


def assigned_text(done: Assignment, lang: Language) -> str:
    """Who has the duty now, who had it before, what else they have that day, and whether the team is told."""
    values = {"name": shown_name(done.member), "date": done.date, "number": done.number}
    if done.duty.key == MODERATOR:
        lines = [lang(_("{name} moderates on {date:day} (Day {number})."), **values)]
    elif done.duty.key == PRESENTER:
        lecture = escape_markdown(done.duty.lecture or "")
        lines = [lang(_("{name} presents {lecture} on {date:day} (Day {number})."), lecture=lecture, **values)]
    else:
        duty = duty_text(done.duty, lang)
        lines = [lang(_("{name} has the duty {duty} on {date:day} (Day {number})."), duty=duty, **values)]
    if done.before is not None:
        lines.append(lang(_("It was {name}'s turn before."), name=shown_name(done.before)))
    if done.others:
        duties = [duty_text(duty, lang) for duty in done.others]
        text = _("⚠️ {name} has another duty that day: {duties}.")
        lines.append(lang(text, name=shown_name(done.member), duties=", ".join(duties)))
    if done.told:
        lines.append(lang(_("The day was announced before, so the team is told of the change.")))
    return "\n".join(lines)


def history_text(turns: Sequence[PastTurn], lang: Language) -> str:
    """A line for each turn; those that were given to somebody else are struck through."""
    if not turns:
        return lang(_("No turns yet. They are settled when a day's duties are announced."))
    return "\n".join(past_text(turn, lang) for turn in turns)


def past_text(turn: PastTurn, lang: Language) -> str:
    texts = {
        "replaced": _("- {date:day} {duty}: ~~{name}~~ (replaced)"),
        "skipped": _("- {date:day} {duty}: ~~{name}~~ (skipped)"),
    }
    text = texts.get(turn.state, _("- {date:day} {duty}: {name}"))
    return lang(text, date=turn.date, duty=duty_text(turn.duty, lang), name=shown_name(turn.member))
