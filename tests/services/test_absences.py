"""Being away and coming back: out of the rotations and pings, and nothing of the past changes."""

from datetime import date

import pytest
from sqlalchemy import select

from bot.db.engine import Database
from bot.db.tables import AbsenceRow, ActRow, AuditRow, DeliveryRow, RoundtableRow, TurnRow
from bot.domain.lectures import NewLecture
from bot.domain.retro import Visibility
from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.i18n import KOREAN
from bot.services import Services
from bot.services.absences import AwayDays, NewAbsence
from bot.services.turns import ACTIVE
from tests.database import writing
from tests.services.announced import MONDAY, TUESDAY, WEDNESDAY, announce, rows, start_session
from tests.services.people import GAON, NARAE, STRANGER, caller, dump, freely, seoul

PEOPLE = {1: "가온", 2: "나래", 3: "다솜", 4: "라온", 5: "마루"}
EVENING = "2026-01-05 19:00"
"""After Tuesday was announced."""


@pytest.fixture
async def people(team: Services) -> Services:
    """Five people on the roster."""
    for user_id, name in PEOPLE.items():
        await team.roster.add(caller(), user_id, name)
    return team


async def moderators(database: Database, day: date) -> list[int]:
    """Who has the turn as things stand."""
    return [row.member_id for row in await rows(database, TurnRow) if row.date == day and row.state in ACTIVE]


async def lecture(services: Services, number: str, day: date = TUESDAY, **options: object) -> int:
    new = NewLecture(title="Attention", number=number, studied=str(day), presented=str(day), **options)
    return (await services.lectures.add(caller(), new)).id


async def away(services: Services, user_id: int, at: str = EVENING, **typed: str):
    return await services.absences.away(caller(user_id, at=at), NewAbsence(**typed))


def days(first: str, last: str | None, weekdays: tuple[int, ...] = ()) -> AwayDays:
    return AwayDays(date.fromisoformat(first), None if last is None else date.fromisoformat(last), weekdays)


# ── what was meant ────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ({}, days("2026-01-05", None)),
        ({"since": "1/8"}, days("2026-01-08", "2026-01-08")),
        ({"since": "내일"}, days("2026-01-06", "2026-01-06")),
        ({"since": "1/8", "until": "1월 12일"}, days("2026-01-08", "2026-01-12")),
        ({"until": "2026-01-09"}, days("2026-01-05", "2026-01-09")),
        ({"weekdays": "월,수"}, days("2026-01-05", None, (0, 2))),
        ({"since": "1/12", "weekdays": "mon,wed"}, days("2026-01-12", None, (0, 2))),
        ({"since": "1/12", "until": "1/30", "weekdays": "금"}, days("2026-01-12", "2026-01-30", (4,))),
        ({"since": "1/12", "until": "1/30", "weekdays": "매일"}, days("2026-01-12", "2026-01-30")),
        ({"since": "1/12", "weekdays": "매일"}, days("2026-01-12", None)),
    ],
)
async def test_what_is_not_given_is_what_people_mean_by_it(people, typed, meant):
    assert (await away(people, GAON, **typed)).days == meant


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ({"since": "2026-01-04"}, "이미 지났어요"),
        ({"since": "어제"}, "이미 지났어요"),
        ({"since": "1/8", "until": "2026-01-07"}, "마지막 날(1/7 수)이 첫날(1/8 목)보다 빨라요"),
        ({"until": "2026-01-04"}, "첫날"),
        ({"since": "2027-02-01"}, "1년 넘게"),
        ({"since": "1/8", "until": "2028-01-08"}, "1년 넘게"),
        ({"since": "커피"}, "날짜를 읽지 못했어요"),
        ({"until": "2026-02-30"}, "날짜를 읽지 못했어요"),
        ({"weekdays": "가끔"}, "요일"),
        ({"since": "1/6", "until": "1/7", "weekdays": "금"}, "두 날짜 사이에 그 요일이 없어요"),
        ({"reason": "가" * 201}, "200자"),
    ],
)
async def test_days_on_which_nobody_can_be_away_are_refused_and_change_nothing(people, database_file, typed, refusal):
    await away(people, NARAE, since="1/20")
    before = await dump(database_file)
    with pytest.raises(InvalidInput) as refused:
        await away(people, GAON, **typed)
    assert refusal in refused.value.text(KOREAN)
    assert await dump(database_file) == before


