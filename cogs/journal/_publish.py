"""What became of publishing, told to whoever asked or to the moderators."""

from typing import Final

from discord.utils import escape_markdown

from bot.domain.deliveries import Delivery
from bot.i18n import Language, _, language
from bot.jobs.posts import Post, Skip, TryAgain
from bot.pages.repository import Published, RemoteRefused, RemoteUnreachable
from bot.services.journal import ServerNames
from bot.services.journal.publishing import Publishing
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.cooldowns import require_pause
from bot.ui.page_files import names_of

RETRY: Final = 300.0
"""Seconds until a repository that was not reached is tried again."""

NAMED: Final = 10
"""Pages named at most."""

_REFUSED: Final = _(
    "The Git repository did not take the pages. Whoever runs the bot: check JOURNAL_REPOSITORY, JOURNAL_BRANCH and the "
    "token or key, then /journal publish."
)


async def publish(interaction: Interaction, publishing: Publishing, day: str | None) -> None:
    """Publish now, and say what was written; if the repository is not reached, it is tried again by itself."""
    require_pause(interaction, "journal publish")
    await interaction.response.defer(ephemeral=True, thinking=True)
    caller, lang = caller_of(interaction), reader(interaction)
    try:
        published = await publishing.publish(caller, day, names_of(interaction.guild))
    except RemoteRefused:
        await answer(interaction, lang(_REFUSED))
    except RemoteUnreachable:
        await publishing.again_later(caller)
        await answer(interaction, lang(_("The Git repository cannot be reached. I keep trying until the day ends.")))
    else:
        await answer(interaction, published_text(published, lang))


async def compose_publication(publishing: Publishing, delivery: Delivery, names: ServerNames) -> Post | Skip:
    """Publish what is over. Moderators hear of it only when there is something for them to do."""
    try:
        team, published = await publishing.publish_ended(delivery.team_id, delivery.due_at, names)
    except RemoteUnreachable as error:
        raise TryAgain(RETRY) from error
    except RemoteRefused:
        team = await publishing.team(delivery.team_id)
        return Post(channel_id=team.mod_channel_id, text=language(team.language)(_REFUSED))
    if published is None:
        return Skip("no repository")
    if not published.by_hand:
        return Skip("published")
    return Post(channel_id=team.mod_channel_id, text=published_text(published, language(team.language)))


def published_text(published: Published, lang: Language) -> str:
    """How many pages were written, and which were left because somebody changed them there."""
    written = len(published.written)
    if written:
        lines = [lang(_("Pages committed to the Git repository: {count}."), count=written)]
    else:
        lines = [lang(_("No page has changed, so nothing was committed."))]
    if published.by_hand:
        lines.append(lang(_("Somebody changed these in the repository, so I left them as they are:")))
        lines += [f"- {escape_markdown(path)}" for path in published.by_hand[:NAMED]]
        if (more := len(published.by_hand) - NAMED) > 0:
            lines.append("- " + lang(_("and {count} more"), count=more))
    return "\n".join(lines)
