"""`study-bot export` and `import`: files, with a bar that shows how far it is."""

import os
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final, get_args

import aiohttp
import discord
from discord.http import Route
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.db.engine import Database
from bot.domain.day_record import KeptFile
from bot.errors import TransferRefused, UserError
from bot.i18n import ENGLISH
from bot.pages.exports import Form, FoundFile, MediaFile
from bot.services.journal.exporting import JournalExport, Media, Named
from bot.services.transfer import Transfer
from bot.settings import Settings
from bot.ui.downloads import download_from_discord_only
from bot.ui.page_exports import DiscordMedia

FORMS: Final[dict[str, Form]] = {f".{form}": form for form in get_args(Form)}
DATA: Final = ".json"


@dataclass(frozen=True)
class Wanted:
    """Which pages: whose, from which day to which, as they stand at an instant."""

    whose: Named
    first: str | None
    until: str | None
    at: datetime


async def write_file(settings: Settings, path: Path, wanted: Wanted) -> str:
    """Write what the name of the file says; one line about it. A file that is there is replaced once all is written."""
    ending = path.suffix.casefold()
    if ending not in FORMS:
        raise TransferRefused(f"The file's name has to end in one of {', '.join(FORMS)}: {path}")
    if not settings.database_path.exists():
        raise TransferRefused(f"There is no database at {settings.database_path}.")
    async with _opened(settings) as database:
        await Transfer(database).revision()
        with _replaced(path) as out, _bar() as bar:
            if ending == DATA:
                await _write_data(database, out, bar)
                return f"{path}: the whole database. It holds what people keep to themselves, so keep it safe."
            async with _media(settings, FORMS[ending]) as source:
                return f"{path}: {await _write_pages(database, out, bar, FORMS[ending], wanted, source)}"


async def _write_data(database: Database, out: BinaryIO, bar: Progress) -> None:
    task = bar.add_task("Tables", total=None)
    await Transfer(database).dump(out, lambda done, of: bar.update(task, completed=done, total=of))


@dataclass(frozen=True)
class Source:
    """Where attachments come from, and why those that do not come do not."""

    media: Media
    absent: str


class NoMedia:
    """Has no attachment."""

    async def fetch(self, kept: KeptFile, room: int) -> FoundFile | None:  # noqa: ARG002
        return None


async def _write_pages(
    database: Database, out: BinaryIO, bar: Progress, form: Form, wanted: Wanted, source: Source
) -> str:
    export = JournalExport(database, lambda: None)
    task = bar.add_task("Days", total=None)

    async def progress(done: int, of: int) -> None:
        bar.update(task, completed=done, total=of)

    try:
        plan = await export.plan_for(wanted.whose, wanted.first, wanted.until, wanted.at)
    except UserError as error:
        raise TransferRefused(error.text(ENGLISH)) from None
    if form == "md" and len(plan.export.days) > 1:
        raise TransferRefused("A Markdown file holds one day: give --from and --until the same day, or write a .zip.")
    missing = await export.write(plan, form, out, media=source.media, room=sys.maxsize, progress=progress)
    written = f"{len(plan.export.days)} days of {plan.export.owner or plan.export.team}"
    return "\n".join([written, *_absent(missing, source)])


def _absent(missing: Sequence[MediaFile], source: Source) -> list[str]:
    """Which attachments are not in the file, and where they are; people named them, for no terminal."""
    if not missing:
        return []
    head = f"Attachments that are not in it, because {source.absent}; the pages link to their messages:"
    names = ("".join(filter(str.isprintable, file.title)) for file in missing)
    return [head, *(f"- {name} {file.url}" for name, file in zip(names, missing, strict=True))]


@asynccontextmanager
async def _media(settings: Settings, form: Form) -> AsyncIterator[Source]:
    """Discord, where the form has room for attachments and there is a token. The gateway is left alone."""
    if form != "zip" or not settings.discord_token.get_secret_value():
        yield Source(NoMedia(), "there is no DISCORD_TOKEN to fetch them with")
        return
    async with discord.Client(intents=discord.Intents.none()) as client:
        download_from_discord_only(client)
        refused = await _login(client, settings)
        if refused is None:
            yield Source(DiscordMedia(client, None), "they are gone, or the bot may not read them any more")
        else:
            yield Source(NoMedia(), refused)


async def _login(client: discord.Client, settings: Settings) -> str | None:
    """Ready for requests; or why not."""
    Route.BASE = str(settings.discord_api_url).rstrip("/")
    try:
        await client.login(settings.discord_token.get_secret_value())
    except discord.LoginFailure:
        return "Discord does not accept DISCORD_TOKEN"
    except (aiohttp.ClientError, OSError, discord.HTTPException):
        return "Discord cannot be reached"
    return None


async def read_file(settings: Settings, path: Path) -> str:
    """Read an exported database into an empty one; one line about it."""
    async with _opened(settings) as database:
        with path.open("rb") as source, _bar() as bar:
            task = bar.add_task("Tables", total=None)
            count = await Transfer(database).load(source, lambda done, of: bar.update(task, completed=done, total=of))
    return f"{settings.database_path}: {count} rows are imported."


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Database]:
    database = Database(settings.database_url)
    try:
        yield database
    finally:
        await database.dispose()


@contextmanager
def _bar() -> Iterator[Progress]:
    """On the error stream, and only where somebody looks at it."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        yield bar


@contextmanager
def _replaced(path: Path) -> Iterator[BinaryIO]:
    """A file beside it, which only its owner may read, and which takes its place when all went well."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise TransferRefused(f"Cannot write {path}: {error.strerror}") from None
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
