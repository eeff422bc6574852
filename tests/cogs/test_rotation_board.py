"""`/rotation show`: boards that one takes in at a glance, within Discord's limits."""

from datetime import UTC, date, datetime, timedelta

from bot.domain.lectures import NewLecture
from bot.domain.team import Caller, Member
from bot.i18n import ENGLISH, KOREAN
from bot.services import Services
from bot.services.rotation import DayTurns, NamedDuty, ShownTurn
from cogs.rotation._board import day_text, legend_text
from tests.study_team import StudyTeam

GAON, NARAE = Member(1, 11, "가온"), Member(2, 12, "*나래*")
NOTES = NamedDuty("duty:1", "기록")


def day(*turns: ShownTurn) -> DayTurns:
    return DayTurns(date(2026, 1, 6), 2, turns)


def presenting(lecture: str, member: Member | None, **state: bool) -> ShownTurn:
    return ShownTurn(NamedDuty("presenter", lecture=lecture), member, **state)


def seoul(of_month: int, hour: int, minute: int = 0) -> datetime:
    """An instant of January 2026 on a clock in Seoul."""
    return datetime(2026, 1, of_month, hour, minute, tzinfo=UTC) - timedelta(hours=9)


async def boards(team: StudyTeam, count: int) -> list[list[str]]:
    """The paragraphs of each board that is shown."""
    result = await team["가온"].slash(team.channel, "rotation show", count=count)
    assert result.response.ephemeral
    assert all(message.ephemeral for message in result.followups)
    shown = [result.response.components, *(message.components for message in result.followups)]
    return [[item["content"] for item in container["components"] if "content" in item] for (container,) in shown]


async def add_lectures(team: StudyTeam, count: int, course: str = "NLP") -> None:
    """Lectures of one day, by the service: a command each would take a second. `{n}` is replaced by their number."""
    caller = Caller(team.guild.id, (team.channel.id,), team["가온"].id, "가온", False, frozenset(), team.env.now())
    services = Services.over(team.env.bot.database, lambda: None)
    for number in range(count):
        await services.lectures.add(
            caller, NewLecture(title="Attention", course=course.format(n=number), number=f"{number}강")
        )


# ── how a day reads ───────────────────────────────────────────────────────────


def test_a_day_names_moderator_presenters_and_own_duties_each_with_nim():
    shown = day(
        presenting("5강", GAON),
        presenting("6강", NARAE),
        presenting("6강", GAON),
        ShownTurn(NamedDuty("moderator"), GAON),
        ShownTurn(NOTES, GAON),
        ShownTurn(NOTES, NARAE),
    )
    assert day_text(shown, KOREAN).splitlines() == [
        "**Day2** · 1/6 화",
        "모더레이터 가온님",
        "발표 **5강** 가온님 · **6강** \\*나래\\*님·가온님",
        "기록: 가온님·\\*나래\\*님",
    ]
    assert day_text(shown, ENGLISH).splitlines() == [
        "**Day 2** · Tue 6 Jan",
        "Moderator: 가온",
        "Presenting: **5강** 가온 · **6강** \\*나래\\* & 가온",
        "기록: 가온 & \\*나래\\*",
    ]


def test_signs_tell_what_is_given_out_confirmed_or_out_of_the_usual_and_what_they_mean():
    shown = day(
        ShownTurn(NamedDuty("moderator"), GAON, made=True, confirmed=True),
        presenting("5강", NARAE, made=True),
        presenting("6강", GAON, double=True),
        presenting("7강", None),
    )
    assert day_text(shown, KOREAN).splitlines()[1:] == [
        "모더레이터 가온님 ✅",
        "발표 **5강** \\*나래\\*님 📌 · **6강** 가온님 ⚠️ · **7강** ⚠️ 맡을 사람 없음",
    ]
    assert legend_text([shown], KOREAN) == (
        "✅ 하기로 함 · 📌 정해졌고 아직 답이 없음 · ⚠️ 사람이 모자라 하루에 두 가지를 맡음 · "
        "맡을 사람이 없는 차례는 모더레이터가 /rotation assign 으로 정할 수 있어요."
    )
    assert legend_text([day(presenting("5강", GAON))], KOREAN) == ""


def test_places_that_nobody_is_there_for_stand_with_the_others_of_their_lecture():
    shown = day(presenting("5강", GAON), presenting("6강", NARAE), presenting("5강", None))
    assert "**5강** 가온님·⚠️ 맡을 사람 없음 · **6강**" in day_text(shown, KOREAN)


# ── as it is sent ─────────────────────────────────────────────────────────────


async def test_announced_days_are_marked_and_a_duty_of_ones_own_is_shown(team):
    await team.admin.slash(team.channel, "rotation add", name="기록", per="day", people=2)
    await team.until(seoul(5, 18, 1))
    ((title, *days, legend),) = await boards(team, 3)
    assert title == "### 다음 차례"
    assert [text.count("📌") for text in days] == [3, 3, 0]
    assert days[2].splitlines()[2].count("님") == 2
    assert legend == "-# 📌 정해졌고 아직 답이 없음"


async def test_thirty_days_fit_onto_boards_within_discords_limits(team):
    await add_lectures(team, 4)
    for number in range(2):
        await team.admin.slash(team.channel, "rotation add", name=f"{'가' * 28}{number}", per="day", people=1)
    shown = await boards(team, 30)
    days = [text for board in shown for text in board if text.startswith("**Day")]
    assert [text.split("**")[1] for text in days] == [f"Day{number}" for number in range(1, 31)]
    assert len(shown) > 1
    for board in shown:
        text = "".join(board)
        assert len(text) < 3000
        assert len(text.encode()) < 9000
        assert len(board) < 40


async def test_a_day_that_no_board_takes_is_in_a_file(team):
    await add_lectures(team, 50, course="과목 {n}" + "가" * 40)
    result = await team["가온"].slash(team.channel, "rotation show", count=2)
    (file,) = result.response.attachments
    text = (await file.read()).decode()
    assert file.filename == "rotation.md"
    assert text.count("강**") == 50
    assert "**Day2** · 1/6 화" in text
