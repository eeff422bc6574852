"""Skipping, swapping, stepping in and taking back, over a real database."""

import asyncio
from datetime import date, datetime

import pytest
from sqlalchemy import delete, select

from bot.db.engine import Database
from bot.db.tables import ActRow, AuditRow, DeliveryRow, TeamRow, TurnRow
from bot.domain.lectures import NewLecture
from bot.errors import InvalidInput, NotAllowed, NotFound, UserError
from bot.i18n import ENGLISH
from bot.services import Services
from bot.services.absences import NewAbsence
from bot.services.rotation.swaps import Request, SteppedIn, WantedTurn
from bot.services.turns import ROTATION_CHANGE, propose
from tests.database import reading, writing
from tests.services.people import ADMIN, GUILD, STRANGER, caller, dump, seoul

PEOPLE = {1: "가온", 2: "나래", 3: "다솜", 4: "라온", 5: "마루"}
MON, TUE, WED, THU, FRI = (date(2026, 1, 5 + step) for step in range(5))
MODERATES = WantedTurn(duty="moderator")
EVENING = "2026-01-05 18:30"


@pytest.fixture
async def people(team: Services) -> Services:
    """Five people on the roster; they moderate in the order of their numbers, 가온 on Monday."""
    for user_id, name in PEOPLE.items():
        await team.roster.add(caller(), user_id, name)
    return team


async def team_row(session) -> TeamRow:
    return (await session.scalars(select(TeamRow).where(TeamRow.guild_id == GUILD))).one()


async def announce(database: Database, day: date, at: str) -> None:
    """Let the turns of a day be known."""
    async with writing(database) as session:
        await propose(session, await team_row(session), day, seoul(at))


async def rows(database: Database, kind):
    async with reading(database) as session:
        return list(await session.scalars(select(kind).order_by(kind.id)))


async def history(database: Database, day: date | None = None, duty: str = "moderator") -> list[tuple[int, str]]:
    """Member and state of every turn of a duty that was made, of one day or all."""
    turns = [turn for turn in await rows(database, TurnRow) if turn.duty == duty and day in {None, turn.date}]
    return [(turn.member_id, turn.state) for turn in turns]


async def standing(database: Database) -> list[tuple[str, str, date, int, str, bool]]:
    """The turns as they stand, whoever made them."""
    turns = [turn for turn in await rows(database, TurnRow) if turn.state in {"proposed", "assigned"}]
    return sorted(
        (turn.duty, turn.unit, turn.date, turn.member_id, turn.state, turn.confirmed_at is not None) for turn in turns
    )


async def shown(services: Services, count: int = 7, at: datetime | str = "2026-01-05 09:00") -> dict[date, list[str]]:
    """Everybody with a duty on each study day, moderators last."""
    days = await services.rotation.show(caller(1, at=at), count)
    return {day.date: [turn.member.name for turn in day.turns if turn.member is not None] for day in days}


async def changes(database: Database) -> int:
    """How many messages about a change were planned."""
    return sum(delivery.kind == ROTATION_CHANGE for delivery in await rows(database, DeliveryRow))


async def add_lecture(services: Services, number: str, day: date = TUE, **options: object) -> int:
    new = NewLecture(title="Attention", number=number, studied=str(MON), presented=str(day), **options)
    return (await services.lectures.add(caller(), new)).id


async def start_session(services: Services, at: str) -> None:
    await services.session.start(caller(at=at))


def ask(services: Services, who: int, whom: int, at: str = "2026-01-05 10:00", **wanted: object):
    return services.swaps.ask_swap(caller(who, at=at), whom, WantedTurn(**{"duty": "moderator", **wanted}))


# ── skipping ──────────────────────────────────────────────────────────────────


async def test_a_skipped_turn_of_an_announced_day_goes_to_somebody_else_at_once_and_is_told(people, database):
    await announce(database, TUE, EVENING)
    done = await people.swaps.skip(caller(2, at="2026-01-05 19:00"), WantedTurn(), " 병원에 가요 ", None)
    assert (done.turn.date, done.turn.member.name, done.now.name, done.told) == (TUE, "나래", "다솜", True)
    assert await history(database, TUE) == [(2, "skipped"), (3, "proposed")]
    (new,) = [turn for turn in await rows(database, TurnRow) if turn.member_id == 3]
    assert new.cause == "skip"
    assert await changes(database) == 1
    skip = next(row for row in await rows(database, AuditRow) if row.action == "rotation.skip")
    assert (skip.actor_id, skip.reason, skip.subject) == (2, "병원에 가요", f"act:{new.act_id}")


async def test_a_skipped_turn_of_a_day_to_come_is_only_kept_and_the_plan_goes_on_without_it(people, database):
    before = await shown(people)
    assert before[WED] == ["다솜"]
    done = await people.swaps.skip(caller(3), MODERATES, None, None)
    assert (done.turn.date, done.now.name, done.told) == (WED, "라온", False)
    assert await history(database) == [(3, "skipped")]
    assert await changes(database) == 0
    after = await shown(people)
    assert after[WED] == ["라온"]
    assert after[THU] == ["다솜"], "the turn comes first next time"


