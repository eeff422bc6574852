"""Commands in any order, by anybody, on any day: the rotation keeps its promises after each of them.

Everything goes through the services over a real SQLite file; `tests.services.rotation_model` judges what came of it.
"""

import asyncio
import shutil
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from bot.db.engine import Database
from bot.domain.deliveries import State
from bot.domain.duties import Per
from bot.domain.lectures import LectureEdit, LectureMove, NewLecture
from bot.domain.schedules import ROTATION_ANNOUNCEMENT
from bot.errors import UserError
from bot.services import Services
from bot.services.absences import NewAbsence
from bot.services.deliveries import Deliveries
from bot.services.housekeeping import Housekeeping
from bot.services.rotation.duties import DUTY_REMOVED, NewDuty
from bot.services.rotation.handover import Asked
from bot.services.rotation.swaps import DECLINED, REQUEST, HeldTurn, Request, WantedTurn
from bot.services.turns import ROTATION_CHANGE, ROTATION_UNANSWERED
from tests.services.people import ADMIN, caller
from tests.services.rotation_model import (
    ONE_DAY,
    PRIVATE,
    Look,
    Model,
    OwnDuty,
    Person,
    Row,
    Slot,
    announced_days_are_made,
    as_shown,
    confirmed_turns_stay,
    each_change_is_on_record,
    each_task_has_its_turns,
    history_stays,
    holders_are_there,
    look,
    news,
    nobody_is_idle,
    the_reason_is_private,
    who_does_what,
)

FIRST = date(2026, 2, 9)
"""A Monday; the next week begins with three holidays."""

SHOWN = 8
"""Study days that are looked at."""

NAMES = ("가온", "나래", "다솜", "라온", "마루", "바다", "새벽", "하늘")
UNDOABLE = {"assign", "skip", "swap", "substitute"}

WHO = st.integers(0, 7)
DAY = st.integers(0, 6)
"""Days from today on."""
ANY = st.integers(0, 9)
TWICE = st.sampled_from([1, 1, 2])
"""How often the same is done at the same time."""


@dataclass(frozen=True)
class Deed:
    """Who had which turn before an act that can be taken back, and how many changes there had been until then."""

    turns: dict[Slot, Row]
    look: Look
    changes: int


def slot_of(turn: HeldTurn) -> Slot:
    return turn.slot.duty, turn.slot.unit


