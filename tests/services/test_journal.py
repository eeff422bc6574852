"""The journal's service on a real database: days, spans, several teams, what is frozen, what is not read."""

import asyncio
from datetime import date
from pathlib import Path

import pytest

from bot.domain.lectures import NewLecture
from bot.domain.retro import Visibility
from bot.domain.session import NoteDraft
from bot.domain.submissions import Work
from bot.domain.team import Caller
from bot.errors import NotAllowed, NotFound
from bot.services import Services
from bot.services.journal import ServerNames
from bot.services.journal.index import Standing
from tests.services.people import ADMIN, CHANNEL, GAON, NARAE, STRANGER, caller, dump, freely

OTHER_GUILD, OTHER_CHANNEL = 8, 80


@pytest.fixture
async def people(team: Services) -> Services:
    """가온 and 나래 are on the roster."""
    await team.roster.add(caller(ADMIN), GAON, "가온")
    await team.roster.add(caller(ADMIN), NARAE, "나래")
    return team


def admin(at: str = "2026-01-05 10:00") -> Caller:
    return caller(ADMIN, at=at)


async def page(services: Services, who: Caller, day: str | None = None, *, own: bool = False) -> str:
    return (await services.journal.page(who, day, own=own)).text


async def look_back(services: Services, who: Caller, text: str, visibility: Visibility) -> None:
    draft = await services.retro.draft(who, None)
    await services.retro.write(who, draft.day.id, freely(text), visibility)


async def test_two_teams_never_see_each_other(people: Services) -> None:
    """Everything with ids that could be mixed up: lectures, notes, questions, minutes, assignments, retrospectives."""
    there = caller(ADMIN, guild_id=OTHER_GUILD, channel_id=OTHER_CHANNEL)
    await people.teams.setup(there, "다른 팀", {})
    await people.roster.add(there, STRANGER, "낯선이")
    stranger = caller(STRANGER, guild_id=OTHER_GUILD, channel_id=OTHER_CHANNEL, at="2026-01-05 10:00")
    for who, mark in ((caller(GAON, at="2026-01-05 10:00"), "우리말"), (stranger, "남의말")):
        boss = there if who is stranger else admin()
        lecture = await people.lectures.add(who, NewLecture(f"{mark} 강의", number=mark, presented="오늘"))
        await people.lectures.add_note(who, lecture.id, f"{mark} 정리")
        await people.questions.ask(who, f"{mark} 질문", lecture_id=lecture.id)
        await people.session.note(who, NoteDraft("decision", lecture.id, None, None), f"{mark} 결정")
        added = await people.assignments.add(boss, f"{mark} 과제", "2026-01-05 23:59")
        await people.assignments.submit(who, added.assignment.id, Work(link=f"https://ex.org/{mark}", note=mark))
        await look_back(people, who, f"{mark} 회고", Visibility.TEAM)
        await people.session.note(who, NoteDraft(None, None, None, None), f"부른 사람 <@{STRANGER}>")
    for who, mark, foreign in ((admin("2026-01-05 12:00"), "우리말", "남의말"), (stranger, "남의말", "우리말")):
        shown = await page(people, who)
        assert shown.count(mark) >= 6
        assert foreign not in shown
        assert ("낯선이" in shown) is (mark == "남의말")
        (day,) = await people.journal.days(who)
        assert day.title == mark
    with pytest.raises(NotFound):
        await people.journal.page(caller(STRANGER, guild_id=9, channel_id=90), None, own=False)


async def test_what_others_keep_to_themselves_is_not_even_read(people: Services) -> None:
    at = "2026-01-05 10:00"
    narae = caller(NARAE, at=at)
    await look_back(people, narae, "나래의 비밀", Visibility.PRIVATE)
    added = await people.assignments.add(admin(), "과제", "2026-01-05 23:59")
    await people.assignments.submit(narae, added.assignment.id, Work(link="https://ex.org", note="나래의 속사정"))
    asked = await people.questions.ask(narae, "거둔 질문")
    await people.questions.withdraw(narae, asked.id)
    for who, own in ((narae, False), (caller(GAON, at=at), False), (caller(GAON, at=at), True)):
        record = repr(await people.journal._sources(who, None, own=own, names=ServerNames()))
        for text in ("나래의 비밀", "나래의 속사정", "거둔 질문"):
            assert text not in record
    own_page = await page(people, narae, own=True)
    assert "나래의 비밀" in own_page
    assert "나래의 속사정" in own_page


