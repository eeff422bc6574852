"""The session's service on a real database: two at once, texts over the limit, several teams."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot.db.engine import Database
from bot.db.schema import migrate
from bot.db.tables import AuditRow, BoardRow, DeliveryRow, MinutesRow, RoundtableReplyRow, TurnRow
from bot.domain.session import NoteDraft
from bot.domain.team import Caller
from bot.errors import InvalidInput, NotFound
from bot.services import Services
from bot.services.absences import NewAbsence
from bot.services.session import PROMPT_LIMIT, TEXT_LIMIT
from tests.database import reading

MORNING = datetime(2026, 1, 5, 0, 0, tzinfo=UTC)
"""09:00 in Seoul on a Monday."""

AFTERNOON = datetime(2026, 1, 5, 7, 0, tzinfo=UTC)


def caller(user_id=1, *, channel=10, guild=1, at=AFTERNOON, mod=True):
    return Caller(guild, (channel,), user_id, f"user{user_id}", manage_guild=mod, role_ids=frozenset(), at=at)


@pytest.fixture
async def services(database_file) -> AsyncIterator[Services]:
    """Two teams in two servers; users 1 to 3 are in the first, 4 in the second."""
    url = f"sqlite+aiosqlite:///{database_file}"
    await migrate(url)
    database = Database(url)
    services = Services.over(database, lambda: None)
    for guild, users in ((1, (1, 2, 3)), (2, (4,))):
        admin = caller(100, channel=guild * 10, guild=guild, at=MORNING)
        await services.teams.setup(admin, f"team{guild}", {})
        for user in users:
            await services.roster.add(admin, user, f"사람{user}")
    yield services
    await database.dispose()


async def count(services, row, *conditions):
    async with reading(services.session.database) as session:
        return await session.scalar(select(func.count()).select_from(row).where(*conditions))


async def kinds(services):
    """Of what is planned; an agenda is a board."""
    async with reading(services.session.database) as session:
        rows = await session.execute(
            select(DeliveryRow.kind, BoardRow.kind)
            .outerjoin(BoardRow, (BoardRow.id == DeliveryRow.subject_id) & (DeliveryRow.kind == "board"))
            .order_by(DeliveryRow.id)
        )
        return [board or kind for kind, board in rows if (board or kind).startswith(("day", "session"))]


async def test_two_starts_at_once_make_one_agenda(services):
    session = services.session
    results = await asyncio.gather(session.start(caller(1)), session.start(caller(2)), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["InvalidInput", "Started"]
    assert await kinds(services) == ["day.opening", "session.agenda"]


async def test_two_starts_in_different_moments_still_make_one_agenda(services):
    later = caller(2, at=AFTERNOON + timedelta(seconds=1))
    results = await asyncio.gather(
        services.session.start(caller(1)), services.session.start(later), return_exceptions=True
    )
    assert [type(result).__name__ for result in results].count("Started") == 1
    assert await kinds(services) == ["day.opening", "session.agenda"]


async def test_two_ends_at_once_propose_the_next_day_once(services):
    await services.session.start(caller())
    results = await asyncio.gather(
        services.session.end(caller(1)), services.session.end(caller(2)), return_exceptions=True
    )
    assert sorted(type(result).__name__ for result in results) == ["Ended", "InvalidInput"]
    assert (await kinds(services)).count("session.minutes") == 2  # in the thread, and in the channel
    assert await count(services, TurnRow, TurnRow.unit == "day:2026-01-06") == 1
    assert await count(services, AuditRow, AuditRow.action == "session.end") == 1


async def test_a_round_table_and_a_start_at_once_share_one_thread(services):
    await asyncio.gather(services.round_tables.ask(caller(1), "한마디"), services.session.start(caller(2)))
    assert sorted(await kinds(services)) == ["day.opening", "session.agenda", "session.roundtable"]


async def test_two_replies_of_one_member_at_once_are_one_reply(services):
    await services.round_tables.ask(caller(), "한마디")
    first, second = await asyncio.gather(
        services.round_tables.reply(caller(2), 1, "하나"), services.round_tables.reply(caller(2), 1, "둘")
    )
    assert (first.count, second.count) == (1, 1)
    assert await count(services, RoundtableReplyRow) == 1


async def test_replies_of_different_members_at_once_are_all_kept(services):
    await services.round_tables.ask(caller(), "한마디")
    replies = [services.round_tables.reply(caller(user), 1, f"답 {user}") for user in (1, 2, 3)]
    assert sorted(replied.count for replied in await asyncio.gather(*replies)) == [1, 2, 3]


async def test_whoever_replied_and_left_still_counts(services):
    await services.round_tables.ask(caller(), "한마디")
    for user in (1, 2, 3):
        await services.round_tables.reply(caller(user), 1, "답")
    await services.roster.remove(caller(), 3)
    replied = await services.round_tables.reply(caller(1), 1, "고친 답")
    assert (replied.count, replied.people) == (3, 3)


async def test_replies_do_not_reach_the_round_table_of_another_team(services):
    await services.round_tables.ask(caller(), "우리끼리")
    stranger = caller(4, channel=20, guild=2)
    with pytest.raises(NotFound):
        await services.round_tables.reply(stranger, 1, "끼어들기")
    with pytest.raises(NotFound):
        await services.round_tables.question(stranger, 1)
    assert await count(services, RoundtableReplyRow) == 0


@pytest.mark.parametrize("text", ["", " \n ", "가" * (TEXT_LIMIT + 1), "가" * 5000])
async def test_a_text_that_is_empty_or_too_long_is_refused(services, text):
    await services.round_tables.ask(caller(), "한마디")
    for attempt in (
        services.session.note(caller(), NoteDraft(), text),
        services.round_tables.reply(caller(), 1, text),
        services.round_tables.ask(caller(), text),
    ):
        with pytest.raises(InvalidInput):
            await attempt
    assert await count(services, MinutesRow) == 0
    assert await count(services, RoundtableReplyRow) == 0
    assert await count(services, AuditRow, AuditRow.action == "session.roundtable") == 1


async def test_a_text_of_exactly_the_limit_is_taken(services):
    await services.session.note(caller(), NoteDraft(), "가" * TEXT_LIMIT)
    await services.round_tables.ask(caller(), "*" * PROMPT_LIMIT)


async def test_a_session_that_starts_makes_the_turns_of_its_day(services):
    await services.session.start(caller())
    assert await count(services, TurnRow, TurnRow.unit == "day:2026-01-05", TurnRow.duty == "moderator") == 1


async def test_what_could_not_be_posted_is_of_no_use_once_the_day_is_over(services):
    await services.session.start(caller())
    async with reading(services.session.database) as session:
        expires = await session.scalar(select(DeliveryRow.expires_at).where(DeliveryRow.kind == "board"))
    assert expires == datetime(2026, 1, 5, 19, 0, tzinfo=UTC)


async def test_a_team_of_which_nobody_is_there_can_still_hold_its_session(services):
    for user in (1, 2, 3):
        await services.absences.away(caller(), NewAbsence(user_id=user))
    await services.session.start(caller())
    ended = await services.session.end(caller())
    assert ended.next_day.moderator is None


async def test_minutes_survive_who_leaves(services):
    await services.session.note(caller(1), NoteDraft(owner_user_id=2), "챙기기")
    await services.roster.remove(caller(), 2)
    (entry,) = (await services.session.minutes(1)).entries
    assert entry.owner.name == "사람2"


async def test_every_change_is_in_the_audit(services):
    session, tables = services.session, services.round_tables
    await session.start(caller())
    await session.note(caller(), NoteDraft(kind="decision"), "비밀스러운 결정")
    await tables.ask(caller(), "한마디")
    await tables.reply(caller(), 1, "속마음")
    await session.end(caller())
    async with reading(session.database) as looking:
        rows = (await looking.scalars(select(AuditRow).where(AuditRow.action.startswith("session.")))).all()
    assert [row.action for row in rows] == [
        "session.start",
        "session.note",
        "session.roundtable",
        "session.reply",
        "session.end",
    ]
    assert {row.actor_id for row in rows} == {1}
    assert not any("속마음" in (row.after or "") or "비밀" in (row.after or "") for row in rows)
