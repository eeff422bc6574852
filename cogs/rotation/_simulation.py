"""`/rotation simulate`: what would happen, with the reason for each choice."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from discord import app_commands
from discord.ext import commands

from bot.domain.choice import ReasonKind
from bot.domain.rotation_reasons import Hindrance
from bot.i18n import Language, _
from bot.services.rotation.simulation import Away, Passed, Simulated, SimulatedDay, SimulatedTurn, Simulation
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.cooldowns import require_pause
from bot.ui.people import person
from bot.ui.rotation import duty_text

SHOWN_PASSED: Final = 2
"""How many of those who would have come first are named; the others are counted."""


class SimulateCommand(commands.Cog):
    """`simulate` of the group `/rotation`."""

    _simulation: Simulation

    @app_commands.command(description=_("What would happen, with the reason for each choice; nothing is changed"))
    @app_commands.describe(
        days=_("How many study days (5)"),
        away=_("Who would be away all the time: mention them, or names with commas between"),
        lectures=_("How many lectures there would be each day (those that were added)"),
    )
    async def simulate(
        self,
        interaction: Interaction,
        days: app_commands.Range[int, 1, 60] = 5,
        away: str | None = None,
        lectures: app_commands.Range[int, 0, 8] | None = None,
    ) -> None:
        require_pause(interaction, "rotation simulate")
        simulated = await self._simulation.simulate(caller_of(interaction), days, away, lectures)
        await answer(interaction, simulated_text(simulated, reader(interaction)), file_name="simulation.md")


def simulated_text(simulated: Simulated, lang: Language) -> str:
    """A paragraph for each day, how many turns that makes for each person, and what was assumed."""
    paragraphs = ["\n".join(_day_lines(day, lang)) for day in simulated.days]
    return "\n".join([*paragraphs, "", *_sums(simulated, lang), *_assumed(simulated, lang)])


def _day_lines(day: SimulatedDay, lang: Language) -> Iterator[str]:
    head = lang(_("**Day {number}** · {date:day}"), number=day.number, date=day.date)
    away = ", ".join(_away(each, day, lang) for each in day.away)
    if away:
        head += " · " + lang(_("away: {people}"), people=away)
    yield head
    for turn in day.turns:
        duty = turn_label(turn, lang)
        if turn.member is None:
            yield "- " + lang(_("{duty}: ⚠️ nobody is there who could"), duty=duty) + _passed(turn, lang)
        else:
            why = reason_text(turn, lang) + _passed(turn, lang)
            yield "- " + lang(_("{duty}: {person} ({why})"), duty=duty, person=person(turn.member, lang), why=why)


def _away(away: Away, day: SimulatedDay, lang: Language) -> str:
    """`나래님(10/12 월까지)`; without a day where it is this one alone, or where nobody knows."""
    name = person(away.member, lang)
    if away.last_day is None or away.last_day == day.date:
        return name
    return lang(_("{person} (until {day:day})"), person=name, day=away.last_day)


def turn_label(turn: SimulatedTurn, lang: Language) -> str:
    """What the duty is called; of an imagined lecture, that it is one."""
    if turn.imagined is None:
        return duty_text(turn.duty, lang)
    return duty_text(replace(turn.duty, lecture=lang(_("lecture {number}?"), number=turn.imagined)), lang)


def reason_text(turn: SimulatedTurn, lang: Language) -> str:
    """What settled the choice: `가장 오래 기다림: 9일`."""
    kind, others = turn.reason.kind, turn.others_turns
    if turn.held:
        return lang(_("has the whole week"))
    if kind is ReasonKind.FEWEST_TURNS and others is not None:
        text = _("fewest turns: {turns}, the others {others} or more")
        return lang(text, turns=turn.reason.turns, others=others)
    return lang(REASONS[kind], days=turn.reason.waited_days, turns=turn.reason.turns)


REASONS: Final = {
    ReasonKind.ASSIGNED: _("given out already"),
    ReasonKind.ONLY_ONE: _("nobody else is free"),
    ReasonKind.FEWEST_TURNS: _("fewest turns: {turns}"),
    ReasonKind.SKIPPED_LAST: _("skipped the last turn"),
    ReasonKind.LONGEST_WAIT: _("waited longest: {days} days"),
    ReasonKind.ROSTER_ORDER: _("next in the order"),
    ReasonKind.EVEN_MODERATORS: _("so that moderating stays even"),
    ReasonKind.DOUBLE: _("⚠️ a second duty, everybody has one"),
}


def _passed(turn: SimulatedTurn, lang: Language) -> str:
    """Who would have come first, and why not: `; 나래님은 이미 발표자`."""
    if turn.reason.kind is ReasonKind.DOUBLE:
        return ""
    parts = [_one_passed(each, lang) for each in turn.passed[:SHOWN_PASSED]]
    more = len(turn.passed) - SHOWN_PASSED
    if more > 0:
        parts.append(lang(_("{count} more"), count=more))
    return "".join(f"; {part}" for part in parts)


def _one_passed(passed: Passed, lang: Language) -> str:
    name = person(passed.member, lang)
    if passed.hindrance is Hindrance.SKIPPED or passed.duty is None:
        return lang(_("{person} skipped it"), person=name)
    return lang(_("{person} is already {duty}"), person=name, duty=duty_text(passed.duty, lang))


def _sums(simulated: Simulated, lang: Language) -> Iterator[str]:
    """Turns of each duty in these days, by person: a week's counts once."""
    counts: dict[str, Counter[str]] = {}
    for day in simulated.days:
        for turn in day.turns:
            if turn.member is not None and not turn.held:
                duty = duty_text(replace(turn.duty, lecture=None), lang)
                counts.setdefault(duty, Counter())[person(turn.member, lang)] += 1
    for duty, by_person in counts.items():
        people = ", ".join(f"{name} {count}" for name, count in by_person.most_common())
        yield "-# " + lang(_("{duty}, {days} days: {people}"), duty=duty, days=len(simulated.days), people=people)


def _assumed(simulated: Simulated, lang: Language) -> Iterator[str]:
    yield "-# " + lang(_("Only a simulation: nothing was changed."))
    presented = any(turn.duty.lecture is not None for day in simulated.days for turn in day.turns)
    if simulated.lectures is None and not presented:
        yield "-# " + lang(_("No lecture was added for these days; with the option lectures you can assume some."))
