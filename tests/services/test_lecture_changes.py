"""Lectures that are edited, moved and removed, and the turns that follow them."""

from datetime import date

import pytest

from bot.db.engine import Database
from bot.db.tables import (
    ActRow,
    BoardRow,
    DeliveryRow,
    LectureRow,
    MinutesRow,
    QuestionRow,
    RequestRow,
    StudyDayRow,
    TurnRow,
)
from bot.domain.lectures import LectureEdit, LectureMove, LectureSummary, NewLecture, NewMaterial
from bot.domain.team import Member
from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.i18n import KOREAN
from bot.services import Services
from bot.services.absences import NewAbsence
from bot.services.days import ensure_day
from bot.services.turns import ACTIVE
from tests.database import writing
from tests.services.announced import (
    FRIDAY,
    MONDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    announce,
    rows,
    start_session,
    team_row,
)
from tests.services.people import ADMIN, GAON, STRANGER, caller, dump, seoul

PEOPLE = {1: "가온", 2: "나래", 3: "다솜", 4: "라온", 5: "마루", 6: "바다"}
EVENING = "2026-01-05 19:00"
"""After Tuesday was announced."""


@pytest.fixture
async def people(team: Services) -> Services:
    """Six people on the roster."""
    for user_id, name in PEOPLE.items():
        await team.roster.add(caller(), user_id, name)
    return team


async def add(services: Services, number: str, day: date = TUESDAY, at: str | None = None, **options) -> LectureSummary:
    """A lecture studied and presented on a day."""
    new = NewLecture("Attention", course="NLP", number=number, studied=str(day), presented=str(day), **options)
    return await services.lectures.add(caller() if at is None else caller(at=at), new)


async def active(database: Database) -> list[tuple[str, date, int]]:
    """Turns as they stand: duty, day, member."""
    return [(row.duty, row.date, row.member_id) for row in await rows(database, TurnRow) if row.state in ACTIVE]


async def presenters(database: Database, lecture: int) -> list[int]:
    turns = await rows(database, TurnRow)
    return [row.member_id for row in turns if row.lecture_id == lecture and row.state in ACTIVE]


async def told_acts(database: Database) -> list[int]:
    return [row.subject_id for row in await rows(database, DeliveryRow) if row.kind == "rotation.change"]


async def confirm(database: Database, member_id: int) -> None:
    """Somebody says yes to all of their turns."""
    async with writing(database) as session:
        for row in await rows(database, TurnRow):
            if row.member_id == member_id:
                (await session.get_one(TurnRow, row.id)).confirmed_at = seoul(EVENING)


def moderator_of(duties) -> Member:
    assert duties.moderator is not None
    return duties.moderator


# ── who may ───────────────────────────────────────────────────────────────────


async def test_the_presenter_and_moderators_change_a_lecture_nobody_else_does(people, database_file):
    lecture = await add(people, "5강", presenter_user_id=2)
    before = await dump(database_file)
    for user_id in (GAON, STRANGER):
        for refused in (
            people.lectures.edit(caller(user_id), lecture.id, LectureEdit(title="남의 것")),
            people.lectures.move(caller(user_id), lecture.id, LectureMove(presented="1/9")),
            people.lectures.remove(caller(user_id), lecture.id),
        ):
            with pytest.raises(NotAllowed):
                await refused
    assert await dump(database_file) == before
    assert (await people.lectures.edit(caller(2), lecture.id, LectureEdit(title="내 것"))).lecture.label.endswith(
        "내 것"
    )
    assert (await people.lectures.move(caller(ADMIN), lecture.id, LectureMove(presented="1/9"))).released == ()


async def test_whom_the_rotation_will_choose_may_change_it_too(people):
    lecture = await add(people, "5강", FRIDAY)
    chosen = lecture.presenters[0]
    await people.lectures.edit(caller(chosen.user_id), lecture.id, LectureEdit(number="6강"))
    other = next(user_id for user_id in PEOPLE if user_id != chosen.user_id)
    with pytest.raises(NotAllowed) as refused:
        await people.lectures.edit(caller(other), lecture.id, LectureEdit(number="7강"))
    assert f"발표하는 {chosen.name}님과 모더레이터만" in refused.value.text(KOREAN)


