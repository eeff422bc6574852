"""Downloading files: from Discord alone, no more than we keep, and not for ever.

A message says where its attachments lie. That address is not believed: were it ever another's, by a defect or by a
proxy's answer, the bot would ask hosts that only its own network can reach.
"""

from typing import Final

import aiohttp
import discord
import yarl
from discord.http import Route

from bot.ui.uploads import KEPT_LIMIT

HOSTS: Final = frozenset({"cdn.discordapp.com", "media.discordapp.net"})
TIMEOUT: Final = 20.0
"""Seconds for one file. An export gives up a file after as long."""

BLOCK: Final = 1 << 16


def download_from_discord_only(client: discord.Client, *, limit: int = KEPT_LIMIT, seconds: float = TIMEOUT) -> None:
    """Let `Attachment.read` of this client take files from `HOSTS` over https, or from where its REST API is.

    It raises aiohttp.ClientError for other addresses and for more than `limit` bytes, discord.HTTPException for any
    answer but 200, a redirect too, and TimeoutError.
    """

    async def download(url: str) -> bytes:
        address = yarl.URL(url)
        if not _is_discords(address):
            raise aiohttp.InvalidURL(address.host or "", "not a host of Discord's")
        timeout = aiohttp.ClientTimeout(total=seconds)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(address, allow_redirects=False) as response,
        ):
            if response.status != 200:
                raise _refusal(response)
            return await _read(response, limit)

    client.http.get_from_cdn = download  # type: ignore[method-assign]  # the one place where discord.py downloads


def _is_discords(address: yarl.URL) -> bool:
    api = yarl.URL(Route.BASE)
    if address.host in HOSTS:
        return address.scheme == "https" and address.explicit_port in {None, 443}
    return address.absolute and address.scheme in {"http", "https"} and address.origin() == api.origin()


def _refusal(response: aiohttp.ClientResponse) -> discord.HTTPException:
    kinds = {403: discord.Forbidden, 404: discord.NotFound}
    return kinds.get(response.status, discord.HTTPException)(response, "the file was not given")


async def _read(response: aiohttp.ClientResponse, limit: int) -> bytes:
    """The body, as it comes; what it says of its length is not believed."""
    data = bytearray()
    async for block in response.content.iter_chunked(BLOCK):
        data += block
        if len(data) > limit:
            raise aiohttp.ClientPayloadError(f"more than {limit} bytes")
    return bytes(data)
