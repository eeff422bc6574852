"""The page of a day in the channel of journals, once the day is over."""

from discord.utils import escape_markdown

from bot.domain.deliveries import Delivery
from bot.i18n import _
from bot.jobs.posts import Post, Skip, TextFile
from bot.services.journal import Journal, ServerNames
from bot.ui.page_files import file_name


async def compose_page(journal: Journal, delivery: Delivery, names: ServerNames) -> Post | Skip:
    """The page as a file, and how to read it here. Nobody's phone rings: it comes at night."""
    found = await journal.ended(delivery.team_id, delivery.subject_id, names)
    if found is None:
        return Skip("nothing was written")
    page, lang = found
    number = lang(_("Day {number}"), number=page.day.number)
    lines = [
        lang(
            _("{heading} · {day:day}: the journal is done."),
            heading=f"{number} {escape_markdown(page.day.title)}".strip(),
            day=page.day.date,
        ),
        lang(_("To read it in Discord: /journal show day:{number}"), number=page.day.number),
    ]
    return Post(text="\n".join(lines), file=TextFile(file_name(page), page.text), silent=True)
