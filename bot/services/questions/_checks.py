"""What may be written, and who may do what with a question. Refusals say what to do next."""

from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import MemberRow, QuestionRow, TeamRow
from bot.domain.discord_text import is_blank
from bot.domain.questions import QuestionState
from bot.domain.team import Caller
from bot.errors import InvalidInput, NotAllowed
from bot.i18n import _
from bot.services.teams import member_of, require_moderator

TEXT_LIMIT: Final = 4000
"""Characters of a question or an answer; a form takes no more."""


REASON_LIMIT: Final = 300
"""Characters of a reason that everybody reads."""


def read_text(text: str) -> str:
    """A question or answer as typed, without blanks around it.

    Raises InvalidInput if it is blank or too long; the refusal gives the text back, since an option of a command is
    gone once it is sent.
    """
    clean = text.strip()
    if is_blank(clean):
        raise InvalidInput(_("There was no text, so nothing was saved. Please write something and send it again."))
    if len(clean) > TEXT_LIMIT:
        raise InvalidInput(
            _("That is {count} characters; {limit} fit. Please shorten it. This is what you wrote:\n{text}"),
            count=len(clean),
            limit=TEXT_LIMIT,
            text=clean,
        )
    return clean


def require_no_file_if(anonymous: bool, with_file: bool) -> None:
    """Raise InvalidInput for an anonymous question with a file: its name and what is inside may tell whose it is."""
    if anonymous and with_file:
        raise InvalidInput(
            _("A file can tell whose it is, so it cannot come with an anonymous question. Leave it out or give a link.")
        )


def read_reason(reason: str | None) -> str | None:
    """Why something is done, on one line, for everybody to read. Raises InvalidInput for more than a line takes."""
    line = " ".join((reason or "").split())
    if len(line) > REASON_LIMIT:
        raise InvalidInput(
            _("A reason is a line of {limit} characters at most. Please shorten it. This is what you wrote:\n{text}"),
            limit=REASON_LIMIT,
            text=line,
        )
    return line or None


def require_not_removed(row: QuestionRow) -> None:
    if row.state == QuestionState.REMOVED:
        raise InvalidInput(
            _("Question #{number} was removed by a moderator, so it stays away. Ask again with /ask."),
            number=row.number,
        )


def require_not_gone(row: QuestionRow) -> None:
    """Raise InvalidInput for a question that does not come back."""
    require_not_removed(row)
    if row.state == QuestionState.WITHDRAWN:
        raise InvalidInput(_("Question #{number} was withdrawn. Ask again with /ask."), number=row.number)


def require_live(row: QuestionRow) -> None:
    """Raise InvalidInput for a question that takes no answer."""
    require_not_gone(row)
    if row.state == QuestionState.DROPPED:
        raise InvalidInput(
            _("Question #{number} was dropped. Open it again with /question reopen first."), number=row.number
        )


async def require_author(session: AsyncSession, team: TeamRow, caller: Caller, row: QuestionRow) -> None:
    """Raise NotAllowed for anybody else, and for everybody where the author is not stored."""
    member = await member_of(session, team, caller)
    if row.author_id is None:
        raise NotAllowed(
            _("Nobody's name is stored with an anonymous question, so nobody can change it. A moderator can drop it.")
        )
    if row.author_id != member.id:
        author = await session.get_one(MemberRow, row.author_id)
        raise NotAllowed(
            _("Question #{number} is by {name}, who alone can do this."), number=row.number, name=author.name
        )


async def require_author_or_moderator(session: AsyncSession, team: TeamRow, caller: Caller, row: QuestionRow) -> None:
    """Today's moderator counts too."""
    author = None if row.author_id is None else await session.get_one(MemberRow, row.author_id)
    if author is None or author.user_id != caller.user_id:
        await require_moderator(session, team, caller, today=True)
