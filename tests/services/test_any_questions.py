"""Whatever people do with the queue of questions, in whatever order: it is what a plain list of them would be."""

import asyncio
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from bot.db.engine import Database
from bot.errors import UserError
from bot.services import Services
from bot.services.questions import ANONYMOUS_PER_HOUR
from tests.costly import costly
from tests.services.people import ADMIN, GAON, MONDAY, NARAE, caller
from tests.services.undone import undone

DASOM = 3
MEMBERS = (GAON, NARAE, DASOM)
MODERATORS = (ADMIN, GAON)
"""ADMIN is not on the roster; 가온 moderates on the first day, as the first in the rotation."""

ORDER = ("open", "discussing", "mentor", "answered", "dropped", "withdrawn", "removed")
WHO = st.sampled_from([ADMIN, *MEMBERS])
WHICH = st.integers(0, 5)
REASON = st.sampled_from([None, "까닭"])


@dataclass(eq=False)
class Asked:
    """A question, as somebody with pencil and paper would keep it."""

    number: int
    author: int | None
    state: str = "open"
    further: bool = False
    reason: str = ""
    votes: set[int] = field(default_factory=set)
    answers: dict[int, str] = field(default_factory=dict)

    @property
    def standing(self) -> tuple[str, str, bool]:
        return self.state, self.reason, self.further


@dataclass(eq=False)
class Change:
    """Something that was done to a question: how it stood before, by whom, and whose answer came with it."""

    question: Asked
    actor: int | None
    before: tuple[str, str, bool]
    answer_by: int | None = None
    withdrawal: bool = False


