"""Who may save what a panel has collected, and that it is saved as a whole or not at all."""

from datetime import time

import pytest

from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.services.setup import Chosen, Newcomer
from tests.services.people import ADMIN, CHANNEL, GAON, STRANGER, caller, dump

MODERATORS = 10**17


def moderating(**options):
    return caller(GAON, roles=frozenset({MODERATORS}), **options)


@pytest.fixture
async def team_id(team):
    await team.teams.set(caller(), "moderator_role", f"<@&{MODERATORS}>")
    return (await team.teams.show(caller())).id


async def test_whoever_may_not_saves_nothing(team, team_id, database_file):
    later, moved = {"retro_time": time(22)}, {"study_channel_id": 71}
    before = await dump(database_file)
    for who, chosen, refusal in (
        (caller(STRANGER), Chosen(team_id, later), NotAllowed),
        (caller(GAON), Chosen(team_id, later), NotAllowed),
        (moderating(), Chosen(team_id, moved), NotAllowed),
        (moderating(), Chosen(None, later), NotAllowed),
        (caller(ADMIN, guild_id=8, channel_id=80), Chosen(team_id, later), NotFound),
        (caller(ADMIN), Chosen(team_id + 1, later), NotFound),
        (caller(ADMIN), Chosen(None, later), InvalidInput),
        (caller(ADMIN), Chosen(team_id, {"moderator_role_id": caller().guild_id}), InvalidInput),
    ):
        for refused in (team.team_setup.check(who, chosen), team.team_setup.save(who, "", chosen)):
            with pytest.raises(refusal):
                await refused
    for who in (caller(STRANGER), caller(GAON)):
        with pytest.raises(NotAllowed):
            await team.team_setup.present(who, "")
    assert await dump(database_file) == before


async def test_a_moderator_changes_the_rest_and_an_admin_the_study_channel_too(team, team_id):
    saved = await team.team_setup.save(moderating(), "", Chosen(team_id, {"retro_time": time(22)}))
    assert (saved.team.retro_time, saved.created) == (time(22), False)
    saved = await team.team_setup.save(caller(), "", Chosen(team_id, {"study_channel_id": 71}))
    assert (saved.team.study_channel_id, saved.team.retro_time) == (71, time(22))


async def test_people_who_came_meanwhile_are_left_as_they_are(team, team_id):
    people = (Newcomer(STRANGER, ("가온",)), Newcomer(STRANGER + 1, ("하늘",)))
    await team.roster.add(caller(), STRANGER + 1, "바람")
    saved = await team.team_setup.save(caller(), "", Chosen(team_id, {}, people))
    assert [member.user_id for member in saved.joined] == [STRANGER]
    names = {member.user_id: member.name for member in await team.roster.list(caller())}
    assert names[STRANGER + 1] == "바람"


async def test_somebody_without_a_usable_name_keeps_the_others_from_being_saved(team, team_id, database_file):
    before = await dump(database_file)
    people = (Newcomer(STRANGER, ("하늘",)), Newcomer(STRANGER + 1, ("\u200b",)))
    with pytest.raises(InvalidInput):
        await team.team_setup.save(caller(), "", Chosen(team_id, {"retro_time": time(22)}, people))
    assert await dump(database_file) == before


async def test_a_removed_team_is_not_changed_any_more(team, team_id, database_file):
    await team.guild_teams.create(caller(channel_id=71), "둘째", 71)
    await team.guild_teams.remove(caller(), team_id, "스터디")
    before = await dump(database_file)
    for change in (
        team.team_setup.save(caller(), "", Chosen(team_id, {"retro_time": time(22)})),
        team.guild_teams.rename(caller(), team_id, "새 이름"),
        team.guild_teams.remove(caller(), team_id, "스터디"),
    ):
        with pytest.raises(NotFound):
            await change
    assert await dump(database_file) == before
    assert (await team.teams.show(caller(channel_id=CHANNEL))).name == "둘째"  # the only one left


async def test_a_new_team_takes_over_what_the_server_has_chosen(team, team_id):
    await team.teams.set(caller(), "language", "en")
    made = await team.guild_teams.create(caller(channel_id=71), " 둘째\n팀 ", 71)
    assert (made.name, made.language, made.moderator_role_id, made.study_channel_id) == (
        "둘째 팀",
        "en",
        MODERATORS,
        71,
    )
    for refused in (
        team.guild_teams.create(caller(GAON, channel_id=72), "셋째", 72),
        team.guild_teams.list(caller(GAON)),
        team.guild_teams.rename(moderating(), team_id, "내 팀"),
        team.guild_teams.remove(moderating(), team_id, "스터디"),
        team.guild_teams.restore(moderating(), team_id),
        team.guild_teams.contents(moderating(), team_id),
    ):
        with pytest.raises(NotAllowed):
            await refused
