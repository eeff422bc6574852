"""`python -m tests.wire.fallback_bot run`: the bot, with evening prompts that name a channel in case of a refusal."""

from dataclasses import replace

from bot.cli import main
from bot.domain.deliveries import Delivery
from bot.jobs.posts import Post, Skip
from cogs.retro._prompt import Evening

compose = Evening.compose_prompt


async def compose_with_fallback(cog: Evening, delivery: Delivery) -> Post | Skip:
    post = await compose(cog, delivery)
    return replace(post, fallback_channel_id=post.channel_id) if isinstance(post, Post) else post


if __name__ == "__main__":
    Evening.compose_prompt = compose_with_fallback
    main()
