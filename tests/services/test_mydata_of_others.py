"""Seven people with everything in common, of whom one is erased: what that does to the other six, and to the team."""

import asyncio
import json
import re
import shutil

import pytest
from sqlalchemy import select

from bot.db.engine import Database
from bot.db.schema import migrate
from bot.db.tables import BoardRow, DeliveryRow, ExperimentRow
from bot.domain.attendance import Attendance
from bot.domain.lectures import NewLecture, NewMaterial
from bot.domain.retro import Visibility
from bot.domain.retro_week import Verdict
from bot.domain.session import NoteDraft
from bot.domain.submissions import Work
from bot.exporting import Wanted, read_file, write_file
from bot.services import Services
from bot.services.absences import NewAbsence
from bot.services.deliveries import Deliveries, plan
from bot.services.journal.exporting import Named
from bot.services.mydata import Holding
from bot.services.mydata._tables import PARTS, personal_tables
from bot.services.rotation.swaps import WantedTurn
from bot.settings import Settings
from tests.database import reading, writing
from tests.services.people import ADMIN, caller, dump, freely, seoul
from tests.services.test_journal_exporting import exported

NAMES = ("가온", "나래", "도토리묵", "다솜", "라온", "마루", "바다")
USERS = tuple(987654321987654320 + place for place in range(len(NAMES)))
"""Ids that no other number contains."""
GONE = 2
USER, NAME = USERS[GONE], NAMES[GONE]
OTHERS = [user for user in USERS if user != USER]
NOW = "2026-01-12 12:00"
DAYS = ("1", "6")


def ring(step: int):
    """Everybody, each with another person `step` places on."""
    return [(user, USERS[(place + step) % len(USERS)]) for place, user in enumerate(USERS)]


@pytest.fixture(scope="module")
def seven_file(migrated_file, tmp_path_factory):
    """Everybody has something in every table, with the others all around them; one has left since. Made once."""
    path = shutil.copy(migrated_file, tmp_path_factory.mktemp("seven") / "seven.sqlite3")
    asyncio.run(lived(path))
    return path


async def lived(path) -> None:
    database = Database(url_of(path))
    team = Services.over(database, lambda: None)
    await team.teams.setup(caller(ADMIN), "스터디", {})
    for user, name in zip(USERS, NAMES, strict=True):
        await team.roster.add(caller(ADMIN), user, name)
    await studied(team)
    await met(team)
    await looked_back(team, database)
    await took_turns(team)
    await were_written_to(team, database)
    await team.roster.leave(caller(USER, at="2026-01-12 09:00"))
    await database.dispose()


def url_of(path) -> str:
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
def database_file(seven_file, tmp_path):
    return shutil.copy(seven_file, tmp_path / "study-bot.sqlite3")


@pytest.fixture
def seven(services: Services) -> Services:
    return services


async def studied(team: Services) -> None:
    at = "2026-01-05 10:00"
    lecture = await team.lectures.add(
        caller(USER, at=at), NewLecture("RNN", course="NLP", number="3강", presented="오늘")
    )
    asked = {}
    for user in USERS:
        await team.lectures.add_note(caller(user, at=at), lecture.id, f"{user % 10}의 정리")
        material = NewMaterial("자료", f"https://ex.org/{user % 10}", None, None, None, None)
        await team.lectures.add_material(caller(user, at=at), lecture.id, material)
        asked[user] = (await team.questions.ask(caller(user, at=at), f"{user % 10}의 질문", lecture_id=lecture.id)).id
    for user, other in ring(2):
        await team.questions.vote(caller(user, at=at), asked[other])
    for user, other in ring(1):
        await team.questions.answer(caller(user, at=at), asked[other], "고치기 전의 답변")
        await team.questions.answer(caller(user, at=at), asked[other], f"{user % 10}의 답변")
        await team.questions.further(caller(user, at=at), asked[user])
    added = await team.assignments.add(caller(ADMIN, at=at), "과제", "2026-01-06 23:59")
    for user in USERS:
        await team.assignment_changes.extend(caller(ADMIN, at=at), added.assignment.id, user, "2026-01-07 23:59")
        await team.assignments.submit(caller(user, at=at), added.assignment.id, Work(note=f"{user % 10}의 메모"))


