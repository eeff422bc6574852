"""Retrospectives over a real database: whose day it is, and what fits."""

import sqlite3
from dataclasses import replace

import pytest

from bot.domain.deliveries import Delivery, State
from bot.domain.retro import FREE_FIELD, MOST_QUESTIONS, Reflection, Visibility
from bot.domain.session import NoteDraft
from bot.domain.streaks import Streak
from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.services.absences import NewAbsence
from bot.services.gaps import Lack
from bot.services.retro import TEXT_LIMIT
from tests.services.people import ADMIN, GAON, NARAE, STRANGER, caller, dump, freely, seoul

EVENING = "2026-01-05 21:00"


@pytest.fixture
async def retro(team):
    await team.roster.add(caller(), GAON, "가온")
    return team.retro


async def test_a_day_of_another_team_is_not_found(retro, team, database_file):
    day = (await retro.draft(caller(GAON, at=EVENING), None)).day
    neighbour = caller(ADMIN, guild_id=8, channel_id=80, at=EVENING)
    await team.teams.setup(neighbour, "이웃", {})
    await team.roster.join(neighbour, "이웃")
    before = await dump(database_file)
    for refused in (retro.draft(neighbour, day.id), retro.write(neighbour, day.id, freely("몰래"), Visibility.TEAM)):
        with pytest.raises(NotFound):
            await refused
    assert await dump(database_file) == before


async def test_a_button_in_direct_messages_is_for_the_members_of_its_team_alone(retro, team, database_file):
    await team.roster.add(caller(), NARAE, "나래")
    day = (await retro.draft(caller(GAON, at=EVENING), None)).day
    own = replace(caller(GAON, guild_id=0, channel_id=0, at=EVENING), team_id=1)
    neighbour = caller(ADMIN, guild_id=8, channel_id=80, at=EVENING)
    await team.teams.setup(neighbour, "이웃", {})
    await team.roster.add(neighbour, NARAE, "나래")
    await team.roster.remove(caller(at=EVENING), NARAE)
    before = await dump(database_file)
    for forged, refusal in (
        (replace(own, user_id=STRANGER), NotAllowed),  # somebody else's id
        (replace(own, user_id=NARAE), NotAllowed),  # removed since
        (replace(own, user_id=NARAE, team_id=2), NotFound),  # the neighbour's member, the team's day
        (replace(own, team_id=2), NotAllowed),
        (replace(own, team_id=99), NotFound),
    ):
        for refused in (retro.draft(forged, day.id), retro.write(forged, day.id, freely("몰래"), Visibility.TEAM)):
            with pytest.raises(refusal):
                await refused
    assert await dump(database_file) == before
    assert (await retro.write(own, day.id, freely("내 글"), Visibility.TEAM)).written == 1


@pytest.mark.parametrize("visibility", list(Visibility))
async def test_a_text_that_cannot_be_kept_changes_nothing(retro, database_file, visibility):
    day = (await retro.draft(caller(GAON, at=EVENING), None)).day
    before = await dump(database_file)
    too_many = freely("하나") * (MOST_QUESTIONS + 1)
    for fields in ((), freely(""), freely(" \n ") * 2, freely("가" * (TEXT_LIMIT + 1)), too_many):
        with pytest.raises(InvalidInput):
            await retro.write(caller(GAON, at=EVENING), day.id, fields, visibility)
    with pytest.raises(NotAllowed):
        await retro.write(caller(STRANGER, at=EVENING), day.id, freely("손님의 글"), visibility)
    assert await dump(database_file) == before
    await retro.write(caller(GAON, at=EVENING), day.id, freely("가" * TEXT_LIMIT), visibility)


USUAL = ("잘한 점", "아쉬운 점", "배운 점", "내일 할 일")


async def asked(retro, who=GAON) -> tuple[str, ...]:
    return tuple(each.question for each in (await retro.draft(caller(who, at=EVENING), None)).fields)


