"""What fails: moderators are told once, somebody tries it again, and nothing is ever there twice."""

import asyncio
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.db.engine import Database
from bot.db.tables import AuditRow, BoardRow, DeliveryRow, TeamRow
from bot.domain.deliveries import Delivery, Lane, State
from bot.domain.team import Caller
from bot.domain.undelivered import Cause, Notice, Problem
from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.i18n import ENGLISH, KOREAN
from bot.jobs.dispatch import Dispatcher
from bot.jobs.pace import Pace
from bot.jobs.posts import Ambiguous, Button, Post, Refused, ServerError
from bot.services import Services
from bot.services.boards import Board, Boards, touch
from bot.services.deliveries import UNDELIVERED, Deliveries
from bot.services.outlook import Outlook
from cogs.admin._posts import AdminPosts
from cogs.admin._texts import KINDS, REMEDIES, failed_text, notice_text
from tests.costly import costly
from tests.database import reading, writing
from tests.jobs.desk import CHANNEL, NOON, PERSON, ROOM, Channel, Desk, FakeClock, saying, telling

NO_PERMISSION = Refused(50013, "Missing Permissions")
CHANNEL_GONE = Refused(10003, "Unknown Channel")
OTHER_CHANNEL = 501
MODERATOR_CHANNEL = 502


