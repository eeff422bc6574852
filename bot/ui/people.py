"""People as they are named wherever they are told of."""

from collections.abc import Iterable

from discord.utils import escape_markdown

from bot.domain.team import Member
from bot.i18n import Language, _


def person(member: Member, lang: Language) -> str:
    """`가온님`."""
    return lang(_("{name}"), name=escape_markdown(member.name))


def together(people: Iterable[str], lang: Language) -> str:
    """Those who do one thing together: `가온님·나래님`, `가온 & 나래`."""
    text = ""
    for each in people:
        text = lang(_("{people} & {person}"), people=text, person=each) if text else each
    return text
