"""Revision 0017: an id is given once, whatever was deleted, and whatever a later version does to the table."""

from pathlib import Path

import pytest

from tests.db.every_table import ROWS, fill

AWAY = "INSERT INTO absence (member_id, since, weekdays) VALUES (1, '2026-01-05', '')"
DELETED = """
INSERT INTO audit (team_id, at, action, subject) VALUES
  (1, '2026-01-05 00:00:00.000000', 'lecture.remove', 'lecture:7'),
  (1, '2026-01-05 00:00:00.000000', 'lecture.note', 'lecture:1'),
  (1, '2026-01-05 00:00:00.000000', 'question.ask', 'question:1'),
  (1, '2026-01-05 00:00:00.000000', 'rotation.propose', 'turn:presenter:lecture:90'),
  (1, '2026-01-05 00:00:00.000000', 'session.start', 'day:2026-01-05');
"""
LATER = """
from alembic import op

revision, down_revision, branch_labels, depends_on = "later", "{head}", None, None


def upgrade():
    for name in ("absence", "lecture"):
        with op.batch_alter_table(name, recreate="always", table_kwargs={"sqlite_autoincrement": True}):
            pass
"""


@pytest.fixture
def filled(aged):
    aged.up("0016")
    fill(aged.path)
    return aged


def add_and_delete(aged, table):
    """The id that a new row of the table has; it is gone again."""
    columns = ", ".join(name for (name,) in aged.rows(f"SELECT name FROM pragma_table_info('{table}')") if name != "id")
    fresh = columns.replace("number", "number + 10").replace("unit", "unit || 'b'")
    aged.run(f"INSERT INTO {table} ({columns}) SELECT {fresh} FROM {table} WHERE id = 1")
    ((id_,),) = aged.rows(f"SELECT max(id) FROM {table}")
    aged.run(f"DELETE FROM {table} WHERE id = {id_}")
    return id_


def test_an_id_is_given_once_from_now_on_and_those_on_record_never_again(filled):
    newest = max(ROWS)
    assert [add_and_delete(filled, "question") for _ in range(2)] == [newest + 1] * 2
    filled.run(DELETED)
    filled.up("0017")
    assert [add_and_delete(filled, "question") for _ in range(2)] == [newest + 1, newest + 2]
    assert [add_and_delete(filled, "lecture") for _ in range(2)] == [8, 9]
    filled.down("0016")
    assert add_and_delete(filled, "question") == newest + 1
    filled.up("0017")
    assert [add_and_delete(filled, "lecture") for _ in range(2)] == [8, 9]


def test_a_later_version_that_copies_a_table_keeps_what_it_has_given(filled, tmp_path):
    filled.up()
    given, last = add_and_delete(filled, "lecture"), add_and_delete(filled, "absence")
    filled.run("DELETE FROM absence")
    ((head,),) = filled.rows("SELECT version_num FROM alembic_version")
    folder = tmp_path / "versions"
    folder.mkdir()
    (folder / "later.py").write_text(LATER.replace("{head}", head))
    ours = Path(filled.alembic.get_main_option("script_location")) / "versions"
    filled.alembic.set_main_option("version_locations", f"{ours}\n{folder}")
    filled.alembic.set_main_option("path_separator", "newline")
    filled.up()
    assert filled.rows("SELECT version_num FROM alembic_version") == [("later",)]
    filled.run(AWAY)
    assert filled.rows("SELECT id FROM absence") == [(last + 1,)]
    assert add_and_delete(filled, "lecture") == given + 1
