"""Revision 0005 with a team's deliveries in the file: up, used, and down again."""

USED = """
INSERT INTO delivery (id, team_id, kind, subject_id, slot, due_at, state, attempts, nonce, told_by_id)
VALUES (4, 1, 'admin.undelivered', 3, 'd', '2026-01-05 00:00:00.000000', 'sent', 1, 'd', NULL);
UPDATE delivery SET told_by_id = 4 WHERE id = 3;
UPDATE team SET paused_since = '2026-01-05 00:00:00.000000', quiet_hours = '23:00-08:00';
"""
TEAM = """
INSERT INTO team (id, guild_id, name, language, timezone, study_channel_id, start_date, start_set_at, weekdays,
  announce_time, confirm_by, moderator_per, retro_time, cutoff, reminders, next_close_at{columns})
VALUES (1, 7, '스터디', 'ko', 'Asia/Seoul', 70, '2026-01-05', '2026-01-05 00:00:00.000000', '01234',
  '18:00:00.000000', '22:00:00.000000', 'week', '21:00:00.000000', '04:00:00.000000', '1d',
  '2026-01-06 00:00:00.000000'{values});
INSERT INTO delivery (id, team_id, kind, subject_id, slot, due_at, state, attempts, nonce, channel_id)
VALUES (1, 1, 'board', 1, 'a', '2026-01-05 00:00:00.000000', 'pending', 0, 'a', 70),
       (2, 1, 'question.next', 1, 'b', '2026-01-05 00:00:00.000000', 'failed', 1, 'b', 71),
       (3, 1, 'retro.prompt', 1, 'c', '2026-01-05 00:00:00.000000', 'failed', 1, 'c', 72);
"""


def test_what_was_planned_keeps_its_channel_and_a_notice_is_not_left_behind(aged):
    aged.up("0004")
    aged.run(TEAM.format(columns="", values=""))
    aged.up("0005")
    assert aged.rows("SELECT id, placed FROM delivery ORDER BY id") == [(1, 1), (2, 1), (3, 0)]
    assert aged.rows("SELECT paused_since, quiet_hours FROM team") == [(None, None)]
    aged.run(USED)
    aged.down("0004")
    assert aged.rows("SELECT id, kind, channel_id FROM delivery ORDER BY id") == [
        (1, "board", 70),
        (2, "question.next", 71),
        (3, "retro.prompt", 72),
    ]
