"""A dispatcher and all it works with."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.db.engine import Database
from bot.domain.team import Caller
from bot.jobs.dispatch import Dispatcher
from bot.jobs.pace import Pace
from bot.services import Services
from bot.services.boards import Boards
from bot.services.deliveries import Deliveries
from tests.jobs.desk import CHANNEL, NOON, Channel, Desk, FakeClock, saying, telling


@pytest.fixture
async def desk(database_file: Path) -> AsyncIterator[Desk]:
    """One team, whose prompts and reminders say the same words."""
    database, clock, channel = Database(f"sqlite+aiosqlite:///{database_file}"), FakeClock(), Channel()
    caller = Caller(1, (CHANNEL,), 2, "가온", True, frozenset(), NOON)
    setup = await Services.over(database, lambda: None).teams.setup(caller, "스터디", {})
    boards = Boards(database)
    dispatcher = Dispatcher(Deliveries(database), boards, channel, clock, Pace(per_second=None))
    for kind in ("retro.prompt", "assignment.reminder"):
        dispatcher.compose(kind, saying("오늘은 어땠나요?"))
    yield Desk(database, clock, channel, dispatcher, boards, setup.team.id)
    await database.dispose()


@pytest.fixture
def tell(desk: Desk) -> Desk:
    """The desk, with a kind that names a channel for those who take no direct messages, and one that does not."""
    desk.dispatcher.compose("tell", telling())
    desk.dispatcher.compose("tell.somewhere", telling(fallback_channel_id=CHANNEL))
    return desk
