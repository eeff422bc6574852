"""The colours of every picture: dark letters on light ground, each pair with a contrast of at least 4.5 to 1."""

from typing import Final

GROUND: Final = "#f3f4f8"
CARD: Final = "#ffffff"
EDGE: Final = "#dfe2ea"
INK: Final = "#191c26"
MUTED: Final = "#5c6474"
FAINT_CARD: Final = "#eaecf1"

ACCENT: Final = "#4a44d8"
ACCENT_SOFT: Final = "#e7e6fd"
ACCENT_EDGE: Final = "#bcb9f4"
ACCENT_INK: Final = "#3530a8"

HOLIDAY: Final = "#b3261e"
HOLIDAY_SOFT: Final = "#fdeae8"
TEAM_OFF: Final = "#8a5200"
TEAM_OFF_SOFT: Final = "#fdf1d8"
EXTRA: Final = "#17683b"
EXTRA_SOFT: Final = "#e0f4e7"
SATURDAY: Final = "#2b5fb0"

BARS: Final = ("#4a44d8", "#0f7f74", "#b4560a", "#a83279", "#2b6cb8", "#5f6f1c")
"""Fills of bars, one duty after the other."""
