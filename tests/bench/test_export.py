"""How long it takes, and how much memory, a zip of 75 days of seven people takes. It prints, and asserts nothing."""

import asyncio
import shutil
import tracemalloc
from datetime import date, timedelta
from itertools import count, cycle
from time import process_time

import pytest
from sqlalchemy import insert, update

from bot.db.engine import Database
from bot.db.tables import (
    AnswerRow,
    LectureRow,
    MinutesRow,
    NoteRow,
    QuestionRow,
    ReflectionRow,
    RetrospectiveRow,
    StudyDayRow,
    TeamRow,
)
from bot.services import Services
from tests.bench.test_journal import forget
from tests.database import writing
from tests.pages.day27 import DAY27
from tests.services.people import ADMIN, MONDAY, caller

PEOPLE, DAYS = 7, 75
FIRST = date(2026, 1, 5)


async def live(database: Database, days: int) -> Services:
    """Study days in a row: a lecture with seven notes, eight answered questions, six entries, seven retrospectives."""
    services = Services.over(database, lambda: None)
    await services.teams.setup(caller(ADMIN, at=MONDAY), "스터디", {"country": None})
    await services.calendar.weekdays(caller(ADMIN, at=MONDAY), "월화수목금토일")
    for user in range(1, PEOPLE + 1):
        await services.roster.add(caller(ADMIN, at=MONDAY), user, f"사람{user}")
    numbers = count(1)
    notes, questions, minutes = cycle(DAY27.notes), cycle(DAY27.questions), cycle(DAY27.minutes)
    rows: dict[type, list[dict]] = {}

    def add(table: type, **values: object) -> None:
        rows.setdefault(table, []).append(values)

    for number in range(1, days + 1):
        day = FIRST + timedelta(days=number - 1)
        add(StudyDayRow, id=number, team_id=1, date=day, number=number, title=f"NLP {number}강", closed_at=MONDAY)
        lecture = {"course": "NLP", "number": f"{number}강", "title": "제목", "kind": "lecture", "readers": 1}
        add(LectureRow, id=number, team_id=1, study_date=day, session_date=day, created_at=MONDAY, **lecture)
        for person in range(1, PEOPLE + 1):
            mine = {"member_id": person, "written_at": MONDAY}
            add(NoteRow, lecture_id=number, text=f"{next(notes).text} {next(numbers)}", **mine)
            retro = next(numbers)
            add(RetrospectiveRow, id=retro, day_id=number, visibility="team", **mine)
            text = f"오늘은 {retro}번 웃었다. **질문이 많아** 즐거웠다."
            add(ReflectionRow, retrospective_id=retro, place=0, question="잘한 점", text=text)
        for _ in range(8):
            asked, place = next(numbers), {"team_id": 1, "day_id": number, "lecture_id": number}
            question = {"text": f"{next(questions).text} {asked}", "state": "answered", "further": False}
            add(QuestionRow, id=asked, number=asked, author_id=1, asked_at=MONDAY, **place, **question)
            add(AnswerRow, question_id=asked, member_id=2, text=f"네, {asked}번이요.", answered_at=MONDAY)
        for _ in range(6):
            entry = next(minutes)
            text = f"{entry.text} {next(numbers)}"
            add(MinutesRow, day_id=number, member_id=1, kind=entry.kind, text=text, noted_at=MONDAY)
    async with writing(database) as session:
        for table, values in rows.items():
            await session.execute(insert(table), values)
        await session.execute(update(TeamRow).values(next_close_at=MONDAY + timedelta(days=days)))  # all are over
    return services


@pytest.mark.benchmark(timer=process_time)
def test_seventy_five_days_of_seven_people_as_a_zip(benchmark, tmp_path, migrated_file) -> None:
    """The peak of memory is told for the first 10 and for 40 days: it does not grow with them."""
    run = _prepared(tmp_path, migrated_file)
    run(1)
    for days in (10, 40):
        tracemalloc.start()
        size, peak = run(days) // 1024, tracemalloc.get_traced_memory()[1] // 1024
        tracemalloc.stop()
        benchmark.extra_info[f"{days} days"] = f"{size} KB, peak of memory {peak} KB"
    benchmark.pedantic(run, setup=lambda: forget() or ((DAYS,), {}), rounds=2)
    print(f"\n{benchmark.extra_info}")


def _prepared(folder, migrated_file):
    url = f"sqlite+aiosqlite:///{shutil.copy(migrated_file, folder / 'lived.sqlite3')}"

    async def prepare() -> None:
        database = Database(url)
        await live(database, DAYS)
        await database.dispose()

    async def export(days: int) -> int:
        database = Database(url)
        services = Services.over(database, lambda: None)
        who = caller(ADMIN, at=MONDAY + timedelta(days=DAYS))
        plan = await services.journal_export.plan(who, "1", str(days), own=False)
        with open(folder / f"{days}.zip", "wb") as out:  # noqa: ASYNC230, PTH123  # as an export is written
            await services.journal_export.write(plan, "zip", out)
            size = out.tell()
        await database.dispose()
        return size

    asyncio.run(prepare())
    return lambda days: asyncio.run(export(days))
