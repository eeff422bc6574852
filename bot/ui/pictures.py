"""Answers with a picture: a board for one person, its text above the picture."""

import asyncio
import io
from collections.abc import Callable

import discord

from bot.ui.answers import NOBODY
from bot.ui.callers import Interaction
from bot.ui.cooldowns import require_pause


def takes_pictures(interaction: Interaction) -> bool:
    """Whether the bot may attach files where it was asked; if not, answer in words."""
    return interaction.app_permissions.attach_files


async def answer_with_picture(
    interaction: Interaction, head: str, draw: Callable[[], bytes], alt: str, name: str
) -> None:
    """Answer the person alone with a text and the PNG file that `draw` gives, which is called in a thread.

    `alt` is what the picture shows in words, at most 1,024 characters; `name` is the file's, in ASCII, without ending.
    """
    require_pause(interaction, "picture")
    if not interaction.response.is_done():
        await interaction.response.defer(ephemeral=True, thinking=True)
    file = discord.File(io.BytesIO(await asyncio.to_thread(draw)), f"{name}.png", description=alt)
    await interaction.followup.send(view=_board(head, file), file=file, ephemeral=True, allowed_mentions=NOBODY)


def _board(head: str, picture: discord.File) -> discord.ui.LayoutView:
    view = discord.ui.LayoutView(timeout=None)
    container: discord.ui.Container[discord.ui.LayoutView] = discord.ui.Container(accent_color=discord.Color.blurple())
    container.add_item(discord.ui.TextDisplay(head))
    container.add_item(discord.ui.MediaGallery(discord.MediaGalleryItem(picture)))
    view.add_item(container)
    view.stop()
    return view
