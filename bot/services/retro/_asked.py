"""What a team's retrospective asks."""

import json
from typing import Final

from bot.db.tables import TeamRow
from bot.i18n import _, language

USUAL_QUESTIONS: Final = (
    _("What went well"),
    _("What could have gone better"),
    _("What I learned"),
    _("What I will do tomorrow"),
)
"""Asked, in the team's language, until a moderator chooses others."""


def usual_questions(team: TeamRow) -> tuple[str, ...]:
    lang = language(team.language)
    return tuple(lang(question) for question in USUAL_QUESTIONS)


def questions_of(team: TeamRow) -> tuple[str, ...]:
    """The questions as they stand now, one to four; a single empty one is the free field."""
    return usual_questions(team) if team.retro_questions is None else tuple(json.loads(team.retro_questions))


def keep_questions(team: TeamRow, questions: tuple[str, ...]) -> None:
    """The usual ones are not written down, so that they follow the team's language."""
    usual = questions == usual_questions(team)
    team.retro_questions = None if usual else json.dumps(questions, ensure_ascii=False)
