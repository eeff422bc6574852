"""How duties are handed over: what is announced, what changed, what is confirmed, who has not answered."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from discord.utils import escape_markdown

from bot.domain.duties import MODERATOR, PRESENTER
from bot.domain.team import Member
from bot.i18n import Language, Message, _
from bot.services.rotation import Announcement, DayTurns, NamedDuty, ShownTurn
from bot.services.rotation._swap_values import HeldTurn, listed, words_of
from bot.services.rotation.handover import Change, ChangedTurn, Confirmed, Unanswered
from bot.ui.people import person, together
from bot.ui.rotation import duty_text

CAUSES: Final[Mapping[str, str]] = {
    "assign": _("a moderator decided so"),
    "skip": _("the turn was skipped"),
    "swap": _("they swapped turns"),
    "substitute": _("stepping in this once"),
    "undo": _("an earlier change was taken back"),
    "away": _("away that day"),
    "back": _("back again"),
    "left": _("left the team"),
    "joined": _("joined the team"),
    "lecture": _("the lectures changed"),
    "duty": _("the team's duties changed"),
    "calendar": _("the calendar changed"),
}
"""Why a turn is somebody else's than before. The reasons that people keep to themselves are in none of it."""


def announcement_text(said: Announcement, lang: Language) -> str:
    """`내일(11/24 화, Day28) 모더레이터는 하린님, 발표는 5강 은우님 · 6강 지안님이에요.`, and what is unusual."""
    lines = [_main_line(said, lang), *own_duties(said.turns, lang)]
    lines += [_nobody(turn.duty, lang) for turn in said.turns.turns if turn.member is None]
    return "\n".join([*lines, *_several_duties(said, lang)])


def _main_line(said: Announcement, lang: Language) -> str:
    presented = presentations(said.turns, lang)
    moderator = said.turns.moderator
    texts = {
        (True, 0): _("{when}: {moderator} moderates."),
        (True, 1): _("{when}: {moderator} moderates; {presenters} presents."),
        (True, 2): _("{when}: {moderator} moderates; {presenters} present."),
        (False, 0): _("{when}: who does what."),
        (False, 1): _("{when}: {presenters} presents."),
        (False, 2): _("{when}: {presenters} present."),
    }
    several = sum(turn.duty.key == PRESENTER and turn.member is not None for turn in said.turns.turns)
    return lang(
        texts[moderator is not None, min(several, 2)],
        when=when_text(said.turns, said.today, lang),
        moderator="" if moderator is None else escape_markdown(moderator.name),
        presenters=presenters_text(presented, lang),
    )


def when_text(day: DayTurns, today: date, lang: Language) -> str:
    """Which day it is, called tomorrow only where it is."""
    names = {
        today: _("Today ({date:day}, Day {number})"),
        today + timedelta(days=1): _("Tomorrow ({date:day}, Day {number})"),
    }
    name = names.get(day.date, _("The next study day ({date:day}, Day {number})"))
    return lang(name, date=day.date, number=day.number)


def presentations(day: DayTurns, lang: Language) -> list[str]:
    """`5강 은우님`, `논문 은우님·지안님`: each lecture with those who present it."""
    return [
        lang(_("{lecture} {people}"), lecture=escape_markdown(lecture), people=_people(readers, lang))
        for lecture, readers in day.presentations.items()
        if readers
    ]


def _people(members: Sequence[Member], lang: Language) -> str:
    return together((person(member, lang) for member in members), lang)


def presenters_text(presented: Sequence[str], lang: Language) -> str:
    """`5강 은우님 · 6강 지안님`"""
    text = presented[0] if presented else ""
    for presenter in presented[1:]:
        text = lang(_("{presenters}, {presenter}"), presenters=text, presenter=presenter)
    return text


def own_duties(day: DayTurns, lang: Language) -> list[str]:
    """`기록: 나래님`, a line for each duty of the team's own."""
    names: dict[str, list[Member]] = {}
    for turn in day.turns:
        if turn.member is not None and turn.duty.key not in {MODERATOR, PRESENTER}:
            names.setdefault(duty_text(turn.duty, lang), []).append(turn.member)
    return [lang(_("{duty}: {people}"), duty=duty, people=_people(people, lang)) for duty, people in names.items()]


