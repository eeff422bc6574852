"""What is taken away can be had back for a day: as it was, by whoever may, and once."""

import asyncio
import functools
import shutil
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.db.engine import Database
from bot.db.tables import AuditRow, TurnRow
from bot.domain.duties import Per
from bot.domain.lectures import LectureMove, NewLecture
from bot.domain.submissions import Attachment, Work
from bot.errors import InvalidInput, NotAllowed, NotFound, UserError
from bot.i18n import ENGLISH
from bot.services import Services
from bot.services.absences import NewAbsence
from bot.services.rotation.duties import NewDuty
from bot.services.rotation.handover import Asked
from bot.services.turns import ACTIVE
from tests.services.announced import FRIDAY, MONDAY, THURSDAY, TUESDAY, WEDNESDAY, announce, rows, start_session
from tests.services.people import ADMIN, GAON, NARAE, STRANGER, caller, dump

PEOPLE = {1: "가온", 2: "나래", 3: "다솜", 4: "라온", 5: "마루", 6: "바다"}
EVENING, LATER = "2026-01-05 19:00", "2026-01-05 20:00"
"""After Tuesday was announced; Monday is the day that goes on."""

FILE = Attachment(70, 71, 72, "model.ipynb")


@pytest.fixture(scope="module")
def busy_file(tmp_path_factory, migrated_file):
    """The database of a team about which there is much to take away, made once: it takes a quarter of a second."""
    path = shutil.copy(migrated_file, tmp_path_factory.mktemp("busy") / "study-bot.sqlite3")

    async def keep_busy():
        database = Database(f"sqlite+aiosqlite:///{path}")
        await occupy(Services.over(database, lambda: None), database)
        await database.dispose()

    asyncio.run(keep_busy())
    return path


@pytest.fixture
def database_file(busy_file, tmp_path):
    return shutil.copy(busy_file, tmp_path / "study-bot.sqlite3")


@pytest.fixture
def busy(services):
    return services


async def occupy(team, database):
    """Six people, lectures, a duty, an absence, a question, an assignment and a hand-in; Tuesday is announced."""
    await team.teams.setup(caller(ADMIN), "스터디", {})
    for user_id, name in PEOPLE.items():
        await team.roster.add(caller(), user_id, name)
    for number, day, presenter in (("1강", TUESDAY, 5), ("2강", WEDNESDAY, None)):
        days = {"studied": str(day), "presented": str(day)}
        new = NewLecture("Attention", course="NLP", number=number, presenter_user_id=presenter, **days)
        await team.lectures.add(caller(), new)
    await team.duties.add(caller(), NewDuty("기록", Per.DAY))
    away = NewAbsence(since=str(THURSDAY), until=str(FRIDAY), reason="가족 여행", user_id=GAON)
    await team.absences.away(caller(GAON), replace(away, user_id=None))
    await team.questions.ask(caller(NARAE), "왜 나누나요?")
    await team.assignments.add(caller(), "위키", "2026-01-07 23:59")
    await team.assignments.submit(caller(GAON), 1, Work(link="https://example.org/wiki", note="초안이에요", file=FILE))
    told = await announce(database, MONDAY)
    for turn in told.turns:
        await team.handover.confirm(caller(turn.member.user_id, at="2026-01-05 18:30"), Asked(1, TUESDAY))


async def what_people_see(services, database):
    """All that tells how a team stands, for somebody who looks."""
    at = caller(at=LATER)
    turns = [row for row in await rows(database, TurnRow) if row.state in ACTIVE]
    return {
        "turns": sorted((row.duty, row.unit, row.date, row.member_id, row.confirmed_at) for row in turns),
        "ahead": await services.rotation.show(at, 8),
        "roster": await services.roster.entries(at),
        "lectures": await services.lectures.list(at),
        "questions": await services.questions.list(at),
        "assignments": await services.assignments.status(at, None),
        "month": await services.calendar.show(at, None),
        "duties": await services.duties.present(at),
    }


async def holding(database, duty):
    """Who has a duty on Tuesday."""
    rows_of_duty = [row for row in await rows(database, TurnRow) if row.duty == duty and row.date == TUESDAY]
    return next(row for row in rows_of_duty if row.state in ACTIVE)


def acts(services):
    """Everything that takes something away: who does it, and how."""
    return {
        "roster.remove": (ADMIN, functools.partial(services.roster.remove, user_id=GAON)),
        "roster.leave": (GAON, services.roster.leave),
        "lecture.remove": (ADMIN, functools.partial(services.lectures.remove, lecture_id=1)),
        "duty.remove": (ADMIN, functools.partial(services.duties.remove, key="duty:1")),
        "question.withdraw": (NARAE, functools.partial(services.questions.withdraw, question_id=1)),
        "assignment.remove": (ADMIN, functools.partial(services.assignment_changes.remove, assignment_id=1)),
        "assignment.withdraw": (GAON, functools.partial(services.assignments.withdraw, assignment_id=1)),
        "calendar.day": (ADMIN, functools.partial(services.calendar.off, typed=str(TUESDAY), label="워크숍")),
    }


