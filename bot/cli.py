"""`study-bot` and `python -m bot`: the commands of whoever runs the process."""

import asyncio
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from bot import __version__
from bot.clock import SystemClock
from bot.db.backup import described, inspect, put_back, take
from bot.db.lock import exclusive
from bot.db.schema import migrate as migrate_schema
from bot.errors import DemoMissing, OperatorError, Unready
from bot.logs import configure
from bot.settings import DatabaseSettings, Settings, load_settings

app = typer.Typer(
    help="A Discord bot for study teams: the page of the day falls out of the day.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def main() -> None:
    """Run a command. An OperatorError ends with its one line and its exit code, never a traceback."""
    try:
        app()
    except OperatorError as error:
        sys.stderr.write(f"study-bot: {error}\n")
        sys.exit(error.exit_code)


@contextmanager
def _lasting() -> Iterator[None]:
    """What is made here lasts as long as the process, so no garbage is looked for in it, now or ever.

    A look through all modules, tables and commands takes a tenth of a second, in which nobody is answered.
    """
    gc.disable()
    yield
    gc.freeze()
    gc.enable()


@app.command()
def run() -> None:
    """Connect to Discord and serve, until SIGTERM or SIGINT."""
    with _lasting():
        from bot.process import serve  # a command that does not connect starts faster without Discord

    settings = load_settings(Settings)
    configure(settings.log_format, settings.log_level)
    with exclusive(settings.database_path):
        asyncio.run(migrate_schema(settings.database_url))
        asyncio.run(serve(settings))


@app.command()
def migrate() -> None:
    """Bring the database up to date without connecting."""
    settings = load_settings(DatabaseSettings)
    configure(settings.log_format, settings.log_level)
    with exclusive(settings.database_path):
        asyncio.run(migrate_schema(settings.database_url))
    typer.echo(f"{settings.database_path} is up to date.")


@app.command()
def backup() -> None:
    """Copy the database into BACKUP_DIR; the bot may be running."""
    settings = load_settings(DatabaseSettings)
    copy = take(settings.database_path, settings.backup_dir, SystemClock().now())
    typer.echo(f"{copy}: {described(inspect(copy))}")


@app.command()
def restore(
    backup_file: Annotated[Path, typer.Argument(metavar="BACKUP", help="The file to put back.")],
    check: Annotated[bool, typer.Option("--check", help="Only look whether it is whole, and what it holds.")] = False,
) -> None:
    """Put a backup in the place of the database and bring it up to date; stop the bot first. The one before is kept."""
    settings = load_settings(DatabaseSettings)
    configure(settings.log_format, settings.log_level)
    typer.echo(f"{backup_file}: {described(inspect(backup_file))}")
    if check:
        return
    with exclusive(settings.database_path):
        aside = put_back(backup_file, settings.database_path, SystemClock().now())
        asyncio.run(migrate_schema(settings.database_url))
    typer.echo(f"{settings.database_path} is restored." + (f" The one before is {aside}." if aside else ""))


@app.command()
def export(
    file: Annotated[
        Path,
        typer.Argument(help="data.json: the whole database; pages.zip, .html, .csv or .md: pages.", dir_okay=False),
    ],
    team: Annotated[str | None, typer.Option(help="Which team's pages, where there are several.")] = None,
    member: Annotated[str | None, typer.Option(help="The pages of one member, in place of the team's.")] = None,
    first: Annotated[str | None, typer.Option("--from", help="The first day, e.g. Day27 or 2026-12-03.")] = None,
    until: Annotated[str | None, typer.Option(help="The last day.")] = None,
) -> None:
    """Write the database or the pages of a team into a file; the bot may be running."""
    from bot.exporting import Wanted, write_file
    from bot.services.journal.exporting import Named

    settings = load_settings(DatabaseSettings)
    wanted = Wanted(Named(team, member), first, until, SystemClock().now())
    typer.echo(asyncio.run(write_file(settings, file, wanted)))


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="What `export data.json` wrote.", exists=True, dir_okay=False)],
) -> None:
    """Read an exported database into an empty one; stop the bot first."""
    from bot.exporting import read_file

    settings = load_settings(DatabaseSettings)
    configure(settings.log_format, settings.log_level)
    with exclusive(settings.database_path):
        asyncio.run(migrate_schema(settings.database_url))
        typer.echo(asyncio.run(read_file(settings, file)))


@app.command()
def doctor() -> None:
    """Check settings, token, database, folders and clock, and say how to fix what is wrong."""
    from bot.doctor import examine

    findings = asyncio.run(examine(SystemClock()))
    for finding in findings:
        typer.echo(finding)
    if any(finding.blocks for finding in findings):
        raise Unready("Fix what is marked ✗ before the next start.")


@app.command()
def demo(
    once: Annotated[
        bool, typer.Option("--once", help="Replay the whole day, print it, write day27.md, and end.")
    ] = False,
    out: Annotated[
        Path, typer.Option(help="Folder for day27.md (with --once).", exists=True, file_okay=False, writable=True)
    ] = Path(),
    speed: Annotated[float, typer.Option(help="Simulated seconds that pass in a second.", min=0, max=3600)] = 60,
    port: Annotated[
        int, typer.Option(help="Port of the page in the browser; 0 takes a free one.", min=0, max=65535)
    ] = 0,
) -> None:
    """Show a team's day in a simulated Discord: in the browser, or with --once in the terminal."""
    if find_spec("simcord") is None:
        raise DemoMissing("The demo needs the simulated Discord. Install it with: pip install 'study-bot[demo]'")
    if once:
        with _lasting():
            from bot.demo.once import run_once
        asyncio.run(run_once(out, typer.echo))
    else:
        with _lasting():
            from bot.demo.live import run_live
        asyncio.run(run_live(speed=speed, port=port, write=typer.echo))


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)
