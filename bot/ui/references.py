"""Options that name a lecture, a question or an assignment: people pick a title, the command gets an id."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from discord import app_commands

from bot.domain.references import Reference
from bot.domain.team import Caller
from bot.errors import InvalidInput
from bot.i18n import _
from bot.ui.callers import Interaction, caller_of

CHOICES = 25
LABEL_LIMIT = 100


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
        found = await self._offers(interaction).choices(caller_of(interaction), value)
        return [app_commands.Choice(name=item.label[:LABEL_LIMIT], value=str(item.id)) for item in found[:CHOICES]]

    async def transform(self, interaction: Interaction, value: str, /) -> int:
        """The id that was picked. Typed text is taken when exactly one thing fits. Raises InvalidInput otherwise."""
        if value.isdecimal():
            return int(value)
        found = await self._offers(interaction).choices(caller_of(interaction), value)
        if len(found) != 1:
            raise InvalidInput(_("I cannot tell what {text} is. Choose one from the list that opens."), text=value)
        return found[0].id


class LectureTransformer(_ReferenceTransformer):
    feature = "lectures"


class QuestionTransformer(_ReferenceTransformer):
    feature = "questions"


class AssignmentTransformer(_ReferenceTransformer):
    feature = "assignments"


if TYPE_CHECKING:
    LectureRef: TypeAlias = int
    QuestionRef: TypeAlias = int
    AssignmentRef: TypeAlias = int
else:
    LectureRef = app_commands.Transform[int, LectureTransformer]
    QuestionRef = app_commands.Transform[int, QuestionTransformer]
    AssignmentRef = app_commands.Transform[int, AssignmentTransformer]