async def test_the_date_ends_at_the_cut_off_also_for_absences(people):
    assert (await away(people, GAON, at="2026-01-06 02:00")).days.since == MONDAY


async def test_saying_it_twice_is_one_absence_with_the_latest_reason(people, database):
    await away(people, GAON, since="1/8", reason="병원")
    again = await away(people, GAON, since="1/8")
    assert again.reason == "병원"
    assert (await away(people, GAON, since="1/8", reason="치과")).reason == "치과"
    assert [row.reason for row in await rows(database, AbsenceRow)] == ["치과"]


async def test_absences_may_overlap(people, database):
    await away(people, GAON, since="1/7", until="1/12")
    await away(people, GAON, weekdays="수")
    assert len(await rows(database, AbsenceRow)) == 2


async def test_days_on_which_the_team_does_not_study_are_pointed_out(people):
    assert not (await away(people, GAON, since="1/10", until="1/11")).studied
    assert (await away(people, GAON, since="1/10", until="1/12")).studied
    assert not (await away(people, GAON, weekdays="토")).studied


# ── whose business it is ──────────────────────────────────────────────────────


async def test_others_are_taken_out_by_moderators_only(people, database_file):
    before = await dump(database_file)
    for refused in (
        people.absences.away(caller(GAON), NewAbsence(user_id=NARAE)),
        people.absences.back(caller(GAON), NARAE),
        people.absences.away(caller(STRANGER), NewAbsence()),
        people.absences.back(caller(STRANGER), None),
    ):
        with pytest.raises(NotAllowed):
            await refused
    with pytest.raises(NotFound):
        await people.absences.away(caller(), NewAbsence(user_id=STRANGER))
    assert await dump(database_file) == before
    gone = await people.absences.away(caller(), NewAbsence(user_id=NARAE))
    assert (gone.member.name, gone.own) == ("나래", False)


async def test_the_reason_is_nowhere_but_with_the_person(people, database):
    await announce(database)
    mine = await away(people, GAON, since="1/6", reason="비밀 병원")
    assert mine.reason == "비밀 병원"
    theirs = await people.absences.away(caller(), NewAbsence(user_id=NARAE, reason="비밀 여행"))
    assert theirs.reason is None
    await people.absences.back(caller(NARAE, at=EVENING), None)
    for table in (AuditRow, TurnRow, ActRow, DeliveryRow):
        assert not any("비밀" in str(vars(row)) for row in await rows(database, table))
    entries = await people.roster.entries(caller(at=EVENING))
    assert "비밀" not in str(entries)


# ── turns ─────────────────────────────────────────────────────────────────────


async def test_turns_of_those_days_go_to_others_and_the_team_is_told_why(people, database):
    await lecture(people, "5강")
    said = await announce(database)
    gone = await away(people, said.moderator.user_id, since="1/6")
    (handed,) = gone.handed_over
    assert (handed.date, handed.duty.key, handed.made) == (TUESDAY, "moderator", True)
    assert handed.member not in {turn.member for turn in said.turns}
    (turn,) = [row for row in await rows(database, TurnRow) if row.cause is not None]
    assert (turn.cause, turn.member_id) == ("away", handed.member.id)
    (act,) = await rows(database, ActRow)
    assert (act.kind, turn.act_id) == ("away", act.id)
    told = [row.subject_id for row in await rows(database, DeliveryRow) if row.kind == "rotation.change"]
    assert told == [act.id]
    states = [row.state for row in await rows(database, TurnRow) if row.member_id == gone.member.id]
    assert states == ["replaced"]


async def test_a_day_is_announced_also_if_all_its_turns_were_assigned_before(people, database):
    await people.rotation.assign(caller(), "moderator", GAON, "1/6", None)
    await people.session.start(caller(at="2026-01-05 16:00"))
    await people.session.end(caller(at="2026-01-05 17:00"))
    gone = await away(people, GAON, at="2026-01-05 17:30", since="1/6")
    (handed,) = gone.handed_over
    assert handed.made
    assert await moderators(database, TUESDAY) == [handed.member.id]
    assert [row.kind for row in await rows(database, DeliveryRow)].count("rotation.change") == 1


