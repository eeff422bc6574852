"""A team that lives with its rotation, step by step, and what is seen after each step.

Everything goes through the services over a real SQLite file; `rotation_promises` judges what came of it.
"""

import asyncio
import shutil
from collections.abc import Callable, Coroutine, KeysView
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from bot.db.engine import Database
from bot.domain.deliveries import State
from bot.domain.schedules import ROTATION_ANNOUNCEMENT
from bot.errors import UserError
from bot.services import Services
from bot.services.deliveries import Deliveries
from bot.services.housekeeping import Housekeeping
from bot.services.rotation.duties import DUTY_REMOVED
from bot.services.rotation.swaps import DECLINED, REQUEST, HeldTurn, Request, WantedTurn
from bot.services.turns import ROTATION_CHANGE, ROTATION_UNANSWERED
from tests.services.people import ADMIN, caller
from tests.services.rotation_model import ONE_DAY, Look, Model, Person, Row, Slot, as_shown, dump, look, who_does_what
from tests.services.rotation_promises import (
    announced_days_are_made,
    confirmed_turns_stay,
    each_change_is_on_record,
    each_task_has_its_turns,
    history_stays,
    holders_are_there,
    news,
    nobody_is_idle,
    the_reason_is_private,
)

FIRST = date(2026, 2, 9)
"""A Monday; the next week begins with three holidays."""

SHOWN = 8
"""Study days that are looked at."""

NAMES = ("가온", "나래", "다솜", "라온", "마루", "바다", "새벽", "하늘")

WHO_MAY_HAVE_LEFT = 7

TWICE = st.sampled_from([1, 1, 2])
"""How often the same is done at the same time."""


@dataclass(frozen=True)
class Deed:
    """What was before an act that can be taken back, how many changes there had been until then, and the rows after."""

    look: Look
    changes: int
    rows: KeysView[int]


@dataclass(frozen=True)
class Taken:
    """What somebody has taken away: by whom, how the model has it back, what was before, and the rows after.

    `exactly`: all of it can be had back.
    """

    change_id: int
    user: int
    put_back: Callable[[], None]
    look: Look
    changes: int
    rows: KeysView[int]
    exactly: bool = True


def slot_of(turn: HeldTurn) -> Slot:
    return turn.slot.duty, turn.slot.unit