NAMES = (
    "assignment.remove",
    "assignment.withdraw",
    "calendar.day",
    "duty.remove",
    "lecture.remove",
    "question.withdraw",
    "roster.leave",
    "roster.remove",
)


async def done(services, name, at=EVENING):
    """Do an act, as somebody does it; returns who did it and the id by which it is had back."""
    user_id, act = acts(services)[name]
    await act(caller(user_id, at=at))
    return user_id, await services.undo.change_of(caller(user_id, at=at))


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"calendar.day"}))
async def test_what_is_had_back_is_as_it_was(busy, database, name):
    before = await what_people_see(busy, database)
    user_id, change = await done(busy, name)
    assert await what_people_see(busy, database) != before
    await busy.undo.undo(caller(user_id, at=LATER), change)
    assert await what_people_see(busy, database) == before
    last = (await rows(database, AuditRow))[-1]
    assert (last.action, last.actor_id, last.after) == ("change.undo", user_id, f'{{"undone": "{name}"}}')


async def test_a_day_that_is_back_has_its_lectures_and_people_again(busy, database):
    """Wednesday was announced in its place; that people were told of it stays true."""

    async def who_does_what():
        days = await busy.rotation.show(caller(at=LATER), 8)
        lectures = await busy.lectures.list(caller(at=LATER))
        people = {(turn.duty.key, turn.member) for day in days if day.date == TUESDAY for turn in day.turns}
        return people, [(lecture.studied, lecture.presented, lecture.presenters) for lecture in lectures]

    before, held = await who_does_what(), await holding(database, "presenter")
    admin, change = await done(busy, "calendar.day")
    assert await who_does_what() != before
    restored = await busy.undo.undo(caller(admin, at=LATER), change)
    assert await who_does_what() == before
    assert (await holding(database, "presenter")).member_id == held.member_id
    assert ENGLISH.render(restored) == "Tue 6 Jan is again what it was, and what had moved is back: NLP 1강"


@pytest.mark.parametrize("name", NAMES)
async def test_a_preview_says_what_will_be_and_changes_nothing(busy, database_file, name):
    user_id, act = acts(busy)[name]
    before = await dump(database_file)
    would = await busy.undo.rehearse(lambda: act(caller(user_id, at=EVENING)))
    assert await dump(database_file) == before
    assert would == await act(caller(user_id, at=EVENING))


@pytest.mark.parametrize("name", NAMES)
async def test_it_is_had_back_once_within_a_day_and_only_by_who_may(busy, database_file, name):
    user_id, change = await done(busy, name)
    before = await dump(database_file)
    first = caller(user_id, at=EVENING).at
    refused = {
        NotAllowed: [caller(STRANGER, at=LATER), caller(NARAE if user_id != NARAE else GAON, at=LATER)],
        NotFound: [caller(user_id, at=LATER, guild_id=8)],
        InvalidInput: [caller(user_id, at=first + timedelta(hours=24, seconds=1))],
    }
    for error, callers in refused.items():
        for each in callers:
            with pytest.raises(error):
                await busy.undo.rehearse(lambda each=each: busy.undo.undo(each, change))
    assert await dump(database_file) == before
    await busy.undo.undo(caller(user_id, at=first + timedelta(minutes=1)), change)
    with pytest.raises(InvalidInput, match="already"):
        await busy.undo.undo(caller(user_id, at=first + timedelta(minutes=2)), change)


async def test_what_somebody_did_to_their_own_things_a_moderator_cannot_take_back(busy):
    for minute, name in enumerate(("question.withdraw", "assignment.withdraw", "roster.leave")):
        _user_id, change = await done(busy, name, at=f"2026-01-05 19:0{minute}")
        with pytest.raises(NotAllowed, match="whoever did this"):
            await busy.undo.undo(caller(ADMIN, at=LATER), change)


async def test_todays_moderator_has_an_assignment_back_but_nobody_on_the_roster(busy):
    await busy.rotation.assign(caller(at=EVENING), "moderator", NARAE, None, None)
    _admin, removed = await done(busy, "assignment.remove", at=LATER)
    _admin, gone = await done(busy, "roster.remove", at="2026-01-05 20:30")
    await busy.undo.undo(caller(NARAE, at="2026-01-05 21:00"), removed)
    with pytest.raises(NotAllowed):
        await busy.undo.undo(caller(NARAE, at="2026-01-05 21:00"), gone)


async def test_whoever_presents_a_lecture_and_removed_it_has_it_back(busy, database):
    presenter = next(row for row in await rows(database, TurnRow) if row.lecture_id == 1)
    await busy.lectures.remove(caller(presenter.member_id, at=EVENING), 1)
    change = await busy.undo.change_of(caller(presenter.member_id, at=EVENING))
    restored = await busy.undo.undo(caller(presenter.member_id, at=LATER), change)
    assert ENGLISH.render(restored) == "NLP 1강 · Attention is back, with its days and its presenter."


