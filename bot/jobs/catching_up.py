"""How late messages look: each says for when it was meant, and several may be one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.catch_up import catch_up, is_late
from bot.domain.deliveries import Delivery
from bot.i18n import _, language
from bot.jobs.posts import MOST_BUTTONS, TEXT_LIMIT, Post, Skip


def labelled(delivery: Delivery, post: Post, now: datetime) -> Post:
    """The post, with a first line that says for when it was meant if it is late and its kind says so.

    A text that is full already goes out as it is: better so than cut.
    """
    if not (catch_up(delivery.kind).labelled and is_late(delivery.planned, now)):
        return post
    zone = ZoneInfo(delivery.timezone)
    planned = delivery.planned.astimezone(zone)
    today = planned.date() == now.astimezone(zone).date()
    text = _("(meant for {planned:time}, sent late)") if today else _("(meant for {planned:moment}, sent late)")
    label = language(delivery.language)(text, planned=planned)
    if post.blocks:
        return replace(post, blocks=(f"-# {label}", *post.blocks))
    whole = f"{label}\n{post.text}"
    return replace(post, text=whole) if len(whole) <= TEXT_LIMIT else post


def joined(first: Post, second: Post) -> Post | None:
    """Both as one message; None where they do not fit into one."""
    alone = any(post.blocks or post.file or post.thread or post.user_id for post in (first, second))
    if alone or first.channel_id != second.channel_id:
        return None
    text, buttons = f"{first.text}\n\n{second.text}", first.buttons + second.buttons
    if len(text) > TEXT_LIMIT or len(buttons) > MOST_BUTTONS:
        return None
    mentions = tuple(dict.fromkeys(first.mentions + second.mentions))
    return replace(first, text=text, buttons=buttons, mentions=mentions)


def holds(post: Post, anew: Sequence[Post | Skip]) -> bool:
    """Whether a post still says what is to be said, given what its parts would say now: nothing of it was called off,
    and nobody whom it pings has handed in since."""
    pinged = {user_id for part in anew if isinstance(part, Post) for user_id in part.mentions}
    return not any(isinstance(part, Skip) for part in anew) and pinged.issuperset(post.mentions)