async def test_what_is_told_of_a_skip_is_what_happens(people, database):
    done = await people.swaps.skip(caller(3), MODERATES, None, None)
    await announce(database, TUE, EVENING)
    await announce(database, WED, "2026-01-06 18:30")
    assert await history(database, WED) == [(3, "skipped"), (done.now.id, "proposed")]


async def test_today_can_be_skipped_until_the_session_begins(people, database):
    done = await people.swaps.skip(caller(1), MODERATES, None, None)
    assert (done.turn.date, done.now.name, done.told) == (MON, "나래", True)
    await start_session(people, "2026-01-05 16:00")
    with pytest.raises(InvalidInput, match="Too late"):
        await people.swaps.skip(caller(2, at="2026-01-05 16:01"), WantedTurn("moderator", "1/5"), None, None)


async def test_a_day_that_was_closed_early_is_too_late(people):
    await people.journal_closing.close(caller(at="2026-01-05 15:00"), None, "오늘은 여기까지")
    with pytest.raises(InvalidInput, match="Too late"):
        await people.swaps.skip(caller(1, at="2026-01-05 15:01"), WantedTurn("moderator", "1/5"), None, None)
    with pytest.raises(InvalidInput, match="Too late"):
        await people.swaps.ask_swap(caller(1, at="2026-01-05 15:01"), 2, WantedTurn("moderator", "1/5"))


async def test_once_todays_session_has_begun_the_next_turn_is_meant(people, database):
    await start_session(people, "2026-01-05 16:00")
    done = await people.swaps.skip(caller(1, at="2026-01-05 16:01"), MODERATES, None, None)
    assert done.turn.date == date(2026, 1, 12)


async def test_of_two_lectures_the_right_one_is_skipped(people, database):
    first, second = await add_lecture(people, "1강"), await add_lecture(people, "2강")
    for lecture in (first, second):
        await people.rotation.assign(caller(), "presenter", 5, None, lecture)
    with pytest.raises(InvalidInput) as refused:
        await people.swaps.skip(caller(5), WantedTurn("presenter"), None, None)
    text = refused.value.text(ENGLISH)
    assert "presenting 1강 on Tue 6 Jan" in text
    assert "presenting 2강 on Tue 6 Jan" in text
    done = await people.swaps.skip(caller(5), WantedTurn("presenter", None, second), None, None)
    assert done.turn.duty.lecture == "2강"
    assert {turn.lecture_id: turn.state for turn in await rows(database, TurnRow) if turn.member_id == 5} == {
        first: "assigned",
        second: "skipped",
    }


async def test_two_skips_at_once_skip_once(people, database):
    await announce(database, TUE, EVENING)
    wanted = WantedTurn("moderator", "1/6")
    skips = [people.swaps.skip(caller(2, at="2026-01-05 19:00"), wanted, None, None) for _ in range(3)]
    done = await asyncio.gather(*skips, return_exceptions=True)
    assert [type(each).__name__ for each in done] == ["Skipped", "InvalidInput", "InvalidInput"]
    assert await history(database, TUE) == [(2, "skipped"), (3, "proposed")]


async def test_a_moderator_skips_for_a_member_and_so_does_todays(people, database):
    done = await people.swaps.skip(caller(ADMIN), MODERATES, None, 2)
    assert done.turn.member.name == "나래"
    await people.rotation.assign(caller(), "moderator", 5, None, None)
    assert (await people.swaps.skip(caller(5), MODERATES, None, 4)).turn.member.name == "라온"


async def test_a_skip_with_nobody_left_is_refused_and_changes_nothing(team, database, database_file):
    await team.roster.add(caller(), 1, "가온")
    await announce(database, TUE, EVENING)
    before = await dump(database_file)
    with pytest.raises(InvalidInput, match="Nobody else is there"):
        await team.swaps.skip(caller(1, at="2026-01-05 19:00"), MODERATES, None, None)
    assert await dump(database_file) == before


async def test_a_week_that_is_skipped_in_its_middle_goes_on_with_somebody_else(people, database):
    await people.teams.set(caller(), "moderator_per", "week")
    await announce(database, TUE, EVENING)
    at = "2026-01-07 09:00"
    done = await people.swaps.skip(caller(1, at=at), MODERATES, None, None)
    assert (done.turn.date, done.now.name) == (WED, "나래")
    week = await shown(people, 3, at)
    assert list(week.values()) == [["나래"]] * 3


# ── swapping ──────────────────────────────────────────────────────────────────


async def test_a_swap_asks_and_changes_nothing_until_the_other_agrees(people, database):
    request = await ask(people, 2, 4)
    assert (request.turn.date, request.turn.member.name) == (TUE, "나래")
    assert (request.other_turn.date, request.other_turn.member.name) == (THU, "라온")
    assert await rows(database, TurnRow) == []
    asking = await people.swaps.asking(request.id)
    assert asking.pinged == (4,)
    posts = [row for row in await rows(database, DeliveryRow) if row.kind == "rotation.request"]
    assert [(post.subject_id, post.due_at) for post in posts] == [(request.id, seoul("2026-01-05 10:00"))]


