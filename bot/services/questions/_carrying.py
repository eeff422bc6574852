"""Further questions that nobody answers, and what is asked of the mentor."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import reads, writes
from bot.db.tables import QuestionRow, StudyDayRow, TeamRow
from bot.domain.questions import Question, QuestionState
from bot.domain.team import Caller
from bot.errors import NotFound
from bot.i18n import _
from bot.services.carried_questions import long_carried
from bot.services.days import load_calendar, to_study_day
from bot.services.questions._checks import read_reason, require_not_gone
from bot.services.questions._rows import load_question, load_questions, question_of, visible_questions
from bot.services.questions._service import QuestionService, Standing
from bot.services.questions._values import ForMentor, LongCarried, Waiting
from bot.services.teams import changing_team_of, require_moderator, team_of
from bot.services.values import to_team


class Carrying(QuestionService):
    @reads
    async def for_mentor(
        self, session: AsyncSession, caller: Caller, lecture_id: int | None = None
    ) -> Sequence[ForMentor]:
        """What is to be asked of the mentor, by number, with the day to which each answer goes back."""
        team = await team_of(session, caller)
        kept = await visible_questions(session, team, QuestionRow.state == QuestionState.MENTOR)
        wanted = [question for question in kept if lecture_id in {None, question.lecture_id}]
        days = {
            day_id: await to_study_day(session, team, await session.get_one(StudyDayRow, day_id))
            for day_id in dict.fromkeys(question.day_id for question in wanted)
        }
        return [ForMentor(question, days[question.day_id]) for question in wanted]

    @reads
    async def carried(self, session: AsyncSession, day_id: int) -> LongCarried:
        """What moderators are asked about on a study day, as it stands."""
        day = await session.get_one(StudyDayRow, day_id)
        team = await session.get_one(TeamRow, day.team_id)
        ages = await long_carried(session, team, await load_calendar(session, team), day.date)
        return LongCarried(to_team(team), await _waiting(session, ages))

    @reads
    async def deciding(self, session: AsyncSession, caller: Caller) -> Sequence[Waiting]:
        """The questions that are still to be decided on, for a moderator. Raises NotFound if there are none."""
        team = await team_of(session, caller)
        await require_moderator(session, team, caller, today=True)
        calendar = await load_calendar(session, team)
        ages = await long_carried(session, team, calendar, calendar.day_for_entry(caller.at))
        if not ages:
            raise NotFound(_("Every one of these questions is decided already. /question list shows them."))
        return await _waiting(session, ages)

    @writes
    async def decide(
        self,
        session: AsyncSession,
        caller: Caller,
        question_ids: Collection[int],
        state: QuestionState,
        reason: str | None,
    ) -> Sequence[Question]:
        """Keep questions for the mentor, or drop them, several at once. What somebody settled meanwhile stays so."""
        team = await changing_team_of(session, caller)
        await require_moderator(session, team, caller, today=True)
        why, decided = read_reason(reason), []
        for question_id in question_ids:
            row = await question_of(session, team, question_id)
            require_not_gone(row)
            if row.state in {QuestionState.OPEN, QuestionState.DISCUSSING}:
                was = Standing.of(row)
                row.state, row.reason = state, why
                await self._changed(session, team, caller, row, str(state), was=was, reason=why)
                decided.append(await load_question(session, row.id))
        return decided


async def _waiting(session: AsyncSession, ages: Mapping[int, int]) -> tuple[Waiting, ...]:
    found = {question.id: question for question in await load_questions(session, QuestionRow.id.in_(ages))}
    return tuple(Waiting(found[question_id], age) for question_id, age in ages.items())
