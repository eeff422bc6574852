"""How turns are told to people."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from discord.utils import escape_markdown

from bot.domain.duties import MODERATOR, PRESENTER
from bot.domain.team import Member
from bot.i18n import Language, _
from bot.services.rotation import Announcement, Assignment, DayTurns, PastTurn
from bot.ui.rotation import duty_text


def named_in(turns: DayTurns) -> tuple[int, ...]:
    """Discord users who have a duty, each once."""
    return tuple(member.user_id for member in turns.members)


def announcement_text(said: Announcement, lang: Language) -> str:
    """`내일(11/24 화, Day28) 모더레이터는 하린님, 발표는 5강 은우님 · 6강 지안님이에요.`"""
    presented = presenters(said.turns)
    text = _("{when}: {moderator} moderates; {presenters} present.")
    if not presented:
        text = _("{when}: {moderator} moderates.")
    elif len(presented) == 1:
        text = _("{when}: {moderator} moderates; {presenters} presents.")
    lines = [
        lang(
            text,
            when=when_text(said, lang),
            moderator=shown_name(said.turns.moderator),
            presenters=presenters_text(presented, lang),
        )
    ]
    lines += own_duties(said.turns, lang)
    return "\n".join(lines)


def when_text(said: Announcement, lang: Language) -> str:
    """Which day it is, called tomorrow only where it is."""
    names = {
        said.today: _("Today ({date:day}, Day {number})"),
        said.today + timedelta(days=1): _("Tomorrow ({date:day}, Day {number})"),
    }
    name = names.get(said.turns.date, _("The next study day ({date:day}, Day {number})"))
    return lang(name, date=said.turns.date, number=said.turns.number)


def presenters(day: DayTurns) -> list[tuple[str, Member]]:
    """Lecture and presenter, in the order of the lectures."""
    return [(lecture, member) for lecture, readers in day.presentations.items() for member in readers]


def presenters_text(presented: Iterable[tuple[str, Member]], lang: Language) -> str:
    """`5강 은우님 · 6강 지안님`"""
    each = [
        lang(_("{lecture} {name}"), lecture=escape_markdown(lecture), name=shown_name(member))
        for lecture, member in presented
    ]
    text = each[0] if each else ""
    for presenter in each[1:]:
        text = lang(_("{presenters}, {presenter}"), presenters=text, presenter=presenter)
    return text


def own_duties(day: DayTurns, lang: Language) -> list[str]:
    """`기록: 나래님`, a line for each duty of the team's own."""
    own = [turn for turn in day.turns if turn.duty.name]
    names: dict[str, list[str]] = {}
    for turn in own:
        names.setdefault(duty_text(turn.duty, lang), []).append(shown_name(turn.member))
    return [lang(_("{duty}: {name}"), duty=duty, name=" · ".join(people)) for duty, people in names.items()]


def shown_name(member: Member | None) -> str:
    return "—" if member is None else escape_markdown(member.name)


def turns_text(days: Sequence[DayTurns], lang: Language) -> str:
    """A paragraph for each study day."""
    if not any(day.members for day in days):
        return lang(_("Nobody is on the roster yet, so there are no turns. Add people with /roster add."))
    return "\n".join(day_text(day, lang) for day in days)


def day_text(day: DayTurns, lang: Language) -> str:
    presented = presenters(day)
    text = _("- **Day {number}** {date:day}: {moderator} moderates; presenting: {presenters}")
    if not presented:
        text = _("- **Day {number}** {date:day}: {moderator} moderates")
    values = {"moderator": shown_name(day.moderator), "presenters": presenters_text(presented, lang)}
    line = lang(text, number=day.number, date=day.date, **values)
    return "\n".join([line, *(f"  - {own}" for own in own_duties(day, lang))])


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