async def test_a_lecture_of_another_team_cannot_be_changed(people, database_file):
    lecture = await add(people, "5강")
    other = caller(guild_id=8, channel_id=80)
    await people.teams.setup(other, "옆 팀", {})
    before = await dump(database_file)
    for refused in (
        people.lectures.edit(other, lecture.id, LectureEdit(title="남의 것")),
        people.lectures.move(other, lecture.id, LectureMove(presented="1/9")),
        people.lectures.remove(other, lecture.id),
    ):
        with pytest.raises(NotFound):
            await refused
    assert await dump(database_file) == before


# ── editing ───────────────────────────────────────────────────────────────────


async def test_only_what_is_given_changes(people, database):
    lecture = await add(people, "5강")
    await people.lectures.edit(caller(), lecture.id, LectureEdit(number="6강"))
    await people.lectures.edit(caller(), lecture.id, LectureEdit(course="CV", title="Vision"))
    (row,) = await rows(database, LectureRow)
    assert (row.course, row.number, row.title, row.kind, row.readers) == ("CV", "6강", "Vision", "lecture", 1)


@pytest.mark.parametrize(
    ("edit", "refusal"),
    [
        (LectureEdit(), "바꿀 내용이 없어요"),
        (LectureEdit(title="  "), "제목이 비어"),
        (LectureEdit(title="가" * 201), "200자"),
        (LectureEdit(readers=0), "1명부터 3명까지"),
        (LectureEdit(readers=1000), "1명부터 3명까지"),
        (LectureEdit(readers=-1), "1명부터 3명까지"),
        (LectureEdit(kind="event", readers=2), "행사에는 발표자가 없어요"),
        (LectureEdit(number="6강"), "이미 있어요"),
    ],
)
async def test_an_edit_that_cannot_be_changes_nothing(people, database_file, edit, refusal):
    lecture = await add(people, "5강")
    await add(people, "6강")
    before = await dump(database_file)
    with pytest.raises(InvalidInput) as refused:
        await people.lectures.edit(caller(), lecture.id, edit)
    assert refusal in refused.value.text(KOREAN)
    assert await dump(database_file) == before


async def test_an_announced_paper_gets_further_readers_and_the_first_stays(people, database):
    lecture = await add(people, "5강", kind="paper")
    await announce(database)
    (first,) = await presenters(database, lecture.id)
    change = await people.lectures.edit(caller(at=EVENING), lecture.id, LectureEdit(readers=3))
    assert change.lecture.presenters[0].id == first
    assert len(set(await presenters(database, lecture.id))) == 3
    assert change.lecture.settled
    (act,) = await rows(database, ActRow)
    assert (act.kind, await told_acts(database)) == ("lecture", [act.id])


async def test_of_fewer_readers_the_first_ones_stay(people, database):
    lecture = await add(people, "5강", kind="paper", readers=3)
    await announce(database)
    first, *others = await presenters(database, lecture.id)
    change = await people.lectures.edit(caller(at=EVENING), lecture.id, LectureEdit(readers=1))
    assert await presenters(database, lecture.id) == [first]
    assert [member.id for member in change.released] == others


async def test_what_becomes_an_event_is_presented_by_nobody(people, database):
    lecture = await add(people, "5강", readers=2)
    await announce(database)
    was = await presenters(database, lecture.id)
    change = await people.lectures.edit(caller(at=EVENING), lecture.id, LectureEdit(kind="event"))
    assert [member.id for member in change.released] == was
    assert change.lecture.presenters == ()
    assert await presenters(database, lecture.id) == []


async def test_the_board_of_its_questions_is_drawn_again(people, database):
    lecture = await add(people, "5강")
    await people.questions.ask(caller(GAON), "왜요?", lecture_id=lecture.id)
    (before,) = await rows(database, BoardRow)
    await people.lectures.edit(caller(), lecture.id, LectureEdit(title="다른 제목"))
    (after,) = await rows(database, BoardRow)
    assert after.version == before.version + 1


# ── adding late ───────────────────────────────────────────────────────────────


