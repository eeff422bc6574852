"""What a team tries out for a week: chosen with the digest, on top of the agenda, and asked about at its end."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import ExperimentRow, MemberRow, StudyDayRow, TeamRow, VerdictRow
from bot.domain.markdown_line import one_line
from bot.domain.retro_week import EXPERIMENT_LIMIT, Experiment, Verdict, monday_of, next_week
from bot.domain.team import Caller, Team
from bot.errors import InvalidInput, NotFound
from bot.i18n import _
from bot.services import audit
from bot.services.days import load_calendar
from bot.services.deliveries import plan
from bot.services.teams import changing_team_of, member_of
from bot.services.values import to_team

EXPERIMENT_CHOSEN = "retro.experiment"
"""The post that tells the team what it tries out next."""


@dataclass(frozen=True)
class Choice:
    """The form in which an experiment is chosen: for which week, and what stands in it at first."""

    week: date
    text: str


@dataclass(frozen=True)
class Chosen:
    """What was chosen, and by whom it was put into words."""

    team: Team
    experiment: Experiment
    author: str


async def experiment_of(session: AsyncSession, team: TeamRow, week: date) -> Experiment | None:
    """The experiment of the week that begins on a Monday."""
    row = await session.scalar(
        select(ExperimentRow).where(ExperimentRow.team_id == team.id, ExperimentRow.week == week)
    )
    if row is None:
        return None
    query = select(VerdictRow.verdict, func.count()).where(VerdictRow.experiment_id == row.id)
    counts = await session.execute(query.group_by(VerdictRow.verdict))
    return Experiment(row.id, row.week, row.text, {Verdict(verdict): count for verdict, count in counts})


async def experiment_on(session: AsyncSession, team: TeamRow, day: date) -> Experiment | None:
    """What the team tries out on a day."""
    return await experiment_of(session, team, monday_of(day))


class RetroExperiments:
    """Choosing an experiment and saying what is to become of it."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @writes
    async def choice(self, session: AsyncSession, caller: Caller, day_id: int) -> Choice:
        """What the form starts with: the experiment as it stands, or this week's if most want to keep it."""
        team = await changing_team_of(session, caller)
        await member_of(session, team, caller)
        day, week = await _next_week(session, team, caller, day_id)
        chosen, tried = await experiment_of(session, team, week), await experiment_on(session, team, day.date)
        kept = tried.text if tried is not None and tried.most is Verdict.KEEP else ""
        return Choice(week, kept if chosen is None else chosen.text)

    @writes
    async def choose(self, session: AsyncSession, caller: Caller, day_id: int, text: str) -> Experiment:
        """Choose the experiment of the week after a day, in place of one chosen before; the team is told."""
        team = await changing_team_of(session, caller)
        member = await member_of(session, team, caller)
        _day, week = await _next_week(session, team, caller, day_id)
        text = one_line(text)
        if not text or len(text) > EXPERIMENT_LIMIT:
            raise InvalidInput(
                _("An experiment is one sentence of at most {limit} characters."), limit=EXPERIMENT_LIMIT
            )
        row = await session.scalar(
            select(ExperimentRow).where(ExperimentRow.team_id == team.id, ExperimentRow.week == week)
        )
        before = None if row is None else row.text
        if row is None:
            row = ExperimentRow(team_id=team.id, week=week)
            session.add(row)
        row.text, row.member_id, row.chosen_at = text, member.id, caller.at
        await session.flush()
        if before != text:
            await self._tell(session, team, caller, row, before)
        return Experiment(row.id, week, text)

    @reads
    async def chosen(self, session: AsyncSession, experiment_id: int) -> Chosen:
        row = await session.get_one(ExperimentRow, experiment_id)
        team, author = await session.get_one(TeamRow, row.team_id), await session.get_one(MemberRow, row.member_id)
        return Chosen(to_team(team), Experiment(row.id, row.week, row.text), author.name)

    @writes
    async def judge(self, session: AsyncSession, caller: Caller, experiment_id: int, verdict: Verdict) -> Experiment:
        """Say what is to become of an experiment; saying something else later replaces it."""
        team = await changing_team_of(session, caller)
        member = await member_of(session, team, caller)
        row = await session.get(ExperimentRow, experiment_id)
        if row is None or row.team_id != team.id:
            raise NotFound(_("I cannot find that experiment in this team. Press the button in your team's channel."))
        said = await session.get(VerdictRow, (row.id, member.id))
        before = None if said is None else {"verdict": said.verdict}
        if said is None:
            said = VerdictRow(experiment_id=row.id, member_id=member.id)
            session.add(said)
        said.verdict = verdict
        audit.record(
            session,
            "retro.verdict",
            f"experiment:{row.id}",
            team_id=team.id,
            actor_id=caller.user_id,
            at=caller.at,
            before=before,
            after={"verdict": verdict},
        )
        return Experiment(row.id, row.week, row.text)

    async def _tell(
        self, session: AsyncSession, team: TeamRow, caller: Caller, row: ExperimentRow, before: str | None
    ) -> None:
        await plan(session, team_id=team.id, kind=EXPERIMENT_CHOSEN, subject_id=row.id, due_at=caller.at)
        audit.record(
            session,
            "retro.experiment",
            f"week:{row.week}",
            team_id=team.id,
            actor_id=caller.user_id,
            at=caller.at,
            before=None if before is None else {"text": before},
            after={"text": row.text},
        )
        self._wake()


async def _next_week(session: AsyncSession, team: TeamRow, caller: Caller, day_id: int) -> tuple[StudyDayRow, date]:
    """The day of a digest and the week after it. Raises InvalidInput once that week is over."""
    day = await session.get(StudyDayRow, day_id)
    if day is None or day.team_id != team.id:
        raise NotFound(_("I cannot find that day in this team. Use /retro digest in your team's channel."))
    calendar = await load_calendar(session, team)
    week = next_week(calendar, day.date)
    if monday_of(calendar.date_at(caller.at)) > week:
        raise InvalidInput(_("The week that this was for is over. Choose with the latest digest: /retro digest"))
    return day, week
