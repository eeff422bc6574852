"""What moderators are told by themselves: what could not be delivered, and in the log channel what was changed."""

from bot.clock import Clock
from bot.domain.deliveries import Delivery
from bot.i18n import _, language
from bot.jobs.posts import Button, Post, Skip
from bot.services.admin import Admin
from bot.services.admin.trail import Trail
from cogs.admin._texts import notice_text
from cogs.admin._trail import log_post


class AdminPosts:
    """The composers of both."""

    def __init__(self, admin: Admin, trail: Trail, clock: Clock) -> None:
        self._admin = admin
        self._trail = trail
        self._clock = clock

    async def log(self, delivery: Delivery) -> Post | Skip:
        """Tell in the log channel what was changed."""
        untold = await self._trail.untold(delivery)
        return Skip(untold) if isinstance(untold, str) else log_post(untold)

    async def notice(self, delivery: Delivery) -> Post | Skip:
        """Tell moderators what could not be delivered. A direct message has no button: it works in the server only."""
        notice = await self._admin.notice(delivery, self._clock.now())
        if isinstance(notice, str):
            return Skip(notice)
        lang = language(notice.team.language)
        text = notice_text(notice, lang)
        if notice.user_id is not None:
            return Post(user_id=notice.user_id, text=text)
        again = Button(lang(_("Send again")), f"admin:retry:{delivery.id}")
        return Post(channel_id=notice.channel_id, text=text, buttons=(again,))