async def test_a_lecture_added_late_leaves_everybody_else_where_they_are(people, database):
    await add(people, "5강")
    await announce(database)
    before = await active(database)
    late = await add(people, "6강", at=EVENING)
    now = await active(database)
    assert now[: len(before)] == before
    assert now[len(before) :] == [("presenter", TUESDAY, late.presenters[0].id)]
    assert late.presenters[0].id not in {member for _duty, day, member in before if day == TUESDAY}
    (act,) = await rows(database, ActRow)
    assert await told_acts(database) == [act.id]


async def test_readers_are_different_people(people, database):
    lecture = await add(people, "5강", kind="paper", readers=3)
    assert len({member.id for member in lecture.presenters}) == 3
    await announce(database)
    assert len(set(await presenters(database, lecture.id))) == 3


@pytest.mark.parametrize(("kind", "readers"), [("paper", 0), ("paper", 4), ("lecture", 1000), ("event", 1)])
async def test_a_number_of_readers_that_cannot_be_is_refused(people, database_file, kind, readers):
    before = await dump(database_file)
    with pytest.raises(InvalidInput):
        await add(people, "5강", kind=kind, readers=readers)
    assert await dump(database_file) == before


async def test_a_presenter_who_is_away_that_day_is_refused(people, database_file):
    await people.absences.away(caller(2), NewAbsence(since="1/6"))
    before = await dump(database_file)
    with pytest.raises(InvalidInput) as refused:
        await add(people, "5강", presenter_user_id=2)
    assert "나래님은 1/6 화에 자리를 비워요" in refused.value.text(KOREAN)
    assert await dump(database_file) == before


async def test_a_presenter_named_for_an_announced_day_is_told(people, database):
    await announce(database)
    lecture = await add(people, "5강", at=EVENING, presenter_user_id=2)
    assert ([member.name for member in lecture.presenters], lecture.settled) == (["나래"], True)
    assert len(await told_acts(database)) == 1


async def test_papers_are_a_reading_list(people):
    await add(people, "1", FRIDAY, kind="paper", readers=2)
    await add(people, "5강")
    await add(people, "2", WEDNESDAY, kind="paper")
    papers = await people.lectures.list(caller(), "paper")
    assert [(paper.label.split(" · ")[0], paper.presented.date) for paper in papers] == [
        ("NLP 2", WEDNESDAY),
        ("NLP 1", FRIDAY),
    ]
    assert [len(paper.presenters) for paper in papers] == [1, 2]


# ── moving ────────────────────────────────────────────────────────────────────


async def test_the_presenter_goes_with_the_lecture_and_is_told(people, database):
    lecture = await add(people, "5강", WEDNESDAY)
    await announce(database, TUESDAY)
    (presenter,) = await presenters(database, lecture.id)
    await confirm(database, presenter)
    change = await people.lectures.move(caller(at="2026-01-06 19:00"), lecture.id, LectureMove(presented="1/8"))
    assert [member.id for member in change.lecture.presenters] == [presenter]
    turns = [row for row in await rows(database, TurnRow) if row.duty == "presenter"]
    assert [(row.date, row.state, row.confirmed_at is not None) for row in turns] == [
        (WEDNESDAY, "replaced", True),
        (THURSDAY, "assigned", True),
    ]
    assert await told_acts(database) == [turns[1].act_id]


async def test_a_day_that_nobody_was_told_of_is_not_given_out_by_a_move(people, database):
    lecture = await add(people, "5강")
    await announce(database)
    await people.lectures.move(caller(at=EVENING), lecture.id, LectureMove(presented="1/16"))
    days = {day for _duty, day, _member in await active(database)}
    assert days == {MONDAY, TUESDAY, date(2026, 1, 16)}


