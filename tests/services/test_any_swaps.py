"""Whatever people do to their turns, in whatever order: every turn is somebody's, and nothing is half done."""

import asyncio
import shutil
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.db.engine import Database
from bot.db.tables import TeamRow, TurnRow
from bot.domain.lectures import NewLecture
from bot.errors import UserError
from bot.services import Services
from bot.services.absences import NewAbsence
from bot.services.rotation.swaps import Request, Skipped, WantedTurn
from bot.services.turns import ACTIVE, propose
from tests.costly import costly
from tests.database import reading, writing
from tests.services.people import ADMIN, caller, dump, seoul

PEOPLE = {1: "가온", 2: "나래", 3: "다솜", 4: "라온", 5: "마루"}
FIRST = date(2026, 1, 5)
DAYS = 8
"""Study days that are looked at."""

WHO = st.sampled_from(sorted(PEOPLE))
DUTY = st.sampled_from(["moderator", "presenter", None])
WHEN = st.sampled_from([None, *(str(FIRST + timedelta(days=step)) for step in range(5))])
DEEDS = st.one_of(
    st.tuples(st.just("skip"), WHO, DUTY, WHEN),
    st.tuples(st.just("swap"), WHO, WHO, DUTY, WHEN),
    st.tuples(st.just("swap without an answer"), WHO, WHO, DUTY, WHEN),
    st.tuples(st.just("substitute"), WHO, WHO, DUTY, WHEN),
    st.tuples(st.just("anybody"), WHO, WHO, DUTY, WHEN),
    st.tuples(st.just("by a moderator"), WHO, WHO, DUTY, WHEN),
    st.tuples(st.just("assign"), WHO, WHEN),
    st.tuples(st.just("away"), WHO, WHEN),
    st.tuples(st.just("undo"), WHO),
    st.tuples(st.just("undo"), st.just(ADMIN)),
    st.tuples(st.just("announce")),
)
ACTS = ("skip", "swap", "substitute", "anybody", "by a moderator")
AGREED = ("swap", "substitute", "anybody", "by a moderator")


class World:
    """A team on its first days; every deed is a minute after the one before."""

    def __init__(self, services: Services, database: Database) -> None:
        self.services = services
        self.database = database
        self.now = seoul("2026-01-05 09:00")
        self.announced = FIRST

    def by(self, who: int):
        return caller(who, at=self.now)

    async def do(self, deed: str, *how: object) -> object:
        self.now += timedelta(minutes=1)
        return await getattr(self, deed.replace(" ", "_"))(*how)

    async def skip(self, who, duty, when):
        return await self.services.swaps.skip(self.by(who), WantedTurn(duty, when), None, None)

    async def swap(self, who, whom, duty, when):
        request = await self.swap_without_an_answer(who, whom, duty, when)
        return await self.agree(whom, request)

    async def swap_without_an_answer(self, who, whom, duty, when):
        return await self.services.swaps.ask_swap(self.by(who), whom, WantedTurn(duty, when))

    async def substitute(self, who, whom, duty, when):
        return await self.agree(whom, await self.ask(who, whom, duty, when))

    async def anybody(self, who, whom, duty, when):
        return await self.agree(whom, await self.ask(who, None, duty, when))

    async def by_a_moderator(self, who, whom, duty, when):
        return await self.services.swaps.substitute(self.by(ADMIN), WantedTurn(duty, when), whom, who)

    async def ask(self, who, whom, duty, when):
        request = await self.services.swaps.substitute(self.by(who), WantedTurn(duty, when), whom, None)
        assert isinstance(request, Request)
        return request

    async def agree(self, whom: int, request: Request) -> object:
        """Press yes twice at once."""
        self.now += timedelta(seconds=30)
        both = [self.services.swaps.accept(self.by(whom), request.id) for _ in range(2)]
        answers = await asyncio.gather(*both, return_exceptions=True)
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
        assert sum(answer.by_this for answer in answers) == 1
        return answers

    async def assign(self, who, when):
        return await self.services.rotation.assign(self.by(ADMIN), "moderator", who, when, None)

    async def away(self, who, when):
        return await self.services.absences.away(self.by(who), NewAbsence(since=when or "2026-01-06"))

    async def undo(self, who):
        return await self.services.swaps.undo(self.by(who))

    async def announce(self):
        """The next day's turns are made, as in the evening."""
        self.announced += timedelta(days=1)
        async with writing(self.database) as session:
            team = (await session.scalars(select(TeamRow))).one()
            await propose(session, team, self.announced, self.now)

    async def shown(self) -> dict[tuple[date, str, str | None], str | None]:
        """Whose the turns of the next days are, as everybody can see."""
        days = await self.services.rotation.show(self.by(1), DAYS)
        return {
            (day.date, turn.duty.key, turn.duty.lecture): None if turn.member is None else turn.member.name
            for day in days
            for turn in day.turns
        }

    async def rows(self) -> list[TurnRow]:
        async with reading(self.database) as session:
            return list(await session.scalars(select(TurnRow).order_by(TurnRow.id)))

    async def history(self) -> set[tuple]:
        return {(row.id, row.duty, row.unit, row.date, row.member_id, row.made_at) for row in await self.rows()}

    async def doubles(self) -> set[tuple[date, int]]:
        """Days and members with more than one turn that was made."""
        turns = Counter((row.date, row.member_id) for row in await self.rows() if row.state in ACTIVE)
        return {each for each, count in turns.items() if count > 1}


