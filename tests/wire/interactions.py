"""What the bot does with an interaction: the callback, the original response, the followups."""

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import Any

from .components import check_modal
from .errors import (
    ALREADY_ACKNOWLEDGED,
    INVALID_WEBHOOK_TOKEN,
    UNKNOWN_INTERACTION,
    UNKNOWN_MESSAGE,
    UNKNOWN_WEBHOOK,
    DiscordError,
    invalid_form,
)
from .messages import compose, edit
from .payloads import message_payload
from .rest import Call, Route
from .state import EPHEMERAL, LOADING, Channel, File, Message, User
from .world import World

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5
KINDS = {4: "message", 5: "thinking", 6: "deferred_update", 7: "update", 8: "choices", 9: "modal"}
ALLOWED = {
    COMMAND: {4, 5, 9},
    COMPONENT: {4, 5, 6, 7, 9},
    AUTOCOMPLETE: {8},
    MODAL: {4, 5, 6, 7},
}


@dataclass(eq=False)
class Answer:
    """One interaction and all the bot made of it. It fills as the bot's requests arrive.

    `kind`: None until the callback; then "message", "thinking" (deferred, becomes "message" when it is filled in),
    "update" or "deferred_update" (of the message clicked), "choices" (autocomplete) or "modal".
    """

    user: User
    channel: Channel
    interaction_id: int
    interaction_type: int
    clicked: Message | None = None
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    deadline: float = 0.0
    expired: bool = False
    kind: str | None = None
    message: Message | None = None
    modal: dict[str, Any] | None = None
    choices: list[dict[str, Any]] = field(default_factory=list)
    followups: list[Message] = field(default_factory=list)

    @property
    def shown(self) -> Message:
        """The message the person sees as the answer."""
        assert self.message is not None, f"the answer is {self.kind}, not a message"
        return self.message

    @property
    def content(self) -> str:
        return self.shown.content

    @property
    def text(self) -> str:
        """Content or text displays, whichever the bot chose."""
        return self.shown.text

    @property
    def ephemeral(self) -> bool:
        return self.shown.ephemeral

    @property
    def components(self) -> list[dict[str, Any]]:
        return self.shown.components

    @property
    def embeds(self) -> list[dict[str, Any]]:
        return self.shown.embeds

    @property
    def files(self) -> list[File]:
        """What was attached, with its bytes."""
        return [File(attachment.filename, attachment.data) for attachment in self.shown.attachments]


