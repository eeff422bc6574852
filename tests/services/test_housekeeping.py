"""What time brings about, for one team as for ten thousand."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from bot.db.engine import Database
from bot.db.tables import DeliveryRow, GuildRow
from bot.domain.team import Caller
from bot.services import Services, housekeeping
from bot.services.deliveries._due import LANES, NEXT
from bot.services.housekeeping import AILING, Housekeeping
from bot.services.outlook import _LOOK, Outlook
from tests.database import reading
from tests.jobs.desk import NOON

EVENING = NOON + timedelta(hours=10)


@pytest.fixture
async def database(database_file):
    database = Database(f"sqlite+aiosqlite:///{database_file}")
    services = Services.over(database, lambda: None)
    for number in range(3):
        caller = Caller(100 + number, (6000 + number,), 3, "나래", True, frozenset(), NOON)
        await services.teams.setup(caller, "스터디", {})
    yield database
    await database.dispose()


async def prompted(database) -> list[int]:
    async with reading(database) as session:
        query = select(DeliveryRow.team_id).where(DeliveryRow.kind == "retro.prompt").order_by(DeliveryRow.team_id)
        return list(await session.scalars(query))


async def test_a_defect_in_one_team_delays_no_other_and_is_tried_again_later(database, monkeypatch, caplog):
    original, defect = housekeeping.materialise, True

    async def materialise(session, team, now):
        if team.id == 2 and defect:
            raise RuntimeError("defect")
        await original(session, team, now)

    monkeypatch.setattr(housekeeping, "materialise", materialise)
    keeper = Housekeeping(database)
    await keeper.step(EVENING)
    assert await prompted(database) == [1, 3]
    assert "Cannot look after team 2" in caplog.text
    await keeper.step(EVENING)
    assert caplog.text.count("Cannot look after team 2") == 1
    defect = False
    await keeper.step(EVENING + AILING)
    assert await prompted(database) == [1, 2, 3]


async def test_a_guild_that_removed_the_bot_while_it_was_down_is_noticed(database):
    keeper = Housekeeping(database)
    await keeper.guilds_are([100, 102, 999], EVENING)
    async with reading(database) as session:
        present = await session.scalars(select(GuildRow.id).where(GuildRow.present).order_by(GuildRow.id))
        assert list(present) == [100, 102]


async def test_the_outlook_sees_what_is_due_and_what_comes(database):
    outlook = Outlook(database)
    await Housekeeping(database).step(NOON)
    view = await outlook.look(NOON)
    assert (view.plan, view.deliver, view.redraw) == (False, False, False)
    assert NOON < view.next_at <= EVENING
    assert (await outlook.look(EVENING)).plan
    await Housekeeping(database).step(EVENING)
    view = await outlook.look(EVENING)
    assert (view.plan, view.deliver) == (False, True)


@pytest.mark.parametrize(
    ("query", "values"),
    [(_LOOK, {}), (LANES, {"busy": [(1, "day:7")], "free": 256}), (NEXT, {"team": 1, "lane": ""})],
    ids=["look", "lanes", "next"],
)
async def test_a_tick_reads_no_more_however_much_is_planned(database, query, values):
    """Each look is a step into an index of what is due; nothing planned for later is read."""
    asked: list[tuple[str, object]] = []
    async with reading(database) as session:
        connection = await session.connection()
        event.listen(connection.sync_connection, "before_cursor_execute", lambda *args: asked.append(args[2:4]))
        await session.execute(query, {"now": NOON, **values})
        ((statement, parameters),) = asked
        plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        steps = [row[-1] for row in plan]
    assert not [step for step in steps if step.startswith("SCAN") and "CONSTANT" not in step], steps
    of_deliveries = [step for step in steps if step.startswith("SEARCH delivery ")]
    assert of_deliveries
    assert all("due_at" in step for step in of_deliveries), steps