class RotationMachine(RuleBasedStateMachine):
    def __init__(self, files: dict[int, Path]) -> None:
        super().__init__()
        self.files = files
        self.folder = TemporaryDirectory()
        self.loop = asyncio.new_event_loop()
        self.model = Model()
        self.requests: list[Request] = []
        self.deeds: dict[int, Deed] = {}
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
        now = self.look()
        assert now.dump == self.now.dump, f"{name} was refused, and yet changed something"
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
            self.deeds[act] = Deed(before.standing, before, self.changes)
        return before

    # whom and what a rule is about

    def user(self, number: int) -> int:
        return sorted(self.model.people)[number % len(self.model.people)]

    def user_of(self, member: int) -> int:
        return next(user for user, person in self.model.people.items() if person.member == member)

    def holder(self, number: int) -> tuple[int, Row | None]:
        """Somebody with a turn that was given out for a day to come, and that turn; anybody if nobody has one."""
        coming = [row for row in self.now.standing.values() if self.model.is_open(row.day)]
        row = coming[number % len(coming)] if coming else None
        return (self.user(number), None) if row is None else (self.user_of(row.member), row)

    def day(self, offset: int) -> date:
        return self.model.today + offset * ONE_DAY

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
        for delivery in self.run(outbox.due(self.at)):
            if delivery.expires_at is not None and delivery.expires_at <= self.at:
                self.run(outbox.close(delivery.id, State.SKIPPED, "expired"))
                continue
            if delivery.kind == ROTATION_ANNOUNCEMENT:
                self.announce(delivery.team_id, delivery.subject_id)
            else:
                self.run(self.compose(delivery.kind, delivery.team_id, delivery.subject_id))
            self.run(outbox.begin(delivery.id, "{}", 70, self.at))
            self.run(outbox.sent(delivery.id, delivery.id))
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
                row = self.now.standing[slot_of(turn.turn)]
                assert row.member == turn.turn.member.id
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

    # lectures, calendar, duties

    @rule(
        day=DAY,
        kind=st.sampled_from(["lecture", "paper", "event"]),
        readers=st.sampled_from([1, 1, 2, 3]),
        who=st.none() | WHO,
    )
    def lecture_added(self, day: int, kind: str, readers: int, who: int | None) -> None:
        new = NewLecture(
            "Attention",
            kind,
            number=f"{self.lectures + 1}강",
            studied=str(self.day(day)),
            presented=str(self.day(day)),
            presenter_user_id=None if who is None else self.user(who),
            readers=None if kind == "event" else readers,
        )
        if self.do("lecture add", lambda: self.services.lectures.add(self.by(ADMIN), new)):
            self.lectures += 1
            self.judge()

    @rule(number=ANY, kind=st.sampled_from(["lecture", "paper", "event"]), readers=st.none() | st.integers(1, 3))
    def lecture_changed(self, number: int, kind: str, readers: int | None) -> None:
        if lecture := self.lecture(number):
            edit = LectureEdit(kind=kind, readers=readers)
            if self.do("lecture edit", lambda: self.services.lectures.edit(self.by(ADMIN), lecture, edit)):
                self.judge()

    @rule(number=ANY, day=DAY)
    def lecture_moved(self, number: int, day: int) -> None:
        if lecture := self.lecture(number):
            to = LectureMove(studied=str(self.day(day)), presented=str(self.day(day)))
            if self.do("lecture move", lambda: self.services.lectures.move(self.by(ADMIN), lecture, to)):
                self.judge()

    @rule(number=ANY)
    def lecture_removed(self, number: int) -> None:
        lecture = self.lecture(number)
        if lecture and self.do("lecture remove", lambda: self.services.lectures.remove(self.by(ADMIN), lecture)):
            self.judge()

    @rule(offset=DAY, off=st.booleans())
    def calendar_changed(self, offset: int, off: bool) -> None:
        day, calendar = self.day(offset), self.services.calendar
        change = calendar.off if off else calendar.on
        if self.do(f"calendar {'off' if off else 'on'}", lambda: change(self.by(ADMIN), str(day), None)):
            self.model.set_days[day] = not off
            self.judge()

    @rule(
        per=st.sampled_from(list(Per)), people=st.sampled_from([1, 2, 0, 1000]), weekday=st.none() | st.integers(0, 4)
    )
    def duty_added(self, per: Per, people: int, weekday: int | None) -> None:
        new = NewDuty(f"duty {len(self.model.duties)}", per, people, weekday)
        if done := self.do("duty add", lambda: self.services.duties.add(self.by(ADMIN), new)):
            key = done[0].duty.key
            self.model.duties[key] = OwnDuty(per, people, done[0].since)
            self.model.weekly |= {key} if per == "week" else set()
            self.judge()

    @rule(number=ANY)
    def duty_removed(self, number: int) -> None:
        key = self.duty(number)
        if self.do("duty remove", lambda: self.services.duties.remove(self.by(ADMIN), key)):
            first = self.model.entry_day
            self.model.duties[key].until = first + ONE_DAY if first in self.model.begun else first
            self.judge()

    @rule(number=ANY, who=WHO)
    def order_set(self, number: int, who: int) -> None:
        key, user = self.duty(number), self.user(who)
        if self.do("order", lambda: self.services.duties.order(self.by(ADMIN), key, None, user)):
            self.judge()

    @rule(per=st.sampled_from(["day", "week"]))
    def moderators_change(self, per: str) -> None:
        if self.do("moderator_per", lambda: self.services.teams.set(self.by(ADMIN), "moderator_per", per)):
            self.model.weekly |= {"moderator"} if per == "week" else set()
            self.judge()

    # people come and go

    @rule(
        who=WHO,
        of_holder=st.booleans(),
        since=st.none() | DAY,
        length=st.none() | st.integers(0, 8),
        weekdays=st.none() | st.sampled_from(["mon", "tue,thu", "fri"]),
        times=TWICE,
    )
    def away(
        self, who: int, of_holder: bool, since: int | None, length: int | None, weekdays: str | None, times: int
    ) -> None:
        user, row = self.holder(who) if of_holder else (self.user(who), None)
        first = self.day(since or 0) if row is None else max(row.day, self.model.today)
        last = None if length is None else first + length * ONE_DAY
        given = since is not None or row is not None
        new = NewAbsence(str(first) if given else None, last and str(last), weekdays, PRIVATE, user)
        by = user if who % 2 else ADMIN
        if self.do("away", lambda: self.services.absences.away(self.by(by), new), times):
            if last is None and weekdays is None and given:
                last = first
            days = {"mon": {0}, "tue,thu": {1, 3}, "fri": {4}}[weekdays] if weekdays else set()
            self.model.people[user].away.append((first, last and last + ONE_DAY, frozenset(days)))
            self.judge()

    @rule(who=WHO)
    def back(self, who: int) -> None:
        user, today = self.user(who), self.model.today
        person = self.model.people[user]
        if self.do("back", lambda: self.services.absences.back(self.by(user), None)):
            missed = today in self.model.begun and person.belongs(today) and not person.is_there(today)
            person.end_absences(today + ONE_DAY if missed else today)
            self.judge()

    @rule(who=WHO)
    def joins(self, who: int) -> None:
        user = who + 1
        if done := self.do("join", lambda: self.services.roster.join(self.by(user), NAMES[who])):
            person = self.model.people.setdefault(user, Person(done[0].id, NAMES[who]))
            person.spans.append((self.model.today, None))
            self.judge()

    @rule(who=WHO, of_holder=st.booleans(), removed=st.booleans())
    def leaves(self, who: int, of_holder: bool, removed: bool) -> None:
        user = self.holder(who)[0] if of_holder else self.user(who)
        roster = self.services.roster
        if len(self.model.roster) == 1 and not removed:
            return  # nobody would be left to do anything
        if self.do("leave", lambda: roster.remove(self.by(ADMIN), user) if removed else roster.leave(self.by(user))):
            person, today = self.model.people[user], self.model.today
            person.spans[-1] = (person.spans[-1][0], today)
            person.end_absences(today)
            self.judge()

    # turns change hands

    @rule(number=ANY, who=WHO, day=DAY, lecture=ANY, times=TWICE)
    def assigned(self, number: int, who: int, day: int, lecture: int, times: int) -> None:
        duty, user, on = self.duty(number), self.user(who), str(self.day(day))
        which = self.lecture(lecture) if duty == "presenter" else None
        on = None if which else on
        rotation = self.services.rotation
        if self.do("assign", lambda: rotation.assign(self.by(ADMIN), duty, user, on, which), times):
            before = self.judge(by_people=True)
            assert len(self.now.rows) <= len(before.rows) + 1

    def wanted(self, who: int, of_holder: bool, day: int | None, *, button: bool = False) -> tuple[int, WantedTurn]:
        """Whose turn, and which: of somebody who has one already, or of anybody on any day."""
        user, row = self.holder(who) if of_holder else (self.user(who), None)
        if row is None:
            return user, WantedTurn(date=None if day is None else str(self.day(day)))
        return user, WantedTurn(turn_id=row.id) if button else WantedTurn(
            row.duty, str(max(row.day, self.model.today)), row.lecture_id
        )

    @rule(who=WHO, of_holder=st.booleans(), day=DAY, button=st.booleans(), by_moderator=st.booleans(), times=TWICE)
    def skipped(self, who: int, of_holder: bool, day: int, button: bool, by_moderator: bool, times: int) -> None:
        user, wanted = self.wanted(who, of_holder, day, button=button)
        by, whose = (ADMIN, user) if by_moderator else (user, None)
        if done := self.do("skip", lambda: self.services.swaps.skip(self.by(by), wanted, None, whose), times):
            before = self.judge()
            if of_holder:
                assert len(done) == 1, "two clicks have skipped two turns"
            for each in done:
                assert each.now != each.turn.member
            assert sum(row.state == "skipped" for row in self.now.rows.values()) == len(done) + sum(
                row.state == "skipped" for row in before.rows.values()
            )

    @rule(who=WHO, other=WHO, of_holder=st.booleans(), day=st.none() | DAY)
    def swap_asked(self, who: int, other: int, of_holder: bool, day: int | None) -> None:
        user, wanted = self.wanted(who, of_holder, day)
        whom = self.user(other)
        if done := self.do("ask swap", lambda: self.services.swaps.ask_swap(self.by(user), whom, wanted)):
            self.requests += done
            self.judge(keeps_shown=True)

    @rule(who=WHO, other=st.none() | WHO, of_holder=st.booleans(), day=st.none() | DAY)
    def substitute_asked(self, who: int, other: int | None, of_holder: bool, day: int | None) -> None:
        user, wanted = self.wanted(who, of_holder, day)
        whom = None if other is None else self.user(other)
        if done := self.do("ask substitute", lambda: self.services.swaps.substitute(self.by(user), wanted, whom, None)):
            self.requests += done
            self.judge(keeps_shown=True)

    @rule(who=WHO, other=WHO, of_holder=st.booleans(), day=st.none() | DAY)
    def substitute_put_in(self, who: int, other: int, of_holder: bool, day: int | None) -> None:
        user, wanted = self.wanted(who, of_holder, day)
        swaps, whom = self.services.swaps, self.user(other)
        if done := self.do("substitute", lambda: swaps.substitute(self.by(ADMIN), wanted, whom, user)):
            self.agreed(self.judge(by_people=True), {(slot_of(done[0].turn), done[0].turn.member.id)})

    @precondition(lambda self: self.requests)
    @rule(number=ANY, who=WHO, times=TWICE)
    def accepted(self, number: int, who: int, times: int) -> None:
        """The latest requests are answered most often."""
        request = self.requests[-1 - min(number // 2, len(self.requests) - 1)]
        user = self.user(who) if request.other is None else request.other.user_id
        done = self.do("accept", lambda: self.services.swaps.accept(self.by(user), request.id), times)
        if done is None:
            return
        if not any(each.by_this for each in done):
            self.judge(keeps_shown=True)
            return
        assert sum(each.by_this for each in done) == 1, "two clicks have both agreed"
        taken = {(slot_of(request.turn), self.model.people[user].member)}
        if request.other_turn is not None:
            taken.add((slot_of(request.other_turn), request.turn.member.id))
        self.agreed(self.judge(by_people=True), taken)

    def agreed(self, before: Look, taken: set[tuple[Slot, int]]) -> None:
        """Those who agreed have the turns, nobody else's turn was changed, and nobody has a second duty by it."""
        for slot, member in taken:
            assert self.now.standing[slot].member == member
        for slot, row in before.standing.items():
            assert self.now.standing[slot].member == row.member or slot in {each for each, _ in taken}
        for slot, member in taken:
            day = self.model.day_of(self.now.standing[slot])
            made = [
                row
                for row in self.now.standing.values()
                if row.member == member and day and row.day <= day <= row.last_day
            ]
            assert len(made) == 1, f"somebody has agreed to a second duty: {made}"

    @precondition(lambda self: self.requests)
    @rule(number=ANY, times=TWICE)
    def declined(self, number: int, times: int) -> None:
        request = self.requests[-1 - min(number // 2, len(self.requests) - 1)]
        user = self.user(number) if request.other is None else request.other.user_id
        if done := self.do("decline", lambda: self.services.swaps.decline(self.by(user), request.id), times):
            assert sum(each.by_this for each in done) <= 1
            self.judge(keeps_shown=True)

    @rule(who=st.none() | WHO, times=TWICE)
    def undone(self, who: int | None, times: int) -> None:
        """The turns go back to those who had them; a second time, at once or afterwards, is refused."""
        user = ADMIN if who is None else self.user(who)
        done = self.do("undo", lambda: self.services.swaps.undo(self.by(user)), times)
        if done is None:
            return
        assert len(done) == 1, "two clicks have taken back two things"
        changes = self.changes
        if done[0].kind == "request":
            self.judge(keeps_shown=True)
        else:
            before = self.judge(by_people=True)
            self.is_as_before(before, changes)
        assert self.do("undo again", lambda: self.services.swaps.undo(self.by(user))) is None

    def is_as_before(self, before: Look, changes: int) -> None:
        undone = [act for act, (_kind, at) in before.acts.items() if at != self.now.acts[act][1]]
        (act,) = undone
        deed = self.deeds[act]
        touched = {row.slot for row in self.now.rows.values() if row.act == act}
        touched |= {row.slot for row in before.rows.values() if row.state == "skipped" != self.now.rows[row.id].state}
        for slot in touched & deed.turns.keys():
            assert self.now.standing[slot].member == deed.turns[slot].member, f"{slot} went to somebody else"
        if deed.changes == changes:
            days = {row.day for row in self.now.rows.values() if row.slot in touched}
            assert not (changed := list(news(days, deed.look, self.now))), changed

    @rule(who=WHO, day=DAY, of_holder=st.booleans(), times=TWICE)
    def confirmed(self, who: int, day: int, of_holder: bool, times: int) -> None:
        user, row = self.holder(who) if of_holder else (self.user(who), None)
        asked = Asked(1, day=self.day(day) if row is None else row.day)
        if done := self.do("confirm", lambda: self.services.handover.confirm(self.by(user), asked), times):
            before = self.judge(keeps_shown=True)
            assert sum(not each.already for each in done) <= 1
            for was in before.standing.values():
                assert self.now.standing[was.slot].id == was.id


async def found(file: Path, people: int) -> None:
    """A team with five lectures in its first days."""
    database = Database(f"sqlite+aiosqlite:///{file}")
    services = Services.over(database, lambda: None)
    admin = caller(at="2026-02-09 08:00")
    await services.teams.setup(admin, "스터디", {})
    for user, name in enumerate(NAMES[:people], 1):
        await services.roster.add(admin, user, name)
    for number, step in enumerate((1, 2, 2, 4, 10), 1):
        day = str(FIRST + step * ONE_DAY)
        await services.lectures.add(admin, NewLecture("Attention", number=f"{number}강", studied=day, presented=day))
    await database.dispose()


@pytest.fixture(scope="module")
def files(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Databases of teams of several sizes, made once and copied for each run."""
    folder = tmp_path_factory.mktemp("rotation")
    made = {people: Path(shutil.copy(migrated_file, folder / f"{people}.sqlite3")) for people in (2, 3, 5, 7)}
    for people, file in made.items():
        asyncio.run(found(file, people))
    return made


# A step takes some 25 ms of real transactions, so the 200 examples of the profile would take five minutes; the rule
# itself is tried with those in tests/domain/test_rotation_properties.py.
PACE = settings(max_examples=30, stateful_step_count=40)


def test_whatever_people_do_the_rotation_keeps_its_promises(files):
    run_state_machine_as_test(lambda: RotationMachine(files), settings=PACE)