async def test_an_anonymous_retrospective_is_on_the_teams_page_only(people: Services) -> None:
    who = caller(NARAE, at="2026-01-05 10:00")
    await look_back(people, who, "이름 없이", Visibility.ANONYMOUS)
    assert "**익명**\n\n이름 없이\n" in await page(people, who)
    assert "이름 없이" not in await page(people, who, own=True)


async def test_what_happens_on_a_day_off_stands_on_the_next_study_day(people: Services) -> None:
    await people.assignments.add(admin("2026-01-08 10:00"), "주말 과제", "2026-01-11 23:59")
    await people.assignments.add(admin("2026-01-10 10:00"), "토요일에 낸 과제", "2026-01-30 23:59")
    who = caller(GAON, at="2026-01-13 10:00")
    shown = {number: await page(people, who, str(number)) for number in range(1, 8)}
    assert [number for number, text in shown.items() if "주말 과제" in text] == [4, 6]
    assert [number for number, text in shown.items() if "토요일에 낸 과제" in text] == [6]


async def test_an_assignment_due_after_midnight_is_of_the_day_that_ends_at_the_cut_off(people: Services) -> None:
    await people.assignments.add(admin(), "밤샘 과제", "2026-01-07 03:00")
    who = caller(GAON, at="2026-01-08 10:00")
    shown = {number: await page(people, who, str(number)) for number in range(1, 4)}
    assert [number for number, text in shown.items() if "밤샘 과제" in text] == [1, 2]


async def test_those_count_who_were_there_on_that_day(people: Services) -> None:
    added = await people.assignments.add(admin(), "과제", "2026-01-05 23:59")
    await people.assignments.submit(
        caller(NARAE, at="2026-01-05 10:00"), added.assignment.id, Work(link="https://ex.org")
    )
    await people.roster.leave(caller(NARAE, at="2026-01-06 10:00"))
    await people.roster.join(caller(STRANGER, at="2026-01-06 10:00"), "새사람")
    shown = await page(people, caller(GAON, at="2026-01-06 12:00"), "1")
    assert "2명 중 1명이 제출했어요: [나래님](https://ex.org)" in shown


async def test_one_persons_notes_stand_together(people: Services) -> None:
    who = {GAON: caller(GAON, at="2026-01-05 10:00"), NARAE: caller(NARAE, at="2026-01-05 10:00")}
    lecture = await people.lectures.add(who[GAON], NewLecture("강의", number="1강"))
    for writer, text in ((NARAE, "하나"), (GAON, "둘"), (NARAE, "셋")):
        await people.lectures.add_note(who[writer], lecture.id, text)
    shown = await page(people, who[GAON])
    assert shown.index("하나") < shown.index("셋") < shown.index("둘")


async def test_closed_days_keep_their_numbers_when_the_start_moves(people: Services) -> None:
    who = caller(GAON, at="2026-01-07 10:00")
    await people.session.note(who, NoteDraft("note", None, None, None), "수요일")
    await people.calendar.start(admin("2026-01-08 10:00"), "2026-01-09")
    later = caller(GAON, at="2026-01-12 10:00")
    assert [(day.number, day.date.day) for day in await people.journal.days(later)] == [
        *((2, 12), (1, 9), (3, 7), (2, 6), (1, 5))
    ]
    assert (await people.journal.page(later, "1", own=False)).day.date == date(2026, 1, 9)
    assert (await page(people, later, "2026-01-07")).startswith("# Day3\n")
    assert "수요일" in await page(people, later, "3")


async def test_a_closed_day_has_its_neighbours_when_the_start_moves(people: Services) -> None:
    """What it says of the next study day, and which assignments are its own."""
    await people.assignments.add(admin(), "첫날 과제", "2026-01-30 23:59")
    await people.rotation.assign(admin(), "moderator", NARAE, "2026-01-06", None)
    who = caller(GAON, at="2026-01-07 10:00")
    await people.session.note(who, NoteDraft(None, None, None, None), "이틀이 닫힌 뒤")
    first = await page(people, who, "1")
    assert "**다음 학습일 Day2 (1/6 화)** 모더레이터: 나래님" in first
    assert "첫날 과제" in first
    await people.calendar.start(admin("2026-01-08 10:00"), "2026-01-09")
    later = caller(GAON, at="2026-01-08 11:00")
    assert await page(people, later, "2026-01-05") == first
    assert "첫날 과제" not in await page(people, later, "2026-01-06")
    assert "다음 학습일 Day1 (1/9 금)" in await page(people, later, "2026-01-07")