class TeamMachine(RuleBasedStateMachine):
    """A team whose days pass: how a step is done and judged, and what time brings by itself."""

    def __init__(self, files: dict[int, Path]) -> None:
        super().__init__()
        self.files = files
        self.folder = TemporaryDirectory()
        self.loop = asyncio.new_event_loop()
        self.model = Model()
        self.requests: list[Request] = []
        self.deeds: dict[int, Deed] = {}
        self.taken: list[Taken] = []
        self.changes = 0
        self.lectures = 5

    @initialize(people=st.sampled_from([2, 3, 5, 7]))
    def a_team(self, people: int) -> None:
        self.file = Path(shutil.copy(self.files[people], self.folder.name))
        self.database = Database(f"sqlite+aiosqlite:///{self.file}")
        self.services = Services.over(self.database, lambda: None)
        for number, name in enumerate(NAMES[:people], 1):
            self.model.people[number] = Person(number, name, [(FIRST, None)])
        self.go_to(FIRST, 9)
        self.now = self.look()
        self.go_to(FIRST, 18.1)
        self.pass_time(posts=True)

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.run(self.database.dispose())
        self.loop.close()
        self.folder.cleanup()

    # how a step is done and judged

    def run(self, work: Coroutine) -> object:
        return self.loop.run_until_complete(work)

    def go_to(self, day: date, hour: float) -> None:
        """To an hour in Seoul; hours after 24 are in the night after. The day ends at four."""
        self.at = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour - 9)
        self.model.today = (self.at + timedelta(hours=9 - 4)).date()

    def by(self, user: int):
        return caller(user, at=self.at)

    def look(self) -> Look:
        return look(self.file, self.run(self.services.rotation.show(self.by(ADMIN), SHOWN)))

    def do(self, name: str, call: Callable[[], Coroutine], times: int = 1) -> list | None:
        """Do something, or several times at once: what came of each that was not refused; None if all were.

        Whatever is refused leaves the database as it was.
        """
        self.at += timedelta(minutes=1)

        async def all_at_once() -> list:
            return await asyncio.gather(*(call() for _ in range(times)), return_exceptions=True)

        answers = self.run(all_at_once())
        for answer in answers:
            if isinstance(answer, BaseException) and not isinstance(answer, UserError):
                raise answer
        done = [answer for answer in answers if not isinstance(answer, UserError)]
        event(f"{name}: {'done' if done else 'refused'}")
        if done:
            return done
        assert dump(self.file) == self.now.dump, f"{name} was refused, and yet changed something"
        return None

    def judge(self, *, keeps_shown: bool = False, by_people: bool = False) -> Look:
        """See that every promise holds after a step; returns what was before. `by_people`: it may double duties."""
        before, now, model = self.now, self.look(), self.model
        history_stays(model, before, now)
        each_change_is_on_record(before, now)
        the_reason_is_private(now)
        holders_are_there(model, now)
        each_task_has_its_turns(model, now)
        announced_days_are_made(model, now)
        if keeps_shown:
            assert not (changed := list(news(now.shown, before, now))), changed
        if not by_people:
            nobody_is_idle(model, before, now)
            confirmed_turns_stay(model, before, now)
        self.now = now
        self.changes += not keeps_shown
        for act in now.acts.keys() - before.acts.keys():
            self.deeds[act] = Deed(before, self.changes, now.rows.keys())
        return before

    def took_away(self, user: int, put_back: Callable[[], None], before: Look, *, exactly: bool = True) -> None:
        """To be called once the step is judged."""
        change_id = self.run(self.services.undo.change_of(self.by(user)))
        self.taken.append(Taken(change_id, user, put_back, before, self.changes, self.now.rows.keys(), exactly))

    def is_as_before(self, done: Deed | Taken, before: Look, changes: int) -> None:
        """What was taken back is shown as if it had never been done, of every day whose session has not begun.

        So it is if nothing else happened meanwhile. A turn that was given out since stays with whoever was told of it,
        an announcement between also of what was only planned for others until then; the plan ahead goes by that.
        """
        if done.changes == changes and done.rows == before.rows.keys():
            days = [day for day in self.now.shown if self.model.is_open(day)]
            assert not (changed := list(news(days, done.look, self.now))), changed

    # whom and what a rule is about

    def user(self, number: int) -> int:
        """Somebody on the roster; now and then also of those who have left."""
        left = number == WHO_MAY_HAVE_LEFT
        users = [user for user, person in sorted(self.model.people.items()) if left or person in self.model.roster]
        return users[number % len(users)]

    def user_of(self, member: int) -> int:
        return next(user for user, person in self.model.people.items() if person.member == member)

    def holder(self, number: int) -> tuple[int, Row | None]:
        """Somebody with a turn that was given out for a day to come, and that turn; anybody if nobody has one."""
        coming = [row for row in self.now.standing.values() if self.model.is_open(row.day)]
        row = coming[number % len(coming)] if coming else None
        return (self.user(number), None) if row is None else (self.user_of(row.member), row)

    def turn(self, number: int) -> tuple[int, WantedTurn]:
        """A turn of a day to come, as anybody can see it, given out or planned, and whose it is."""
        ids = {lecture.label: key for key, lecture in self.now.lectures.items()}
        turns = [
            (self.user_of(turn.member), WantedTurn(turn.duty, str(day), ids.get(turn.lecture)))
            for day, shown in self.now.shown.items()
            for turn in shown
            if turn.member is not None and self.model.is_open(day)
        ]
        return turns[number % len(turns)] if turns else (self.user(number), WantedTurn())

    def date(self, offset: int) -> date:
        return self.model.today + offset * ONE_DAY

    def day(self, offset: int) -> date:
        """A study day, counted from today on."""
        day = self.model.entry_day
        for _step in range(offset):
            day = self.model.next_day(day)
        return day

    def duty(self, number: int) -> str:
        keys = ["moderator", "presenter", *self.model.duties]
        return keys[number % len(keys)]

    def lecture(self, number: int) -> int | None:
        ids = sorted(self.now.lectures)
        return ids[number % len(ids)] if ids else None

    # time passes

    @rule(hour=st.sampled_from([12, 15.6, 18.1, 22.1, 25.5]), posts=st.booleans())
    def later_that_day(self, hour: float, posts: bool) -> None:
        now, today = self.at, self.model.today
        self.go_to(today, hour)
        if self.at <= now:
            self.at = now
            return
        self.pass_time(posts)

    @rule(days=st.sampled_from([1, 1, 1, 3]), posts=st.sampled_from([True, True, False]))
    def next_morning(self, days: int, posts: bool) -> None:
        """The evening before, the announcement was posted, unless the bot was off: then nobody did as planned."""
        today = self.model.today
        if posts and self.at < datetime(today.year, today.month, today.day, 9, tzinfo=UTC):
            self.go_to(today, 18.1)
            self.pass_time(posts)
        self.go_to(today + days * ONE_DAY, 9)
        self.pass_time(posts)

    def pass_time(self, posts: bool) -> None:
        while self.run(Housekeeping(self.database).step(self.at)):
            pass
        over = [turn for day, turns in self.now.shown.items() if day < self.model.today for turn in turns]
        self.judge(keeps_shown=all(turn.made for turn in over))
        if posts:
            self.post()

    def post(self) -> None:
        """What the dispatcher does: whatever is due is composed as it is now, and sent."""
        outbox = Deliveries(self.database)
        posted = False
        while lanes := self.run(outbox.lanes(self.at, (), 1)):
            delivery = self.run(outbox.due(lanes[0], self.at))
            posted = True
            if delivery.expires_at is not None and delivery.expires_at <= self.at:
                self.run(outbox.close(delivery.id, State.SKIPPED, "expired", self.at))
                continue
            if delivery.kind == ROTATION_ANNOUNCEMENT:
                self.announce(delivery.team_id, delivery.subject_id)
            else:
                self.run(self.compose(delivery.kind, delivery.team_id, delivery.subject_id))
            self.run(outbox.begin(delivery.id, "{}", 70, self.at))
            self.run(outbox.sent(delivery.id, delivery.id))
        if posted:
            self.now = self.look()

    def announce(self, team: int, day: int) -> None:
        """What is announced is what was shown, also if it is announced twice at once."""
        said = self.do("announce", lambda: self.services.handover.announce(team, day, self.at), 2)
        if said is None or None in said:
            return
        on = said[0].turns.date
        self.model.announced |= {each for each in (*self.now.shown, on) if self.model.today <= each <= on}
        before = self.judge(keeps_shown=True)
        for each in said:
            assert who_does_what(as_shown(each.turns)) == who_does_what(before.shown[on]), (
                "announced otherwise than shown"
            )

    async def compose(self, kind: str, team: int, subject: int) -> None:
        """Whatever is told of changes is about turns as they stand."""
        services = self.services
        if kind == ROTATION_CHANGE:
            change = await services.handover.change(subject, self.at)
            for turn in () if change is None else change.turns:
                duty, holder = turn.turn.duty.key, turn.turn.member.id
                if turn.made:
                    assert self.now.standing[slot_of(turn.turn)].member == holder
                elif turn.turn.date in self.now.shown:
                    planned = {(each.duty, each.member) for each in self.now.shown[turn.turn.date] if not each.made}
                    assert (duty, holder) in planned
                assert turn.before != turn.turn.member or turn.day_before is not None
        elif kind == ROTATION_UNANSWERED:
            waiting = await services.handover.unanswered(team, subject, self.at)
            assert isinstance(waiting, str) or not any(turn.confirmed for turn in waiting.turns.turns)
        elif kind == REQUEST:
            await services.swaps.asking(subject)
        elif kind == DECLINED:
            await services.swaps.declined(subject)
        elif kind == DUTY_REMOVED:
            await services.duties.removed(team, subject)

    @rule()
    def whatever_is_due_is_posted(self) -> None:
        self.post()

    @rule(times=TWICE)
    def session_starts(self, times: int) -> None:
        if done := self.do("start", lambda: self.services.session.start(self.by(ADMIN)), times):
            assert len(done) == 1
            self.model.begun.add(done[0].day.date)
            self.model.announced.add(done[0].day.date)
            self.judge(keeps_shown=True)

    @precondition(lambda self: self.model.entry_day in self.model.begun)
    @rule(times=TWICE)
    def session_ends(self, times: int) -> None:
        if done := self.do("end", lambda: self.services.session.end(self.by(ADMIN)), times):
            assert len(done) == 1
            self.model.announced.add(self.model.next_day(self.model.entry_day))
            self.judge(keeps_shown=True)