async def test_a_team_is_asked_the_usual_four_in_its_language_until_a_moderator_chooses_others(retro, team):
    assert await asked(retro) == USUAL
    await team.teams.set(caller(), "language", "en")
    assert (await asked(retro))[0] == "What went well"
    chosen = await team.retro_questions.choose(caller(), [" 뭐가\n남았나요? ", "", "뭐가 남았나요?", "기분은?"])
    assert chosen == await asked(retro) == ("뭐가 남았나요?", "기분은?")
    assert await team.retro_questions.choose(caller(), ["", " ", "", ""]) == await asked(retro) == (FREE_FIELD,)


@pytest.mark.parametrize("typed", [["가" * 46], list("가나다라마")])
async def test_questions_that_no_form_could_ask_are_refused_and_so_is_anybody_but_a_moderator(
    retro, team, database_file, typed
):
    before = await dump(database_file)
    with pytest.raises(InvalidInput):
        await team.retro_questions.choose(caller(), typed)
    with pytest.raises(NotAllowed):
        await team.retro_questions.choose(caller(GAON), ["기분은?"])
    assert await dump(database_file) == before


async def test_whoever_has_written_goes_on_with_the_questions_they_answered(retro, team):
    gaon = caller(GAON, at=EVENING)
    day = (await retro.draft(gaon, None)).day
    fields = (Reflection("잘한 점", "끝까지 들었다"), Reflection("아쉬운 점", ""))
    await retro.write(gaon, day.id, fields, Visibility.TEAM)
    await team.retro_questions.choose(caller(), ["기분은?"])
    assert (await retro.draft(gaon, None)).fields == fields
    await team.roster.add(caller(), NARAE, "나래")
    assert await asked(retro, NARAE) == ("기분은?",)


async def page_of(team) -> str:
    return (await team.journal.page(caller(GAON, at=EVENING), None, own=False)).text


async def test_a_changed_text_is_marked_and_one_that_was_only_sent_again_is_not(retro, team):
    gaon = caller(GAON, at=EVENING)
    day = (await retro.draft(gaon, None)).day
    for visibility in (Visibility.PRIVATE, Visibility.TEAM):
        await retro.write(gaon, day.id, (Reflection("배운 점", "하나"), Reflection("잘한 점", "")), visibility)
    assert "**가온님**\n\n*배운 점*\n\n하나\n" in await page_of(team)
    await retro.write(gaon, day.id, (Reflection("배운 점", "둘"), Reflection("잘한 점", "")), Visibility.TEAM)
    assert "**가온님** (고침)\n\n*배운 점*\n\n둘\n" in await page_of(team)
    assert "하나" not in await page_of(team)


async def test_holidays_absences_and_passes_break_no_streak(retro, team):
    await team.roster.add(caller(), NARAE, "나래")
    await team.calendar.off(caller(), "2026-01-07", None)
    await team.absences.away(caller(GAON), NewAbsence(since="2026-01-08"))
    for day in (5, 6, 8, 9, 12):
        for who in (NARAE,) if day in {8, 9} else (GAON, NARAE):
            evening = caller(who, at=f"2026-01-{day:02} 21:00")
            draft = await retro.draft(evening, None)
            await retro.write(evening, draft.day.id, freely("씀"), Visibility.PRIVATE)
        if day == 9:
            await team.retro_nudges.let_be(caller(GAON, at="2026-01-09 21:00"), draft.day.id)
    monday = "2026-01-12 22:00"
    streaks = await team.retro_reading.streak(caller(GAON, at=monday))
    assert (streaks.own, streaks.team) == (Streak(3, 3), Streak(5, 5))
    tuesday = await team.retro_reading.streak(caller(GAON, at="2026-01-13 22:00"))
    assert tuesday.own == Streak(3, 3)
    wednesday = await team.retro_reading.streak(caller(GAON, at="2026-01-14 05:00"))
    assert wednesday.own == Streak(0, 3)
    assert (await team.retro_weeks.week(caller(GAON, at=monday), None)).together == 5
    await team.teams.set(caller(at=monday), "streaks", "off")
    assert (await team.retro_weeks.week(caller(GAON, at=monday), None)).together == 0
    with pytest.raises(InvalidInput, match="does not count"):
        await team.retro_reading.streak(caller(GAON, at=monday))


