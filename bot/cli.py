"""`study-bot` and `python -m bot`: the commands of whoever runs the process."""

import asyncio
import sys

import typer

from bot import __version__
from bot.db.lock import exclusive
from bot.db.schema import migrate as migrate_schema
from bot.errors import OperatorError
from bot.logs import configure
from bot.settings import DatabaseSettings, Settings, load_settings

app = typer.Typer(
    help="A Discord bot for study teams: the page of the day falls out of the day.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run a command. An OperatorError ends with its one line and its exit code, never a traceback."""
    try:
        app()
    except OperatorError as error:
        sys.stderr.write(f"study-bot: {error}\n")
        sys.exit(error.exit_code)


@app.command()
def run() -> None:
    """Connect to Discord and serve, until SIGTERM or SIGINT."""
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
def version() -> None:
    """Print the version."""
    typer.echo(__version__)
