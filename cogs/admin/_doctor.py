"""What `/admin doctor` finds: whatever is not well with its remedy, and the rest in a line each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from bot.domain.team import Team
from bot.i18n import Language, _
from bot.services.admin.checkup import TOLERATED, Schedule, Storage
from bot.ui.callers import Interaction, reader
from bot.ui.permissions import lack_text, lacking
from cogs.admin._texts import KINDS

SKEW: Final = timedelta(seconds=5)
"""How far the clock may be from Discord's; an interaction takes a moment to arrive."""


@dataclass(frozen=True)
class Process:
    """What the process knows of itself: whether it ticks, whether Discord has its commands, and the time."""

    beats: bool
    synced: bool
    now: datetime


def findings_text(interaction: Interaction, schedule: Schedule, storage: Storage, process: Process) -> str:
    lang = reader(interaction)
    wrong = [
        *_channels(interaction, schedule.team, lang),
        *_schedule(schedule, process, lang),
        *_storage(storage, lang),
        *_discord(interaction, process, lang),
    ]
    head = lang(_("**To fix: {count}**"), count=len(wrong)) if wrong else lang(_("**All is well.**"))
    return "\n".join([head, *(f"⚠️ {text}" for text in wrong), "", *_facts(schedule, storage, lang)])


def _channels(interaction: Interaction, team: Team, lang: Language) -> Iterator[str]:
    guild = interaction.guild
    if guild is None:
        return
    for channel_id in team.channels:
        channel: Any = guild.get_channel_or_thread(channel_id)
        if channel is None:
            yield lang(
                _("<#{id}> is gone, or I cannot see it. Choose another channel with /settings set."), id=channel_id
            )
        elif lacks := lacking(channel, guild.me):
            yield lack_text(channel, lacks, lang, interaction.user)


def _schedule(schedule: Schedule, process: Process, lang: Language) -> Iterator[str]:
    if not process.beats:
        yield lang(_("Nothing is sent at the moment. Whoever runs me should restart me and look into the log."))
    if schedule.pause is not None:
        yield lang(_("Messages are paused. /admin resume lets them go on."))
    elif schedule.late > TOLERATED:
        minutes = int(schedule.late.total_seconds() // 60)
        yield lang(_("The oldest message that is due is {minutes} min late. /admin failed says why."), minutes=minutes)
    if schedule.undelivered:
        text = _("Messages of the last seven days that were not delivered: {count}. /admin failed says why.")
        yield lang(text, count=schedule.undelivered)


def _storage(storage: Storage, lang: Language) -> Iterator[str]:
    if storage.damage is not None:
        yield lang(_("The database is damaged. Whoever runs me should stop me and restore the last backup."))
    if not storage.current:
        yield lang(_("The database is of another version than the program. Whoever runs me should restart me."))


def _discord(interaction: Interaction, process: Process, lang: Language) -> Iterator[str]:
    if not process.synced:
        yield lang(_("Discord has older commands than I do. They are sent at the next start."))
    skew = process.now - interaction.created_at
    if abs(skew) > SKEW:
        text = _("My clock is {seconds} s away from Discord's. Whoever runs me should set it (NTP).")
        yield lang(text, seconds=int(abs(skew).total_seconds()))


def _facts(schedule: Schedule, storage: Storage, lang: Language) -> Iterator[str]:
    zone = schedule.team.zone
    yield lang(_("**What comes next**"))
    for coming in schedule.coming:
        yield f"- {lang(_('{at:moment}'), at=coming.at.astimezone(zone))} · {_kind(coming.kind, lang)}"
    if schedule.last:
        yield lang(_("**What was sent last**"))
    for kind, at in sorted(schedule.last.items(), key=lambda item: item[1], reverse=True):
        yield f"- {lang(_('{at:moment}'), at=at.astimezone(zone))} · {_kind(kind, lang)}"
    text = _("**Database** {megabytes} MB, version {revision}")
    yield lang(text, megabytes=f"{storage.bytes / 1_000_000:.1f}", revision=storage.revision)


def _kind(kind: str, lang: Language) -> str:
    return lang(KINDS[kind]) if kind in KINDS else kind
