"""From the body of a request to a message, and back into one when it is edited. Discord's limits are kept here."""

from typing import Any

from .components import check_components, settle
from .errors import EMPTY_MESSAGE, DiscordError, invalid_form
from .state import COMPONENTS_V2, EPHEMERAL, Attachment, Channel, File, Message, User
from .world import World

Body = dict[str, Any]

MOST_CHARACTERS = 2000
EMBED_LIMITS = {"title": 256, "description": 4096}


def compose(
    world: World, body: Body, files: list[File], *, author: User, channel: Channel, visible_to: User | None = None
) -> Message:
    """A new message, not yet in its channel. Raises 50035 or 50006 as Discord does."""
    check_message(body, files)
    flags = body.get("flags") or 0
    folder = "attachments" if visible_to is None else "ephemeral-attachments"
    attachments = _upload(world, body, files, folder=folder, channel=channel)
    components = settle(body.get("components") or [], _urls(attachments))
    return Message(
        world.new_id(),
        channel.id,
        author,
        world.now(),
        content=body.get("content") or "",
        flags=flags | EPHEMERAL if visible_to else flags & ~EPHEMERAL,
        nonce=body.get("nonce"),
        embeds=_embeds(body),
        components=components,
        attachments=attachments,
        allowed_mentions=body.get("allowed_mentions"),
        reference=body.get("message_reference"),
        poll=body.get("poll"),
        visible_to=visible_to,
    )


def edit(world: World, message: Message, body: Body, files: list[File], *, channel: Channel) -> None:
    """Change what the body names. `attachments` lists what stays; uploads are added to it."""
    flags = (body.get("flags") or 0) | (message.flags & COMPONENTS_V2)
    check_message({**_as_body(message), **body, "flags": flags}, files, kept=len(message.attachments))
    if "attachments" in body or files:
        kept = {int(listed["id"]) for listed in body.get("attachments") or ()}
        staying = [attachment for attachment in message.attachments if attachment.id in kept]
        message.attachments = staying + _upload(world, body, files, folder="attachments", channel=channel)
    if "content" in body:
        message.content = body["content"] or ""
    if "embeds" in body:
        message.embeds = _embeds(body)
    if "components" in body:
        message.components = settle(body["components"] or [], _urls(message.attachments))
    if "allowed_mentions" in body:
        message.allowed_mentions = body["allowed_mentions"]
    message.flags |= flags & COMPONENTS_V2
    message.edited_at = world.now()


def check_message(body: Body, files: list[File], *, kept: int = 0) -> None:
    content, embeds = body.get("content") or "", body.get("embeds") or []
    components, v2 = body.get("components") or [], bool((body.get("flags") or 0) & COMPONENTS_V2)
    if v2 and (content or embeds or body.get("poll")):
        raise invalid_form("flags", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "Components V2 stand alone.")
    if len(content) > MOST_CHARACTERS:
        raise invalid_form("content", "BASE_TYPE_MAX_LENGTH", f"Must be {MOST_CHARACTERS} or fewer in length.")
    if len(body.get("nonce") or "") > 25:
        raise invalid_form("nonce", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    if len(files) + kept > 10:
        raise invalid_form("attachments", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
    _check_embeds(embeds)
    check_components(components, v2=v2)
    if not (content.strip() or embeds or components or files or kept or body.get("poll") or body.get("sticker_ids")):
        raise DiscordError(*EMPTY_MESSAGE)


def _check_embeds(embeds: list[Body]) -> None:
    if len(embeds) > 10:
        raise invalid_form("embeds", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
    for embed in embeds:
        for key, most in EMBED_LIMITS.items():
            if len(embed.get(key) or "") > most:
                raise invalid_form(f"embeds.0.{key}", "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
        _check_fields(embed.get("fields") or [])
    if sum(map(_embed_length, embeds)) > 6000:
        raise invalid_form("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")


def _check_fields(fields: list[Body]) -> None:
    if len(fields) > 25:
        raise invalid_form("embeds.0.fields", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    for item in fields:
        if not 1 <= len(item["name"]) <= 256 or not 1 <= len(item["value"]) <= 1024:
            raise invalid_form("embeds.0.fields.0", "BASE_TYPE_BAD_LENGTH", "Must be 1-256 and 1-1024 in length.")


def _embed_length(embed: Body) -> int:
    parts = [embed.get("title"), embed.get("description")]
    parts += [(embed.get("footer") or {}).get("text"), (embed.get("author") or {}).get("name")]
    parts += [item[key] for item in embed.get("fields") or () for key in ("name", "value")]
    return sum(len(part or "") for part in parts)


def _as_body(message: Message) -> Body:
    return {
        "content": message.content, "embeds": message.embeds, "components": message.components, "poll": message.poll
    }  # fmt: skip


def _embeds(body: Body) -> list[Body]:
    return [{"type": "rich", **embed} for embed in body.get("embeds") or ()]


def _upload(world: World, body: Body, files: list[File], *, folder: str, channel: Channel) -> list[Attachment]:
    """Descriptions come in `attachments`, whose id is the number of the file."""
    listed = {str(item["id"]): item for item in body.get("attachments") or ()}
    described = [
        File(file.name, file.data, listed.get(str(number), {}).get("description")) for number, file in enumerate(files)
    ]
    return [world.add_file(file, folder=f"{folder}/{channel.id}") for file in described]


def _urls(attachments: list[Attachment]) -> dict[str, str]:
    return {attachment.filename: attachment.url for attachment in attachments}