async def test_a_turn_that_was_confirmed_is_given_out_again_too(people, database):
    said = await announce(database)
    async with writing(database) as session:
        for row in await session.scalars(select(TurnRow)):
            row.confirmed_at = seoul(EVENING)
    gone = await away(people, said.moderator.user_id, since="1/6")
    assert [turn.duty.key for turn in gone.handed_over] == ["moderator"]


async def test_a_turn_booked_far_ahead_goes_to_whom_the_rotation_will_choose(people, database):
    number = await lecture(people, "5강", date(2026, 1, 20), presenter_user_id=GAON)
    gone = await away(people, GAON, since="1/20")
    (handed,) = gone.handed_over
    assert not handed.made
    (listed,) = await people.lectures.list(caller())
    assert (listed.id, listed.presenters) == (number, (handed.member,))
    assert [row.state for row in await rows(database, TurnRow)] == ["replaced"]
    assert not [row for row in await rows(database, DeliveryRow) if row.kind == "rotation.change"]


async def test_whoever_has_no_turn_then_takes_none_with_them(people, database):
    await announce(database)
    before = await rows(database, TurnRow)
    other = next(user_id for user_id in PEOPLE if user_id not in {row.member_id for row in before})
    assert (await away(people, other)).handed_over == ()
    assert [row.id for row in await rows(database, TurnRow)] == [row.id for row in before]
    assert await rows(database, ActRow) == []


async def test_a_turn_that_is_taken_from_somebody_is_on_record_also_if_nobody_has_it_next(people, database):
    await announce(database)
    for user_id in (5, 4, 3, 2, 1):
        await away(people, user_id, since="1/6")
    records = [row for row in await rows(database, AuditRow) if row.subject == f"turn:moderator:day:{TUESDAY}"]
    actions = [(row.action.removeprefix("rotation."), row.actor_id) for row in records]
    assert actions == [("propose", None), ("release", 2), ("propose", None), ("release", 1)]
    assert records[-1].before == f'{{"date": "{TUESDAY}", "member": 1}}'
    assert records[-1].reason == "away"


async def test_when_nobody_is_left_for_a_duty_the_answer_says_so(people, database):
    await announce(database)
    for user_id in (2, 3, 4, 5):
        last = await away(people, user_id, since="1/6")
    last = await away(people, 1, since="1/6")
    assert [(turn.duty.key, turn.member) for turn in last.handed_over] == [("moderator", None)]


async def test_a_day_whose_session_has_begun_stays_as_it_is(people, database):
    await announce(database)
    await start_session(database, TUESDAY)
    before = [(row.id, row.state) for row in await rows(database, TurnRow)]
    moderator = next(row for row in await rows(database, TurnRow) if row.date == TUESDAY)
    gone = await away(people, moderator.member_id, at="2026-01-06 17:00")
    assert (gone.begun, gone.handed_over) == (TUESDAY, ())
    assert [(row.id, row.state) for row in await rows(database, TurnRow)] == before
    other = next(user_id for user_id in PEOPLE if user_id != moderator.member_id)
    assert (await away(people, other, at="2026-01-06 17:00")).begun is None


async def test_a_week_that_goes_on_stays_theirs_and_the_answer_says_so(people, database):
    await people.teams.set(caller(), "moderator_per", "week")
    moderator = (await announce(database)).moderator
    gone = await away(people, moderator.user_id, at="2026-01-06 10:00", since="1/8")
    assert [(day, duty.key) for day, duty in gone.kept] == [(MONDAY, "moderator")]
    assert gone.handed_over == ()
    assert (await away(people, moderator.user_id, at="2026-01-06 10:00", since="1/13")).kept == ()


# ── coming back ───────────────────────────────────────────────────────────────


