"""The smallest bot that uses what ours uses: a command group, a modal, a button that survives restarts, a menu."""

import re
from typing import Any, Self

import discord
from discord import app_commands
from discord.ext import commands


class CheerButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"cheer:(?P<who>\d+)"):
    """Opens a form; whom it is about stands in its id."""

    def __init__(self, who: int) -> None:
        super().__init__(discord.ui.Button(label="응원하기", custom_id=f"cheer:{who}"))
        self.who = who

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: re.Match[str]) -> Self:
        return cls(int(match["who"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(CheerForm(self.who))


class CheerForm(discord.ui.Modal, title="응원"):
    words = discord.ui.Label(text="한마디", component=discord.ui.TextInput(custom_id="words", max_length=50))
    mood = discord.ui.Label(
        text="기분",
        component=discord.ui.Select(
            custom_id="mood", required=False, options=[discord.SelectOption(label="좋음", value="good")]
        ),
    )

    def __init__(self, who: int) -> None:
        super().__init__(custom_id=f"cheer-form:{who}")
        self.who = who

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        mood = ",".join(self.mood.component.values)
        await interaction.followup.send(f"<@{self.who}> {self.words.component.value} [{mood}]")


class Team(app_commands.Group):
    @app_commands.command(description="Say hello")
    async def hello(self, interaction: discord.Interaction, member: discord.Member, name: str, times: int = 1) -> None:
        view = discord.ui.View(timeout=None).add_item(CheerButton(member.id))
        await interaction.response.send_message(f"{member.mention} {name} x{times} {interaction.locale}", view=view)

    @app_commands.command(description="Only for you")
    async def whisper(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message("쉿", ephemeral=True)

    @app_commands.command(description="Hand in a file and get it back")
    async def echo(self, interaction: discord.Interaction, file: discord.Attachment) -> None:
        await interaction.response.defer(thinking=True)
        await interaction.followup.send("받았어요", file=await file.to_file())

    @app_commands.command(description="Pick one")
    async def pick(self, interaction: discord.Interaction, lecture: str) -> None:
        select = discord.ui.UserSelect[Any](custom_id="who")

        async def chosen(again: discord.Interaction) -> None:
            await again.response.edit_message(content=f"{lecture}: {select.values[0].mention}", view=None)

        select.callback = chosen
        await interaction.response.send_message(lecture, view=discord.ui.View().add_item(select))

    @pick.autocomplete("lecture")
    async def lectures(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{typed} {number}강", value=str(number)) for number in (1, 2)]

    @app_commands.command(description="Never answers")
    async def silent(self, interaction: discord.Interaction) -> None:
        """Somebody's bot is stuck."""


@app_commands.context_menu(name="Quote")
async def quote(interaction: discord.Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(f"> {message.content}")


@app_commands.command(description="For moderators")
@app_commands.default_permissions(manage_guild=True)
@app_commands.guild_only()
async def setup(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("설정")


class TinyBot(commands.AutoShardedBot):
    def __init__(self) -> None:
        super().__init__(
            command_prefix=(),
            intents=discord.Intents(guilds=True),
            help_command=None,
            guild_ready_timeout=0.1,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self.resumed = 0
        self.guild_events: list[str] = []

    async def setup_hook(self) -> None:
        self.tree.add_command(Team(name="team", description="The team"))
        self.tree.add_command(quote)
        self.tree.add_command(setup)
        self.add_dynamic_items(CheerButton)
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Discord wants five seconds between IDENTIFYs; here nobody minds."""

    async def on_resumed(self) -> None:
        self.resumed += 1

    async def on_guild_join(self, guild: discord.Guild) -> None:
        self.guild_events.append(f"join {guild.name}")

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self.guild_events.append(f"remove {guild.name}")