async def test_an_agreed_swap_fixes_both_turns_in_one_act_and_is_told_once(people, database):
    request = await ask(people, 2, 4)
    answered = await people.swaps.accept(caller(4, at="2026-01-05 11:00"), request.id)
    assert (answered.request.state, answered.by_this) == ("agreed", True)
    assert await standing(database) == [
        ("moderator", "day:2026-01-06", TUE, 4, "assigned", True),
        ("moderator", "day:2026-01-08", THU, 2, "assigned", True),
    ]
    made = [turn for turn in await rows(database, TurnRow) if turn.state == "assigned"]
    (act,) = await rows(database, ActRow)
    assert {(turn.act_id, turn.cause) for turn in made} == {(act.id, "swap")}
    assert (act.kind, act.actor_id) == ("swap", 2)
    assert await changes(database) == 1
    days = await shown(people)
    assert (days[TUE], days[THU]) == (["라온"], ["나래"])


async def test_announced_turns_are_swapped_as_well_and_stay_as_history(people, database):
    await announce(database, TUE, EVENING)
    request = await ask(people, 2, 4, "2026-01-05 19:00")
    await people.swaps.accept(caller(4, at="2026-01-05 19:01"), request.id)
    assert await history(database, TUE) == [(2, "replaced"), (4, "assigned")]


async def test_pressing_twice_at_once_swaps_once(people, database):
    request = await ask(people, 2, 4)
    pressed = [people.swaps.accept(caller(4, at="2026-01-05 11:00"), request.id) for _ in range(4)]
    answers = await asyncio.gather(*pressed)
    assert sorted(answer.by_this for answer in answers) == [False, False, False, True]
    assert {answer.request.state for answer in answers} == {"agreed"}
    assert len(await standing(database)) == 2
    assert len(await rows(database, ActRow)) == 1


async def test_agreeing_and_declining_at_once_settles_on_one_of_them(people, database):
    request = await ask(people, 2, 4)
    both = await asyncio.gather(
        people.swaps.decline(caller(4, at="2026-01-05 11:00"), request.id),
        people.swaps.accept(caller(4, at="2026-01-05 11:00"), request.id),
    )
    assert sorted(answer.by_this for answer in both) == [False, True]
    assert len({answer.request.state for answer in both}) == 1


async def test_a_declined_swap_changes_no_turn_and_tells_whoever_asked(people, database):
    request = await ask(people, 2, 4)
    answered = await people.swaps.decline(caller(4, at="2026-01-05 11:00"), request.id)
    assert answered.request.state == "declined"
    assert await rows(database, TurnRow) == []
    assert [row.subject_id for row in await rows(database, DeliveryRow) if row.kind == "rotation.declined"] == [1]
    assert (await people.swaps.declined(request.id)).pinged == (2,)
    again = await people.swaps.accept(caller(4, at="2026-01-05 11:01"), request.id)
    assert (again.request.state, again.by_this) == ("declined", False)


async def test_only_who_was_asked_answers(people, database, database_file):
    request = await ask(people, 2, 4)
    before = await dump(database_file)
    for somebody in (1, 2, ADMIN, STRANGER):
        for answer in (people.swaps.accept, people.swaps.decline):
            with pytest.raises(NotAllowed):
                await answer(caller(somebody, at="2026-01-05 11:00"), request.id)
    with pytest.raises(NotFound):
        await people.swaps.accept(caller(4, guild_id=8, at="2026-01-05 11:00"), request.id)
    assert await dump(database_file) == before


async def test_the_answer_comes_too_late_once_the_first_day_has_begun(people, database):
    request = await ask(people, 2, 4)
    await announce(database, TUE, EVENING)
    await start_session(people, "2026-01-06 16:00")
    answered = await people.swaps.accept(caller(4, at="2026-01-06 16:01"), request.id)
    assert (answered.request.state, answered.by_this) == ("lapsed", False)
    later = await ask(people, 3, 5, "2026-01-06 17:00")
    assert later.turn.date == WED
    answered = await people.swaps.accept(caller(5, at="2026-01-08 04:00"), later.id)
    assert answered.request.state == "lapsed"
    assert await people.swaps.asking(later.id) == "the request is lapsed"


async def test_a_turn_that_went_to_somebody_else_meanwhile_is_not_swapped(people, database):
    request = await ask(people, 2, 4)
    await people.rotation.assign(caller(at="2026-01-05 10:30"), "moderator", 5, "1/6", None)
    answered = await people.swaps.accept(caller(4, at="2026-01-05 11:00"), request.id)
    assert (answered.request.state, answered.by_this) == ("overtaken", False)
    assert await history(database, TUE) == [(5, "assigned")]


@pytest.mark.parametrize("who", [2, 4])
async def test_whoever_is_away_meanwhile_does_not_swap(people, database, database_file, who):
    request = await ask(people, 2, 4)
    for day in (TUE, THU):
        await people.absences.away(caller(who, at="2026-01-05 10:30"), NewAbsence(since=str(day)))
    before = await dump(database_file)
    try:
        answered = await people.swaps.accept(caller(4, at="2026-01-05 11:00"), request.id)
        assert answered.request.state == "overtaken"
    except InvalidInput as refused:
        assert "away" in str(refused)  # noqa: PT017  # either answer is right, and neither changes anything
    assert await dump(database_file) == before


