"""Assignments as files, end to end: deadlines for one's calendar, and many assignments from a table."""

import sqlite3
from datetime import UTC, datetime, timedelta

import discord
import pytest
from icalendar import Calendar

from tests.study_team import MONDAY, StudyTeam

DEADLINE = datetime(2026, 1, 6, 14, 59, tzinfo=UTC)
"""23:59 in Seoul on Tuesday."""


@pytest.fixture
async def assigned(team: StudyTeam) -> StudyTeam:
    """A team with an assignment due on Tuesday night."""
    await add(team)
    return team


async def add(team, title="Attention 구현", due="내일 23:59", **options):
    return await team.admin.slash(team.channel, "assignment add", title=title, due=due, **options)


async def change(team, command, **options):
    result = await team.admin.slash(team.channel, f"assignment {command}", assignment="1", **options)
    assert result.response.ephemeral
    return result.response.content


def walk(components):
    for component in components:
        yield component
        yield from walk(getattr(component, "children", ()))


def shown(message):
    return "\n".join(item.content for item in walk(message.components) if isinstance(item, discord.TextDisplay))


class TestCalendar:
    async def test_it_holds_the_callers_own_deadlines(self, assigned):
        await add(assigned, "지난 것", "오늘 10:00")
        await add(assigned, "면제된 것", "내일 12:00")
        await add(assigned, "낸 것", "내일 13:00")
        await assigned.admin.slash(assigned.channel, "assignment excuse", assignment="3", member=assigned["나래"])
        await assigned["나래"].slash(assigned.channel, "assignment submit", assignment="4", note="끝")
        await change(assigned, "extend", member=assigned["나래"], until="2026-01-08 23:59")
        await assigned.until(MONDAY + timedelta(hours=2))
        result = await assigned["나래"].slash(assigned.channel, "assignment calendar")
        (file,) = result.response.attachments
        assert file.filename == "deadlines.ics"
        events = Calendar.from_ical(await file.read()).walk("VEVENT")
        assert [(str(event["SUMMARY"]), event.decoded("DTSTART")) for event in events] == [
            ("마감: A4 낸 것", datetime(2026, 1, 6, 4, 0, tzinfo=UTC)),
            ("마감: A1 Attention 구현", DEADLINE + timedelta(days=2)),
        ]
        assert [len(event.walk("VALARM")) for event in events] == [0, 4]

    async def test_without_deadlines_there_is_no_file(self, team):
        result = await team["나래"].slash(team.channel, "assignment calendar")
        assert result.response.content == "앞으로 남은 마감이 없어서 캘린더에 넣을 것이 없어요."
        assert result.response.attachments == []


TABLE = 'title;due;required;description\r\n과제 하나;내일 23:59;필수;"줄이\r\n둘"\r\n과제 둘;금요일 18:00;선택;\r\n'


NO_DEADLINE = "에서 마감을 읽지 못했어요. 내일 23:59, 금요일 18:00, 12월 3일 오후 6시처럼 적어 주세요."


class TestImport:
    async def read(self, team, table, name="assignments.csv"):
        data = table if isinstance(table, bytes) else table.encode("utf-8-sig")
        return await team.admin.slash(team.channel, "assignment import", file=(name, data))

    def counted(self, path):
        with sqlite3.connect(path) as connection:
            return connection.execute("SELECT count(*) FROM assignment").fetchone()[0]

    async def test_one_sees_everything_before_it_is_added(self, team, database_file):
        shown_first = (await self.read(team, TABLE)).response
        assert shown_first.ephemeral
        assert shown_first.content.splitlines() == [
            "파일에서 과제 2개를 읽었어요. 아직 올리지 않았어요.",
            "- 2026-01-06 (화) 23:59 · 과제 하나 · 줄이 둘 · 마감 전 알림 3일, 1일, 3시간, 30분",
            "- 2026-01-09 (금) 18:00 · 과제 둘 · 선택 · 마감 전 알림 3일, 1일, 3시간, 30분",
        ]
        assert self.counted(database_file) == 0
        done = await team.admin.click(shown_first, label="모두 올리기")
        assert done.response.content == "과제 2개를 올렸어요. /assignment list 에서 볼 수 있어요."
        assert done.response.components == []
        assert self.counted(database_file) == 2
        assert len([post for post in team.posts() if "과제 A" in shown(post)]) == 2

    async def test_pressed_again_nothing_is_added(self, team, database_file):
        first, second = await self.read(team, TABLE), await self.read(team, TABLE)
        await team.admin.click(first.response, label="모두 올리기")
        again = await team.admin.click(second.response, label="모두 올리기")
        assert "같은 과제가 A1로 이미 있어서 아무것도 올리지 않았어요." in again.followups[0].content
        assert self.counted(database_file) == 2

    async def test_with_a_mistake_nothing_can_be_added(self, team, database_file):
        result = await self.read(team, TABLE.replace("금요일 18:00", "언젠가"))
        assert result.response.content.splitlines() == [
            "아직 아무것도 올리지 않았어요. 아래 내용을 고쳐서 파일을 다시 첨부해 주세요.",
            f"- 4번째 줄: ‘언젠가’{NO_DEADLINE}",
        ]
        assert result.response.components == []
        assert self.counted(database_file) == 0

    async def test_many_mistakes_come_as_a_file(self, team):
        result = await self.read(team, "title,due\n" + "가,언젠가\n" * 100)
        (file,) = result.response.attachments
        assert (await file.read()).decode().count("번째 줄") == 100

    @pytest.mark.parametrize(
        ("data", "says"),
        [
            (b"PK\x03\x04\x00", "CSV UTF-8 형식으로 저장해서"),
            (b"title,due\n" + b"a" * 1024 * 1024, "1 MB"),
        ],
    )
    async def test_what_is_no_table_is_refused(self, team, database_file, data, says):
        result = await self.read(team, data, "assignments.xlsx")
        assert says in result.response.content.replace("1MB", "1 MB")
        assert self.counted(database_file) == 0
