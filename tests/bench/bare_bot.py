"""`python -m tests.bench.bare_bot`: as little as a bot of discord.py can be.

It answers every `/ping` at once, and every `/keep` when one row is committed as durably as ours are.
"""

import os

import aiosqlite
import discord
from discord import app_commands
from discord.http import Route


class BareBot(discord.AutoShardedClient):
    kept: aiosqlite.Connection

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True))
        self.tree = app_commands.CommandTree(self)
        self.tree.command(name="ping", description="pong")(ping)
        self.tree.command(name="keep", description="keep a text")(keep)

    async def setup_hook(self) -> None:
        self.kept = await aiosqlite.connect("kept.sqlite3", isolation_level=None)
        await self.kept.execute("PRAGMA journal_mode=WAL")
        await self.kept.execute("PRAGMA synchronous=FULL")
        await self.kept.execute("CREATE TABLE kept (text TEXT NOT NULL)")
        await self.tree.sync()


async def ping(interaction: discord.Interaction[BareBot]) -> None:
    await interaction.response.send_message("pong", ephemeral=True)


async def keep(interaction: discord.Interaction[BareBot], text: str) -> None:
    await interaction.client.kept.execute("BEGIN IMMEDIATE")
    await interaction.client.kept.execute("INSERT INTO kept VALUES (?)", (text,))
    await interaction.client.kept.commit()
    await interaction.response.send_message("kept", ephemeral=True)


if __name__ == "__main__":
    Route.BASE = os.environ["DISCORD_API_URL"]
    BareBot().run(os.environ["DISCORD_TOKEN"], log_handler=None)