def _nobody(duty: NamedDuty, lang: Language) -> str:
    text = _("⚠️ {duty}: nobody is there who could. A moderator can choose somebody with /rotation assign.")
    return lang(text, duty=duty_text(duty, lang))


def _several_duties(said: Announcement, lang: Language) -> list[str]:
    """Who has more than one duty, and that it cannot be helped where nobody else is free."""
    text = _("⚠️ {person} has several duties that day: {duties}.")
    if said.nobody_free:
        text = _("⚠️ {person} has several duties that day, there are not enough people: {duties}.")
    return [
        lang(text, person=person(member, lang), duties=", ".join(duty_text(turn.duty, lang) for turn in turns))
        for member, turns in by_member(said.turns).items()
        if len(turns) > 1
    ]


def by_member(day: DayTurns) -> dict[Member, list[ShownTurn]]:
    """What each person has that day."""
    found: dict[Member, list[ShownTurn]] = {}
    for turn in day.turns:
        if turn.member is not None:
            found.setdefault(turn.member, []).append(turn)
    return found


def change_text(change: Change, lang: Language) -> str:
    """`바뀌었어요: 1/6 화 5강 발표는 나래님이 맡아요 (가온님 대신, 자리를 비워서)`, or a line for each turn."""
    lines = [_changed(turn, lang) for turn in change.turns]
    if len(lines) == 1:
        return lang(_("Changed: {change}"), change=lines[0])
    return "\n".join([lang(_("These turns have changed:")), *(f"- {line}" for line in lines)])


def _changed(turn: ChangedTurn, lang: Language) -> str:
    values = {"turn": words_of(turn.turn, escape_markdown), "name": escape_markdown(turn.turn.member.name)}
    why = lang(CAUSES.get(turn.cause, _("the plan changed")))
    if turn.cause == "skip" and turn.reason:
        why = f"{why}: {escape_markdown(turn.reason)}"
    if turn.before == turn.turn.member and turn.day_before is not None:
        return lang(_("{turn}: still {name}, it was on {day:day} before"), day=turn.day_before, **values)
    if turn.before is None:
        return lang(_("{turn}: {name} ({why})"), why=why, **values)
    return lang(
        _("{turn}: {name} in place of {before} ({why})"), before=escape_markdown(turn.before.name), why=why, **values
    )


def confirmed_text(done: Confirmed, lang: Language) -> str:
    """What somebody has just said they will do."""
    text = _("You had said so before: {turns}.") if done.already else _("Noted, thank you: {turns}.")
    return lang(text, turns=turns_words(done.turns))


def turns_words(turns: Sequence[HeldTurn]) -> Message:
    return listed(words_of(turn, escape_markdown) for turn in turns)


def unanswered_text(said: Unanswered, lang: Language) -> str:
    """Who has not answered for what, and what can be done about it."""
    when = when_text(said.turns, said.today, lang)
    people = [
        lang(_("- {person}: {duties}"), person=person(member, lang), duties=_duties(turns, lang))
        for member, turns in by_member(said.turns).items()
    ]
    todo = _("Ask them, or give the turn to somebody else in {channel} with /rotation substitute or /rotation assign.")
    head = lang(_("{when}: not everybody has answered yet."), when=when)
    return "\n".join([head, *people, lang(todo, channel=f"<#{said.team.study_channel_id}>")])


def own_answer_text(said: Unanswered, lang: Language) -> str:
    """To a moderator who alone has not answered, and whom nobody else would tell."""
    head = lang(
        _("{when}: you have not answered yet: {duties}."),
        when=when_text(said.turns, said.today, lang),
        duties=_duties(said.turns.turns, lang),
    )
    todo = _("Press “I will” below the announcement; if you cannot, /rotation substitute in {channel} finds somebody.")
    return f"{head}\n{lang(todo, channel=f'<#{said.team.study_channel_id}>')}"


def _duties(turns: Sequence[ShownTurn], lang: Language) -> str:
    return ", ".join(duty_text(turn.duty, lang) for turn in turns)