class Queue(RuleBasedStateMachine):
    def __init__(self, file: Path) -> None:
        super().__init__()
        self.file = file
        self.folder = TemporaryDirectory()
        self.loop = asyncio.new_event_loop()
        self.asked: list[Asked] = []
        self.changes: list[Change] = []
        self.anonymous = dict.fromkeys(MEMBERS, 0)
        self.begun = False

    @initialize()
    def found(self) -> None:
        file = shutil.copy(self.file, Path(self.folder.name) / "a.sqlite3")
        self.database = Database(f"sqlite+aiosqlite:///{file}")
        self.services = Services.over(self.database, lambda: None)
        self.run(self.services.teams.setup(caller(ADMIN, at=MONDAY), "스터디", {}))
        for user, name in ((GAON, "가온"), (NARAE, "나래"), (DASOM, "다솜")):
            self.run(self.services.roster.add(caller(ADMIN), user, name))

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.run(self.database.dispose())
        self.loop.close()
        self.folder.cleanup()

    def run(self, work):
        return self.loop.run_until_complete(work)

    def tried(self, work, *, allowed: bool):
        """Do it. It is refused exactly if it is not allowed."""
        try:
            result = self.run(work)
        except UserError:
            result = None
        assert (result is not None) == allowed
        return result

    def pick(self, which: int) -> Asked:
        return self.asked[which % len(self.asked)]

    def noted(self, question: Asked, who: int | None, before: tuple[str, str, bool], answer_by: int | None = None):
        if answer_by is not None or question.standing != before:
            self.changes.append(Change(question, who, before, answer_by, question.state == "withdrawn"))

    # What people do

    @rule(who=WHO, anonymous=st.booleans())
    def ask(self, who: int, anonymous: bool) -> None:
        allowed = who in MEMBERS and not (anonymous and self.anonymous[who] == ANONYMOUS_PER_HOUR)
        text = f"질문 {len(self.asked) + 1}"
        if self.tried(self.services.questions.ask(caller(who), text, anonymous=anonymous), allowed=allowed):
            self.asked.append(Asked(len(self.asked) + 1, None if anonymous else who))
            self.anonymous[who] += anonymous
        self.look()

    @precondition(lambda self: self.asked)
    @rule(who=WHO, which=WHICH)
    def vote(self, who: int, which: int) -> None:
        question = self.pick(which)
        waits = question.state in {"open", "discussing", "mentor"}
        allowed = who in MEMBERS and question.author != who and waits
        if self.tried(self.services.questions.vote(caller(who), question.number), allowed=allowed):
            question.votes ^= {who}
        self.look()

    @precondition(lambda self: self.asked)
    @rule(who=WHO, which=WHICH, text=st.sampled_from(["답", "다른 답"]))
    def answer(self, who: int, which: int, text: str) -> None:
        question = self.pick(which)
        allowed = who in MEMBERS and question.state not in {"dropped", "withdrawn", "removed"}
        if self.tried(self.services.questions.answer(caller(who), question.number, text), allowed=allowed):
            before, first = question.standing, who not in question.answers
            unchanged = question.answers.get(who) == text and question.state == "answered"
            question.answers[who] = text
            if not unchanged:
                question.state, question.reason = "answered", ""
                self.noted(question, who, before, who if first else None)
        self.look()

    @precondition(lambda self: self.asked)
    @rule(who=WHO, which=WHICH)
    def further(self, who: int, which: int) -> None:
        question = self.pick(which)
        may = who in ({*MEMBERS, *MODERATORS} if question.author is None else {*MODERATORS, question.author})
        allowed = may and question.state not in {"dropped", "withdrawn", "removed"}
        if self.tried(self.services.questions.further(caller(who), question.number), allowed=allowed):
            before, question.further = question.standing, True
            self.noted(question, None if question.author is None else who, before)
        self.look()

    @precondition(lambda self: self.asked)
    @rule(who=WHO, which=WHICH, to=st.sampled_from(["mentor", "drop", "reopen"]), reason=REASON)
    def move(self, who: int, which: int, to: str, reason: str | None) -> None:
        question = self.pick(which)
        allowed = who in {*MODERATORS, question.author} and question.state not in {"withdrawn", "removed"}
        work = getattr(self.services.questions, to)(caller(who), question.number, reason)
        if self.tried(work, allowed=allowed):
            before = question.standing
            question.state = {"mentor": "mentor", "drop": "dropped", "reopen": "open"}[to]
            question.reason = reason or ""
            self.noted(question, who, before)
        self.look()

    @precondition(lambda self: self.asked)
    @rule(who=WHO, which=WHICH)
    def withdraw(self, who: int, which: int) -> None:
        question = self.pick(which)
        allowed = question.author == who and question.state not in {"withdrawn", "removed"}
        if self.tried(self.services.questions.withdraw(caller(who), question.number), allowed=allowed):
            before = question.standing
            question.state, question.reason = "withdrawn", ""
            self.noted(question, who, before)
        self.look()

    @rule(who=WHO)
    def next(self, who: int) -> None:
        waiting = [question for question in self.in_order() if question.state == "open"]
        taken = self.tried(self.services.questions.next(caller(who)), allowed=who in MODERATORS and bool(waiting))
        if taken is not None:
            assert taken.number == waiting[0].number
            before = waiting[0].standing
            waiting[0].state, waiting[0].reason = "discussing", ""
            self.noted(waiting[0], who, before)
        self.look()

    @precondition(lambda self: self.asked)
    @rule(who=WHO, which=WHICH, reason=REASON)
    def remove(self, who: int, which: int, reason: str | None) -> None:
        question = self.pick(which)
        allowed = who == ADMIN and question.state != "removed"
        if self.tried(self.services.questions.remove(caller(who), question.number, reason), allowed=allowed):
            question.state, question.reason = "removed", reason or ""
            question.votes, question.answers = set(), {}
            self.changes = [change for change in self.changes if change.question is not question]
        self.look()

    @rule(who=WHO)
    def undo(self, who: int) -> None:
        last = {id(change.question): change for change in self.changes}
        own = [
            change for change in last.values() if change.actor == who or (who in MODERATORS and not change.withdrawal)
        ]
        change = max(own, key=self.changes.index, default=None)
        taken = self.tried(undone(self.services.questions, caller(who)), allowed=change is not None)
        if change is not None:
            assert taken.question.number == change.question.number
            question = change.question
            question.state, question.reason, question.further = change.before
            if change.answer_by is not None:
                assert taken.text == question.answers.pop(change.answer_by)
            self.changes.remove(change)
        self.look()

    @precondition(lambda self: not self.begun)
    @rule()
    def begin(self) -> None:
        self.run(self.services.session.start(caller(ADMIN)))
        self.begun = True
        self.look()

    # What is seen

    def in_order(self) -> list[Asked]:
        return sorted(
            self.asked,
            key=lambda each: (ORDER.index(each.state), -len(each.votes) if self.begun else 0, each.number),
        )

    def look(self) -> None:
        listed = self.run(self.services.questions.list(caller(NARAE)))
        shown = [
            (
                each.number, None if each.author is None else each.author.user_id, str(each.state), each.further,
                each.reason, each.votes, {answer.author.user_id: answer.text for answer in each.answers},
            )
            for each in listed
        ]  # fmt: skip
        assert shown == [
            (each.number, each.author, each.state, each.further, each.reason, len(each.votes), each.answers)
            for each in self.in_order()
            if each.state != "withdrawn"
        ]
        assert all(each.text == ("" if each.state == "removed" else f"질문 {each.number}") for each in listed)


@pytest.mark.hypothesis
def test_the_queue_is_what_a_plain_list_would_be(migrated_file):
    run_state_machine_as_test(lambda: Queue(migrated_file), settings=costly(8, stateful_step_count=25))
