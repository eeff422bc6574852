"""What is stored about a person: all of it is exported, and after erasing none of it is anywhere in the file."""

import shutil
from dataclasses import asdict
from datetime import date

import pytest
from sqlalchemy import BigInteger, Text, func, select

from bot.db.tables import Base, DeliveryRow, MemberRow, PassRow, TeamRow, VoteRow
from bot.domain.attendance import Attendance
from bot.domain.deliveries import State
from bot.domain.lectures import NewLecture, NewMaterial
from bot.domain.retro import Visibility
from bot.domain.session import NoteDraft
from bot.domain.submissions import Work
from bot.errors import NotFound
from bot.services import Services
from bot.services.absences import NewAbsence
from bot.services.days import ensure_day
from bot.services.deliveries import Deliveries, plan
from bot.services.mydata._tables import OF_THE_TEAM, PARTS, USERS, personal_tables
from bot.services.rotation.swaps import WantedTurn
from tests.database import reading, writing
from tests.services.people import ADMIN, GAON, STRANGER, caller, dump
from tests.services.test_journal import look_back

USER = 987654321987654321
"""Whom the tests erase: an id that no other number contains."""
NAME = "도토리묵"
PRIVATE = ("비밀회고", "비밀사유", "비밀메모", "거둔질문", "고치기전답변", "결석사연", "건너뛴사정", "거둔회의록")
PUBLIC = ("공개질문", "공개답변", "공개회의록", "공개회고", "공개정리")


def me(at="2026-01-05 10:00"):
    return caller(USER, at=at)


@pytest.fixture
async def lived(team: Services) -> Services:
    """A member who has left something in nearly every place there is, and somebody else who stays."""
    await team.roster.add(caller(ADMIN), USER, NAME)
    await team.roster.add(caller(ADMIN), GAON, "가온")
    lecture = await team.lectures.add(me(), NewLecture("RNN", course="NLP", number="3강", presented="오늘"))
    await team.lectures.add_note(me(), lecture.id, "공개정리")
    await team.lectures.add_material(me(), lecture.id, NewMaterial("자료", "https://ex.org", None, None, None, None))
    asked = await team.questions.ask(me(), "공개질문", lecture_id=lecture.id)
    withdrawn = await team.questions.ask(me(), "거둔질문", lecture_id=lecture.id)
    await team.questions.withdraw(me(), withdrawn.id)
    of_gaon = await team.questions.ask(caller(GAON, at="2026-01-05 10:00"), "가온의 질문")
    await team.questions.vote(me(), of_gaon.id)
    await team.questions.answer(me(), of_gaon.id, "고치기전답변")
    await team.questions.answer(me("2026-01-05 10:05"), of_gaon.id, "공개답변")
    await team.questions.further(me(), asked.id)
    added = await team.assignments.add(caller(ADMIN), "과제", "2026-01-05 23:59")
    await team.assignments.submit(me(), added.assignment.id, Work(link="https://ex.org/n", note="비밀메모"))
    await team.session.start(caller(ADMIN, at="2026-01-05 16:00"))
    await team.session.note(me("2026-01-05 16:10"), NoteDraft("decision", None, None, None), "공개회의록")
    await team.session.note(me("2026-01-05 16:12"), NoteDraft(None, None, None, None), "거둔회의록")
    await team.minutes.undo(me("2026-01-05 16:13"))
    await team.attendances.mark(me("2026-01-05 16:14"), 1, Attendance.LATE, "결석사연")
    await team.session.end(caller(ADMIN, at="2026-01-05 17:00"))
    await look_back(team, me("2026-01-05 21:10"), "공개회고", Visibility.TEAM)
    await look_back(team, me("2026-01-06 21:10"), "비밀회고", Visibility.PRIVATE)
    turns = WantedTurn("moderator", "2026-01-09", None)
    await team.rotation.assign(caller(ADMIN, at="2026-01-07 09:00"), "moderator", USER, "2026-01-09", None)
    await team.swaps.skip(me("2026-01-07 09:30"), turns, "건너뛴사정", None)
    await team.absences.away(me("2026-01-07 10:00"), NewAbsence(since="2026-01-20", reason="비밀사유"))
    return team


