"""What is told once the panel is saved."""

from collections.abc import Iterator

from discord.utils import escape_markdown

from bot.i18n import Language, _
from bot.services.setup import Saved
from bot.ui.setup._draft import Draft


def saved_text(saved: Saved, draft: Draft, lang: Language) -> str:
    """That it is saved; of a new team, what happens next."""
    if not saved.created:
        lines = [lang(_("### Saved")), lang(_("It holds from now on; what is planned follows."))]
        return "\n".join([*lines, *_joined(saved, lang)])
    head = lang(_("### {team} is ready"), team=escape_markdown(saved.team.name))
    return "\n".join(
        [head, *_joined(saved, lang), *(f"{n}. {text}" for n, text in enumerate(_next(saved, draft, lang), 1))]
    )


def _joined(saved: Saved, lang: Language) -> Iterator[str]:
    if saved.joined:
        names = ", ".join(escape_markdown(member.name) for member in saved.joined)
        yield lang(_("On the roster now: {names}. /roster rename changes a name."), names=names)


def _next(saved: Saved, draft: Draft, lang: Language) -> Iterator[str]:
    """Three things: what to do, what the bot does next, and where to change it."""
    if not draft.people:
        yield lang(_("Put people on the roster with /roster add, or let everybody use /roster join."))
    yield lang(_("Add what is studied with /lecture add; who presents it is proposed by itself."))
    if saved.first_prompt is not None:
        where = f"<#{saved.team.retro_channel_id}>"
        yield lang(
            _("At {at:moment} I ask for the first retrospective in {channel}."), at=saved.first_prompt, channel=where
        )
    if draft.people:
        yield lang(_("/settings show in {channel} changes all of this."), channel=f"<#{saved.team.study_channel_id}>")