async def found(file: Path) -> None:
    """Five people and a lecture on most days."""
    database = Database(f"sqlite+aiosqlite:///{file}")
    services = Services.over(database, lambda: None)
    await services.teams.setup(caller(), "스터디", {})
    for user_id, name in PEOPLE.items():
        await services.roster.add(caller(), user_id, name)
    for number, step in enumerate((1, 2, 2, 4, 7), 1):
        day = str(FIRST + timedelta(days=step))
        await services.lectures.add(caller(), NewLecture("Attention", number=f"{number}강", studied=day, presented=day))
    await database.dispose()


@pytest.fixture(scope="module")
def team_file(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of such a team, made once and copied for each example."""
    file = shutil.copy(migrated_file, tmp_path_factory.mktemp("swaps") / "study-bot.sqlite3")
    asyncio.run(found(file))
    return file


async def play(file: Path, deeds: list[tuple[tuple, bool]]) -> None:
    database = Database(f"sqlite+aiosqlite:///{file}")
    world = World(Services.over(database, lambda: None), database)
    try:
        for (deed, *how), regretted in deeds:
            before = await world.shown()
            if await step(world, file, before, deed, *how) and regretted and deed in ACTS:
                await take_back(world, before, deed, *how)
    finally:
        await database.dispose()


async def step(world: World, file: Path, before: dict, deed: str, *how: object) -> bool:
    """Do it, and see that what was done is whole; if it was refused (False), that nothing was done."""
    history, doubles, everything = await world.history(), await world.doubles(), await dump(file)
    try:
        done = await world.do(deed, *how)
    except UserError:
        event(f"{deed}: refused")
        if deed not in {"swap", "substitute", "anybody"}:  # there it was asked, but not agreed to
            assert await dump(file) == everything
        assert await world.shown() == before
        return False
    event(f"{deed}: done")
    after = await world.shown()
    assert history <= await world.history(), "a turn of the past has changed"
    if deed != "away":
        assert nobodys(after) <= nobodys(before), "a turn is nobody's"
    if isinstance(done, Skipped):
        assert after[done.turn.date, done.turn.duty.key, done.turn.duty.lecture] == done.now.name
        assert done.now != done.turn.member
    if deed in AGREED:
        assert await world.doubles() <= doubles, "somebody has two duties by an agreement"
    return True


def nobodys(shown: dict) -> set:
    return {turn for turn, name in shown.items() if name is None}


async def take_back(world: World, before: dict, deed: str, *how: object) -> None:
    """What was just done can be undone once, and then everything it touched is as it was."""
    who = ADMIN if deed == "by a moderator" else how[0]
    undone = await world.do("undo", who)
    after = await world.shown()
    for turn in undone.turns:
        key = (turn.date, turn.duty.key, turn.duty.lecture)
        assert after[key] == before[key] == turn.member.name
    with pytest.raises(UserError):
        await world.do("undo", who)


@costly(20)  # tests/services/test_rotation_machine.py does much of it again, less often undone
@given(st.lists(st.tuples(DEEDS, st.booleans()), min_size=2, max_size=7))
def test_in_whatever_order_turns_are_handed_over_each_is_somebodys_and_can_be_taken_back(team_file, deeds):
    with TemporaryDirectory() as folder:
        asyncio.run(play(Path(shutil.copy(team_file, folder)), deeds))