async def test_with_another_duty_on_the_new_day_the_turn_is_given_out_again(people, database):
    lecture = await add(people, "5강", FRIDAY)
    await announce(database)
    moderator = moderator_of(await announce(database, TUESDAY))
    await people.rotation.assign(caller(at="2026-01-06 19:00"), "moderator", moderator.user_id, "1/8", None)
    async with writing(database) as session:
        team = await team_row(session)
        session.add(
            TurnRow(
                team_id=team.id, duty="presenter", unit=f"lecture:{lecture.id}", date=FRIDAY, lecture_id=lecture.id,
                member_id=moderator.id, state="proposed", made_at=seoul(EVENING),
            )
        )  # fmt: skip
    change = await people.lectures.move(caller(at="2026-01-06 19:00"), lecture.id, LectureMove("1/8", "1/8"))
    assert moderator not in change.lecture.presenters
    assert len(change.lecture.presenters) == 1
    assert change.released == (moderator,)


async def test_whoever_confirmed_keeps_the_lecture_and_loses_the_duty_that_nobody_confirmed(people, database):
    lecture = await add(people, "5강", TUESDAY)
    await announce(database)
    moderator = moderator_of(await announce(database, TUESDAY))  # of Wednesday
    assert moderator.id not in await presenters(database, lecture.id)
    await people.rotation.assign(caller(at=EVENING), "presenter", moderator.user_id, None, lecture.id)
    await people.lectures.move(caller(at=EVENING), lecture.id, LectureMove("1/7", "1/7"))
    assert await presenters(database, lecture.id) == [moderator.id]
    of_wednesday = [member for duty, day, member in await active(database) if (duty, day) == ("moderator", WEDNESDAY)]
    assert len(of_wednesday) == 1
    assert of_wednesday != [moderator.id]


async def test_whoever_is_away_on_the_new_day_gives_the_turn_away(people, database):
    lecture = await add(people, "5강", WEDNESDAY)
    await announce(database, TUESDAY)
    (presenter,) = await presenters(database, lecture.id)
    await confirm(database, presenter)
    await people.absences.away(caller(presenter, at=EVENING), NewAbsence(since="1/8"))
    change = await people.lectures.move(caller(at="2026-01-06 19:00"), lecture.id, LectureMove(presented="1/8"))
    assert [member.id for member in change.released] == [presenter]
    assert [member.id for member in change.lecture.presenters] != [presenter]


async def test_presenting_stays_after_studying(people):
    lecture = (await people.lectures.add(caller(), NewLecture("Attention", studied="1/6"))).id

    async def days(studied: str | None, presented: str | None) -> tuple[date, date]:
        moved = (await people.lectures.move(caller(), lecture, LectureMove(studied, presented))).lecture
        return moved.studied.date, moved.presented.date

    assert await days("1/8", None) == (THURSDAY, FRIDAY)
    assert await days("1/6", None) == (TUESDAY, FRIDAY)
    assert await days(None, "1/6") == (TUESDAY, TUESDAY)
    assert await days("1/8", None) == (THURSDAY, THURSDAY)
    assert await days("1/7", "1/9") == (WEDNESDAY, FRIDAY)


@pytest.mark.parametrize(
    ("move", "refusal"),
    [
        (LectureMove(), "어느 날로 옮길지"),
        (LectureMove(studied="2026-01-02"), "이미 지났어요"),
        (LectureMove(presented="2026-01-02"), "이미 지났어요"),
        (LectureMove(presented="1/10"), "학습일이 아니에요"),
        (LectureMove(studied="1/10"), "학습일이 아니에요"),
        (LectureMove(studied="1/9", presented="1/8"), "공부(1/9 금)보다 빨라요"),
        (LectureMove(presented="2027-02-01"), "1년 넘게"),
        (LectureMove(presented="언젠가"), "날짜를 읽지 못했어요"),
        (LectureMove(presented="1/7"), "이미 그 날짜예요"),
    ],
)
async def test_a_move_that_cannot_be_changes_nothing(people, database_file, move, refusal):
    lecture = await people.lectures.add(caller(), NewLecture("Attention", studied="1/6"))
    before = await dump(database_file)
    with pytest.raises(InvalidInput) as refused:
        await people.lectures.move(caller(), lecture.id, move)
    assert refusal in refused.value.text(KOREAN)
    assert await dump(database_file) == before


