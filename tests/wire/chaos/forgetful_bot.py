"""`python -m tests.wire.chaos.forgetful_bot run`: a bot that takes a new nonce each time and never looks back."""

import secrets
from datetime import datetime

from bot.announcer import DiscordAnnouncer
from bot.cli import main
from bot.jobs.posts import Post

send = DiscordAnnouncer.send


async def send_anew(announcer: DiscordAnnouncer, guild_id: int, channel_id: int, post: Post, nonce: str) -> int:
    return await send(announcer, guild_id, channel_id, post, secrets.token_urlsafe(15))


async def find_nothing(
    announcer: DiscordAnnouncer, guild_id: int, channel_id: int, post: Post, since: datetime
) -> None:
    return None


if __name__ == "__main__":
    DiscordAnnouncer.send = send_anew
    DiscordAnnouncer.find = find_nothing
    main()
