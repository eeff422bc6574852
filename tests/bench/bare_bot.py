"""`python -m tests.bench.bare_bot`: as little as a bot of discord.py can be.

It answers every `/ping` at once, every `/keep` when one row is committed as durably as ours are, and every `/note` when
it has asked and written as often as our `/session note` does, by hand and in one step on a thread.
"""

import asyncio
import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor

import aiosqlite
import discord
from discord import app_commands
from discord.http import Route

FILE = "kept.sqlite3"
DURABLE = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL")
QUESTIONS, ROWS = 6, 2


class BareBot(discord.AutoShardedClient):
    kept: aiosqlite.Connection

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True))
        self.tree = app_commands.CommandTree(self)
        self.tree.command(name="ping", description="pong")(ping)
        self.tree.command(name="keep", description="keep a text")(keep)
        self.tree.command(name="note", description="ask, and keep a text")(note)
        self.thread = ThreadPoolExecutor(1)

    async def setup_hook(self) -> None:
        self.kept = await aiosqlite.connect(FILE, isolation_level=None)
        for pragma in DURABLE:
            await self.kept.execute(pragma)
        await self.kept.execute("CREATE TABLE kept (text TEXT NOT NULL)")
        self.noted = sqlite3.connect(FILE, isolation_level=None, check_same_thread=False)
        for pragma in DURABLE:
            self.noted.execute(pragma)
        await self.tree.sync()

    def write(self, text: str) -> None:
        self.noted.execute("BEGIN IMMEDIATE")
        for number in range(QUESTIONS):
            self.noted.execute("SELECT * FROM kept WHERE rowid = ?", (number,)).fetchall()
        for _ in range(ROWS):
            self.noted.execute("INSERT INTO kept VALUES (?)", (text,))
        self.noted.commit()


async def ping(interaction: discord.Interaction[BareBot]) -> None:
    await interaction.response.send_message("pong", ephemeral=True)


async def keep(interaction: discord.Interaction[BareBot], text: str) -> None:
    await interaction.client.kept.execute("BEGIN IMMEDIATE")
    await interaction.client.kept.execute("INSERT INTO kept VALUES (?)", (text,))
    await interaction.client.kept.commit()
    await interaction.response.send_message("kept", ephemeral=True)


async def note(interaction: discord.Interaction[BareBot], text: str) -> None:
    bot = interaction.client
    await asyncio.get_running_loop().run_in_executor(bot.thread, bot.write, text)
    await interaction.response.send_message("noted", ephemeral=True)


if __name__ == "__main__":
    Route.BASE = os.environ["DISCORD_API_URL"]
    BareBot().run(os.environ["DISCORD_TOKEN"], log_handler=None)