async def test_presenters_swap_their_lectures(people, database):
    tuesday, thursday = await add_lecture(people, "1강"), await add_lecture(people, "2강", THU)
    await people.rotation.assign(caller(), "presenter", 2, None, tuesday)
    await people.rotation.assign(caller(), "presenter", 4, None, thursday)
    request = await people.swaps.ask_swap(caller(2), 4, WantedTurn("presenter"))
    assert (request.turn.duty.lecture, request.other_turn.duty.lecture) == ("1강", "2강")
    await people.swaps.accept(caller(4), request.id)
    present = {turn.lecture_id: turn.member_id for turn in await rows(database, TurnRow) if turn.state == "assigned"}
    assert present == {tuesday: 4, thursday: 2}


async def test_a_swap_of_a_removed_lecture_is_over_and_comes_back_with_the_lecture(people, database):
    tuesday, thursday = await add_lecture(people, "1강"), await add_lecture(people, "2강", THU)
    await people.rotation.assign(caller(), "presenter", 2, None, tuesday)
    await people.rotation.assign(caller(), "presenter", 4, None, thursday)
    request = await people.swaps.ask_swap(caller(2), 4, WantedTurn("presenter"))
    await people.lectures.remove(caller(ADMIN), tuesday)
    assert await people.swaps.asking(request.id) == "the request is overtaken"
    assert (await people.swaps.accept(caller(4), request.id)).request.state == "overtaken"
    await people.undo.undo(caller(ADMIN), await people.undo.change_of(caller(ADMIN)))
    assert (await people.swaps.accept(caller(4), request.id)).by_this
    assert (4, "assigned") in await history(database, TUE, "presenter")


async def test_whoever_moderates_for_a_week_swaps_the_week(people, database):
    await people.teams.set(caller(), "moderator_per", "week")
    request = await people.swaps.ask_swap(caller(2), 3, MODERATES)
    assert (request.turn.date, request.other_turn.date) == (date(2026, 1, 12), date(2026, 1, 19))
    await people.swaps.accept(caller(3), request.id)
    days = list((await shown(people, 15)).values())
    assert days == [["가온"]] * 5 + [["다솜"]] * 5 + [["나래"]] * 5
    await start_session(people, "2026-01-12 16:00")
    with pytest.raises(InvalidInput, match="Too late"):
        await people.swaps.undo(caller(2, at="2026-01-12 16:01"))


async def test_a_week_that_has_begun_is_not_swapped_but_somebody_can_step_in(people, database):
    await people.teams.set(caller(), "moderator_per", "week")
    await announce(database, TUE, EVENING)
    with pytest.raises(InvalidInput, match="week has begun"):
        await people.swaps.ask_swap(caller(1, at="2026-01-07 09:00"), 2, MODERATES)
    request = await people.swaps.substitute(caller(1, at="2026-01-07 09:00"), MODERATES, 5, None)
    await people.swaps.accept(caller(5, at="2026-01-07 09:01"), request.id)
    assert list((await shown(people, 3, "2026-01-07 10:00")).values()) == [["마루"]] * 3


async def test_swaps_that_cannot_be_are_refused_and_change_nothing(people, database, database_file):
    await people.absences.away(caller(5), NewAbsence(since="2026-01-06"))
    await people.absences.away(caller(2), NewAbsence(since="2026-01-08"))
    lecture = await add_lecture(people, "1강")
    await people.rotation.assign(caller(), "presenter", 3, None, lecture)
    await people.swaps.ask_swap(caller(1), 3, WantedTurn("moderator", "1/12"))
    before = await dump(database_file)
    swap = people.swaps.ask_swap
    for refused, words in (
        (swap(caller(2), 2, MODERATES), "with yourself"),
        (swap(caller(2), 5, MODERATES), "마루 is away on Tue 6 Jan"),
        (swap(caller(2), 4, MODERATES), "나래 is away on Thu 8 Jan"),
        (swap(caller(2), 3, MODERATES), "다솜 has another duty then: presenting 1강 on Tue 6 Jan"),
        (swap(caller(2), STRANGER, MODERATES), "not on the roster"),
        (swap(caller(STRANGER), 2, MODERATES), "/roster join"),
        (swap(caller(2), 4, WantedTurn("moderator", "2026-01-02")), "already over"),
        (swap(caller(2), 4, WantedTurn("moderator", "1/10")), "no study day"),
        (swap(caller(2), 4, WantedTurn("moderator", "1/7")), "나래 has no such turn on Wed 7 Jan"),
        (swap(caller(2), 4, WantedTurn("duty:9")), "나래 has no such turn within 60 study days"),
        (swap(caller(3), 2, WantedTurn("presenter")), "나래 has no turn to swap for presenting 1강 on Tue 6 Jan"),
        (swap(caller(1), 3, WantedTurn("moderator", "1/12")), "asked that already"),
    ):
        with pytest.raises(UserError) as error:
            await refused
        assert words in error.value.text(ENGLISH)
    assert await dump(database_file) == before


# ── stepping in ───────────────────────────────────────────────────────────────


async def test_a_member_asks_somebody_to_step_in_and_it_counts_for_them(people, database):
    request = await people.swaps.substitute(caller(2), MODERATES, 5, None)
    assert isinstance(request, Request)
    assert (request.kind, request.other_turn) == ("substitute", None)
    assert (request.turn.date, request.other.name) == (TUE, "마루")
    assert (await people.swaps.asking(request.id)).pinged == (5,)
    await people.swaps.accept(caller(5), request.id)
    assert await standing(database) == [("moderator", "day:2026-01-06", TUE, 5, "assigned", True)]
    days = await shown(people, 6)
    assert [days[day] for day in (TUE, WED, THU, FRI)] == [["마루"], ["나래"], ["다솜"], ["라온"]]


