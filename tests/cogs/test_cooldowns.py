"""What costs much is given to each person a few times a minute."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.ui.cooldowns import PERIOD, USES, Cooldowns

NOON = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
SHEET = ("assignments.csv", b"title,due\nPaper,2026-01-30 18:00")

EXPENSIVE = {
    "journal export": {"format": "json"},
    "journal publish": {},
    "rotation simulate": {},
    "calendar show": {},
    "assignment import": {"file": SHEET},
    "mydata export": {},
}


async def asked(team, who, command, options):
    return (await who.slash(team.channel, command, **options)).response


@pytest.mark.parametrize("command", EXPENSIVE)
async def test_one_person_waits_and_nobody_else_does(team, command):
    options = EXPENSIVE[command]
    for _ in range(USES):
        assert "1분에" not in (await asked(team, team.admin, command, options)).content
    refused = await asked(team, team.admin, command, options)
    assert refused.ephemeral
    assert refused.content == f"1분에 {USES}번까지 할 수 있어요. 60초 뒤에 다시 해 주세요."
    assert not refused.attachments
    assert "1분에" not in (await asked(team, team["나래"], command, options)).content
    assert "1분에" not in (await asked(team, team.admin, "calendar show", {"text": True})).content
    await team.env.advance_time(PERIOD.total_seconds())
    assert "1분에" not in (await asked(team, team.admin, command, options)).content


def test_the_oldest_use_frees_the_next_and_waiting_costs_nothing():
    cooldowns = Cooldowns()
    for second in range(USES):
        assert not cooldowns.use("x", NOON + timedelta(seconds=second))
    for second in (10, 20, 59):
        assert cooldowns.use("x", NOON + timedelta(seconds=second)) == PERIOD - timedelta(seconds=second)
    assert not cooldowns.use("x", NOON + PERIOD)
    assert cooldowns.use("x", NOON + PERIOD) == timedelta(seconds=1)
    assert not cooldowns.use("y", NOON + PERIOD)
