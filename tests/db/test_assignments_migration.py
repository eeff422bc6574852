"""Revision 0003 with a team's data in the file: up, used, and down again."""

import pytest

TEAM = """
INSERT INTO team (id, guild_id, name, language, timezone, study_channel_id, start_date, start_set_at, weekdays,
  announce_time, confirm_by, moderator_per, retro_time, cutoff, reminders, next_close_at)
VALUES (1, 7, '스터디', 'ko', 'Asia/Seoul', 70, '2026-01-05', '2026-01-05 00:00:00.000000', '01234',
  '18:00:00.000000', '22:00:00.000000', 'week', '21:00:00.000000', '04:00:00.000000', '1d',
  '2026-01-06 00:00:00.000000');
INSERT INTO member (id, team_id, user_id, name) VALUES (1, 1, 1, '가온');
INSERT INTO assignment (id, team_id, number, title, due_at, required, reminders, created_at)
VALUES (1, 1, 1, '남는 과제', '2026-01-06 09:00:00.000000', 1, '1d', '2026-01-05 00:00:00.000000'),
       (2, 1, 2, '지울 과제', '2026-01-07 09:00:00.000000', 1, '1d', '2026-01-05 00:00:00.000000');
INSERT INTO submission (assignment_id, member_id, note, late, submitted_at)
VALUES (1, 1, '끝', 0, '2026-01-06 08:00:00.000000'), (2, 1, '끝', 0, '2026-01-06 08:00:00.000000');
"""

USED = """
INSERT INTO assignment_exception (assignment_id, member_id, until, excused)
VALUES (1, 1, '2026-01-08 09:00:00.000000', 0);
UPDATE assignment SET removed_at = '2026-01-06 10:00:00.000000' WHERE id = 2;
INSERT INTO board (id, team_id, kind, subject_id, channel_id, version, shown_version)
VALUES (1, 1, 'assignment.board', 1, 70, 1, 0), (2, 1, 'question.lecture', 1, 70, 1, 0);
INSERT INTO delivery (team_id, kind, subject_id, slot, due_at, state, attempts, nonce)
VALUES (1, 'board', 1, 'a', '2026-01-05 00:00:00.000000', 'pending', 0, 'a'),
       (1, 'board', 2, 'b', '2026-01-05 00:00:00.000000', 'pending', 0, 'b'),
       (1, 'assignment.summary', 1, 'c', '2026-01-05 00:00:00.000000', 'pending', 0, 'c'),
       (1, 'assignment.reminder', 1, '2026-01-07T09:00:00+00:00-1d@1', '2026-01-05 00:00:00.000000', 'pending', 0, 'd'),
       (1, 'assignment.reminder', 1, '2026-01-05T09:00:00+00:00-1d', '2026-01-05 00:00:00.000000', 'pending', 0, 'e');
"""


@pytest.fixture
def at_0002(aged):
    aged.up("0002")
    aged.run(TEAM)
    return aged


def test_a_team_keeps_its_assignments_and_hears_of_deadlines_from_the_next_morning_on(at_0002):
    at_0002.up("0003")
    assert at_0002.rows("SELECT moderator_per, due_time FROM team") == [("week", "09:00:00.000000")]
    assert at_0002.rows("SELECT title, removed_at FROM assignment") == [("남는 과제", None), ("지울 과제", None)]
    assert at_0002.rows("SELECT count(*) FROM submission") == [(2,)]
    ((kind, local_time, due),) = at_0002.rows("SELECT kind, local_time, next_due_at FROM schedule")
    assert (kind, local_time) == ("assignment.morning", "09:00:00.000000")
    assert len(due) == len("2026-01-05 00:00:00.000000")


def test_taken_back_it_leaves_nothing_that_the_earlier_program_does_not_know(at_0002):
    at_0002.up("0003")
    at_0002.run(USED)
    at_0002.down("0002")
    assert at_0002.rows("SELECT title FROM assignment") == [("남는 과제",)]
    assert at_0002.rows("SELECT assignment_id FROM submission") == [(1,)]
    assert at_0002.rows("SELECT kind FROM board") == [("question.lecture",)]
    assert at_0002.rows("SELECT kind, nonce FROM delivery ORDER BY id") == [
        ("board", "b"),
        ("assignment.reminder", "e"),
    ]
    assert at_0002.rows("SELECT count(*) FROM schedule") == [(0,)]
    at_0002.up("0003")
    assert at_0002.rows("SELECT title FROM assignment") == [("남는 과제",)]