def now(who, at="2026-01-07 12:00"):
    return caller(who, at=at)


async def page(services: Services, day: str) -> str:
    return (await services.journal.page(now(GAON), day, own=False)).text


async def test_all_that_was_written_is_exported_and_nothing_of_others(lived):
    (holding,) = await lived.mydata.export(now(USER))
    text = str(asdict(holding))
    assert [word for word in (*PRIVATE, *PUBLIC) if word not in text and word != "거둔회의록"] == []
    assert "가온" not in text
    assert {"member", "turn", "question", "answer", "answer_version", "reflection", "absence"} <= set(holding.tables)


async def test_an_erased_person_is_nowhere_in_the_file_and_the_pages_keep_what_the_team_was_shown(
    lived, database, database_file, tmp_path
):
    before = {day: await page(lived, day) for day in ("1", "2")}
    assert await lived.mydata.erase(now(USER)) == ["스터디"]
    copy = shutil.copy(database_file, tmp_path / "copy.sqlite3").read_bytes()
    log = database_file.with_name(database_file.name + "-wal")
    for data in (copy, log.read_bytes() if log.exists() else b""):
        assert [word for word in (NAME, *PRIVATE) if word.encode() in data] == []
    assert [line for line in await dump(database_file) if str(USER) in line] == []
    assert {day: await page(lived, day) for day in ("1", "2")} == {
        day: text.replace(NAME, "탈퇴한 팀원") for day, text in before.items()
    }
    assert all(word in before["1"] for word in PUBLIC)


async def test_an_erased_person_is_off_the_roster_and_may_join_as_somebody_new(lived, database):
    await lived.mydata.erase(now(USER))
    assert [member.name for member in await lived.roster.list(now(GAON))] == ["가온"]
    with pytest.raises(NotFound):
        await lived.mydata.export(now(USER))
    await lived.roster.join(now(USER), NAME)
    (holding,) = await lived.mydata.export(now(USER))
    assert "question" not in holding.tables
    await lived.mydata.erase(now(USER))
    async with reading(database) as session:
        names = await session.scalars(select(MemberRow.name).order_by(MemberRow.id))
        assert list(names) == ["탈퇴한 팀원", "가온", "탈퇴한 팀원 2"]


async def test_what_was_to_be_sent_to_them_is_not_sent(lived, database):
    async with writing(database) as session:
        await plan(session, team_id=1, kind="rotation.request", subject_id=9, due_at=now(USER).at, user_id=USER)
    await lived.mydata.erase(now(USER))
    async with reading(database) as session:
        row = await session.scalar(select(DeliveryRow).where(DeliveryRow.subject_id == 9))
        assert (row.state, row.user_id) == (State.CANCELLED, None)


async def test_nobody_elses_data_is_exported_or_erased(lived, database_file):
    before = await dump(database_file)
    for call in (lived.mydata.export, lived.mydata.erase):
        with pytest.raises(NotFound):
            await call(now(STRANGER))
    assert await dump(database_file) == before


def test_every_table_is_known_to_hold_something_of_a_person_or_not():
    personal = {table.name for table in personal_tables()} | set(PARTS)
    assert {table.name for table in Base.metadata.sorted_tables} == personal | OF_THE_TEAM
    assert not personal & OF_THE_TEAM


def test_every_id_of_discord_is_known_to_be_a_persons_or_not():
    """A new column with somebody's id has to be named in `USERS`."""
    of_places = ("guild_id", "channel_id", "message_id", "attachment_id", "role_id")
    found = {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if type(column.type) is BigInteger
        and not column.primary_key
        and not column.foreign_keys
        and not column.name.endswith(of_places)
    }
    assert found == {(table, column) for table, columns in USERS.items() for column in columns}


CODES = {
    *("action", "subject", "kind", "weekdays", "state", "slot", "lane", "nonce", "visibility", "duty", "unit"),
    *("other_duty", "other_unit", "made_as", "cause", "verdict", "was_state"),
}
"""Columns in which the program writes, in any table."""

