"""The roster: names, leaving and coming back."""

import asyncio
from datetime import date

import pytest
from sqlalchemy import select

from bot.db.tables import ActRow, MemberRow, MembershipRow, TeamRow, TurnRow
from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.i18n import KOREAN
from bot.services.absences import NewAbsence
from tests.database import reading, writing
from tests.services.announced import TUESDAY, announce, rows
from tests.services.people import ADMIN, GAON, MONDAY, NARAE, STRANGER, caller, dump


async def names(team) -> list[str]:
    return [member.name for member in await team.roster.list(caller())]


async def test_people_stand_in_the_order_in_which_they_came(team):
    await team.roster.add(caller(), NARAE, "나래")
    await team.roster.join(caller(GAON), None)
    assert await names(team) == ["나래", "가온"]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("하준님", "하준"),
        ("  민재  ", "민재"),
        ("김  하준 님", "김 하준"),
        ("Alex", "Alex"),
        ("하늘\n바다", "하늘 바다"),
        pytest.param("\u202e가온\x07", "가온", id="what turns the text around it"),
    ],
)
async def test_a_name_is_kept_without_its_honorific(team, typed, name):
    assert (await team.roster.add(caller(), GAON, typed)).name == name


@pytest.mark.parametrize("typed", ["", "   ", "님", " 님 ", "가" * 33, "\u202e", "\u200b"])
async def test_a_name_that_is_none_is_refused(team, database_file, typed):
    before = await dump(database_file)
    with pytest.raises(InvalidInput, match="1 to"):
        await team.roster.add(caller(), GAON, typed)
    assert await dump(database_file) == before


