"""Setting up a team and changing its settings."""

import asyncio
from datetime import date, time

import pytest
from sqlalchemy import func, select

from bot.db.tables import AuditRow, TeamRow
from bot.domain.team import Team
from bot.errors import InvalidInput, NotAllowed, NotFound, UserError
from bot.i18n import ENGLISH, KOREAN
from bot.services.teams import Standing
from tests.database import reading
from tests.services.people import ADMIN, CHANNEL, GAON, GUILD, NARAE, STRANGER, caller, dump

MODERATORS = 555


async def test_two_setups_at_once_make_one_team(services, database):
    first, second = await asyncio.gather(
        services.teams.setup(caller(ADMIN), "스터디", {"retro_time": time(22)}),
        services.teams.setup(caller(ADMIN), "스터디", {"session_time": time(14)}),
    )
    assert sorted([first.created, second.created]) == [False, True]
    async with reading(database) as session:
        assert await session.scalar(select(func.count()).select_from(TeamRow)) == 1
    team = await services.teams.show(caller())
    assert (team.retro_time, team.session_time) == (time(22), time(14))


async def test_a_new_team_has_sensible_defaults(team):
    found = await team.teams.show(caller())
    assert found == Team(
        id=found.id, guild_id=GUILD, name="스터디", language="ko", zone=found.zone,
        study_channel_id=CHANNEL, reminder_channel_id=CHANNEL, retro_channel_id=CHANNEL,
        journal_channel_id=None, mod_channel_id=CHANNEL, moderator_role_id=None, start=date(2026, 1, 5),
        country="KR", weekdays=frozenset(range(5)), session_time=time(16), session_minutes=60, announce_time=time(18),
        confirm_by=time(22), moderator_per="day", due_time=time(9), retro_time=time(21), nudge_time=time(23),
        digest=time(23, 30), streaks=True, cutoff=time(4),
        reminders="3d, 1d, 3h, 30m",
    )  # fmt: skip
    assert found.zone.key == "Asia/Seoul"


async def test_a_second_setup_changes_only_what_is_given(team):
    before = await team.teams.show(caller())
    done = await team.teams.setup(caller(at="2026-01-06 10:00"), "다른 이름", {"retro_time": time(22)})
    assert not done.created
    assert done.team == Team(**{**vars(before), "retro_time": time(22)})


async def test_setting_up_without_manage_server_changes_nothing(team, database_file):
    before = await dump(database_file)
    for refused in (
        team.teams.plan_setup(caller(GAON), {"retro_time": "22:00"}, {}),
        team.teams.setup(caller(GAON), "내 팀", {"retro_time": time(22)}),
    ):
        with pytest.raises(NotAllowed, match="Manage Server"):
            await refused
    assert await dump(database_file) == before


async def test_the_channel_of_another_team_is_refused(team, database_file):
    before = await dump(database_file)
    elsewhere = caller(ADMIN, guild_id=8, channel_id=80)
    for refused in (
        team.teams.plan_setup(elsewhere, {}, {"study_channel_id": CHANNEL}),
        team.teams.setup(elsewhere, "옆 팀", {"study_channel_id": CHANNEL}),
    ):
        with pytest.raises(InvalidInput) as refusal:
            await refused
        assert refusal.value.text(KOREAN).startswith("그 채널에서는 이미 스터디 팀이")
    assert await dump(database_file) == before


async def test_a_team_cannot_move_into_the_channel_of_another(team, database_file):
    elsewhere = caller(ADMIN, guild_id=8, channel_id=80)
    await team.teams.setup(elsewhere, "옆 팀", {})
    before = await dump(database_file)
    with pytest.raises(InvalidInput, match="already studies"):
        await team.teams.setup(elsewhere, "옆 팀", {"study_channel_id": CHANNEL})
    assert await dump(database_file) == before
    done = await team.teams.setup(elsewhere, "옆 팀", {"study_channel_id": 80})
    assert done.team.study_channel_id == 80


async def test_a_plan_knows_the_language_that_the_team_will_have(services):
    new = await services.teams.plan_setup(caller(), {}, {})
    assert (new.language, new.creates) == ("ko", True)
    assert (await services.teams.plan_setup(caller(), {"language": "en"}, {})).language == "en"
    await services.teams.setup(caller(), "스터디", {"language": "en"})
    again = await services.teams.plan_setup(caller(), {"retro_time": "22:00"}, {})
    assert (again.language, again.creates, again.changes) == ("en", False, {"retro_time": time(22)})


@pytest.mark.parametrize(
    ("option", "text", "advice"),
    [
        ("timezone", "Asia/Soul", "Asia/Seoul"),
        ("start", "어느 날", "2026-12-03"),
        ("start", "2023-01-02", "two years ago"),
        ("country", "XX", "KR"),
        ("session_time", "25:00", "21:00"),
        ("retro_time", "저녁쯤", "21:00"),
        ("language", "fr", "ko or en"),
    ],
)
async def test_an_option_that_does_not_fit_is_refused_with_what_would(services, option, text, advice):
    with pytest.raises(InvalidInput) as refusal:
        await services.teams.plan_setup(caller(), {option: text}, {})
    assert text in refusal.value.text(ENGLISH)
    assert advice in refusal.value.text(ENGLISH)
    with pytest.raises(NotFound, match="no team here"):
        await services.teams.show(caller())


