"""Revision 0004 with retrospectives in the file: up, used, and down again."""

import sqlite3

import pytest

TEAM = """
INSERT INTO team (id, guild_id, name, language, timezone, study_channel_id, start_date, start_set_at, weekdays,
  announce_time, confirm_by, moderator_per, retro_time, cutoff, reminders, next_close_at)
VALUES (1, 7, '스터디', 'ko', 'Asia/Seoul', 70, '2026-01-05', '2026-01-05 00:00:00.000000', '01234',
  '18:00:00.000000', '22:00:00.000000', 'week', '21:00:00.000000', '04:00:00.000000', '1d',
  '2026-01-06 00:00:00.000000');
INSERT INTO member (id, team_id, user_id, name) VALUES (1, 1, 1, '가온'), (2, 1, 2, '나래');
INSERT INTO study_day (id, team_id, date) VALUES (1, 1, '2026-01-05');
INSERT INTO retrospective (id, day_id, member_id, text, visibility, written_at)
VALUES (1, 1, 1, '가온의 글', 'team', '2026-01-05 12:00:00.000000'),
       (2, 1, 2, '나래의 글', 'private', '2026-01-05 12:00:00.000000');
INSERT INTO anonymous_retrospective (key, day_id, text) VALUES ('b', 1, '이름 없는 글');
INSERT INTO retrospective_written (day_id, member_id) VALUES (1, 1), (1, 2);
"""

USED = """
INSERT INTO reflection (retrospective_id, place, question, text)
VALUES (1, 1, '배운 점', '배운 것'), (1, 2, '아쉬운 점', ''), (1, 3, '내일 할 일', '할 것');
INSERT INTO anonymous_retrospective (key, day_id) VALUES ('a', 1);
INSERT INTO anonymous_reflection (key, place, question, text) VALUES ('a', 0, '잘한 점', '조용히 한 것');
INSERT INTO retrospective_pass (day_id, member_id) VALUES (1, 2);
INSERT INTO experiment (id, team_id, week, text, member_id, chosen_at)
VALUES (1, 1, '2026-01-12', '질문 먼저', 1, '2026-01-09 12:00:00.000000');
INSERT INTO delivery (team_id, kind, subject_id, slot, due_at, state, attempts, nonce)
VALUES (1, 'retro.nudge', 1, 'a', '2026-01-05 14:00:00.000000', 'pending', 0, 'a'),
       (1, 'retro.prompt', 1, 'b', '2026-01-05 12:00:00.000000', 'pending', 0, 'b'),
       (1, 'retro.digest', 1, 'c', '2026-01-09 14:30:00.000000', 'pending', 0, 'c');
INSERT INTO experiment_verdict (experiment_id, member_id, verdict) VALUES (1, 1, 'keep');
"""


@pytest.fixture
def at_0003(aged):
    aged.up("0003")
    aged.run(TEAM)
    return aged


def test_what_was_written_stays_as_the_text_of_the_free_field(at_0003):
    at_0003.up("0004")
    assert at_0003.rows("SELECT retrospective_id, place, question, text FROM reflection ORDER BY 1") == [
        (1, 0, "", "가온의 글"),
        (2, 0, "", "나래의 글"),
    ]
    assert at_0003.rows("SELECT key, place, question, text FROM anonymous_reflection") == [("b", 0, "", "이름 없는 글")]
    assert at_0003.rows("SELECT member_id, visibility, edited_at FROM retrospective ORDER BY id") == [
        (1, "team", None),
        (2, "private", None),
    ]
    assert at_0003.rows("SELECT nudge_time, digest_time, streaks, retro_questions FROM team") == [
        ("23:00:00.000000", "23:30:00.000000", 1, None)
    ]
    assert at_0003.rows("SELECT kind, local_time FROM schedule WHERE kind LIKE 'retro.%' ORDER BY kind") == [
        ("retro.digest", "23:30:00.000000"),
        ("retro.nudge", "23:00:00.000000"),
    ]


def test_taken_back_each_retrospective_is_one_text_again(at_0003):
    at_0003.up("0004")
    at_0003.run(USED)
    at_0003.down("0003")
    assert at_0003.rows("SELECT text FROM retrospective ORDER BY id") == [
        ("가온의 글\n\n배운 점\n배운 것\n\n내일 할 일\n할 것",),
        ("나래의 글",),
    ]
    assert at_0003.rows("SELECT key, text FROM anonymous_retrospective ORDER BY key") == [
        ("a", "잘한 점\n조용히 한 것"),
        ("b", "이름 없는 글"),
    ]
    assert at_0003.rows("SELECT kind FROM schedule WHERE kind LIKE 'retro.%'") == []
    assert at_0003.rows("SELECT nonce FROM delivery") == [("b",)]
    with pytest.raises(sqlite3.OperationalError, match="rowid"):
        at_0003.rows("SELECT rowid FROM anonymous_retrospective")
    at_0003.up("0004")
    assert at_0003.rows("SELECT count(*) FROM retrospective_written") == [(2,)]
