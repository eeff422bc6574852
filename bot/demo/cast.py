"""The people of the demo, all invented: seven who study, and one who looks after the server."""

from typing import Final

OPERATOR: Final = "보람"
"""Holds Manage Server; sets the team up and is not on its roster."""

MEMBERS: Final = {
    "하린": "harin",
    "민재": "minjae",
    "서진": "seojin",
    "은우": "eunwoo",
    "지안": "jian",
    "유나": "yuna",
    "태오": "taeo",
}
"""Name → Discord's username, in roster order."""

GUILD: Final = "NLP 7조"
CHANNEL: Final = "스터디"
BOT: Final = "study-bot"
