"""What is posted every study day follows the settings, and nothing that fell due is lost."""

from datetime import timedelta

from sqlalchemy import select

from bot.db.tables import DeliveryRow, ScheduleRow, StudyDayRow
from bot.services.housekeeping import Housekeeping
from tests.database import reading
from tests.services.people import caller, seoul

KINDS = {
    "assignment.morning",
    "calendar.holiday",
    "retro.digest",
    "retro.nudge",
    "retro.prompt",
    "rotation.announcement",
    "session.briefing",
    "session.reminder",
}


async def due(database) -> dict[str, object]:
    async with reading(database) as session:
        return {row.kind: row.next_due_at for row in await session.scalars(select(ScheduleRow))}


async def planned(database, kind: str) -> list[tuple[object, int]]:
    """Instants of the posts planned so far, and the day of the month that each is about."""
    async with reading(database) as session:
        query = (
            select(DeliveryRow.due_at, StudyDayRow.date)
            .join(StudyDayRow, StudyDayRow.id == DeliveryRow.subject_id)
            .where(DeliveryRow.kind == kind)
            .order_by(DeliveryRow.due_at)
        )
        return [(due_at, day.day) for due_at, day in await session.execute(query)]


async def test_a_team_has_its_posts_from_the_first_day_on(team, database):
    assert await due(database) == {
        "assignment.morning": seoul("2026-01-06 09:00"),
        "session.briefing": seoul("2026-01-05 15:30"),
        "session.reminder": seoul("2026-01-05 15:50"),
        "rotation.announcement": seoul("2026-01-05 18:00"),
        "retro.prompt": seoul("2026-01-05 21:00"),
        "retro.nudge": seoul("2026-01-05 23:00"),
        "retro.digest": seoul("2026-01-09 23:30"),
        "calendar.holiday": seoul("2026-02-02 18:00"),
    }


async def test_a_changed_time_counts_from_the_next_post_on(team, database):
    await team.teams.set(caller(), "retro_time", "23:30")
    assert (await due(database))["retro.prompt"] == seoul("2026-01-05 23:30")
    await team.teams.set(caller(at="2026-01-05 20:00"), "retro_time", "19:00")
    assert (await due(database))["retro.prompt"] == seoul("2026-01-06 19:00")


async def test_a_time_after_midnight_is_in_the_night_after(team, database):
    await team.teams.set(caller(), "retro_time", "01:00")
    assert (await due(database))["retro.prompt"] == seoul("2026-01-06 01:00")


async def test_without_a_session_there_is_no_reminder_of_it(team, database):
    await team.teams.set(caller(), "session_time", "off")
    assert set(await due(database)) == KINDS - {"session.briefing", "session.reminder"}
    await team.teams.set(caller(), "session_time", "14:00")
    assert (await due(database))["session.reminder"] == seoul("2026-01-05 13:50")
    assert (await due(database))["session.briefing"] == seoul("2026-01-05 13:30")


async def test_posts_follow_the_time_zone(team, database):
    await team.teams.set(caller(), "timezone", "Europe/Berlin")
    assert (await due(database))["retro.prompt"] == seoul("2026-01-06 05:00")


async def test_what_fell_due_before_a_change_is_still_posted(team, database):
    """The bot was down at 21:00; the first thing that happens afterwards is a new time."""
    await team.teams.set(caller(at="2026-01-05 23:00"), "retro_time", "22:00")
    assert await planned(database, "retro.prompt") == [(seoul("2026-01-05 21:00"), 5)]
    assert (await due(database))["retro.prompt"] == seoul("2026-01-06 22:00")


async def test_time_alone_plans_each_post_once_and_none_on_days_off(team, database):
    await team.calendar.off(caller(), "1/7", None)
    housekeeping = Housekeeping(database)
    for _ in range(2):
        await housekeeping.step(seoul("2026-01-09 03:00"))
    days = [(seoul(f"2026-01-{day:02} 21:00"), day) for day in (5, 6, 8)]
    assert await planned(database, "retro.prompt") == days
    assert (await due(database))["retro.prompt"] - days[-1][0] == timedelta(days=1)


async def test_a_prompt_that_was_posted_is_not_posted_again_when_its_time_is_moved(team, database):
    await Housekeeping(database).step(seoul("2026-01-05 21:00"))
    await team.teams.set(caller(at="2026-01-05 21:10"), "retro_time", "22:00")
    await Housekeeping(database).step(seoul("2026-01-06 03:00"))
    assert await planned(database, "retro.prompt") == [(seoul("2026-01-05 21:00"), 5)]
    assert (await due(database))["retro.prompt"] == seoul("2026-01-06 22:00")
