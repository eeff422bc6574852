"""study-bot: a self-hosted Discord bot for study teams."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("study-bot")
except PackageNotFoundError:  # a checkout that nobody installed
    __version__ = "0+unknown"