async def met(team: Services) -> None:
    await team.session.start(caller(ADMIN, at="2026-01-05 16:00"))
    await team.round_tables.ask(caller(ADMIN, at="2026-01-05 16:05"), "오늘의 한마디")
    for user, other in ring(3):
        who = caller(user, at="2026-01-05 16:10")
        await team.session.note(who, NoteDraft(None, None, other, None), f"{user % 10}이 맡긴 일")
        await team.round_tables.reply(who, 1, f"{user % 10}의 한마디")
        await team.attendances.mark(who, 1, Attendance.LATE, f"{user % 10}의 사정")
    await team.session.end(caller(ADMIN, at="2026-01-05 17:00"))


async def looked_back(team: Services, database: Database) -> None:
    for at, seen in (("2026-01-05 21:00", Visibility.TEAM), ("2026-01-06 21:00", Visibility.PRIVATE)):
        for user in USERS:
            draft = await team.retro.draft(caller(user, at=at), None)
            await team.retro.write(caller(user, at=at), draft.day.id, freely(f"{user % 10}의 회고"), seen)
    for user in USERS:
        who = caller(user, at="2026-01-07 21:00")
        day = (await team.retro.draft(who, None)).day
        await team.retro_nudges.let_be(who, day.id)
    for week, at in enumerate(("2026-01-09 21:00", "2026-01-09 21:30")):
        await team.retro_experiments.choose(caller(USERS[GONE - week], at=at), day.id, f"실험 {week}")
    async with reading(database) as session:
        (experiment,) = await session.scalars(select(ExperimentRow.id))
    for user in USERS:
        await team.retro_experiments.judge(caller(user, at="2026-01-09 22:00"), experiment, Verdict.KEEP)


async def took_turns(team: Services) -> None:
    """Each moderates once, asks the next to swap, and one of them says no; another skips."""
    at = "2026-01-09 10:00"
    for user, day in zip(USERS, ("13", "14", "15", "16", "19", "20", "21"), strict=True):
        await team.rotation.assign(caller(ADMIN, at=at), "moderator", user, f"2026-01-{day}", None)
    asked = {}
    for user, other in ring(1):
        asked[user] = await team.swaps.ask_swap(caller(user, at=at), other, WantedTurn("moderator"))
    await team.swaps.decline(caller(USER, at=at), asked[USERS[GONE - 1]].id)
    for user in USERS:
        await team.absences.away(caller(user, at=at), NewAbsence(since="2026-02-20", reason=f"{user % 10}의 사정"))
    for user in (USER, USERS[0]):
        await team.swaps.skip(caller(user, at=at), WantedTurn("moderator"), f"{user % 10}의 사정", None)


async def were_written_to(team: Services, database: Database) -> None:
    """Direct messages that name somebody else, and a board that only one person has."""
    deliveries, at = Deliveries(database), seoul("2026-01-09 18:00")
    for user, other in ring(1):
        async with writing(database) as session:
            await plan(session, team_id=1, kind="session.briefing", subject_id=user, due_at=at, user_id=user)
            found = await session.scalar(select(DeliveryRow.id).where(DeliveryRow.user_id == user))
            session.add(
                BoardRow(team_id=1, kind="session.briefing", subject_id=user, user_id=user, version=1, shown_version=1)
            )
        assert await deliveries.begin(found, json.dumps({"text": f"<@{other}>"}), 80, at)
        await deliveries.sent(found, 81)


async def data_of(services: Services) -> dict[int, Holding]:
    """What the six others have their export of."""
    return {user: (await services.mydata.export(caller(user, at=NOW)))[0] for user in OTHERS}


async def pages_of(services: Services) -> dict[tuple[int, str], str]:
    """The team's pages, and each of the others' own."""
    found = {}
    for user, own in ((OTHERS[0], False), *((user, True) for user in OTHERS)):
        for day in DAYS:
            found[user, own, day] = (await services.journal.page(caller(user, at=NOW), day, own=own)).text
    return found