ERASED = {
    *("audit.before", "audit.after", "audit.reason", "rotation_act.reason", "absence.reason", "attendance.reason"),
    *("delivery.payload", "answer_version.text", "question_change.was_reason", "submission.note", "member.name"),
}
SHOWN = {
    *("experiment.text", "lecture_material.title", "lecture_material.url", "lecture_note.text", "minutes.text"),
    *("question.text", "question.reason", "question.attachment_name", "answer.text", "roundtable_reply.text"),
    *("submission.link", "submission.attachment_name", "reflection.question", "reflection.text"),
}
"""What the team was shown; of what it was not, a private retrospective and a withdrawn question, the text goes."""


def test_of_every_text_it_is_known_whether_it_stays():
    """A new column with words has to be named in one of the lists above, and erased if it belongs there."""
    names = {table.name for table in personal_tables()} | set(PARTS)
    found = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if table.name in names and isinstance(column.type, Text) and column.name not in CODES
    }
    assert found - {"delivery.reason"} == ERASED | SHOWN


async def left_behind(services: Services, database_file, *words: str) -> list[str]:
    """Which of the words are still in the file once the person has been erased."""
    await services.mydata.erase(now(USER))
    text = "\n".join(await dump(database_file))
    return [word for word in words if word in text]


async def test_an_entry_that_a_moderator_took_back_is_gone_from_the_record(lived, database_file):
    await lived.session.note(me("2026-01-07 10:10"), NoteDraft(None, None, None, None), "남이거둔내글")
    await lived.minutes.undo(caller(ADMIN, at="2026-01-07 10:11"))
    assert "남이거둔내글" in "\n".join(await dump(database_file))
    assert await left_behind(lived, database_file, "남이거둔내글") == []


async def test_a_name_from_before_and_one_with_quotes_are_gone_as_well(lived, database_file):
    for name in ('도"토리', "새이름"):
        await lived.roster.rename(caller(ADMIN, at="2026-01-07 10:00"), USER, name)
    assert await left_behind(lived, database_file, NAME, '도"토리', '도\\"토리', "새이름") == []


async def test_votes_and_passes_are_gone(lived, database):
    await lived.retro_nudges.let_be(me("2026-01-07 21:10"), await day_id(database, "2026-01-07"))
    assert await rows_of(database, VoteRow, PassRow) == [1, 1]
    await lived.mydata.erase(now(USER, at="2026-01-07 22:00"))
    assert await rows_of(database, VoteRow, PassRow) == [0, 0]


async def day_id(database, day: str) -> int:
    async with writing(database) as session:
        team = await session.get_one(TeamRow, 1)
        return (await ensure_day(session, team, date.fromisoformat(day))).id


async def rows_of(database, *tables) -> list[int]:
    async with reading(database) as session:
        return [await session.scalar(select(func.count()).select_from(table)) for table in tables]


async def test_what_is_under_way_is_let_go_of_once_it_is_there(lived, database, database_file):
    deliveries, at = Deliveries(database), now(USER).at
    async with writing(database) as session:
        await plan(session, team_id=1, kind="admin.undelivered", subject_id=9, due_at=at, channel_id=70)
        sending = await session.scalar(select(DeliveryRow.id).where(DeliveryRow.subject_id == 9))
    assert await deliveries.begin(sending, f'{{"text": "<@{USER}>"}}', 70, at)
    await lived.mydata.erase(now(USER))
    await deliveries.sent(sending, 123)
    assert [line for line in await dump(database_file) if str(USER) in line] == []


async def test_what_others_changed_about_them_is_exported_without_saying_who(lived):
    await lived.roster.rename(caller(ADMIN, at="2026-01-07 10:00"), USER, "새이름")
    (holding,) = await lived.mydata.export(now(USER))
    renamed = [row for row in holding.tables["audit"] if row["action"] == "roster.rename"]
    assert [(row["actor_id"], row["after"]) for row in renamed] == [(None, '{"name": "새이름"}')]
