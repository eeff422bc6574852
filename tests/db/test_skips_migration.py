"""Revision 0012 with turns in the file: what the record of changes knows of them moves to the turns themselves."""

import pytest

BEFORE = """
INSERT INTO team (id, guild_id, name, language, timezone, study_channel_id, start_date, start_set_at, weekdays,
  announce_time, confirm_by, moderator_per, retro_time, cutoff, reminders, next_close_at)
VALUES (1, 7, '스터디', 'ko', 'Asia/Seoul', 70, '2026-01-05', '2026-01-05 00:00:00.000000', '01234',
  '18:00:00.000000', '22:00:00.000000', 'day', '21:00:00.000000', '04:00:00.000000', '1d',
  '2026-01-06 00:00:00.000000');
INSERT INTO member (id, team_id, user_id, name) VALUES (1, 1, 1, '가온'), (2, 1, 2, '나래'), (3, 1, 3, '다솜');
INSERT INTO rotation_act (id, team_id, kind, actor_id, at)
VALUES (1, 1, 'skip', 1, '2026-01-05 12:00:00.000000'), (2, 1, 'skip', 3, '2026-01-05 13:00:00.000000'),
       (3, 1, 'assign', 9, '2026-01-05 14:00:00.000000');
INSERT INTO turn (id, team_id, duty, unit, date, member_id, state, act_id, made_at)
VALUES (1, 1, 'moderator', 'day:2026-01-06', '2026-01-06', 1, 'skipped', NULL, '2026-01-05 09:00:00.000000'),
       (2, 1, 'moderator', 'day:2026-01-06', '2026-01-06', 2, 'proposed', 1, '2026-01-05 12:00:00.000000'),
       (3, 1, 'moderator', 'day:2026-01-08', '2026-01-08', 3, 'skipped', 2, '2026-01-05 13:00:00.000000'),
       (4, 1, 'presenter', 'removed:5', '2026-01-06', 1, 'replaced', NULL, '2026-01-05 09:00:00.000000'),
       (5, 1, 'moderator', 'day:2026-01-09', '2026-01-09', 1, 'assigned', 3, '2026-01-05 14:00:00.000000');
INSERT INTO audit (team_id, actor_id, at, action, subject, before, after, reason)
VALUES (1, NULL, '2026-01-05 09:00:00.000000', 'rotation.propose', 'turn:moderator:day:2026-01-06', NULL,
        '{"date": "2026-01-06", "member": 1}', NULL),
       (1, NULL, '2026-01-05 09:00:00.000000', 'rotation.propose', 'turn:presenter:lecture:5', NULL,
        '{"date": "2026-01-06", "member": 1}', NULL),
       (1, 3, '2026-01-05 13:00:00.000000', 'rotation.assign', 'turn:moderator:day:2026-01-08', NULL,
        '{"date": "2026-01-08", "member": 3}', NULL),
       (1, 1, '2026-01-05 12:00:00.000000', 'rotation.skip', 'act:1',
        '{"date": "2026-01-06", "member": 1, "turn": 1}', NULL, '병원에 가요'),
       (1, 3, '2026-01-05 13:00:00.000000', 'rotation.skip', 'act:2',
        '{"date": "2026-01-08", "member": 3, "turn": 3}', NULL, NULL);
"""

TURNS = "SELECT id, made_as, skip_act_id FROM turn ORDER BY id"
MOVED = [(1, "proposed", 1), (2, "proposed", None), (3, "assigned", 2), (4, "proposed", None), (5, "assigned", None)]


@pytest.fixture
def at_0011(aged):
    aged.up("0011")
    aged.run(BEFORE)
    return aged


def test_reasons_and_how_turns_were_made_move_to_acts_and_turns(at_0011):
    at_0011.up("0012")
    assert at_0011.rows("SELECT id, reason FROM rotation_act ORDER BY id") == [(1, "병원에 가요"), (2, None), (3, None)]
    assert at_0011.rows(TURNS) == MOVED


def test_taken_back_and_done_again_nothing_is_lost(at_0011):
    before = at_0011.rows("SELECT * FROM turn ORDER BY id")
    at_0011.up("0012")
    at_0011.down("0011")
    assert at_0011.rows("SELECT * FROM turn ORDER BY id") == before
    at_0011.up("0012")
    assert at_0011.rows(TURNS) == MOVED