async def test_what_is_stored_of_the_others_stays_but_where_it_names_whoever_is_erased(seven):
    before = await data_of(seven)
    everywhere = {table.name for table in personal_tables()} | set(PARTS)
    assert everywhere == {name for held in before.values() for name in held.tables}
    await seven.mydata.erase(caller(USER, at=NOW))
    after = await data_of(seven)
    named = 0
    for user in OTHERS:
        assert [*before[user].tables] == [*after[user].tables]
        for name, rows in before[user].tables.items():
            for was, is_ in zip(rows, after[user].tables[name], strict=True):
                if USER in was.values():
                    assert USER not in is_.values()
                    named += 1
                else:
                    assert is_ == was
    assert named == 2  # the swap that they declined, and the one they asked for


async def test_the_pages_of_team_and_others_stay_but_for_the_name(seven):
    before = await pages_of(seven)
    assert NAME in before[OTHERS[0], False, "1"]
    await seven.mydata.erase(caller(USER, at=NOW))
    assert await pages_of(seven) == {page: text.replace(NAME, "탈퇴한 팀원") for page, text in before.items()}


async def test_after_an_erase_all_of_it_moves_house_with_the_same_pages(seven, database_file, tmp_path):
    await seven.mydata.erase(caller(USER, at=NOW))
    before, members = await pages_of(seven), (caller(user, at=NOW) for user in OTHERS)
    there = tmp_path / "there.sqlite3"
    wanted = Wanted(Named(None, None), None, None, seoul(NOW))
    await write_file(settings(database_file), tmp_path / "data.json", wanted)
    assert NAME not in (tmp_path / "data.json").read_text()
    await migrate(settings(there).database_url)
    await read_file(settings(there), tmp_path / "data.json")
    database = Database(settings(there).database_url)
    moved = Services.over(database, lambda: None)
    assert await pages_of(moved) == before
    for who in members:
        for own in (False, True):
            assert await exported(moved, who, "zip", DAYS, own=own) == await exported(seven, who, "zip", DAYS, own=own)
    await database.dispose()


def settings(file) -> Settings:
    return Settings(discord_token="unused", database_url=url_of(file), _env_file=None)


async def test_nothing_tells_who_wrote_anonymously_so_an_erase_leaves_it_as_it_is(migrated_file, tmp_path):
    """The same two texts, written by another person in each of two worlds that are otherwise one."""
    worlds = [await anonymous_world(migrated_file, tmp_path / f"{user}.sqlite3", user) for user in (USER, USERS[0])]
    assert worlds[0] == worlds[1]
    assert [text for text in ("익명 질문", "익명 회고") if text not in "".join(worlds[0])] == []


async def anonymous_world(empty, file, who: int) -> list[str]:
    """All that is stored of it, before and after one person is erased, but for who has written that day."""
    shutil.copy(empty, file)
    database = Database(url_of(file))
    services = Services.over(database, lambda: None)
    await services.teams.setup(caller(ADMIN), "스터디", {})
    for user, name in zip(USERS[:4], NAMES, strict=False):
        await services.roster.add(caller(ADMIN), user, name)
    asked = await services.questions.ask(caller(who, at="2026-01-05 10:00"), "익명 질문", anonymous=True)
    await services.questions.answer(caller(USERS[1], at="2026-01-05 11:00"), asked.id, "답변")
    draft = await services.retro.draft(caller(who, at="2026-01-05 21:00"), None)
    await services.retro.write(
        caller(who, at="2026-01-05 21:00"), draft.day.id, freely("익명 회고"), Visibility.ANONYMOUS
    )
    assert "익명" not in str(await services.mydata.export(caller(who, at=NOW)))
    before = anonymous(await dump(file))
    await services.mydata.erase(caller(USER, at=NOW))
    after = anonymous(await dump(file))
    of_texts = [line for line in before if "익명" in line]
    assert of_texts == [line for line in after if "익명" in line]
    await database.dispose()
    return [*before, *after]


def anonymous(lines: list[str]) -> list[str]:
    """Without random keys and nonces, and the row that says of a member that they have written."""
    return sorted(re.sub(r"'[\w-]{20,}'", "key", line) for line in lines if '"retrospective_written"' not in line)
