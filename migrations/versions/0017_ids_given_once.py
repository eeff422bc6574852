"""An id is given once: a button in an old message never comes to mean another team's row

SQLite gives the largest id there is plus one, that of the newest row again once it is deleted. AUTOINCREMENT goes on
above the largest there ever was, which for now is what tables and record of changes know. Revision 0017, after 0016.
"""

from alembic import op
from sqlalchemy import text

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLES = (
    "absence",
    "answer",
    "answer_version",
    "assignment",
    "assignment_exception",
    "attendance",
    "audit",
    "board",
    "calendar_day",
    "delivery",
    "duty",
    "experiment",
    "lecture",
    "lecture_material",
    "lecture_note",
    "member",
    "membership",
    "minutes",
    "question",
    "question_change",
    "retrospective",
    "rotation_act",
    "rotation_order",
    "rotation_request",
    "roundtable",
    "roundtable_reply",
    "schedule",
    "session_step",
    "study_day",
    "submission",
    "team",
    "turn",
)
RECORDED = {
    "act": "rotation_act",
    "assignment": "assignment",
    "delivery": "delivery",
    "duty": "duty",
    "experiment": "experiment",
    "lecture": "lecture",
    "member": "member",
    "minutes": "minutes",
    "question": "question",
    "request": "rotation_request",
    "roundtable": "roundtable",
    "submission": "submission",
}
"""What the record calls the row of a table: `lecture:7` may be deleted since."""


def upgrade() -> None:
    copy_tables(autoincrement=True)
    for kind, table in RECORDED.items():
        known = {"kind": f"{kind}:", "name": table}
        op.get_bind().execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), known)
        op.get_bind().execute(text(LARGEST.format(table=table)), known)


LARGEST = """
INSERT INTO sqlite_sequence (name, seq) SELECT :name, max(id) FROM (
  SELECT id FROM {table} UNION ALL
  SELECT CAST(substr(subject, length(:kind) + 1) AS INTEGER) FROM audit WHERE subject GLOB :kind || '[0-9]*'
) HAVING max(id) IS NOT NULL
"""


def downgrade() -> None:
    copy_tables(autoincrement=False)


def copy_tables(*, autoincrement: bool) -> None:
    for name in TABLES:
        with op.batch_alter_table(
            name,
            recreate="always",
            reflect_kwargs={"resolve_fks": False},
            table_kwargs={"sqlite_autoincrement": autoincrement},
        ):
            pass  # as it is, but for the key