class Care:
    """Somebody who looks after the team of a desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        services = Services.over(desk.database, lambda: None)
        self.admin = services.admin
        desk.dispatcher.compose(UNDELIVERED, AdminPosts(self.admin, services.trail, desk.clock).notice)

    @property
    def caller(self) -> Caller:
        return Caller(1, (CHANNEL,), 2, "가온", True, frozenset(), self.desk.clock.now())

    async def retry(self, delivery_id: int = 1) -> None:
        await self.admin.retry(self.caller, delivery_id)

    async def told(self) -> list[str]:
        """Texts of the notices there are, once those that are being collected are sent."""
        self.desk.clock.advance(minutes=1)
        await self.desk.dispatch()
        return [post.text for post in self.desk.channel.messages if "보내지 못했어요" in post.text]

    async def set(self, **columns: object) -> None:
        async with writing(self.desk.database) as session:
            team = await session.get_one(TeamRow, self.desk.team_id)
            for column, value in columns.items():
                setattr(team, column, value)

    async def fail(self, *deliveries: str) -> None:
        """Messages that Discord refuses, in their usual channel."""
        self.desk.channel.closed = {CHANNEL: NO_PERMISSION}
        for kind in deliveries:
            await self.desk.plan(kind)
        await self.desk.dispatch()


@pytest.fixture
def care(desk):
    return Care(desk)


async def test_what_was_refused_is_sent_once_it_is_tried_again(desk, care):
    await care.fail("retro.prompt")
    desk.channel.closed = {}
    desk.clock.advance(hours=2)
    desk.dispatcher.compose("retro.prompt", saying("이제 와서 하는 말"))
    await care.retry()
    assert await desk.dispatch() == [("sent", None)]
    assert [post.text for post in desk.channel.messages] == ["(12:00에 보낼 알림이 늦었어요)\n이제 와서 하는 말"]
    async with reading(desk.database) as session:
        entry = (await session.scalars(select(AuditRow).where(AuditRow.action == "delivery.retry"))).one()
    assert (entry.subject, entry.actor_id, "50013" in entry.before) == ("delivery:1", 2, True)


async def test_what_is_held_and_did_arrive_is_found_and_not_sent_again(desk, care):
    desk.channel.failures, desk.channel.unreadable = [(Ambiguous("reset"), True)], True
    await desk.plan()
    await desk.dispatch()
    desk.clock.advance(minutes=10)
    assert (await desk.dispatch())[0][0] == "held"
    await care.retry()
    assert (await desk.dispatch())[0][0] == "held"  # still nobody can look
    desk.channel.unreadable = False
    await care.retry()
    assert await desk.dispatch() == [("sent", None)]
    assert (desk.channel.attempts, len(desk.channel.messages)) == (1, 1)


async def test_what_is_held_and_did_not_arrive_says_what_holds_now(desk, care):
    desk.channel.failures, desk.channel.unreadable = [(Ambiguous("reset"), False)], True
    await desk.plan()
    await desk.dispatch()
    desk.clock.advance(minutes=10)
    await desk.dispatch()
    desk.channel.unreadable = False
    desk.dispatcher.compose("retro.prompt", saying("이제 와서 하는 말"))
    await care.retry()
    await desk.dispatch()
    assert await desk.dispatch() == [("sent", None)]
    assert [post.text for post in desk.channel.messages] == ["(12:00에 보낼 알림이 늦었어요)\n이제 와서 하는 말"]


async def test_a_message_of_a_channel_that_is_gone_goes_into_the_new_one(desk, care):
    desk.channel.failures = [(Ambiguous("reset"), False)]
    await desk.plan()
    await desk.dispatch()
    desk.channel.reading = CHANNEL_GONE
    desk.clock.advance(minutes=10)
    assert (await desk.dispatch())[0][0] == "held"

    async def elsewhere(delivery: Delivery) -> Post:
        return Post(channel_id=OTHER_CHANNEL, text="여기예요", buttons=(Button("쓰기", f"retro:write:{delivery.id}"),))

    desk.dispatcher.compose("retro.prompt", elsewhere)
    await care.retry()
    await desk.dispatch()
    assert await desk.dispatch() == [("sent", None)]
    assert desk.channel.held == [OTHER_CHANNEL]


async def test_a_direct_message_that_was_refused_goes_to_the_same_person_again(desk, care):
    desk.dispatcher.compose("tell", telling())
    desk.channel.opening = Refused(50007, "Cannot send messages to this user")
    await desk.plan("tell", user_id=PERSON)
    assert (await desk.dispatch())[0][0] == "failed"
    desk.channel.opening = None
    await care.retry()
    assert await desk.dispatch() == [("sent", None)]
    assert desk.channel.held == [ROOM]


class Boarded:
    """A board whose first post was refused."""

    async def draw(self, board: Board) -> Post:
        return Post(blocks=(f"v{board.version}",))

    async def touch(self, desk: Desk) -> None:
        async with writing(desk.database) as session:
            team = await session.get_one(TeamRow, desk.team_id)
            await touch(session, team, "questions", 1, CHANNEL, desk.clock.now())


async def test_a_board_that_was_posted_since_is_not_posted_again(desk, care):
    board = Boarded()
    desk.dispatcher.draw("questions", board.draw)
    desk.channel.closed = {CHANNEL: NO_PERMISSION}
    await board.touch(desk)
    await desk.dispatch()
    desk.channel.closed = {}
    await board.touch(desk)
    await desk.dispatch()
    with pytest.raises(InvalidInput):
        await care.retry()
    assert (await care.admin.retry_all(care.caller)).problems == ()
    await desk.dispatch()
    assert desk.channel.held == [CHANNEL]


async def test_a_board_is_posted_where_it_was_to_be(desk, care):
    board = Boarded()
    desk.dispatcher.draw("questions", board.draw)
    desk.channel.closed = {CHANNEL: NO_PERMISSION}
    await board.touch(desk)
    await desk.dispatch()
    desk.channel.closed = {}
    await care.retry()
    assert await desk.dispatch() == [("sent", None)]
    assert desk.channel.held == [CHANNEL]
    async with reading(desk.database) as session:
        assert (await session.scalars(select(BoardRow))).one().message_id == 1


async def test_what_is_not_waiting_or_not_ours_or_over_is_not_tried_again(desk, care):
    await desk.plan()
    await desk.dispatch()
    with pytest.raises(NotFound):
        await care.retry()
    desk.channel.closed = {CHANNEL: NO_PERMISSION}
    await desk.plan("assignment.reminder", expires_at=desk.clock.now() + timedelta(hours=1))
    await desk.dispatch()
    with pytest.raises(NotAllowed):
        await care.admin.retry(replace(care.caller, manage_guild=False), 2)
    other = replace(care.caller, guild_id=9, channel_ids=(900,))
    await Services.over(desk.database, lambda: None).teams.setup(other, "다른 팀", {})
    with pytest.raises(NotFound):
        await care.admin.retry(other, 2)
    assert (await care.admin.failed(other)).unsent == ()
    desk.clock.advance(hours=1)
    with pytest.raises(InvalidInput):
        await care.retry(2)


async def test_moderators_are_told_of_many_failures_in_one_message_and_of_each_once(desk, care):
    await care.set(mod_channel_id=MODERATOR_CHANNEL)
    await care.fail("retro.prompt", "assignment.reminder")
    desk.clock.advance(seconds=59)
    await desk.dispatch()
    assert desk.channel.messages == []
    (text,) = await care.told()
    assert "메시지 2개" in text
    assert "회고 안내" in text
    assert "과제 마감 알림" in text
    assert text.count("‘메시지 보내기’를 켠 뒤") == 1
    assert desk.channel.held == [MODERATOR_CHANNEL]
    for minutes in (1, 50):  # what fails within the hour after is told together
        desk.clock.advance(minutes=minutes)
        await care.fail("retro.prompt")
        assert len(await care.told()) == 1
    desk.clock.advance(minutes=10)
    _first, second = await care.told()
    assert "메시지 2개" in second
    assert "과제" not in second


@pytest.mark.parametrize("lang", [KOREAN, ENGLISH])
async def test_a_notice_fits_into_a_message_and_says_each_remedy_once(desk, lang):
    team = replace(await Services.over(desk.database, lambda: None).teams.get(desk.team_id), name="*" * 100)
    causes = sorted(Cause, key=lambda cause: len(lang(REMEDIES[cause])))[-4:]
    longest = max(KINDS, key=lambda kind: len(lang(KINDS[kind])))
    problems = tuple(
        Problem(number, longest, "*" * 100, NOON, State.FAILED, cause, 10**19, None, over=True)
        for number, cause in enumerate([*causes, causes[0], *causes])
    )
    text = notice_text(Notice(team, problems, None, 7), lang)
    assert len(text) <= 2000
    assert text.count(lang(REMEDIES[causes[0]])) == 1


async def test_what_was_sent_meanwhile_is_not_told(desk, care):
    await care.set(mod_channel_id=MODERATOR_CHANNEL)
    await care.fail("retro.prompt")
    desk.channel.closed = {}
    await care.retry()
    assert await care.told() == []
    desk.channel.closed = {CHANNEL: NO_PERMISSION}
    await desk.plan()
    await desk.dispatch()
    desk.clock.advance(hours=1)
    assert len(await care.told()) == 1


async def test_a_notice_that_fails_is_listed_and_tells_of_no_other(desk, care):
    await care.set(mod_channel_id=MODERATOR_CHANNEL)
    await care.fail("retro.prompt")
    desk.channel.closed[MODERATOR_CHANNEL] = CHANNEL_GONE
    assert await care.told() == []
    desk.clock.advance(days=1)
    await desk.dispatch()
    assert desk.channel.attempts == 2
    causes = {problem.kind: problem.cause for problem in (await care.admin.failed(care.caller)).unsent}
    assert causes == {"retro.prompt": Cause.NO_PERMISSION, UNDELIVERED: Cause.CHANNEL_GONE}


@pytest.mark.parametrize("on_roster", [False, True])
async def test_where_the_channel_is_broken_itself_whoever_moderates_today_is_told(desk, care, on_roster):
    """Without a channel for moderators it would be the study channel, which is the one that refuses."""
    if on_roster:
        await Services.over(desk.database, lambda: None).roster.add(care.caller, PERSON, "나래")
    await care.fail("retro.prompt")
    told = await care.told()
    assert len(told) == on_roster
    assert desk.channel.held == [ROOM] * on_roster
    assert all("모더레이터에게" in text and "스터디 팀" in text for text in told)


async def test_what_fails_while_a_notice_is_composed_is_told_by_the_next(desk, care):
    await care.set(mod_channel_id=MODERATOR_CHANNEL)
    await care.fail("retro.prompt")
    desk.clock.advance(minutes=1)
    notice = await Deliveries(desk.database).due(Lane(desk.team_id, ""), desk.clock.now())
    assert len((await care.admin.notice(notice, desk.clock.now())).problems) == 1
    async with writing(desk.database) as session:
        session.add(
            DeliveryRow(
                team_id=desk.team_id, kind="retro.prompt", subject_id=9, slot=desk.clock.now().isoformat(),
                due_at=desk.clock.now(), state="pending", attempts=0, nonce="n",
            )
        )  # fmt: skip
    await Deliveries(desk.database).close(3, "failed", "50013: no", desk.clock.now())
    async with reading(desk.database) as session:
        told = list(await session.scalars(select(DeliveryRow.told_by_id).where(DeliveryRow.kind == "retro.prompt")))
    assert told[0] == notice.id
    assert told[1] not in {None, notice.id}


async def test_what_does_not_get_on_and_boards_that_stand_still_are_listed(desk, care):
    async def broken(delivery: Delivery) -> Post:
        raise KeyError(delivery.id)

    board = Boarded()
    desk.dispatcher.draw("questions", board.draw)
    await board.touch(desk)
    await desk.dispatch()
    desk.dispatcher.compose("broken", broken)
    desk.channel.failures, desk.channel.drawing = [(Ambiguous("502"), False)] * 4, Refused(50001, "Missing Access")
    await desk.plan("broken")
    for attempt in range(6):
        await desk.dispatch()
        desk.clock.advance(minutes=10)
        if attempt == 2:
            await desk.plan()
    await board.touch(desk)
    await desk.dispatch()
    undelivered = await care.admin.failed(care.caller)
    causes = {problem.kind: problem.cause for problem in undelivered.unsent}
    assert causes == {"broken": Cause.DEFECT, "retro.prompt": Cause.TRYING, "questions": Cause.BOARD}
    assert not any(problem.retriable for problem in undelivered.unsent)
    assert "현황판을 새로 그릴 수 없어요" in failed_text(undelivered, KOREAN)


async def test_what_may_have_arrived_and_nobody_can_look_for_is_listed(desk, care):
    desk.channel.failures, desk.channel.reading = [(Ambiguous("reset"), False)], ServerError("503")
    await desk.plan()
    for minutes in (0, 6, 6):
        desk.clock.advance(minutes=minutes)
        await desk.dispatch()
    (problem,) = (await care.admin.failed(care.caller)).unsent
    assert (problem.cause, problem.retriable) == (Cause.TRYING, False)


async def test_a_paused_team_sends_and_redraws_nothing_and_loses_nothing(desk, care):
    board = Boarded()
    desk.dispatcher.draw("questions", board.draw)
    await board.touch(desk)
    await desk.dispatch()
    await care.admin.pause(care.caller)
    await board.touch(desk)
    await desk.plan()
    await desk.plan("assignment.reminder", expires_at=desk.clock.now() + timedelta(hours=1))
    desk.clock.advance(hours=2)
    await desk.dispatch()
    assert (len(desk.channel.messages), desk.channel.drawn) == (1, [])
    await care.admin.resume(care.caller)
    assert (await desk.dispatch())[1:] == [("sent", None), ("skipped", "expired")]
    assert len(desk.channel.drawn) == 1
    late = (await care.admin.failed(care.caller)).late
    assert [(problem.kind, problem.cause, problem.retriable) for problem in late] == [
        ("assignment.reminder", Cause.EXPIRED, False)
    ]


async def test_a_pause_with_an_end_is_over_by_itself_and_the_heartbeat_knows_when(desk, care):
    pause = await care.admin.pause(care.caller, "in 2 hours")
    await desk.plan()
    assert (await Outlook(desk.database).look(desk.clock.now())).next_at == pause.until
    desk.clock.advance(hours=1)
    assert (await care.admin.pause(care.caller, "in 3 hours")).since == pause.since
    desk.clock.instant = pause.until
    assert await desk.dispatch() == [("pending", None)]
    desk.clock.advance(hours=2)
    assert await desk.dispatch() == [("sent", None)]
    with pytest.raises(InvalidInput):
        await care.admin.resume(care.caller)


async def test_what_was_taken_before_the_pause_is_not_sent_after_it(desk, care):
    async def pausing(delivery: Delivery) -> Post:
        await care.admin.pause(care.caller)
        return Post(channel_id=CHANNEL, text="늦었어요")

    desk.dispatcher.compose("retro.prompt", pausing)
    await desk.plan()
    assert await desk.dispatch() == [("pending", None)]
    assert desk.channel.attempts == 0


OUTCOMES = st.sampled_from(["there", "lost", "refused"])
ACTS = st.lists(
    st.sampled_from(["tick", "retry", "blind", "sighted", "closed", "open", "pause", "resume"]), max_size=25
)


@costly(10)
@given(outcomes=st.lists(OUTCOMES, max_size=5), acts=ACTS)
def test_whatever_happens_a_message_is_there_once_when_all_is_mended(migrated_file, outcomes, acts):
    with TemporaryDirectory() as folder:
        file = shutil.copy(migrated_file, Path(folder) / "a.sqlite3")
        asyncio.run(_live(Database(f"sqlite+aiosqlite:///{file}"), outcomes, acts))


async def _live(database: Database, outcomes: list[str], acts: list[str]) -> None:
    clock, channel = FakeClock(), Channel()
    caller = Caller(1, (CHANNEL,), 2, "가온", True, frozenset(), NOON)
    team = (await Services.over(database, lambda: None).teams.setup(caller, "스터디", {})).team
    boards = Boards(database)
    desk = Desk(
        database,
        clock,
        channel,
        Dispatcher(Deliveries(database), boards, channel, clock, Pace(per_second=None)),
        boards,
        team.id,
    )
    care = Care(desk)
    desk.dispatcher.compose("retro.prompt", saying("오늘은 어땠나요?"))
    failures = {
        "there": (Ambiguous("reset"), True),
        "lost": (Ambiguous("502"), False),
        "refused": (NO_PERMISSION, False),
    }
    channel.failures = [failures[outcome] for outcome in outcomes]
    await desk.plan()
    for act in [*acts, "resume", "open", "sighted", *["retry"] * 8, "tick"]:
        clock.advance(minutes=6)
        if act == "retry":
            await care.admin.retry_all(care.caller)
        elif act in {"blind", "sighted"}:
            channel.unreadable = act == "blind"
        elif act in {"closed", "open"}:
            channel.closed = {CHANNEL: NO_PERMISSION} if act == "closed" else {}
        elif act == "pause":
            await care.admin.pause(care.caller)
        elif act == "resume":
            await care.set(paused_since=None)
        await desk.dispatch()
    assert await desk.states() == [("sent", None)]
    assert sum("오늘은" in post.text for post in channel.messages) == 1
    await database.dispose()
