"""How long it takes to write the page of a busy day. It prints, and asserts nothing about time."""

from dataclasses import replace
from itertools import cycle, islice

import pytest

from bot.domain.day_record import DayRecord
from bot.i18n import KOREAN
from bot.pages.journal import render_member_page, render_team_page
from tests.pages.day27 import DAY27, NARAE

ENTRIES = 1000


def busy_day() -> DayRecord:
    """Day 27 with a thousand entries: notes, questions with answers, minutes, replies, retrospectives."""
    share = ENTRIES // 5
    (table,) = DAY27.round_tables
    return replace(
        DAY27,
        notes=tuple(islice(cycle(DAY27.notes), share)),
        questions=tuple(islice(cycle(DAY27.questions), share)),
        minutes=tuple(islice(cycle(DAY27.minutes), share)),
        round_tables=(replace(table, replies=tuple(islice(cycle(table.replies), share))),),
        retrospectives=tuple(islice(cycle(DAY27.retrospectives), share)),
    )


@pytest.mark.parametrize("owner", [None, NARAE], ids=["team", "member"])
def test_the_page_of_a_day_with_a_thousand_entries(benchmark, owner) -> None:
    day = busy_day()

    def write() -> str:
        return render_team_page(day, KOREAN) if owner is None else render_member_page(day, owner, KOREAN)

    benchmark(write)
