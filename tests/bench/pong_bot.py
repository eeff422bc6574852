"""`python -m tests.bench.pong_bot`: as little as a bot of discord.py can be.

It answers every `/ping`, and stores nothing.
"""

import os

import discord
from discord import app_commands
from discord.http import Route


class PongBot(discord.AutoShardedClient):
    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True))
        self.tree = app_commands.CommandTree(self)
        self.tree.command(name="ping", description="pong")(ping)

    async def setup_hook(self) -> None:
        await self.tree.sync()


async def ping(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("pong", ephemeral=True)


if __name__ == "__main__":
    Route.BASE = os.environ["DISCORD_API_URL"]
    PongBot().run(os.environ["DISCORD_TOKEN"], log_handler=None)
