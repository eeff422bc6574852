"""Commands in any order, by anybody, on any day: the rotation keeps its promises after each of them."""

import asyncio
import shutil
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from bot.db.engine import Database
from bot.domain.duties import Per
from bot.domain.lectures import LectureEdit, LectureMove, NewLecture
from bot.services import Services
from bot.services.absences import NewAbsence
from bot.services.rotation.duties import NewDuty
from bot.services.rotation.handover import Asked
from bot.services.rotation.swaps import WantedTurn
from tests.costly import costly
from tests.services.people import ADMIN, caller
from tests.services.rotation_machine import FIRST, NAMES, TWICE, TeamMachine, slot_of
from tests.services.rotation_model import ONE_DAY, PRIVATE, Look, OwnDuty, Person, Slot
from tests.services.rotation_promises import nobody_is_idle

WHO = st.integers(0, 7)

DAY = st.integers(0, 6)
"""Days from today on."""

ANY = st.integers(0, 99)


class RotationMachine(TeamMachine):
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
            presenter_user_id=None if who is None or kind == "event" else self.user(who),
            readers=readers if kind == "paper" else None,
        )
        if self.do("lecture add", lambda: self.services.lectures.add(self.by(ADMIN), new)):
            self.lectures += 1
            self.judge()

    @rule(number=ANY, kind=st.sampled_from(["lecture", "paper", "event"]), readers=st.none() | st.integers(1, 3))
    def lecture_changed(self, number: int, kind: str, readers: int | None) -> None:
        if lecture := self.lecture(number):
            edit = LectureEdit(kind=kind, readers=readers if kind == "paper" else None)
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
            self.took_away(ADMIN, lambda: None, self.judge())

    @rule(offset=DAY, off=st.booleans())
    def calendar_changed(self, offset: int, off: bool) -> None:
        day, calendar = self.date(offset), self.services.calendar
        change = calendar.off if off else calendar.on
        if self.do(f"calendar {'off' if off else 'on'}", lambda: change(self.by(ADMIN), str(day), None)):
            was = dict(self.model.set_days)
            self.model.set_days[day] = not off
            put_back = partial(self.set_day, day, was.get(day))
            self.took_away(ADMIN, put_back, self.judge(), exactly=False)

    def set_day(self, day: date, studied: bool | None) -> None:
        if studied is None:
            del self.model.set_days[day]
        else:
            self.model.set_days[day] = studied

    @rule(per=st.sampled_from(list(Per)), people=st.integers(1, 2), weekday=st.integers(0, 4))
    def duty_added(self, per: Per, people: int, weekday: int) -> None:
        first_weekday = weekday if per is Per.WEEK else None
        new = NewDuty(f"duty {len(self.model.duties)}", per, people, first_weekday)
        if done := self.do("duty add", lambda: self.services.duties.add(self.by(ADMIN), new)):
            key = done[0].duty.key
            self.model.duties[key] = OwnDuty(per, people, done[0].since)
            self.model.weekly |= {key} if per == "week" else set()
            self.judge()

    @precondition(lambda self: self.model.duties)
    @rule(number=ANY)
    def duty_removed(self, number: int) -> None:
        key = list(self.model.duties)[number % len(self.model.duties)]
        if self.do("duty remove", lambda: self.services.duties.remove(self.by(ADMIN), key)):
            first = self.model.entry_day
            duty = self.model.duties[key]
            duty.until = first + ONE_DAY if first in self.model.begun else first
            self.took_away(ADMIN, lambda: setattr(duty, "until", None), self.judge())

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
        first = self.date(since or 0) if row is None else max(row.day, self.model.today)
        last = None if length is None else first + (length + (6 if weekdays else 0)) * ONE_DAY
        given = since is not None or row is not None
        new = NewAbsence(str(first) if given else None, last and str(last), weekdays, PRIVATE, user)
        by = user if who % 2 else ADMIN
        if self.do("away", lambda: self.services.absences.away(self.by(by), new), times):
            if last is None and weekdays is None and given:
                last = first
            days = {"mon": {0}, "tue,thu": {1, 3}, "fri": {4}}[weekdays] if weekdays else set()
            self.model.people[user].away.append((first, last and last + ONE_DAY, frozenset(days)))
            self.judge()

    @precondition(lambda self: self.model.away)
    @rule(number=ANY)
    def back(self, number: int) -> None:
        away, today = self.model.away, self.model.today
        user = away[number % len(away)]
        person = self.model.people[user]
        if self.do("back", lambda: self.services.absences.back(self.by(user), None)):
            missed = today in self.model.begun and person.belongs(today) and not person.is_there(today)
            person.end_absences(today + ONE_DAY if missed else today)
            self.judge()

    @precondition(lambda self: len(self.model.roster) < len(NAMES))
    @rule(number=ANY)
    def joins(self, number: int) -> None:
        there = [person.name for person in self.model.roster]
        others = [who for who, name in enumerate(NAMES) if name not in there]
        who = others[number % len(others)]
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
            since, away = person.spans[-1][0], list(person.away)
            person.spans[-1] = (since, today)
            person.end_absences(today)
            put_back = partial(self.belongs_again, person, since, away)
            self.took_away(ADMIN if removed else user, put_back, self.judge())

    def belongs_again(self, person: Person, since: date, away: list) -> None:
        person.spans[-1], person.away = (since, None), away

    @precondition(lambda self: self.taken)
    @rule(number=ANY, times=TWICE)
    def had_back(self, number: int, times: int) -> None:
        """What somebody took away, the latest most often; a second time, at once or afterwards, is refused."""
        taken = self.taken[-1 - min(number // 3, len(self.taken) - 1)]
        undo = self.services.undo.undo
        done = self.do("have back", lambda: undo(self.by(taken.user), taken.change_id), times)
        if done is None:
            return
        assert len(done) == 1, "two clicks have taken one thing back twice"
        taken.put_back()
        changes = self.changes
        before = self.judge(by_people=True)
        nobody_is_idle(self.model, before, self.now)
        if taken.exactly:
            self.is_as_before(taken, before, changes)
        assert self.do("have back again", lambda: undo(self.by(taken.user), taken.change_id)) is None

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

    def wanted(self, number: int, *, button: bool = False) -> tuple[int, WantedTurn]:
        """Whose turn, and which: with a button, one that was given out and its message."""
        user, row = self.holder(number) if button else (0, None)
        return self.turn(number) if row is None else (user, WantedTurn(turn_id=row.id))

    @rule(number=ANY, button=st.booleans(), by_moderator=st.booleans(), times=TWICE)
    def skipped(self, number: int, button: bool, by_moderator: bool, times: int) -> None:
        user, wanted = self.wanted(number, button=button and not by_moderator)
        by, whose = (ADMIN, user) if by_moderator else (user, None)
        if done := self.do("skip", lambda: self.services.swaps.skip(self.by(by), wanted, None, whose), times):
            before = self.judge()
            if wanted.turn_id is not None:
                assert len(done) == 1, "two clicks have skipped two turns"
            for each in done:
                assert each.now != each.turn.member
            assert sum(row.state == "skipped" for row in self.now.rows.values()) == len(done) + sum(
                row.state == "skipped" for row in before.rows.values()
            )

    @rule(number=ANY, other=WHO)
    def swap_asked(self, number: int, other: int) -> None:
        user, wanted = self.wanted(number)
        whom = self.user(other)
        if done := self.do("ask swap", lambda: self.services.swaps.ask_swap(self.by(user), whom, wanted)):
            self.requests += done
            self.judge(keeps_shown=True)

    @rule(number=ANY, other=st.none() | WHO, button=st.booleans())
    def substitute_asked(self, number: int, other: int | None, button: bool) -> None:
        user, wanted = self.wanted(number, button=button)
        whom = None if other is None else self.user(other)
        if done := self.do("ask substitute", lambda: self.services.swaps.substitute(self.by(user), wanted, whom, None)):
            self.requests += done
            self.judge(keeps_shown=True)

    @rule(number=ANY, other=WHO)
    def substitute_put_in(self, number: int, other: int) -> None:
        user, wanted = self.wanted(number)
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

    @precondition(lambda self: self.deeds or self.requests)
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
            (act,) = [act for act, (_kind, at) in before.acts.items() if at != self.now.acts[act][1]]
            self.went_back(act, before)
            self.is_as_before(self.deeds[act], before, changes)
        assert self.do("undo again", lambda: self.services.swaps.undo(self.by(user))) is None

    def went_back(self, act: int, before: Look) -> None:
        """Whoever had been given a turn that an act took from them has it again."""
        touched = {row.slot for row in self.now.rows.values() if row.act == act}
        touched |= {row.slot for row in before.rows.values() if row.state == "skipped" != self.now.rows[row.id].state}
        had = self.deeds[act].look.standing
        for slot in touched & had.keys():
            assert self.now.standing[slot].member == had[slot].member, f"{slot} went to somebody else"

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


# A step takes some 25 ms of real transactions: so the examples are few but long. The rule itself is tried with more in
# tests/domain/test_rotation_properties.py.
PACE = costly(10, stateful_step_count=40)


@pytest.mark.hypothesis
def test_whatever_people_do_the_rotation_keeps_its_promises(files):
    run_state_machine_as_test(lambda: RotationMachine(files), settings=PACE)
