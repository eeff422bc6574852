"""How long it takes to write the page of a busy day. It prints, and asserts nothing about time."""

from dataclasses import replace
from itertools import count, cycle, islice
from time import process_time

import pytest

from bot.domain import markdown
from bot.domain.day_record import DayRecord
from bot.i18n import KOREAN
from bot.pages.journal import render_member_page, render_team_page
from tests.pages.day27 import DAY27, NARAE

ENTRIES = 1000


def busy_day() -> DayRecord:
    """Day 27 with a thousand entries, no two with the same text.

    A seventh of them are notes, half of those with tables, code and formulas; the others are questions with answers,
    minutes, replies, retrospectives.
    """
    numbers = count(1)
    share = ENTRIES // 7
    (table,) = DAY27.round_tables
    return replace(
        DAY27,
        notes=tuple(_numbered(islice(cycle(DAY27.notes), share), numbers)),
        questions=tuple(
            replace(question, answers=tuple(_numbered(question.answers, numbers)))
            for question in _numbered(islice(cycle(DAY27.questions), 2 * share), numbers)
        ),
        minutes=tuple(_numbered(islice(cycle(DAY27.minutes), 2 * share), numbers)),
        round_tables=(replace(table, replies=tuple(_numbered(islice(cycle(table.replies), share), numbers))),),
        retrospectives=tuple(
            replace(each, reflections=tuple(_numbered(each.reflections, numbers)))
            for each in islice(cycle(DAY27.retrospectives), share)
        ),
    )


def _numbered(entries, numbers):
    return [replace(entry, text=_with_number(entry.text, next(numbers))) for entry in entries]


def _with_number(text: str, number: int) -> str:
    """A text that is no other: the number behind its words, or below a document or a block of code."""
    return f"{text}\n{number}번째" if text.endswith(("\n", "```")) else f"{text} {number}"


def forget() -> None:
    """As if nothing had been written before."""
    for remembered in (markdown._remembered, markdown._remembered_label, markdown._remembered_item):
        remembered.cache_clear()


@pytest.mark.benchmark(timer=process_time)
@pytest.mark.parametrize("owner", [None, NARAE], ids=["team", "member"])
@pytest.mark.parametrize("again", [False, True], ids=["first", "again"])
def test_the_page_of_a_day_with_a_thousand_entries(benchmark, owner, again) -> None:
    """`first`: nothing of it was ever written; `again`: as for the export or the next page of the same day."""
    day = busy_day()

    def write() -> str:
        return render_team_page(day, KOREAN) if owner is None else render_member_page(day, owner, KOREAN)

    write()
    benchmark.pedantic(write, setup=None if again else forget, rounds=10)