async def test_what_was_studied_is_only_presented_on_another_day(people, database_file):
    lecture = await people.lectures.add(caller(), NewLecture("Attention"))  # studied on Monday
    tuesday = caller(at="2026-01-06 10:00")
    with pytest.raises(InvalidInput) as refused:
        await people.lectures.move(tuesday, lecture.id, LectureMove(studied="1/7"))
    assert "발표하는 날(present_on)만" in refused.value.text(KOREAN)
    moved = await people.lectures.move(tuesday, lecture.id, LectureMove(presented="1/7"))
    assert moved.lecture.presented.date == WEDNESDAY


async def test_once_presented_a_lecture_stays(people, database_file):
    lecture = await add(people, "5강", MONDAY)
    tuesday = caller(at="2026-01-06 10:00")
    await people.lectures.add(tuesday, NewLecture("다른 것"))  # closes Monday
    before = await dump(database_file)
    for refused in (
        people.lectures.edit(tuesday, lecture.id, LectureEdit(title="다시")),
        people.lectures.move(tuesday, lecture.id, LectureMove(presented="1/7")),
        people.lectures.remove(tuesday, lecture.id),
    ):
        with pytest.raises(InvalidInput) as refusal:
            await refused
        assert "이미 끝난 날이라" in refusal.value.text(KOREAN)
    assert await dump(database_file) == before


@pytest.mark.parametrize(("begun", "day"), [(False, FRIDAY), (True, TUESDAY)])
async def test_its_questions_go_with_it_unless_they_were_at_a_table(people, database, begun, day):
    lecture = await add(people, "5강")
    await people.questions.ask(caller(GAON), "왜요?", lecture_id=lecture.id)
    if begun:
        await start_session(database, TUESDAY)
    await people.lectures.move(caller(at="2026-01-06 17:00"), lecture.id, LectureMove(presented="1/9"))
    (question,) = await rows(database, QuestionRow)
    days = {row.id: row.date for row in await rows(database, StudyDayRow)}
    assert days[question.day_id] == day


# ── removing ──────────────────────────────────────────────────────────────────


async def test_a_removed_lecture_leaves_its_turns_as_history(people, database):
    lecture = await add(people, "5강")
    await announce(database)
    (presenter,) = await presenters(database, lecture.id)
    await people.rotation.assign(caller(at=EVENING), "presenter", 2 if presenter != 2 else 3, None, lecture.id)
    change = await people.lectures.remove(caller(at=EVENING), lecture.id)
    assert [member.id for member in change.released] == [2 if presenter != 2 else 3]
    assert await rows(database, LectureRow) == []
    kept = [row for row in await rows(database, TurnRow) if row.duty == "presenter"]
    assert [(row.state, row.lecture_id) for row in kept] == [("replaced", None)] * 2
    history = await people.rotation.history(caller(), None)
    assert [turn.member.id for turn in history if turn.duty.key == "presenter"] == [row.member_id for row in kept]


async def test_the_next_lecture_inherits_nothing(people, database):
    removed = await add(people, "5강")
    await announce(database)
    (presenter,) = await presenters(database, removed.id)
    async with writing(database) as session:
        team = await team_row(session)
        session.add(
            RequestRow(
                team_id=team.id, kind="swap", duty="presenter", unit=f"lecture:{removed.id}", turn_date=TUESDAY,
                member_id=presenter, asked_by=presenter, asked_at=seoul(EVENING), state="open",
            )
        )  # fmt: skip
    await people.lectures.remove(caller(at=EVENING), removed.id)
    added = await add(people, "6강", FRIDAY, at=EVENING)
    assert added.id > removed.id  # the database gives no number again
    assert not added.settled
    assert await people.swaps.asking(1) == "the request is overtaken"
    assert await presenters(database, added.id) == []
    (turn,) = [turn for turn in await people.rotation.history(caller(), None) if turn.duty.key == "presenter"]
    assert turn.duty.lecture is None


async def hang(services: Services, database: Database, lecture: int, what: str) -> None:
    if what == "질문":
        await services.questions.ask(caller(GAON), "왜요?", lecture_id=lecture)
    elif what == "정리":
        await services.lectures.add_note(caller(GAON), lecture, "정리")
    elif what == "자료":
        await services.lectures.add_material(caller(GAON), lecture, NewMaterial(None, "https://example.org"))
    elif what == "과제":
        await services.assignments.add(caller(), "과제", "2026-01-20 18:00", lecture_id=lecture)
    else:
        async with writing(database) as session:
            day = await ensure_day(session, await team_row(session), TUESDAY)
            session.add(
                MinutesRow(
                    day_id=day.id, lecture_id=lecture, member_id=1, kind="note", text="메모", noted_at=seoul(EVENING)
                )
            )


