"""Many assignments from one file over a real database: all of them or none."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.db.tables import AssignmentRow, AuditRow, BoardRow
from bot.domain.submissions import SheetEntry
from bot.errors import InvalidInput, NotAllowed
from bot.i18n import KOREAN
from bot.services.assignments import ASSIGNMENT_SUMMARY
from tests.services.assignment_team import DEADLINE, MORNING, assignment_team
from tests.services.people import dump

TABLE = """title,due,required,link,description,remind
Attention 구현,내일 23:59,,https://school.example/1,"하나
둘","3h, 1h"
논문 읽기,2026-01-30 18:00,선택,,,
회고,금요일 18:00,yes,,,없음
"""


NO_TIMES = (
    "‘가끔’에서 알림 시각을 읽지 못했어요. 3일, 3시간, 30분처럼 적거나, 알림이 필요 없으면 없음이라고 적어 주세요."
)


@pytest.fixture
async def team(database_file):
    async with assignment_team(database_file) as team:
        yield team


@pytest.fixture
def imports(team):
    return team.services.assignment_import


async def problems(team, table):
    preview = await team.services.assignment_import.preview(team.admin, table.encode())
    assert preview.entries == ()
    return [(problem.line, KOREAN.render(problem.message)) for problem in preview.problems]


async def test_a_preview_adds_nothing(team, imports, database_file):
    before = await dump(database_file)
    preview = await imports.preview(team.admin, TABLE.encode())
    assert preview.problems == ()
    assert [(entry.line, entry.new.title, entry.new.required, entry.new.reminders) for entry in preview.entries] == [
        (2, "Attention 구현", True, "3h, 1h"),
        (4, "논문 읽기", False, "3d, 1d, 3h, 30m"),
        (5, "회고", True, ""),
    ]
    assert preview.entries[0].new.due == DEADLINE
    assert preview.entries[0].new.description == "하나\n둘"
    assert await dump(database_file) == before


async def test_everything_shown_is_added_with_its_reminders(team, imports):
    preview = await imports.preview(team.admin, TABLE.encode())
    assert await imports.add_all(team.admin, preview.entries) == 3
    rows = await team.rows(AssignmentRow)
    assert [(row.number, row.title, row.link) for row in rows] == [
        (1, "Attention 구현", "https://school.example/1"),
        (2, "논문 읽기", None),
        (3, "회고", None),
    ]
    assert len(await team.pending()) == 2 + 4
    assert len(await team.pending(ASSIGNMENT_SUMMARY)) == 3
    assert sum(row.action == "assignment.add" for row in await team.rows(AuditRow)) == 3


async def test_words_like_tomorrow_mean_what_they_meant_in_the_preview(team, imports):
    preview = await imports.preview(team.admin, TABLE.encode())
    team.clock.instant = MORNING + timedelta(hours=20)
    await imports.add_all(team.admin, preview.entries)
    assert (await team.rows(AssignmentRow))[0].due_at == DEADLINE


async def test_every_problem_is_told_with_its_line(team):
    await team.services.assignments.add(team.moderator, "있는 것", "내일 23:59")
    table = """title,due,required,link,description,remind