async def test_a_moderator_gives_the_turn_of_somebody_else_at_once(people, database):
    done = await people.swaps.substitute(caller(ADMIN), MODERATES, 5, 2)
    assert isinstance(done, SteppedIn)
    assert (done.turn.member.name, done.before.name, done.turn.date) == ("마루", "나래", TUE)
    assert await standing(database) == [("moderator", "day:2026-01-06", TUE, 5, "assigned", False)]
    assert await changes(database) == 1


async def test_todays_moderator_asks_for_the_own_turn_as_everybody_does(people, database):
    await announce(database, TUE, EVENING)
    request = await people.swaps.substitute(caller(1), MODERATES, 5, None)
    assert isinstance(request, Request)
    assert (await history(database, MON)) == [(1, "proposed")]


async def test_without_a_member_those_who_can_are_asked_and_the_first_to_press_has_it(people, database):
    lecture = await add_lecture(people, "1강")
    await people.rotation.assign(caller(), "presenter", 3, None, lecture)
    await people.absences.away(caller(4), NewAbsence(since="2026-01-06"))
    request = await people.swaps.substitute(caller(2), MODERATES, None, None)
    assert (await people.swaps.asking(request.id)).pinged == (1, 5)
    with pytest.raises(NotAllowed):
        await people.swaps.accept(caller(2), request.id)
    for unable in (3, 4):
        with pytest.raises(InvalidInput):
            await people.swaps.accept(caller(unable), request.id)
    answers = await asyncio.gather(*(people.swaps.accept(caller(who), request.id) for who in (5, 1)))
    (taken,) = [answer for answer in answers if answer.by_this]
    assert {answer.request.other.name for answer in answers} == {taken.request.other.name}
    assert await standing(database) == [
        ("moderator", "day:2026-01-06", TUE, taken.request.other.id, "assigned", True),
        ("presenter", f"lecture:{lecture}", TUE, 3, "assigned", False),
    ]


async def test_who_skipped_the_turn_is_not_asked_to_step_in(people, database):
    await announce(database, TUE, EVENING)
    await people.swaps.skip(caller(2, at="2026-01-05 19:00"), MODERATES, None, None)
    request = await people.swaps.substitute(caller(3, at="2026-01-05 19:01"), MODERATES, None, None)
    assert (await people.swaps.asking(request.id)).pinged == (1, 4, 5)
    with pytest.raises(InvalidInput, match="skipped this turn"):
        await people.swaps.accept(caller(2, at="2026-01-05 19:02"), request.id)


async def test_whoever_is_planned_for_something_else_that_day_is_not_pinged_while_others_are_there(people):
    await add_lecture(people, "1강", WED)
    days = await shown(people)
    presenter, moderator = days[WED]
    by_name = {name: user_id for user_id, name in PEOPLE.items()}
    request = await people.swaps.substitute(caller(by_name[moderator]), WantedTurn("moderator", "1/7"), None, None)
    assert set((await people.swaps.asking(request.id)).pinged) == {1, 2, 3, 4, 5} - {
        by_name[presenter],
        by_name[moderator],
    }


async def test_substitutes_that_cannot_be_are_refused_and_change_nothing(people, database, database_file):
    for user_id in (3, 4):
        await people.absences.away(caller(user_id), NewAbsence(since="2026-01-06"))
    for number, user_id in enumerate((1, 5)):
        lecture = await add_lecture(people, f"{number}강")
        await people.rotation.assign(caller(), "presenter", user_id, None, lecture)
    before = await dump(database_file)
    step_in = people.swaps.substitute
    for refused, words in (
        (step_in(caller(2), MODERATES, 2, None), "나래's turn already"),
        (step_in(caller(2), MODERATES, 3, None), "다솜 is away"),
        (step_in(caller(2), MODERATES, 5, None), "마루 has another duty"),
        (step_in(caller(2), MODERATES, STRANGER, None), "not on the roster"),
        (step_in(caller(2), MODERATES, None, None), "Nobody is free"),
        (step_in(caller(2), MODERATES, None, 1), "Only moderators"),
        (step_in(caller(2), WantedTurn("moderator", "언젠가"), None, None), "as a date"),
        (people.swaps.skip(caller(2), MODERATES, None, 1), "Only moderators"),
        (people.swaps.skip(caller(STRANGER), MODERATES, None, None), "/roster join"),
        (people.swaps.skip(caller(ADMIN), MODERATES, None, None), "/roster join"),
        (people.swaps.undo(caller(2)), "nothing of yours"),
        (people.swaps.undo(caller(STRANGER)), "/roster join"),
        (people.swaps.skip(caller(2), WantedTurn(turn_id=99), None, None), "not there any more"),
        (people.swaps.skip(caller(2), WantedTurn(turn_id=1), None, None), "가온's turn"),
    ):
        with pytest.raises(UserError) as error:
            await refused
        assert words in error.value.text(ENGLISH)
    assert await dump(database_file) == before


# ── taking back ───────────────────────────────────────────────────────────────


