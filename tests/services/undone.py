"""What `/session undo` does to a question, where neither an entry of the minutes nor a step came after its change."""

from bot.domain.team import Caller
from bot.errors import NotFound
from bot.i18n import _
from bot.services.days import load_calendar
from bot.services.questions import Questions, TakenBack, last_change
from bot.services.teams import changing_team_of, is_moderator, member_of
from tests.database import writing


async def undone(questions: Questions, who: Caller) -> TakenBack:
    """Take the last change of a question's state of this study day back. Raises NotFound if there is none."""
    async with writing(questions.database) as session:
        team = await changing_team_of(session, who)
        if not is_moderator(team, who):
            await member_of(session, team, who)
        calendar = await load_calendar(session, team)
        change = await last_change(session, team, who, calendar.begins_at(calendar.date_at(who.at)))
        if change is None:
            raise NotFound(_("There is nothing of yours to take back today."))
        return await questions.take_back(session, team, who, change)