,언젠가,아마,ftp://x,,가끔
있는 것,내일 23:59
두 번,내일 23:59
"두
번",2026-01-06 23:59
어제 것,2026-01-04 10:00
내일 것,내일 18:00,,,,,더
"""
    assert await problems(team, table) == [
        (2, "‘아마’만으로는 필수인지 선택인지 알 수 없어요. 필수나 선택이라고 적어 주세요."),
        (2, "제목은 1자에서 100자까지예요. 다시 적어 주세요."),
        (2, "‘언젠가’에서 마감을 읽지 못했어요. 내일 23:59, 금요일 18:00, 12월 3일 오후 6시처럼 적어 주세요."),
        (2, "쓸 수 있는 링크가 아니에요. https://github.com/… 처럼 https:// 로 시작하는 주소를 적어 주세요."),
        (2, NO_TIMES),
        (3, "제목과 마감이 A1과 같아요."),
        (5, "제목과 마감이 4번째 줄과 같아요."),
        (7, "1/4 일 10:00은 이미 지났어요. 앞으로의 시각을 적어 주세요. 예: 내일 23:59"),
        (8, "이름이 없는 열에 내용이 있어요. 쉼표가 든 칸은 따옴표로 감싸 주세요."),
    ]


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("", "파일에 과제가 없어요."),
        ("due\nx", "‘title’ 열이 없어요."),
        ("title,due,grade\nx,y,z", "‘grade’ 열은 몰라요."),
        ("title,due,제목\nx,y,z", "‘title’ 열이 두 번 있어요."),
        ('title,due\n"x,y', "2번째 줄을 읽지 못했어요."),
        ("title,due\n" + "a,b\n" * 1001, "과제가 1000개를 넘어요."),
        ("PK\x00", "읽을 수 있는 텍스트 파일이 아니에요."),
    ],
)
async def test_a_file_that_is_no_table_is_refused_with_what_would_do(team, imports, table, says):
    with pytest.raises(InvalidInput) as refused:
        await imports.preview(team.admin, table.encode())
    assert refused.value.text(KOREAN).startswith(says)


async def test_added_twice_the_second_adds_nothing(team, imports, database_file):
    preview = await imports.preview(team.admin, TABLE.encode())
    await imports.add_all(team.admin, preview.entries)
    before = await dump(database_file)
    with pytest.raises(InvalidInput, match="already"):
        await imports.add_all(team.admin, preview.entries)
    assert await dump(database_file) == before
    assert [line for line, _text in await problems(team, TABLE)] == [2, 4, 5]


async def test_if_one_deadline_has_passed_meanwhile_none_is_added(team, imports, database_file):
    preview = await imports.preview(team.admin, TABLE.encode())
    before = await dump(database_file)
    late = replace(team.admin, at=DEADLINE)
    with pytest.raises(InvalidInput) as refused:
        await imports.add_all(late, tuple(reversed(preview.entries)))
    assert "2번째 줄의 마감(1/6 화 23:59)" in refused.value.text(KOREAN)
    assert await dump(database_file) != []
    assert [line for line in await dump(database_file) if "assignment" in line] == [
        line for line in before if "assignment" in line
    ]


async def test_if_the_last_one_fails_in_the_middle_none_is_added(team, imports, database_file):
    """A defect, not a refusal: a title that is none."""
    preview = await imports.preview(team.admin, TABLE.encode())
    broken = SheetEntry(9, replace(preview.entries[-1].new, title=None))
    before = await dump(database_file)
    with pytest.raises(Exception, match="NOT NULL"):
        await imports.add_all(team.admin, (*preview.entries, broken))
    assert await dump(database_file) == before


async def test_only_moderators_import_not_the_one_of_today(team, imports, database_file):
    preview = await imports.preview(team.admin, TABLE.encode())
    await team.grow(1)
    await team.services.rotation.assign(team.admin, "moderator", team.member(0).user_id, None, None)
    before = await dump(database_file)
    for call in (
        imports.check(team.member(0)),
        imports.preview(team.member(0), TABLE.encode()),
        imports.add_all(team.member(0), preview.entries),
    ):
        with pytest.raises(NotAllowed):
            await call
    assert await dump(database_file) == before


class TestBoards:
    async def test_they_come_a_week_before_the_deadline(self, team, imports):
        preview = await imports.preview(team.admin, TABLE.encode())
        await imports.add_all(team.admin, preview.entries)
        await team.at(MORNING)
        assert [post.blocks[0] for post in team.channel.posts] == ["### 과제 A1 Attention 구현", "### 과제 A3 회고"]
        await team.at(datetime(2026, 1, 23, 9, 0, tzinfo=UTC))
        assert [post.blocks[0] for post in team.channel.posts if post.blocks][2:] == ["### 선택과제 A2 논문 읽기"]

    async def test_sooner_if_somebody_hands_in(self, team, imports):
        await team.grow(1)
        preview = await imports.preview(team.admin, TABLE.encode())
        await imports.add_all(team.admin, preview.entries)
        await team.at(MORNING)
        await team.submit(0, 2)
        await team.at(MORNING + timedelta(minutes=1))
        assert team.channel.posts[-1].blocks[-1] == "▰▰▰▰▰▰▰▰▰▰ 1명 중 1명 제출"
        await team.at(datetime(2026, 1, 23, 9, 0, tzinfo=UTC))
        assert len(await team.rows(BoardRow)) == 3
        assert sum(post.blocks[:1] == ("### 선택과제 A2 논문 읽기",) for post in team.channel.posts) == 1

    async def test_removed_before_it_is_posted_it_never_is(self, team, imports):
        preview = await imports.preview(team.admin, TABLE.encode())
        await imports.add_all(team.admin, preview.entries)
        await team.services.assignment_changes.remove(team.admin, 2)
        await team.at(datetime(2026, 1, 23, 9, 0, tzinfo=UTC))
        assert not any("논문" in "".join(post.blocks) for post in team.channel.posts)


async def test_a_thousand_at_once(team, imports):
    table = "title;due\r\n" + "".join(f"과제 {number};2026-03-02 18:00\r\n" for number in range(1000))
    preview = await imports.preview(team.admin, table.encode("cp949"))
    assert await imports.add_all(team.admin, preview.entries) == 1000
    assert len(await team.pending()) == 4000