async def test_an_undone_swap_gives_both_turns_back_as_they_were(people, database):
    for day in (TUE, WED, THU):
        await announce(database, day, EVENING)
    before = await standing(database)
    request = await ask(people, 2, 4, "2026-01-05 19:00")
    await people.swaps.accept(caller(4, at="2026-01-05 19:01"), request.id)
    undone = await people.swaps.undo(caller(2, at="2026-01-05 19:02"))
    assert (undone.kind, undone.told) == ("swap", True)
    assert {(turn.date, turn.member.name) for turn in undone.turns} == {(TUE, "나래"), (THU, "라온")}
    assert await standing(database) == before
    assert await history(database, TUE) == [(2, "replaced"), (4, "replaced"), (2, "proposed")]
    assert [turn.cause for turn in await rows(database, TurnRow)][-2:] == ["undo", "undo"]
    assert await changes(database) == 2


async def test_a_swap_of_planned_turns_is_undone_as_well_also_by_whoever_agreed(people, database):
    before = await shown(people)
    request = await ask(people, 2, 4)
    await people.swaps.accept(caller(4, at="2026-01-05 11:00"), request.id)
    undone = await people.swaps.undo(caller(4, at="2026-01-05 11:01"))
    assert undone.whose.name == "나래"
    assert await shown(people) == before


async def test_an_undone_skip_comes_back_as_it_was(people, database):
    await announce(database, TUE, EVENING)
    before = await standing(database)
    await people.swaps.skip(caller(2, at="2026-01-05 19:00"), MODERATES, None, None)
    undone = await people.swaps.undo(caller(2, at="2026-01-05 19:01"))
    assert (undone.kind, undone.told) == ("skip", True)
    assert await standing(database) == before
    assert await history(database, TUE) == [(2, "replaced"), (3, "replaced"), (2, "proposed")]


async def test_why_and_what_was_skipped_does_not_hang_on_the_record_of_changes(people, database):
    await announce(database, TUE, EVENING)
    await people.swaps.skip(caller(2, at="2026-01-05 19:00"), WantedTurn(), "병원에 가요", None)
    async with writing(database) as session:
        await session.execute(delete(AuditRow))
    (act,) = await rows(database, ActRow)
    told = await people.handover.change(act.id, seoul("2026-01-05 19:01"))
    assert [(turn.turn.member.name, turn.reason) for turn in told.turns] == [("다솜", "병원에 가요")]
    await people.swaps.undo(caller(2, at="2026-01-05 19:02"))
    assert await history(database, TUE) == [(2, "replaced"), (3, "replaced"), (2, "proposed")]


async def test_an_undone_skip_of_a_planned_turn_is_planned_again(people, database):
    before = await shown(people)
    await people.swaps.skip(caller(3), MODERATES, None, None)
    assert await shown(people) != before
    undone = await people.swaps.undo(caller(3))
    assert [(turn.date, turn.member.name) for turn in undone.turns] == [(WED, "다솜")]
    assert undone.told is False
    assert await shown(people) == before


async def test_a_skip_before_the_announcement_can_be_undone_after_it(people, database):
    await people.swaps.skip(caller(2), MODERATES, None, None)
    await announce(database, TUE, EVENING)
    assert await history(database, TUE) == [(2, "skipped"), (3, "proposed")]
    undone = await people.swaps.undo(caller(2, at="2026-01-05 19:00"))
    assert undone.told is True
    assert await standing(database) == [
        ("moderator", "day:2026-01-05", MON, 1, "proposed", False),
        ("moderator", "day:2026-01-06", TUE, 2, "proposed", False),
    ]


async def test_a_confirmed_turn_comes_back_confirmed(people, database):
    await people.rotation.assign(caller(ADMIN), "moderator", 2, "1/6", None)
    request = await people.swaps.substitute(caller(2), MODERATES, 5, None)
    await people.swaps.accept(caller(5), request.id)
    again = await people.swaps.substitute(caller(5, at="2026-01-05 10:00"), MODERATES, 3, None)
    await people.swaps.accept(caller(3, at="2026-01-05 10:01"), again.id)
    await people.swaps.undo(caller(5, at="2026-01-05 10:02"))
    assert await standing(database) == [("moderator", "day:2026-01-06", TUE, 5, "assigned", True)]


async def test_an_undone_assignment_goes_back_to_whoever_had_it_or_to_the_rule(people, database):
    before = await shown(people)
    await people.rotation.assign(caller(at="2026-01-05 10:00"), "moderator", 5, "1/7", None)
    await people.rotation.assign(caller(at="2026-01-05 10:01"), "moderator", 1, "1/7", None)
    await people.swaps.undo(caller(at="2026-01-05 10:02"))
    assert await standing(database) == [("moderator", "day:2026-01-07", WED, 5, "assigned", False)]
    await people.rotation.assign(caller(at="2026-01-05 10:03"), "moderator", 4, "1/8", None)
    await people.swaps.undo(caller(at="2026-01-05 10:04"))
    assert [day for _, _, day, *_ in await standing(database)] == [WED]
    await announce(database, TUE, EVENING)
    await people.rotation.assign(caller(at="2026-01-05 19:00"), "moderator", 4, "1/6", None)
    undone = await people.swaps.undo(caller(at="2026-01-05 19:01"))
    assert [turn.member.name for turn in undone.turns] == before[TUE]


