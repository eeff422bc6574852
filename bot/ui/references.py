"""Options that name a lecture, a question, an assignment or a duty: people pick a title, the command gets an id."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from discord import app_commands

from bot.domain.duties import MODERATOR, PRESENTER
from bot.domain.duty_names import BUILT_IN
from bot.domain.markdown_line import one_line
from bot.domain.references import Reference
from bot.domain.team import Caller
from bot.errors import InvalidInput, UserError
from bot.i18n import Language, _
from bot.services.rotation import NamedDuty
from bot.services.rotation.duties import Duties
from bot.ui.callers import Interaction, caller_of, reader

CHOICES = 25
LABEL_LIMIT = 100
PICKED = "id:"
"""How the value of a choice begins, so that nobody types one by chance: a typed 7 is A7, not the row 7."""


class Offers(Protocol):
    """A service that can be asked what there is to pick."""

    async def choices(self, caller: Caller, typed: str) -> Sequence[Reference]:
        """What fits the typed text, the likeliest first; 25 are shown."""


class _ReferenceTransformer(app_commands.Transformer):
    feature: str

    def _offers(self, interaction: Interaction) -> Offers:
        client: Any = interaction.client
        offers: Offers = getattr(client.services, self.feature)
        return offers

    async def autocomplete(self, interaction: Interaction, value: str, /) -> list[app_commands.Choice[str]]:  # type: ignore[override]  # the choices of a text option are texts
        try:
            found = await self._offers(interaction).choices(caller_of(interaction), value)
        except UserError:  # a list cannot say it; the command will
            return []
        return [app_commands.Choice(name=_fitting(item.label), value=f"{PICKED}{item.id}") for item in found[:CHOICES]]

    async def transform(self, interaction: Interaction, value: str, /) -> int:
        """The id that was picked. A typed number (`12`, `#12`, `A7`) or text is taken when exactly one thing fits.

        Raises InvalidInput otherwise.
        """
        if picked := re.fullmatch(rf"{PICKED}(\d{{1,15}})", value, re.ASCII):
            return int(picked[1])
        found = await self._offers(interaction).choices(caller_of(interaction), value)
        numbered = [item for item in found if item.label.split()[0].strip("#A") == value.strip("#A")]
        for fitting in (numbered, found):
            if len(fitting) == 1:
                return fitting[0].id
        raise InvalidInput(_("I cannot tell what {text} is. Choose one from the list that opens."), text=value)


def _fitting(label: str) -> str:
    """A label as long as Discord's lists take."""
    return label if len(label) <= LABEL_LIMIT else label[: LABEL_LIMIT - 1] + "…"


class LectureTransformer(_ReferenceTransformer):
    feature = "lectures"


class QuestionTransformer(_ReferenceTransformer):
    feature = "questions"


class AssignmentTransformer(_ReferenceTransformer):
    feature = "assignments"


class ActionTransformer(_ReferenceTransformer):
    """Something that is still to do."""

    feature = "minutes"


class TeamTransformer(_ReferenceTransformer):
    """A team of the server, by its name."""

    feature = "guild_teams"


class DutyTransformer(app_commands.Transformer):
    """A duty of the team: its name is picked or typed, the command gets its key (`moderator`, `duty:7`)."""

    async def autocomplete(self, interaction: Interaction, value: str, /) -> list[app_commands.Choice[str]]:  # type: ignore[override]  # the choices of a text option are texts
        try:
            duties = await _duties(interaction).present(caller_of(interaction))
        except UserError:  # a list cannot say it; the command will
            return []
        named = [(_duty_name(duty, reader(interaction)), duty.key) for duty in duties]
        typed = one_line(value).casefold()
        return [app_commands.Choice(name=name, value=key) for name, key in named if typed in name.casefold()][:CHOICES]

    async def transform(self, interaction: Interaction, value: str, /) -> str:
        """The key of the duty that was picked, or whose name was typed. Raises InvalidInput otherwise."""
        duties = await _duties(interaction).present(caller_of(interaction))
        keys = {duty.name.casefold(): duty.key for duty in duties if duty.name}
        typed = one_line(value).casefold()
        key = BUILT_IN.get(typed) or keys.get(typed, typed)
        if all(duty.key != key for duty in duties):
            raise InvalidInput(_("I cannot tell what {text} is. Choose one from the list that opens."), text=value)
        return key


def _duties(interaction: Interaction) -> Duties:
    client: Any = interaction.client
    duties: Duties = client.services.duties
    return duties


def _duty_name(duty: NamedDuty, lang: Language) -> str:
    names = {MODERATOR: _("moderator"), PRESENTER: _("presenter")}
    return lang(names[duty.key]) if duty.key in names else duty.name


if TYPE_CHECKING:
    LectureRef: TypeAlias = int
    QuestionRef: TypeAlias = int
    AssignmentRef: TypeAlias = int
    ActionRef: TypeAlias = int
    TeamRef: TypeAlias = int
    DutyRef: TypeAlias = str
else:
    LectureRef = app_commands.Transform[int, LectureTransformer]
    QuestionRef = app_commands.Transform[int, QuestionTransformer]
    AssignmentRef = app_commands.Transform[int, AssignmentTransformer]
    ActionRef = app_commands.Transform[int, ActionTransformer]
    TeamRef = app_commands.Transform[int, TeamTransformer]
    DutyRef = app_commands.Transform[str, DutyTransformer]
