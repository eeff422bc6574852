"""After a stop: what each kind does with what is late. The rules are `bot/domain/catch_up.py`."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.db.tables import DeliveryRow
from bot.domain.catch_up import CATCH_UP, Several
from bot.domain.deliveries import Delivery
from bot.jobs.posts import TEXT_LIMIT, Ambiguous, Button, Post, Refused, ServerError, Skip, TryAgain
from bot.services.deliveries import cancel, plan
from tests.database import reading, writing
from tests.jobs.desk import CHANNEL, NOON, PERSON, ROOM, Desk, telling

STOPS = {
    "1 minute": timedelta(minutes=1),
    "90 minutes": timedelta(minutes=90),
    "3 hours": timedelta(hours=3),
    "5 days": timedelta(days=5),
}
OF_USE = timedelta(hours=7)
"""As long as an evening's prompt is: until the night's cut-off."""


async def numbered(delivery: Delivery) -> Post:
    """Says which it is, with a button of its own."""
    return Post(channel_id=CHANNEL, text=f"글 {delivery.subject_id}", buttons=(Button("쓰기", f"x:{delivery.id}"),))


async def of_its_kind(delivery: Delivery) -> Post:
    return Post(channel_id=CHANNEL, text=f"{delivery.kind} 글 {delivery.subject_id}")


@pytest.fixture
def stopped(desk: Desk) -> Desk:
    """The desk, with every kind; nothing happens until `dispatch`."""
    for kind in CATCH_UP:
        desk.dispatcher.compose(kind, numbered)
    return desk


async def plan_at(desk: Desk, kind: str, moments: list[datetime], expires=lambda moment: moment + OF_USE, **more):
    async with writing(desk.database) as session:
        for number, moment in enumerate(moments):
            await plan(
                session, team_id=desk.team_id, kind=kind, subject_id=number, due_at=moment,
                expires_at=expires(moment), **more,
            )  # fmt: skip


def said(desk: Desk) -> list[str]:
    return [post.text for post in desk.channel.messages]


@pytest.mark.parametrize("stop", STOPS.values(), ids=STOPS.keys())
async def test_after_a_stop_each_kind_follows_its_rule(stopped, stop):
    """Of each kind three fell due while the bot stood still: as it stopped, half-way, and just before it is back."""
    moments = [NOON, NOON + stop / 2, NOON + stop - timedelta(seconds=30)]
    stopped.clock.instant = now = NOON + stop
    useful = [number for number, moment in enumerate(moments) if now < moment + OF_USE]
    late = [number for number in useful if now - moments[number] > timedelta(minutes=5)]
    for kind in CATCH_UP:
        stopped.dispatcher.compose(kind, of_its_kind)
        await plan_at(stopped, kind, moments)
    await stopped.dispatch()
    states = defaultdict(list)
    async with reading(stopped.database) as session:
        for row in await session.scalars(select(DeliveryRow).order_by(DeliveryRow.id)):
            states[row.kind].append(row.reason or row.state)
    for kind, rule in CATCH_UP.items():
        texts = [text for text in said(stopped) if kind in text]
        expected = ["expired"] * (3 - len(useful))
        if not late or rule.several is Several.EACH:
            assert len(texts) == len(useful), kind
            expected += ["sent"] * len(useful)
        elif rule.several is Several.LATEST:
            assert texts == [f"{kind} 글 2"], kind
            expected += ["overtaken"] * (len(useful) - 1) + ["sent"]
        else:
            assert len(texts) == 1, kind
            assert texts[0].count("글") == len(useful), kind
            expected += ["sent"] + ["merged"] * (len(useful) - 1)
        assert states[kind] == expected, kind
        labels = sum(text.count("보낼 알림이 늦었어요") for text in texts)
        assert labels == (len(late) if rule.labelled and rule.several is not Several.LATEST else 0), kind


async def test_every_kind_that_the_bot_posts_has_a_rule(env):
    drawn_only = env.bot.dispatcher.boards - set(CATCH_UP)  # the post of a request is drawn again, too
    assert env.bot.dispatcher.kinds - drawn_only == set(CATCH_UP)


@pytest.mark.parametrize(
    ("minutes", "label"),
    [(5, ""), (6, "(12:00에 보낼 알림이 늦었어요)\n"), (13 * 60, "(1/5 월 12:00에 보낼 알림이 늦었어요)\n")],
)
async def test_a_late_prompt_says_for_when_it_was_meant(stopped, minutes, label):
    await plan_at(stopped, "retro.prompt", [NOON], expires=lambda moment: None)
    stopped.clock.advance(minutes=minutes)
    await stopped.dispatch()
    assert said(stopped) == [f"{label}글 0"]


async def test_a_full_text_goes_out_without_a_label_rather_than_cut(stopped):
    async def full(delivery: Delivery) -> Post:
        return Post(channel_id=CHANNEL, text="가" * TEXT_LIMIT)

    stopped.dispatcher.compose("retro.prompt", full)
    await plan_at(stopped, "retro.prompt", [NOON])
    stopped.clock.advance(hours=1)
    assert await stopped.dispatch() == [("sent", None)]
    assert said(stopped) == ["가" * TEXT_LIMIT]


async def test_reminders_that_do_not_fit_into_one_message_are_several(stopped):
    async def long(delivery: Delivery) -> Post:
        return Post(channel_id=CHANNEL, text=f"{delivery.subject_id}" * 800, mentions=(delivery.subject_id, 9))

    stopped.dispatcher.compose("assignment.reminder", long)
    await plan_at(stopped, "assignment.reminder", [NOON + timedelta(minutes=each) for each in range(3)])
    stopped.clock.advance(hours=1)
    assert Counter(await stopped.dispatch()) == {("sent", None): 2, ("skipped", "merged"): 1}
    assert [post.mentions for post in stopped.channel.messages] == [(0, 9, 1), (2, 9)]


async def test_reminders_of_two_channels_are_not_merged(stopped):
    await plan_at(stopped, "assignment.reminder", [NOON], channel_id=CHANNEL)
    await plan_at(stopped, "assignment.reminder", [NOON + timedelta(minutes=1)], channel_id=501)
    stopped.clock.advance(hours=1)
    await stopped.dispatch()
    assert sorted(stopped.channel.held) == [CHANNEL, 501]


async def test_direct_messages_to_different_people_do_not_overtake_each_other(stopped):
    stopped.dispatcher.compose("retro.nudge", telling())
    await plan_at(stopped, "retro.nudge", [NOON], user_id=PERSON, offset="@7")
    await plan_at(stopped, "retro.nudge", [NOON], user_id=8, offset="@8")
    await plan_at(stopped, "retro.nudge", [NOON + timedelta(minutes=1)], user_id=PERSON, offset="@7")
    stopped.clock.advance(hours=1)
    assert Counter(await stopped.dispatch()) == {("sent", None): 2, ("skipped", "overtaken"): 1}
    assert sorted(stopped.channel.held) == sorted([ROOM, ROOM + 1])


async def test_one_with_nothing_to_say_or_a_defect_leaves_the_others_their_message(stopped, caplog):
    async def third_is_broken(delivery: Delivery) -> Post:
        if delivery.subject_id == 2:
            raise RuntimeError("defect")
        return await numbered(delivery)

    stopped.dispatcher.compose("assignment.reminder", third_is_broken)
    await plan_at(stopped, "assignment.reminder", [NOON + timedelta(minutes=each) for each in range(4)])
    stopped.clock.advance(hours=1)
    assert [state for state, _ in await stopped.dispatch()] == ["sent", "skipped", "pending", "skipped"]
    (text,) = said(stopped)
    assert "글 3" in text
    assert "Cannot compose delivery 3" in caplog.text


async def test_what_was_merged_into_a_message_that_could_not_be_sent_is_sent_with_it_later(stopped):
    """The message was lost on its way; when it is composed anew, the others are, too: one of them was cancelled."""
    await plan_at(stopped, "assignment.reminder", [NOON + timedelta(minutes=each) for each in range(3)])
    stopped.clock.advance(hours=1)
    stopped.channel.failures = [(Ambiguous("reset"), False)]
    assert [state for state, _ in await stopped.dispatch()] == ["sending", "skipped", "skipped"]
    stopped.clock.advance(minutes=6)
    await stopped.dispatch()
    assert await stopped.states() == [("sent", None), ("skipped", "merged"), ("skipped", "merged")]
    (text,) = said(stopped)
    assert text.count("글") == 3


async def test_what_was_merged_and_arrived_unseen_is_not_sent_again(stopped):
    await plan_at(stopped, "assignment.reminder", [NOON + timedelta(minutes=each) for each in range(3)])
    stopped.clock.advance(hours=1)
    stopped.channel.failures = [(Ambiguous("reset"), True)]
    await stopped.dispatch()
    stopped.clock.advance(minutes=6)
    assert await stopped.dispatch() == [("sent", None), ("skipped", "merged"), ("skipped", "merged")]
    assert len(said(stopped)) == 1


@pytest.mark.parametrize("arrives", [False, True], ids=["lost", "arrived"])
@pytest.mark.parametrize("gone", [0, 1, 2])
async def test_one_that_is_called_off_leaves_a_merged_message_that_is_under_way(stopped, gone, arrives):
    """The others of it are told once all the same."""

    async def without_it(delivery: Delivery) -> Post | Skip:
        return Skip("called off") if delivery.subject_id == gone else await numbered(delivery)

    await plan_at(stopped, "assignment.reminder", [NOON + timedelta(minutes=each) for each in range(3)])
    stopped.clock.advance(hours=1)
    stopped.channel.failures = [(Ambiguous("reset"), arrives)]
    await stopped.dispatch()
    stopped.dispatcher.compose("assignment.reminder", without_it)
    stopped.clock.advance(minutes=1)
    states = await stopped.dispatch()
    (text,) = said(stopped)
    told = {0, 1, 2} if arrives else {0, 1, 2} - {gone}
    assert {number for number in range(3) if f"글 {number}" in text} == told
    assert (states[gone] == ("skipped", "called off")) is not arrives


@pytest.mark.parametrize("rule", ["session.instead", "assignment.reminder"])
async def test_what_is_called_off_while_it_is_under_way_is_not_sent_again(stopped, rule):
    async def nothing(delivery: Delivery) -> Skip:
        return Skip("there is a session after all")

    await plan_at(stopped, rule, [NOON])
    stopped.channel.failures = [(Ambiguous("reset"), False)]
    await stopped.dispatch()
    stopped.dispatcher.compose(rule, nothing)
    stopped.clock.advance(minutes=1)
    assert await stopped.dispatch() == [("skipped", "there is a session after all")]
    assert said(stopped) == []


async def test_whoever_hands_in_while_a_reminder_is_under_way_is_not_pinged(stopped):
    pinged = [1, 2]

    async def pinging(delivery: Delivery) -> Post:
        return replace(await numbered(delivery), mentions=tuple(pinged))

    stopped.dispatcher.compose("assignment.reminder", pinging)
    await plan_at(stopped, "assignment.reminder", [NOON])
    stopped.channel.failures = [(TryAgain(5), False)]
    await stopped.dispatch()
    pinged.remove(1)
    stopped.clock.advance(minutes=1)
    await stopped.dispatch()
    assert [post.mentions for post in stopped.channel.messages] == [(2,)]


async def test_a_composer_that_fails_meanwhile_sends_nothing_twice_and_loses_nothing(stopped, caplog):
    async def broken(delivery: Delivery) -> Post:
        raise RuntimeError("defect")

    await plan_at(stopped, "assignment.reminder", [NOON])
    stopped.channel.failures = [(Ambiguous("reset"), False)]
    await stopped.dispatch()
    stopped.dispatcher.compose("assignment.reminder", broken)
    stopped.clock.advance(minutes=1)
    assert await stopped.dispatch() == [("sending", None)]
    assert "Defect in delivery 1" in caplog.text
    stopped.dispatcher.compose("assignment.reminder", numbered)
    stopped.clock.advance(minutes=10)
    assert await stopped.dispatch() == [("sent", None)]


async def test_what_is_cancelled_while_it_is_merged_is_not_in_the_message(stopped):
    async def cancelling(delivery: Delivery) -> Post:
        if delivery.subject_id == 0 and not said(stopped):
            async with writing(stopped.database) as session:
                await cancel(session, team_id=stopped.team_id, kind="assignment.reminder", subject_id=1, reason="moved")
        return await numbered(delivery)

    stopped.dispatcher.compose("assignment.reminder", cancelling)
    await plan_at(stopped, "assignment.reminder", [NOON, NOON + timedelta(minutes=1)])
    stopped.clock.advance(hours=1)
    assert await stopped.dispatch() == [("sent", None), ("cancelled", "moved")]
    assert "글 1" not in said(stopped)[0]


async def test_after_a_long_outage_a_reminder_says_what_holds_then(stopped):
    await plan_at(stopped, "assignment.reminder", [NOON])
    stopped.channel.failures = [(ServerError("502"), False)]
    await stopped.dispatch()

    async def anew(delivery: Delivery) -> Post:
        return Post(channel_id=CHANNEL, text="아직인 분: 나래")

    stopped.dispatcher.compose("assignment.reminder", anew)
    stopped.clock.advance(minutes=30)
    assert await stopped.dispatch() == [("sent", None)]
    assert said(stopped) == ["(12:00에 보낼 알림이 늦었어요)\n아직인 분: 나래"]


@pytest.mark.parametrize("error", [Ambiguous("reset"), Refused(50035, "Invalid Form Body")], ids=["expired", "failed"])
async def test_what_was_merged_into_a_message_that_never_arrives_goes_out_by_itself(stopped, error):
    """The first is of use for three minutes more: it is lost on its way and expires, or Discord does not take it."""
    ends = {NOON: NOON + timedelta(minutes=63)}
    moments = [NOON, NOON + timedelta(minutes=1), NOON + timedelta(minutes=2)]
    await plan_at(stopped, "assignment.reminder", moments, expires=lambda moment: ends.get(moment, NOON + OF_USE))
    stopped.clock.advance(hours=1)
    stopped.channel.failures = [(error, False)]
    await stopped.dispatch()
    stopped.clock.advance(minutes=4)
    states = await stopped.dispatch()
    assert states[0][0] in {"skipped", "failed"}
    assert states[1:] == [("sent", None), ("skipped", "merged")]
    (text,) = [text for text in said(stopped) if "글 2" in text]
    assert "글 1" in text
    assert "글 0" not in text