async def test_once_somebody_no_longer_steps_in_the_plan_ahead_is_as_it_was_and_both_are_told(people, database):
    """A turn that would stay fixed counts at once, and somebody else would moderate tomorrow."""
    before = await shown(people, 10)
    await people.swaps.substitute(caller(), WantedTurn("moderator", "1/13"), 4, 2)
    undone = await people.swaps.undo(caller(at="2026-01-05 10:00"))
    assert await shown(people, 10) == before
    assert ([turn.member.name for turn in undone.turns], undone.told) == (["나래"], True)
    told = await people.handover.change((await rows(database, ActRow))[-1].id, seoul("2026-01-05 10:00"))
    (turn,) = told.turns
    assert (turn.turn.date, turn.turn.member.name, turn.before.name) == (date(2026, 1, 13), "나래", "라온")
    assert (told.concerned, turn.made) == ((2, 4), False)


async def test_what_is_told_of_a_turn_that_is_planned_again_is_as_it_is_when_it_is_told(people, database):
    """Nothing, where somebody else was given it since."""
    await people.swaps.substitute(caller(), WantedTurn("moderator", "1/8"), 5, 4)
    await people.swaps.undo(caller(at="2026-01-05 10:00"))
    undoing = (await rows(database, ActRow))[-1].id
    await people.rotation.assign(caller(at="2026-01-05 10:01"), "moderator", 1, "1/8", None)
    assert await people.handover.change(undoing, seoul("2026-01-05 10:02")) is None


async def test_nobody_is_told_where_the_plan_gives_the_turn_to_whoever_had_stepped_in(people):
    """마루 steps in for 라온, and 다솜, who would have had the day before, goes away meanwhile."""
    await people.swaps.substitute(caller(), WantedTurn("moderator", "1/8"), 5, 4)
    await people.absences.away(caller(3, at="2026-01-05 10:00"), NewAbsence(since="2026-01-07", until="2026-01-08"))
    undone = await people.swaps.undo(caller(at="2026-01-05 10:01"))
    assert [turn.member.name for turn in undone.turns] == ["마루"]
    assert undone.told is False


async def test_a_turn_that_is_planned_when_it_is_given_to_somebody_is_planned_again_when_that_is_undone(people):
    """Whatever became of it before: it goes neither to whoever had to give it back, nor to whoever skipped it."""
    before = await shown(people)
    for minute, member in ((0, 5), (2, 1)):
        await people.rotation.assign(caller(at=f"2026-01-05 10:0{minute}"), "moderator", member, "1/8", None)
        await people.swaps.undo(caller(at=f"2026-01-05 10:0{minute + 1}"))
        assert await shown(people) == before
    await people.swaps.skip(caller(4, at="2026-01-05 10:04"), MODERATES, None, None)
    skipped = await shown(people)
    assert skipped[THU] != before[THU]
    await people.rotation.assign(caller(at="2026-01-05 10:05"), "moderator", 2, "1/8", None)
    await people.swaps.undo(caller(at="2026-01-05 10:06"))
    assert await shown(people) == skipped


async def is_away(people: Services) -> None:
    await people.absences.away(caller(5, at="2026-01-05 10:01"), NewAbsence(since="2026-01-08"))


async def was_away(people: Services) -> None:
    await is_away(people)
    await people.absences.back(caller(5, at="2026-01-05 10:02"), None)


async def has_left(people: Services) -> None:
    await people.roster.leave(caller(5, at="2026-01-05 10:01"))


@pytest.mark.parametrize("lose", [is_away, was_away, has_left])
async def test_a_turn_that_its_member_was_not_there_for_is_not_theirs_again_when_a_later_assignment_is_undone(
    people, database, lose
):
    """It was planned for somebody else by then, and is so again."""
    await people.rotation.assign(caller(at="2026-01-05 10:00"), "moderator", 5, "1/8", None)
    await lose(people)
    planned = await shown(people)
    assert planned[THU] == ["라온"]
    await people.rotation.assign(caller(at="2026-01-05 10:03"), "moderator", 1, "1/8", None)
    told = await people.handover.change((await rows(database, ActRow))[-1].id, seoul("2026-01-05 10:03"))
    assert [(turn.turn.member.name, turn.before) for turn in told.turns] == [("가온", None)]
    undone = await people.swaps.undo(caller(at="2026-01-05 10:04"))
    assert [turn.member.name for turn in undone.turns] == planned[THU]
    assert await shown(people) == planned


async def test_a_moderator_takes_back_the_last_act_of_the_team(people, database):
    await people.swaps.skip(caller(3), MODERATES, None, None)
    undone = await people.swaps.undo(caller(ADMIN))
    assert (undone.kind, undone.whose.name) == ("skip", "다솜")


async def test_a_member_takes_back_only_what_is_their_own(people, database):
    await people.swaps.skip(caller(3), MODERATES, None, None)
    await people.swaps.skip(caller(4, at="2026-01-05 09:30"), MODERATES, None, None)
    undone = await people.swaps.undo(caller(3, at="2026-01-05 10:00"))
    assert (undone.kind, undone.whose) == ("skip", None)
    assert undone.turns[0].date == WED
    with pytest.raises(InvalidInput, match="nothing of yours"):
        await people.swaps.undo(caller(5))