async def test_a_question_about_a_lecture_of_another_day_names_it(people: Services) -> None:
    who = caller(GAON, at="2026-01-05 10:00")
    lecture = await people.lectures.add(who, NewLecture("강의", course="NLP", number="9강", presented="오늘"))
    tuesday = caller(GAON, at="2026-01-06 10:00")
    await people.questions.ask(tuesday, "어제 강의에 대한 질문", lecture_id=lecture.id)
    assert "**Q. 가온님 · NLP 9강** 어제 강의에 대한 질문" in await page(people, tuesday)


async def test_looking_changes_nothing_and_many_can_look_at_once(people: Services, database_file: Path) -> None:
    before = await dump(database_file)
    who = [caller(user, at="2026-01-06 10:00") for user in (GAON, NARAE, ADMIN)]
    pages = await asyncio.gather(*(page(people, each) for each in who for _ in range(4)))
    assert len(set(pages)) == 1
    assert await dump(database_file) == before


async def test_guests_are_refused(people: Services) -> None:
    for own in (True, False):
        with pytest.raises(NotAllowed):
            await page(people, caller(STRANGER), own=own)
    assert await people.journal.days(caller(STRANGER)) == []


async def test_a_day_has_only_what_was_said_on_it(people: Services) -> None:
    """Also where another day has something of the same kind."""
    for number, at in enumerate(("2026-01-05 10:00", "2026-01-06 10:00"), 1):
        who = caller(GAON, at=at)
        await people.questions.ask(who, f"질문{number}")
        await people.session.note(who, NoteDraft("decision", None, None, None), f"결정{number}")
        await people.round_tables.ask(admin(at), f"한마디{number}")
        await look_back(people, who, f"이름{number}", Visibility.TEAM)
        await look_back(people, caller(NARAE, at=at), f"익명{number}", Visibility.ANONYMOUS)
    texts = ("질문", "결정", "한마디", "이름", "익명")
    later = caller(GAON, at="2026-01-07 10:00")
    for own, other in ((1, 2), (2, 1)):
        shown = await page(people, later, str(own))
        assert [text for text in texts if f"{text}{own}" not in shown or f"{text}{other}" in shown] == []


async def test_on_a_day_off_what_another_team_wrote_does_not_count(people: Services) -> None:
    there = caller(ADMIN, guild_id=OTHER_GUILD, channel_id=OTHER_CHANNEL)
    await people.teams.setup(there, "다른 팀", {})
    await people.roster.add(there, STRANGER, "낯선이")
    note = NoteDraft(None, None, None, None)
    stranger = caller(STRANGER, guild_id=OTHER_GUILD, channel_id=OTHER_CHANNEL, at="2026-01-08 10:00")
    await people.session.note(caller(GAON, at="2026-01-07 10:00"), note, "우리의 수요일")
    await people.session.note(stranger, note, "그들의 목요일")
    saturday = caller(GAON, at="2026-01-10 10:00")
    assert (await people.journal.page(saturday, None, own=False)).day.date == date(2026, 1, 7)


async def test_the_teams_own_channels_are_named_even_if_not_everybody_sees_them(people: Services) -> None:
    who = caller(GAON, at="2026-01-05 10:00")
    await people.session.note(who, NoteDraft(None, None, None, None), f"<#{CHANNEL}> <#71> <#72>")
    names = ServerNames({CHANNEL: "공부방", 71: "비밀", 72: "광장"}, hidden=frozenset({CHANNEL, 71}))
    shown = (await people.journal.page(who, None, own=False, names=names)).text
    assert "#공부방 어느 채널 #광장" in shown


async def test_the_index_names_the_holiday(people: Services) -> None:
    days = await people.journal_index.index(caller(at="2026-02-20 10:00"))
    holidays = {each.date: each.label for each in days if each.standing is Standing.HOLIDAY}
    assert list(holidays) == [date(2026, 2, 18), date(2026, 2, 17), date(2026, 2, 16)]
    assert "설날" in holidays[date(2026, 2, 17)]
