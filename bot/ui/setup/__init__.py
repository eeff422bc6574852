"""The panel of `/setup` and `/settings show`."""

from bot.ui.setup._panel import open_panel

__all__ = ["open_panel"]
