"""People named in a text: mentioned, or by the names that pages give them."""

import re
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import MemberRow, TeamRow
from bot.domain.markdown_line import one_line
from bot.errors import InvalidInput
from bot.i18n import _
from bot.services.teams import roster

_MENTION: Final = re.compile(r"<@!?(\d{1,20})>님?")
_BETWEEN: Final = re.compile(r"[,，、;·→\n]")


async def people_named(session: AsyncSession, team: TeamRow, text: str) -> list[MemberRow]:
    """Everybody named in a text, in its order. Raises InvalidInput for a stranger, somebody named twice, and nobody."""
    present = await roster(session, team)
    by_name = {row.name.casefold(): row for row in present} | {f"<@{row.user_id}>": row for row in present}
    named: list[MemberRow] = []
    for name in _names(text):
        row = by_name.get(name.casefold()) or by_name.get(name.removesuffix("님").strip().casefold())
        if row is None:
            refusal = _("{name} is not on the roster. Mention people, or write the names that /roster list shows.")
            raise InvalidInput(refusal, name=name)
        if row in named:
            raise InvalidInput(_("{name} stands there twice. Name everybody once."), name=row.name)
        named.append(row)
    if not named:
        raise InvalidInput(_("Nobody is named there. Mention people, or write names with commas between them."))
    return named


def _names(text: str) -> list[str]:
    """Names, and mentions in their short form."""
    parted = _BETWEEN.split(_MENTION.sub(r",<@\1>,", text))
    return [name for part in parted if (name := one_line(part).removeprefix("@").strip())]