class InteractionRoutes:
    """`answers`: every interaction so far, by token. `answer_within`: Discord's three seconds for the callback."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.answers: dict[str, Answer] = {}
        self.answer_within = 3.0

    def routes(self) -> list[Route]:
        hook = "/webhooks/{application}/{token}"
        return [
            ("POST", "/interactions/{interaction}/{token}/callback", self.callback),
            ("POST", hook, self.follow_up),
            ("GET", f"{hook}/messages/{{message}}", self.get),
            ("PATCH", f"{hook}/messages/{{message}}", self.edit),
            ("DELETE", f"{hook}/messages/{{message}}", self.delete),
        ]

    def open(self, answer: Answer) -> None:
        answer.deadline = asyncio.get_running_loop().time() + self.answer_within
        self.answers[answer.token] = answer

    # The callback

    async def callback(self, call: Call) -> Any:
        answer = self._in_time(call)
        kind, data = call.body["type"], call.body.get("data") or {}
        if kind not in ALLOWED[answer.interaction_type] or (kind in {6, 7} and answer.clicked is None):
            raise invalid_form("type", "INTERACTION_APPLICATION_COMMAND_INVALID_TYPE", f"Type {kind} is not possible.")
        await getattr(self, f"_{KINDS[kind]}")(answer, data, call.files)
        answer.kind = KINDS[kind]
        return self._callback_payload(answer, kind) if "with_response" in call.query else None

    def _in_time(self, call: Call) -> Answer:
        answer = self.answers.get(call.ids["token"])
        late = answer is not None and answer.kind is None and asyncio.get_running_loop().time() > answer.deadline
        if answer is None or answer.interaction_id != call.id("interaction") or late:
            raise DiscordError(*UNKNOWN_INTERACTION)
        if answer.kind is not None:
            raise DiscordError(*ALREADY_ACKNOWLEDGED)
        return answer

    async def _message(self, answer: Answer, data: dict[str, Any], files: list[File]) -> None:
        answer.message = self._say(answer, data, files, ephemeral=bool((data.get("flags") or 0) & EPHEMERAL))

    async def _thinking(self, answer: Answer, data: dict[str, Any], files: list[File]) -> None:
        ephemeral = bool((data.get("flags") or 0) & EPHEMERAL)
        flags = LOADING | (EPHEMERAL if ephemeral else 0)
        answer.message = Message(
            self.world.new_id(), answer.channel.id, self.world.bot, self.world.now(), type=20, flags=flags,
            visible_to=answer.user if ephemeral else None,
        )  # fmt: skip
        self._publish(answer, answer.message)

    async def _deferred_update(self, answer: Answer, data: dict[str, Any], files: list[File]) -> None:
        answer.message = answer.clicked

    async def _update(self, answer: Answer, data: dict[str, Any], files: list[File]) -> None:
        assert answer.clicked is not None  # checked by the callback
        edit(self.world, answer.clicked, data, files, channel=answer.channel)
        answer.message = answer.clicked

    async def _choices(self, answer: Answer, data: dict[str, Any], files: list[File]) -> None:
        choices = data["choices"]
        if len(choices) > 25:
            raise invalid_form("choices", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
        for choice in choices:
            value = choice["value"]
            if not 1 <= len(choice["name"]) <= 100 or (isinstance(value, str) and len(value) > 100):
                raise invalid_form("choices.name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
        answer.choices = choices

    async def _modal(self, answer: Answer, data: dict[str, Any], files: list[File]) -> None:
        check_modal(data)
        answer.modal = data

    def _callback_payload(self, answer: Answer, kind: int) -> dict[str, Any]:
        interaction: dict[str, Any] = {"id": str(answer.interaction_id), "type": answer.interaction_type}
        if answer.message is None:
            return {"interaction": interaction, "resource": {"type": kind}}
        interaction |= {
            "response_message_id": str(answer.message.id),
            "response_message_loading": bool(answer.message.flags & LOADING),
            "response_message_ephemeral": answer.message.ephemeral,
        }
        resource = {"type": kind, "message": message_payload(self.world, answer.message)}
        return {"interaction": interaction, "resource": resource}

    # Afterwards, through the webhook that the token opens

    async def follow_up(self, call: Call) -> Any:
        """The first one after "thinking" takes its place, and with it who can see it."""
        answer = self._answered(call)
        if answer.kind == "thinking":
            return self._fill(answer, call)
        ephemeral = bool((call.body.get("flags") or 0) & EPHEMERAL)
        message = self._say(answer, call.body, call.files, ephemeral=ephemeral)
        answer.followups.append(message)
        return message_payload(self.world, message)

    async def get(self, call: Call) -> Any:
        return message_payload(self.world, self._message_of(self._answered(call), call.ids["message"]))

    async def edit(self, call: Call) -> Any:
        answer = self._answered(call)
        message = self._message_of(answer, call.ids["message"])
        if message is answer.message and answer.kind == "thinking":
            return self._fill(answer, call)
        edit(self.world, message, call.body, call.files, channel=answer.channel)
        return message_payload(self.world, message)

    async def delete(self, call: Call) -> None:
        answer = self._answered(call)
        message = self._message_of(answer, call.ids["message"])
        answer.channel.messages.pop(message.id, None)
        if message in answer.followups:
            answer.followups.remove(message)
        else:
            answer.message, answer.kind = None, "deleted"

    def _fill(self, answer: Answer, call: Call) -> Any:
        message = answer.shown
        message.flags &= ~LOADING
        edit(self.world, message, call.body, call.files, channel=answer.channel)
        message.edited_at = None
        answer.kind = "message"
        return message_payload(self.world, message)

    def _answered(self, call: Call) -> Answer:
        answer = self.answers.get(call.ids["token"])
        if answer is None or answer.kind is None:
            raise DiscordError(*UNKNOWN_WEBHOOK)
        if answer.expired:
            raise DiscordError(*INVALID_WEBHOOK_TOKEN)
        return answer

    def _message_of(self, answer: Answer, name: str) -> Message:
        for message in filter(None, [answer.message, *answer.followups]):
            if name in {str(message.id), "@original" if message is answer.message else ""}:
                return message
        raise DiscordError(*UNKNOWN_MESSAGE)

    def _say(self, answer: Answer, data: dict[str, Any], files: list[File], *, ephemeral: bool) -> Message:
        visible_to = answer.user if ephemeral else None
        message = compose(self.world, data, files, author=self.world.bot, channel=answer.channel, visible_to=visible_to)
        message.type = 20 if answer.interaction_type == COMMAND else message.type
        self._publish(answer, message)
        return message

    def _publish(self, answer: Answer, message: Message) -> None:
        if message.visible_to is None:
            answer.channel.messages[message.id] = message
