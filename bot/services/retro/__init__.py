"""Retrospectives: one per member and study day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import time

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import MemberRow, PassRow, RetrospectiveRow, StudyDayRow, TeamRow, WrittenRow
from bot.domain.retro import MOST_QUESTIONS, Reflection, Visibility, tidied, written
from bot.domain.retro_week import Experiment, is_last_of_week
from bot.domain.team import Caller, StudyDay, Team
from bot.errors import InvalidInput
from bot.i18n import _
from bot.services import audit
from bot.services.days import load_calendar, to_study_day
from bot.services.retro._asked import questions_of
from bot.services.retro._days import Due, is_to_look_back, load_due, named_day, open_day
from bot.services.retro._experiments import EXPERIMENT_CHOSEN, Choice, RetroExperiments, experiment_on
from bot.services.retro._nudges import Nudge, RetroNudges
from bot.services.retro._questions import RetroQuestions
from bot.services.retro._reading import Entries, Entry, RetroReading
from bot.services.retro._streaks import Streaks
from bot.services.retro._week import RetroWeeks
from bot.services.retro.reflections import (
    add_nameless,
    own_retrospective,
    put_reflections,
    reflections_of,
)
from bot.services.teams import changing_team_of, member_of
from bot.services.values import to_team

__all__ = [
    "EXPERIMENT_CHOSEN",
    "TEXT_LIMIT",
    "Choice",
    "Draft",
    "Due",
    "Entries",
    "Entry",
    "Nudge",
    "Prompt",
    "Retro",
    "RetroExperiments",
    "RetroNudges",
    "RetroQuestions",
    "RetroReading",
    "RetroWeeks",
    "Streaks",
    "Written",
    "experiment_on",
    "is_to_look_back",
    "load_due",
]

TEXT_LIMIT = 4000
"""Characters of an answer: what Discord takes in a field of a form."""


@dataclass(frozen=True)
class Draft:
    """What the form starts with: the day, its fields with what one wrote before, and who may read it."""

    day: StudyDay
    fields: tuple[Reflection, ...]
    visibility: Visibility


@dataclass(frozen=True)
class Written:
    """What was saved, until when it can be changed, and how many of the team have written by now."""

    day: StudyDay
    visibility: Visibility
    until: time
    written: int
    members: int


@dataclass(frozen=True)
class Prompt:
    """What the evening's prompt speaks of. `experiment` is the week's, on its last study day."""

    team: Team
    day: StudyDay
    members: int
    experiment: Experiment | None = None


class Retro:
    """`/retro`."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @writes
    async def draft(self, session: AsyncSession, caller: Caller, day_id: int | None, typed: str | None = None) -> Draft:
        """What the form is filled with: of a day by its id or as typed, else the latest study day.

        Raises InvalidInput if it is closed, NotFound if there is none such.

        Whoever has written already finds the questions they answered, also if the team asks others since.
        """
        team = await changing_team_of(session, caller)
        member = await member_of(session, team, caller)
        if typed is not None:
            day_id = await named_day(session, team, caller, typed)
        day = await open_day(session, team, caller, day_id)
        row = await own_retrospective(session, day, member)
        value = await to_study_day(session, team, day)
        if row is None:
            await _refuse_second_anonymous(session, day, member)
            blank = tuple(Reflection(question, "") for question in questions_of(team))
            return Draft(value, blank, Visibility.TEAM)
        fields = (await reflections_of(session, [row.id]))[row.id]
        return Draft(value, fields, Visibility(row.visibility))

    @writes
    async def write(
        self,
        session: AsyncSession,
        caller: Caller,
        day_id: int,
        fields: Sequence[Reflection],
        visibility: Visibility,
    ) -> Written:
        """Save the fields of a form. An anonymous one cannot be changed afterwards: nobody knows whose it is."""
        team = await changing_team_of(session, caller)
        member = await member_of(session, team, caller)
        day = await open_day(session, team, caller, day_id)
        fields = tidied(fields)
        _require_fitting(fields)
        if visibility is Visibility.ANONYMOUS:
            await _write_anonymously(session, team, day, member, fields)
        else:
            await _write_by_name(session, team, day, member, caller, fields, visibility)
        await session.merge(WrittenRow(day_id=day.id, member_id=member.id))
        await session.execute(delete(PassRow).where(PassRow.day_id == day.id, PassRow.member_id == member.id))
        await session.flush()
        value = await to_study_day(session, team, day)
        due = await load_due(session, team, day)
        return Written(value, visibility, team.cutoff, len(due.written), due.people)

    @reads
    async def prompt(self, session: AsyncSession, team_id: int, day_id: int) -> Prompt | str:
        """What the evening's question says, or why it is not to be asked."""
        team = await session.get_one(TeamRow, team_id)
        row = await session.get_one(StudyDayRow, day_id)
        calendar = await load_calendar(session, team)
        if row.closed or not calendar.is_study_day(row.date):
            return "nobody is to write that day any more"
        due = await load_due(session, team, row)
        ends = is_last_of_week(calendar, row.date)
        experiment = await experiment_on(session, team, row.date) if ends else None
        return Prompt(to_team(team), await to_study_day(session, team, row), due.people, experiment)


def _require_fitting(fields: Sequence[Reflection]) -> None:
    texts = [each.text for each in written(fields)]
    if not texts or len(fields) > MOST_QUESTIONS or any(len(text) > TEXT_LIMIT for text in texts):
        raise InvalidInput(
            _("A retrospective needs an answer to one question at least, and each has {limit} characters at most."),
            limit=TEXT_LIMIT,
        )


async def _write_by_name(
    session: AsyncSession,
    team: TeamRow,
    day: StudyDayRow,
    member: MemberRow,
    caller: Caller,
    fields: Sequence[Reflection],
    visibility: Visibility,
) -> None:
    row = await own_retrospective(session, day, member)
    before = None if row is None else {"visibility": row.visibility}
    if row is None:
        await _refuse_second_anonymous(session, day, member)
        row = RetrospectiveRow(day_id=day.id, member_id=member.id, visibility=visibility, written_at=caller.at)
        session.add(row)
        await session.flush()
    row.visibility = visibility
    if await put_reflections(session, row, fields) and before is not None:
        row.edited_at = caller.at
    audit.record(
        session,
        "retro.write",
        f"day:{day.date}",
        team_id=team.id,
        actor_id=caller.user_id,
        at=caller.at,
        before=before,
        after={"visibility": visibility},
    )


async def _write_anonymously(
    session: AsyncSession, team: TeamRow, day: StudyDayRow, member: MemberRow, fields: Sequence[Reflection]
) -> None:
    if await own_retrospective(session, day, member) is not None:
        raise InvalidInput(
            _("You have already written by name today. You can change that text, but not make it anonymous.")
        )
    await _refuse_second_anonymous(session, day, member)
    await add_nameless(session, day, fields)
    # The record says that it happened on that day, not when: an instant could be matched with other traces.
    begin = (await load_calendar(session, team)).begins_at(day.date)
    audit.record(session, "retro.write", f"day:{day.date}", team_id=team.id, actor_id=None, at=begin)


async def _refuse_second_anonymous(session: AsyncSession, day: StudyDayRow, member: MemberRow) -> None:
    """Whoever has written, but not by name, has written anonymously."""
    if await session.get(WrittenRow, (day.id, member.id)) is not None:
        raise InvalidInput(
            _("You have already written anonymously today. Nobody knows which text is yours, so it cannot be changed.")
        )