async def test_a_name_is_given_once_also_after_its_owner_has_left(team, database_file):
    await team.roster.add(caller(), GAON, "가온")
    await team.roster.add(caller(), NARAE, "나래")
    await team.roster.leave(caller(GAON))
    before = await dump(database_file)
    for refused in (
        team.roster.join(caller(STRANGER), "가온님"),
        team.roster.rename(caller(), NARAE, "가온"),
        team.roster.add(caller(), STRANGER, "나래"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            await refused
        assert "이름은 이미 팀에 있어요" in refusal.value.text(KOREAN)
    assert await dump(database_file) == before


async def test_of_two_who_take_the_same_name_at_once_one_gets_it(team):
    results = await asyncio.gather(
        team.roster.join(caller(GAON), "하늘"), team.roster.join(caller(NARAE), "하늘"), return_exceptions=True
    )
    assert sorted(type(result).__name__ for result in results) == ["InvalidInput", "Member"]
    assert await names(team) == ["하늘"]


async def test_joining_twice_is_refused_with_the_name_one_has(team):
    await team.roster.join(caller(GAON), None)
    with pytest.raises(InvalidInput) as refusal:
        await team.roster.join(caller(GAON), "다른 이름")
    assert refusal.value.text(KOREAN).startswith("가온님은 이미 명단에 있어요.")


async def test_leaving_keeps_history_and_coming_back_finds_it(team, database):
    joined = await team.roster.join(caller(GAON), None)
    async with writing(database) as session:
        session.add(
            TurnRow(
                team_id=await session.scalar(select(TeamRow.id)), duty="moderator", unit="day:2026-01-05",
                date=date(2026, 1, 5), member_id=joined.id, state="assigned", made_at=MONDAY,
            )
        )  # fmt: skip
    await team.roster.leave(caller(GAON, at="2026-01-07 10:00"))
    assert await names(team) == []
    back = await team.roster.join(caller(GAON, at="2026-01-12 10:00"), "가온이")
    assert (back.id, back.name) == (joined.id, "가온이")
    async with reading(database) as session:
        spans = (await session.scalars(select(MembershipRow).order_by(MembershipRow.id))).all()
        assert await session.scalar(select(TurnRow.member_id)) == joined.id
    assert [(span.since.day, span.until and span.until.day) for span in spans] == [(5, 7), (12, None)]


async def test_who_comes_back_the_same_day_is_on_the_roster_once(team):
    await team.roster.join(caller(GAON), None)
    await team.roster.leave(caller(GAON))
    await team.roster.join(caller(GAON), None)
    assert await names(team) == ["가온"]


async def test_whoever_is_not_on_the_roster_cannot_leave_or_be_removed(team):
    with pytest.raises(NotAllowed, match="nothing to leave"):
        await team.roster.leave(caller(GAON))
    for refused in (team.roster.remove(caller(), GAON), team.roster.rename(caller(), GAON, "가온")):
        with pytest.raises(NotFound, match="/roster add"):
            await refused


async def test_members_do_not_change_each_other(team, database_file):
    await team.roster.join(caller(GAON), None)
    await team.roster.join(caller(NARAE), None)
    before = await dump(database_file)
    for refused in (
        team.roster.add(caller(GAON), STRANGER, "하늘"),
        team.roster.remove(caller(GAON), NARAE),
        team.roster.rename(caller(GAON), NARAE, "하늘"),
    ):
        with pytest.raises(NotAllowed):
            await refused
    assert await dump(database_file) == before


async def test_the_roster_of_one_team_is_not_the_other_ones(team, database):
    elsewhere = {"guild_id": 8, "channel_id": 80}
    await team.teams.setup(caller(ADMIN, **elsewhere), "옆 팀", {})
    await team.roster.join(caller(GAON), None)
    assert await team.roster.list(caller(ADMIN, **elsewhere)) == []
    with pytest.raises(NotFound):
        await team.roster.remove(caller(ADMIN, **elsewhere), GAON)
    await team.roster.join(caller(NARAE, **elsewhere), "가온")
    async with reading(database) as session:
        assert len((await session.scalars(select(MemberRow))).all()) == 2


async def test_the_last_one_is_not_removed_but_may_leave(team, database_file):
    await team.roster.join(caller(GAON), None)
    before = await dump(database_file)
    with pytest.raises(InvalidInput) as refusal:
        await team.roster.remove(caller(), GAON)
    assert refusal.value.text(KOREAN) == (
        "명단에 가온님 한 분만 남아 있어요. 먼저 /roster add 로 다른 사람을 올려 주세요."
    )
    assert await dump(database_file) == before
    assert (await team.roster.leave(caller(GAON))).was_last


@pytest.mark.parametrize("removed", [True, False])
async def test_whoever_leaves_hands_their_turns_to_the_others_and_the_past_stays(team, database, removed):
    for user_id, name in {GAON: "가온", NARAE: "나래", STRANGER: "다솜"}.items():
        await team.roster.add(caller(), user_id, name)
    monday = await announce(database, date(2026, 1, 4))
    tuesday = await announce(database)
    gone = tuesday.moderator
    evening = "2026-01-05 19:00"
    if removed:
        departure = await team.roster.remove(caller(at=evening), gone.user_id)
    else:
        departure = await team.roster.leave(caller(gone.user_id, at=evening))
    (handed,) = departure.handed_over
    assert (handed.date, handed.made, departure.was_last) == (TUESDAY, True, False)
    turns = [(row.date, row.member_id, row.state, row.cause) for row in await rows(database, TurnRow)]
    assert turns == [
        (date(2026, 1, 5), monday.moderator.id, "proposed", None),
        (TUESDAY, gone.id, "replaced", None),
        (TUESDAY, handed.member.id, "proposed", "left"),
    ]
    assert [row.kind for row in await rows(database, ActRow)] == ["left"]


async def test_whoever_comes_back_is_not_away_any_more(team):
    await team.roster.add(caller(), NARAE, "나래")
    await team.roster.join(caller(GAON), None)
    await team.absences.away(caller(GAON), NewAbsence())
    await team.roster.leave(caller(GAON, at="2026-01-07 10:00"))
    await team.roster.join(caller(GAON, at="2026-01-12 10:00"), None)
    assert [entry.away for entry in await team.roster.entries(caller(at="2026-01-12 10:00"))] == [(), ()]