async def test_a_turn_that_was_given_to_somebody_since_stays_theirs(busy, database):
    theirs = await holding(database, "duty:1")
    await busy.roster.remove(caller(at=EVENING), theirs.member_id)
    change = await busy.undo.change_of(caller(at=EVENING))
    busy_that_day = {row.member_id for row in await rows(database, TurnRow) if row.state in ACTIVE}
    free = next(user_id for user_id in PEOPLE if user_id not in busy_that_day | {theirs.member_id})
    await busy.rotation.assign(caller(at="2026-01-05 19:30"), "duty:1", free, str(TUESDAY), None)
    await busy.undo.undo(caller(at=LATER), change)
    assert (await holding(database, "duty:1")).member_id == free
    assert theirs.member_id in {member.id for member in await busy.roster.list(caller(at=LATER))}


async def test_a_turn_whose_session_has_begun_stays_with_who_took_it_over(busy, database):
    tuesday = [row for row in await rows(database, TurnRow) if row.state in ACTIVE and row.date == TUESDAY]
    await busy.roster.remove(caller(at=EVENING), tuesday[0].member_id)
    change = await busy.undo.change_of(caller(at=EVENING))
    taken = {row.unit: row.member_id for row in await rows(database, TurnRow) if row.state in ACTIVE}
    await start_session(database, TUESDAY)
    await busy.undo.undo(caller(at="2026-01-06 17:00"), change)
    now = {row.unit: row.member_id for row in await rows(database, TurnRow) if row.state in ACTIVE}
    assert now == taken


async def test_a_day_that_was_announced_since_stays_as_it_was_announced(busy, database):
    """Whoever is back was only planned for it until then, and others have been told that they do it."""
    planned = (await busy.rotation.show(caller(at=EVENING), 3))[-1]
    assert planned.presentations["2강"][0].user_id == GAON
    _admin, change = await done(busy, "roster.remove")
    told = await announce(database, TUESDAY)
    at = "2026-01-06 18:30"
    await busy.undo.undo(caller(at=at), change)
    _tuesday, wednesday, *later = await busy.rotation.show(caller(at=at), 8)
    assert [(turn.member.id, turn.made) for turn in wednesday.turns] == [(turn.member.id, True) for turn in told.turns]
    assert GAON in {member.user_id for day in later for member in day.members}


async def test_a_lecture_that_was_added_again_is_not_there_twice(busy):
    _admin, change = await done(busy, "lecture.remove")
    new = NewLecture("Attention", course="NLP", number="1강", studied=str(TUESDAY), presented=str(TUESDAY))
    await busy.lectures.add(caller(at="2026-01-05 19:30"), new)
    with pytest.raises(InvalidInput):
        await busy.undo.undo(caller(at=LATER), change)


async def test_a_lecture_whose_day_was_taken_off_since_is_not_put_on_it(busy):
    _admin, change = await done(busy, "lecture.remove")
    await busy.calendar.off(caller(at="2026-01-05 19:30"), str(TUESDAY), "워크숍")
    with pytest.raises(InvalidInput, match="over or off"):
        await busy.undo.undo(caller(at=LATER), change)


async def test_what_was_handed_in_again_since_stays(busy):
    gaon, change = await done(busy, "assignment.withdraw")
    await busy.assignments.submit(caller(gaon, at="2026-01-05 19:30"), 1, Work(note="새로 썼어요"))
    with pytest.raises(UserError, match="since"):
        await busy.undo.undo(caller(gaon, at=LATER), change)


async def test_a_duty_whose_name_is_taken_by_now_is_not_there_twice(busy):
    _admin, change = await done(busy, "duty.remove")
    await busy.duties.add(caller(at="2026-01-05 19:30"), NewDuty("기록", Per.WEEK))
    with pytest.raises(InvalidInput, match="another duty called"):
        await busy.undo.undo(caller(at=LATER), change)


async def test_a_lecture_that_was_moved_since_stays_there_when_its_day_is_back(busy):
    _admin, change = await done(busy, "calendar.day")
    await busy.lectures.move(caller(at="2026-01-05 19:30"), 1, LectureMove(str(FRIDAY), str(FRIDAY)))
    await busy.undo.undo(caller(at=LATER), change)
    days = {lecture.label: lecture.presented.date for lecture in await busy.lectures.list(caller(at=LATER))}
    assert days == {"NLP 1강 · Attention": FRIDAY, "NLP 2강 · Attention": WEDNESDAY}


async def test_coming_back_by_oneself_ends_what_one_was_away_for(busy):
    """Whoever comes back is there, and had it not been for that, an undo would find the absence as it was."""
    await busy.roster.leave(caller(GAON, at=EVENING))
    await busy.roster.join(caller(GAON, at=LATER), None)
    (entry,) = [entry for entry in await busy.roster.entries(caller(at=LATER)) if entry.member.user_id == GAON]
    assert entry.away == ()


async def test_whoever_was_given_another_duty_since_has_not_two(busy, database):
    freed = await holding(database, "duty:1")
    _admin, change = await done(busy, "duty.remove")
    at = caller(at="2026-01-05 19:30")
    await busy.rotation.assign(at, "moderator", freed.member_id, str(TUESDAY), None)
    await busy.undo.undo(caller(at=LATER), change)
    assert (await holding(database, "moderator")).member_id == freed.member_id
    assert (await holding(database, "duty:1")).member_id != freed.member_id