async def test_undo_twice_or_at_once_undoes_once(people, database):
    await people.swaps.skip(caller(2), MODERATES, None, None)
    await people.swaps.skip(caller(2, at="2026-01-05 09:30"), MODERATES, None, None)
    undos = [people.swaps.undo(caller(2, at="2026-01-05 10:00")) for _ in range(3)]
    done = await asyncio.gather(*undos, return_exceptions=True)
    assert [type(each).__name__ for each in done] == ["Undone", "InvalidInput", "InvalidInput"]
    assert "taken back already" in str(done[1])
    assert [act.undone_at is not None for act in await rows(database, ActRow) if act.kind == "skip"] == [False, True]


async def test_once_the_session_has_begun_nothing_is_taken_back(people, database, database_file):
    request = await ask(people, 2, 4)
    await people.swaps.accept(caller(4, at="2026-01-05 11:00"), request.id)
    await start_session(people, "2026-01-06 16:00")
    before = await dump(database_file)
    with pytest.raises(InvalidInput, match="Too late"):
        await people.swaps.undo(caller(2, at="2026-01-06 16:01"))
    assert await dump(database_file) == before
    with pytest.raises(InvalidInput, match="Too late"):
        await people.swaps.undo(caller(2, at="2026-01-07 04:00"))


async def test_what_was_changed_again_since_is_not_taken_back(people, database, database_file):
    await people.swaps.substitute(caller(ADMIN), MODERATES, 5, 2)
    request = await people.swaps.substitute(caller(5, at="2026-01-05 10:00"), MODERATES, 3, None)
    await people.swaps.accept(caller(3, at="2026-01-05 10:01"), request.id)
    swap = await ask(people, 4, 1, "2026-01-05 10:02", date="1/8")
    await people.swaps.accept(caller(1, at="2026-01-05 10:03"), swap.id)
    await people.rotation.assign(caller(at="2026-01-05 10:04"), "moderator", 2, "1/8", None)
    before = await dump(database_file)
    with pytest.raises(InvalidInput) as refused:
        await people.swaps.undo(caller(4, at="2026-01-05 10:05"))
    assert "moderating on Thu 8 Jan was changed again since, it was given to 나래" in refused.value.text(ENGLISH)
    assert await dump(database_file) == before


async def test_a_turn_is_not_given_back_to_somebody_who_is_away_or_busy_by_now(people, database, database_file):
    await people.swaps.substitute(caller(ADMIN), MODERATES, 5, 2)
    await people.absences.away(caller(2, at="2026-01-05 10:00"), NewAbsence(since="2026-01-06"))
    before = await dump(database_file)
    with pytest.raises(InvalidInput, match="is away"):
        await people.swaps.undo(caller(ADMIN, at="2026-01-05 10:01"))
    assert await dump(database_file) == before


async def test_an_open_request_is_taken_back_and_cannot_be_agreed_to_any_more(people, database):
    request = await ask(people, 2, 4)
    undone = await people.swaps.undo(caller(2, at="2026-01-05 10:01"))
    assert (undone.kind, undone.request.state) == ("request", "withdrawn")
    answered = await people.swaps.accept(caller(4, at="2026-01-05 10:02"), request.id)
    assert (answered.request.state, answered.by_this) == ("withdrawn", False)
    (post,) = [row for row in await rows(database, DeliveryRow) if row.kind == "rotation.request"]
    assert post.state == "cancelled"
    with pytest.raises(InvalidInput, match="taken back already"):
        await people.swaps.undo(caller(2, at="2026-01-05 10:03"))


async def test_a_lecture_that_is_gone_takes_its_turns_along(people, database):
    lecture = await add_lecture(people, "1강", THU)
    await people.rotation.assign(caller(), "presenter", 2, None, lecture)
    await people.swaps.skip(caller(2), WantedTurn("presenter"), None, None)
    async with writing(database) as session:
        await session.delete(await session.get_one(TurnRow, 1))
    with pytest.raises(InvalidInput, match="not there any more"):
        await people.swaps.undo(caller(2))


# ── buttons ───────────────────────────────────────────────────────────────────


async def test_a_button_offers_those_with_whom_one_can_swap_and_those_who_could_step_in(people, database):
    await announce(database, TUE, EVENING)
    await people.absences.away(caller(5, at="2026-01-05 18:40"), NewAbsence(since="2026-01-06"))
    turn = next(row.id for row in await rows(database, TurnRow) if row.member_id == 2)
    at = caller(2, at="2026-01-05 19:00")
    assert (await people.swaps.own_turn(at, turn))[1].date == TUE
    assert [(each.date, each.member.name) for each in await people.swaps.partners(at, turn)] == [
        (WED, "다솜"),
        (THU, "라온"),
        (date(2026, 1, 12), "가온"),
    ]
    assert [member.name for member in await people.swaps.able(at, turn)] == ["가온", "다솜", "라온"]
    for other in (caller(3, at="2026-01-05 19:00"), caller(2, guild_id=8)):
        with pytest.raises((NotAllowed, NotFound)):
            await people.swaps.partners(other, turn)
    request = await people.swaps.ask_swap(at, 4, WantedTurn(turn_id=turn))
    assert request.other_turn.date == THU