async def test_whoever_writes_after_all_is_due_again(retro, team):
    gaon = caller(GAON, at=EVENING)
    team_id, day = (await team.teams.show(gaon)).id, (await retro.draft(gaon, None)).day
    for _again in range(2):
        await team.retro_nudges.let_be(gaon, day.id)
    assert (await retro.prompt(team_id, day.id)).members == 0
    assert Lack.RETROSPECTIVE not in {lacking.what for lacking in (await team.today.glance(gaon)).lacking}
    done = await retro.write(gaon, day.id, freely("그래도"), Visibility.TEAM)
    assert (done.written, done.members) == (1, 1)
    assert (await retro.prompt(team_id, day.id)).members == 1


async def test_a_day_that_is_named_is_written_to_only_while_it_is_open(retro, team):
    tuesday = caller(GAON, at="2026-01-06 21:00")
    assert (await retro.draft(tuesday, None, "Day2")).day.number == 2
    for typed in ("Day1", "Day3", "1/7"):
        with pytest.raises((InvalidInput, NotFound)):
            await retro.draft(tuesday, None, typed)
    sunday = caller(GAON, at="2026-01-11 12:00")
    with pytest.raises(InvalidInput, match="has not come yet"):
        await retro.draft(sunday, None, "1/12")


async def look_back(retro, who, at, text, visibility):
    draft = await retro.draft(caller(who, at=at), None)
    await retro.write(caller(who, at=at), draft.day.id, freely(text), visibility)


async def test_a_week_shows_what_the_team_may_read_and_who_takes_part_by_name(retro, team, database_file):
    for user_id, name in ((NARAE, "나래"), (3, "다솜")):
        await team.roster.add(caller(), user_id, name)
    await look_back(retro, NARAE, EVENING, "나래의 말", Visibility.TEAM)
    await look_back(retro, GAON, EVENING, "비밀", Visibility.PRIVATE)
    await look_back(retro, 3, EVENING, "이름 없는 말", Visibility.ANONYMOUS)
    await team.session.note(caller(GAON, at="2026-01-06 16:00"), NoteDraft("action", None, None, "1/20"), "자료 모으기")
    await look_back(retro, 3, "2026-01-06 22:00", "둘째 날", Visibility.ANONYMOUS)
    week = await team.retro_weeks.week(caller(GAON, at="2026-01-06 23:00"), None)
    (gaon, narae, _dasom) = week.members
    assert [(day.date.day, day.written, day.people) for day in week.days] == [(5, 3, 3), (6, 1, 3)]
    assert [day.took_part for day in week.days] == [{narae.id}, {gaon.id}]
    ((_free, answers),) = week.answers
    assert [(said.author, said.day.day, said.text) for said in answers] == [
        ("나래", 5, "나래의 말"),
        (None, 5, "이름 없는 말"),
        (None, 6, "둘째 날"),
    ]
    assert [(action.text, action.owner) for action in week.actions] == [("자료 모으기", None)]
    with sqlite3.connect(database_file) as connection:
        connection.execute("UPDATE minutes SET done_at = '2026-01-06 14:00:00.000000'")
    assert (await team.retro_weeks.week(caller(GAON, at="2026-01-06 23:30"), None)).actions == ()
    with pytest.raises(NotAllowed):
        await team.retro_weeks.week(caller(STRANGER, at=EVENING), None)