@pytest.mark.parametrize("what", ["질문", "정리", "자료", "회의록", "과제"])
async def test_a_lecture_that_people_have_used_stays_and_the_answer_says_what_for(
    people, database, database_file, what
):
    lecture = await add(people, "5강")
    await hang(people, database, lecture.id, what)
    before = await dump(database_file)
    with pytest.raises(InvalidInput) as refused:
        await people.lectures.remove(caller(), lecture.id)
    assert f"({what} 1개)" in refused.value.text(KOREAN)
    assert await dump(database_file) == before


async def test_everything_that_hangs_on_it_is_named(people, database):
    lecture = await add(people, "5강")
    for what in ("질문", "정리", "정리", "자료"):
        await hang(people, database, lecture.id, what)
    with pytest.raises(InvalidInput) as refused:
        await people.lectures.remove(caller(), lecture.id)
    assert "(질문 1개, 정리 2개, 자료 1개)" in refused.value.text(KOREAN)


async def test_what_stands_on_a_closed_page_is_not_taken_away(people, database_file):
    lecture = await people.lectures.add(caller(), NewLecture("Attention"))
    await people.lectures.add(caller(at="2026-01-06 10:00"), NewLecture("다른 것"))  # closes Monday
    await people.calendar.off(caller(at="2026-01-06 10:00"), "1/20", None)
    before = await dump(database_file)
    with pytest.raises(InvalidInput) as refused:
        await people.lectures.remove(caller(at="2026-01-06 10:00"), lecture.id)
    assert "이미 공부해서" in refused.value.text(KOREAN)
    assert await dump(database_file) == before


# ── the calendar ──────────────────────────────────────────────────────────────


async def test_when_the_announced_day_is_taken_off_the_next_one_takes_its_place(people, database):
    lecture = await add(people, "5강")
    before = await announce(database)
    await people.calendar.off(caller(at=EVENING), "1/6", None)
    assert await presenters(database, lecture.id) == [before.presenters[lecture.id][0].id]
    of_wednesday = [(duty, member) for duty, day, member in await active(database) if day == WEDNESDAY]
    assert [duty for duty, _member in of_wednesday] == ["presenter", "moderator"]
    assert len({member for _duty, member in of_wednesday}) == 2
    (act,) = await rows(database, ActRow)
    assert (act.kind, await told_acts(database)) == ("calendar", [act.id])


async def test_an_extra_study_day_before_the_announced_one_is_given_out_at_once(people, database):
    await people.calendar.off(caller(), "1/6", None)
    await announce(database)  # Wednesday
    await people.calendar.on(caller(at=EVENING), "1/6", None)
    assert [duty for duty, day, _member in await active(database) if day == TUESDAY] == ["moderator"]


async def test_a_change_of_the_calendar_that_moves_no_turn_is_no_act(people, database):
    await announce(database)
    await people.calendar.off(caller(at=EVENING), "1/20", None)
    assert await rows(database, ActRow) == []


async def test_two_moderated_lectures_that_come_to_one_day_are_presented_by_two(people, database):
    first = await add(people, "5강", TUESDAY, presenter_user_id=2)
    second = await add(people, "6강", WEDNESDAY)
    async with writing(database) as session:
        team = await team_row(session)
        session.add(
            TurnRow(
                team_id=team.id, duty="presenter", unit=f"lecture:{second.id}", date=WEDNESDAY, lecture_id=second.id,
                member_id=2, state="proposed", made_at=seoul(EVENING),
            )
        )  # fmt: skip
    await people.calendar.off(caller(at=EVENING), "1/6", None)
    listed = {each.id: each.presenters for each in await people.lectures.list(caller(at=EVENING))}
    assert [member.name for member in listed[first.id]] == ["나래"]
    assert len(listed[second.id]) == 1