@pytest.mark.parametrize(
    ("key", "text", "attribute", "value"),
    [
        ("language", "English", "language", "en"),
        ("timezone", "europe/berlin", "zone", "Europe/Berlin"),
        ("moderator_role", f"<@&{10**17}>", "moderator_role_id", 10**17),
        ("moderator_role", "off", "moderator_role_id", None),
        ("reminder_channel", f"<#{10**17}>", "reminder_channel_id", 10**17),
        ("retro_channel", "off", "retro_channel_id", CHANNEL),
        ("session_time", "off", "session_time", None),
        ("session_time", "오후 2시", "session_time", time(14)),
        ("session_minutes", "90분", "session_minutes", 90),
        ("announce_time", "17:30", "announce_time", time(17, 30)),
        ("confirm_by", "23:00", "confirm_by", time(23)),
        ("confirm_by", "없음", "confirm_by", None),
        ("moderator_per", "week", "moderator_per", "week"),
        ("cutoff", "5시", "cutoff", time(5)),
        ("reminders", "2h, 1d", "reminders", "1d, 2h"),
    ],
)
async def test_a_setting_is_read_as_people_write_it(team, key, text, attribute, value):
    changed = await team.teams.set(caller(), key, text)
    assert str(getattr(changed, attribute)) == str(value)
    assert await team.teams.show(caller()) == changed


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("timezone", "Mars/Phobos"),
        ("reminder_channel", f"<@&{10**17}>"),
        ("moderator_role", f"<#{10**17}>"),
        ("moderator_role", "운영진"),
        ("cutoff", "13:00"),
        ("confirm_by", "자기 전"),
        ("moderator_per", "month"),
        ("session_minutes", "9"),
        ("reminders", "아침에"),
        ("colour", "blue"),
    ],
)
async def test_a_setting_that_does_not_fit_changes_nothing(team, database_file, key, text):
    before = await dump(database_file)
    with pytest.raises(InvalidInput):
        await team.teams.set(caller(), key, text)
    assert await dump(database_file) == before


async def test_settings_are_for_moderators(team, database_file):
    await team.teams.set(caller(), "moderator_role", f"<@&{10**17}>")
    before = await dump(database_file)
    for refused in (
        team.teams.check_setting(caller(GAON), "retro_time", "22:00"),
        team.teams.set(caller(GAON), "retro_time", "22:00"),
    ):
        with pytest.raises(NotAllowed):
            await refused
    assert await dump(database_file) == before
    changed = await team.teams.set(caller(GAON, roles=frozenset({10**17})), "retro_time", "22:00")
    assert changed.retro_time == time(22)


async def test_every_change_is_on_record(team, database):
    await team.teams.set(caller(), "retro_time", "22:00")
    async with reading(database) as session:
        rows = (await session.scalars(select(AuditRow).order_by(AuditRow.id))).all()
    assert [row.action for row in rows] == ["team.create", "settings.set"]
    changed = rows[1]
    assert (changed.actor_id, changed.before, changed.after) == (
        ADMIN,
        '{"retro_time": "21:00:00"}',
        '{"retro_time": "22:00:00"}',
    )


async def test_what_somebody_is_to_the_team(services):
    assert await services.teams.standing(caller(GAON)) is Standing.NO_TEAM
    await services.teams.setup(caller(ADMIN), "스터디", {"moderator_role_id": MODERATORS})
    await services.roster.join(caller(GAON), None)
    await services.roster.join(caller(NARAE), None)
    assert await services.teams.standing(caller(GAON)) is Standing.TODAYS_MODERATOR
    assert await services.teams.standing(caller(NARAE)) is Standing.MEMBER
    assert await services.teams.standing(caller(STRANGER)) is Standing.GUEST
    assert await services.teams.standing(caller(ADMIN)) is Standing.MODERATOR
    assert await services.teams.standing(caller(GAON, roles=frozenset({MODERATORS}))) is Standing.MODERATOR


async def test_whoever_is_no_moderator_learns_who_is_today_or_on_the_next_study_day(team):
    for user_id, name in ((GAON, "가온"), (NARAE, "나래")):
        await team.roster.add(caller(ADMIN), user_id, name)
    with pytest.raises(NotAllowed) as refused:
        await team.session.start(caller(NARAE))
    assert KOREAN.render(refused.value.message).endswith("오늘의 모더레이터는 가온님이에요.")
    await team.calendar.off(caller(ADMIN), "오늘", None)
    with pytest.raises(NotAllowed) as refused:
        await team.session.start(caller(NARAE))
    assert KOREAN.render(refused.value.message).endswith("다음 학습일(1/6 화)의 모더레이터는 가온님이에요.")


async def test_without_a_team_one_is_told_how_to_make_one(services):
    with pytest.raises(UserError, match="/setup"):
        await services.roster.join(caller(GAON), None)