async def test_an_experiment_is_one_sentence_for_a_week_to_come_and_the_last_one_holds(retro, team, database_file):
    gaon = caller(GAON, at="2026-01-09 23:30")
    day = (await retro.draft(gaon, None)).day
    before = await dump(database_file)
    for text in (" ", "가" * 201):
        with pytest.raises(InvalidInput):
            await team.retro_experiments.choose(gaon, day.id, text)
    with pytest.raises(NotAllowed):
        await team.retro_experiments.choose(caller(STRANGER, at=EVENING), day.id, "몰래")
    assert await dump(database_file) == before
    for text in ("하나", "둘"):
        chosen = await team.retro_experiments.choose(gaon, day.id, text)
    assert (chosen.week.day, (await team.retro_experiments.choice(gaon, day.id)).text) == (12, "둘")
    assert (await team.retro_weeks.week(gaon, None)).chosen.text == "둘"
    later = caller(GAON, at="2026-01-19 10:00")
    with pytest.raises(InvalidInput, match="is over"):
        await team.retro_experiments.choose(later, day.id, "너무 늦게")


def nudge_of(team_id, day_id, at="2026-01-05 23:00") -> Delivery:
    return Delivery(
        id=1, team_id=team_id, guild_id=7, kind="retro.nudge", subject_id=day_id, slot="", due_at=seoul(at),
        expires_at=None, state=State.PENDING, attempts=0, first_tried_at=None, payload=None, nonce="", channel_id=None,
    )  # fmt: skip


async def test_a_direct_nudge_spares_who_is_away_lets_the_day_be_or_has_written(retro, team):
    for user_id, name in ((NARAE, "나래"), (3, "다솜"), (4, "라온")):
        await team.roster.add(caller(), user_id, name)
        await team.retro_nudges.switch(caller(user_id))
    team_id, day = (await team.teams.show(caller())).id, (await retro.draft(caller(NARAE, at=EVENING), None)).day
    alone = {user_id: replace(nudge_of(team_id, day.id), user_id=user_id) for user_id in (GAON, NARAE, 3, 4)}
    assert all([(await team.retro_nudges.nudge(alone[user_id])).direct for user_id in (NARAE, 3, 4)])
    await team.absences.away(caller(NARAE), NewAbsence(since="2026-01-05"))
    await team.retro_nudges.let_be(caller(3, at=EVENING), day.id)
    await retro.write(caller(4, at=EVENING), day.id, freely("썼다"), Visibility.PRIVATE)
    for user_id, delivery in alone.items():  # 가온 did not ask for it
        assert await team.retro_nudges.nudge(delivery) == "everybody has written who was to", user_id


async def test_a_day_taken_off_or_closed_before_the_question_is_sent_is_not_asked_about(retro, team):
    team_id, day = (await team.teams.show(caller())).id, (await retro.draft(caller(GAON, at=EVENING), None)).day
    await team.calendar.off(caller(at=EVENING), "2026-01-05", None)
    assert await retro.prompt(team_id, day.id) == "nobody is to write that day any more"
    await team.calendar.on(caller(at=EVENING), "2026-01-05", None)
    assert (await retro.prompt(team_id, day.id)).members == 1
    await team.teams.set(caller(at="2026-01-06 10:00"), "retro_time", "22:00")  # closes Monday
    assert await retro.prompt(team_id, day.id) == "nobody is to write that day any more"


async def test_nobody_is_nudged_on_a_day_taken_off_closed_or_not_yet_asked_about(retro, team):
    team_id, day = (await team.teams.show(caller())).id, (await retro.draft(caller(GAON, at=EVENING), None)).day
    nudge = team.retro_nudges.nudge
    found = await nudge(nudge_of(team_id, day.id))
    assert (found.written, found.people, found.direct) == (0, 1, False)
    assert await nudge(nudge_of(team_id, day.id, "2026-01-05 21:00")) == "the day was not asked about yet"
    await team.calendar.off(caller(at=EVENING), "2026-01-05", None)
    assert await nudge(nudge_of(team_id, day.id)) == "nobody is to write that day any more"
    await team.calendar.on(caller(at=EVENING), "2026-01-05", None)
    assert (await nudge(nudge_of(team_id, day.id))).people == 1
    await team.teams.set(caller(at="2026-01-06 10:00"), "retro_time", "22:00")  # closes Monday
    assert await nudge(nudge_of(team_id, day.id)) == "nobody is to write that day any more"