async def test_coming_back_ends_what_runs_and_what_was_to_come(people, database):
    await away(people, GAON)
    await away(people, GAON, since="1/20", until="1/22")
    await away(people, GAON, weekdays="금")
    returned = await people.absences.back(caller(GAON, at="2026-01-07 10:00"), None)
    assert returned.since == WEDNESDAY
    assert len(returned.ended) == 3
    assert {(row.since, row.until) for row in await rows(database, AbsenceRow)} == {(MONDAY, WEDNESDAY)}
    with pytest.raises(InvalidInput, match="no absence to end"):
        await people.absences.back(caller(GAON, at="2026-01-07 10:00"), None)


async def test_what_is_over_stays(people, database):
    await away(people, GAON, since="1/6")
    with pytest.raises(InvalidInput, match="no absence to end"):
        await people.absences.back(caller(GAON, at="2026-01-07 10:00"), None)
    assert [(row.since, row.until) for row in await rows(database, AbsenceRow)] == [(TUESDAY, WEDNESDAY)]


async def test_after_the_session_began_without_them_they_are_back_tomorrow(people, database):
    await away(people, GAON)
    await start_session(database, TUESDAY)
    returned = await people.absences.back(caller(GAON, at="2026-01-06 17:00"), None)
    assert returned.since == WEDNESDAY
    with pytest.raises(InvalidInput) as refused:
        await people.absences.back(caller(GAON, at="2026-01-06 17:01"), None)
    assert "1/7 수부터는 /back 없이도" in refused.value.text(KOREAN)


async def test_turns_given_to_others_stay_with_them(people, database):
    said = await announce(database)
    gone = await away(people, said.moderator.user_id, since="1/6")
    await people.absences.back(caller(said.moderator.user_id, at=EVENING), None)
    assert await moderators(database, TUESDAY) == [gone.handed_over[0].member.id]


async def test_a_duty_that_nobody_was_there_for_is_taken_by_whoever_comes_back(people, database):
    await announce(database)
    for user_id in PEOPLE:
        await away(people, user_id, since="1/6")
    await people.absences.back(caller(GAON, at=EVENING), None)
    assert await moderators(database, TUESDAY) == [1]


async def test_a_duty_that_nobody_was_there_for_is_taken_by_whoever_joins(people, database):
    await announce(database)
    for user_id in PEOPLE:
        await away(people, user_id, since="1/6")
    newcomer = await people.roster.join(caller(6, at=EVENING), "바다")
    assert await moderators(database, TUESDAY) == [newcomer.id]
    assert [row.cause for row in await rows(database, TurnRow)][-1] == "joined"
    acts = [row.id for row in await rows(database, ActRow) if row.kind == "joined"]
    told = [row.subject_id for row in await rows(database, DeliveryRow) if row.kind == "rotation.change"]
    assert acts == told[-1:]


async def test_the_roster_tells_when_somebody_is_away(people):
    await away(people, GAON, since="1/8", until="1/9")
    await away(people, GAON, weekdays="월")
    entries = await people.roster.entries(caller())
    assert entries[0].away == (days("2026-01-05", None, (0,)), days("2026-01-08", "2026-01-09"))
    assert entries[1].away == ()
    assert (await people.roster.entries(caller(at="2026-01-10 10:00")))[0].away == (days("2026-01-05", None, (0,)),)


# ── counts ─────────────────────────────────────────────────────────────────────


async def test_counts_leave_out_who_is_away_unless_they_took_part(people, database):
    await away(people, GAON)
    await away(people, NARAE)
    draft = await people.retro.draft(caller(3, at=EVENING), None)
    written = await people.retro.write(caller(3, at=EVENING), draft.day.id, freely("좋았어요"), Visibility.TEAM)
    assert (written.written, written.members) == (1, 3)
    written = await people.retro.write(caller(GAON, at=EVENING), draft.day.id, freely("그래도"), Visibility.TEAM)
    assert (written.written, written.members) == (2, 4)
    await people.round_tables.ask(caller(at=EVENING), "어때요?")
    (table,) = await rows(database, RoundtableRow)
    replied = await people.round_tables.reply(caller(NARAE, at=EVENING), table.id, "멀리서")
    assert (replied.count, replied.people) == (1, 4)
