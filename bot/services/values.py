"""Rows into the frozen values that leave a service."""

from zoneinfo import ZoneInfo

from bot.db.tables import MemberRow, TeamRow
from bot.domain.quiet_hours import parse_quiet_hours
from bot.domain.team import Member, Team


def to_member(row: MemberRow) -> Member:
    return Member(row.id, row.user_id, row.name)


def to_team(row: TeamRow) -> Team:
    study = row.study_channel_id
    return Team(
        id=row.id,
        guild_id=row.guild_id,
        name=row.name,
        language=row.language,
        zone=ZoneInfo(row.timezone),
        study_channel_id=study,
        reminder_channel_id=row.reminder_channel_id or study,
        retro_channel_id=row.retro_channel_id or study,
        journal_channel_id=row.journal_channel_id,
        mod_channel_id=row.mod_channel_id or study,
        log_channel_id=row.log_channel_id,
        moderator_role_id=row.moderator_role_id,
        start=row.start_date,
        country=row.country,
        weekdays=frozenset(int(digit) for digit in row.weekdays),
        session_time=row.session_time,
        session_minutes=row.session_minutes,
        announce_time=row.announce_time,
        confirm_by=row.confirm_by,
        moderator_per=row.moderator_per,
        due_time=row.due_time,
        retro_time=row.retro_time,
        nudge_time=row.nudge_time,
        digest=row.digest_time,
        streaks=row.streaks,
        cutoff=row.cutoff,
        reminders=row.reminders,
        quiet_hours=None if row.quiet_hours is None else parse_quiet_hours(row.quiet_hours),
        carry_days=row.carry_days,
    )
