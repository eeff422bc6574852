"""Attendance, the steps of a session, closed round tables, actions that are done, and days without a session

Revision 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "attendance",
        sa.Column("id", key, nullable=False),
        sa.Column("day_id", key, nullable=False),
        sa.Column("member_id", key, nullable=False),
        sa.Column("state", sa.Text(), nullable=False, comment="present, late, absent"),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("marked_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["day_id"], ["study_day.id"], name=op.f("fk_attendance_day_id_study_day"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_attendance_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sa.UniqueConstraint("day_id", "member_id", name=op.f("uq_attendance_day_id_member_id")),
    )
    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attendance_day_id"), ["day_id"], unique=False)

    op.create_table(
        "session_step",
        sa.Column("id", key, nullable=False),
        sa.Column("day_id", key, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="counted from 1 on each day"),
        sa.Column("lecture_id", sa.Integer(), nullable=True),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("began_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["day_id"], ["study_day.id"], name=op.f("fk_session_step_day_id_study_day"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["lecture_id"], ["lecture.id"], name=op.f("fk_session_step_lecture_id_lecture"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_session_step_question_id_question"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_step")),
        sa.UniqueConstraint("day_id", "number", name=op.f("uq_session_step_day_id_number")),
    )
    with op.batch_alter_table("session_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_step_day_id"), ["day_id"], unique=False)

    with op.batch_alter_table("minutes", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "done_at", sa.DateTime(), nullable=True, comment="of an action: it stands on the agenda until then"
            )
        )
    with op.batch_alter_table("roundtable", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("closed_at", sa.DateTime(), nullable=True, comment="until then nobody sees the others' replies")
        )
    # Replies that everybody has seen stay seen.
    op.execute(
        "UPDATE roundtable SET closed_at = opened_at WHERE day_id IN "
        "(SELECT id FROM study_day WHERE session_ended_at IS NOT NULL OR number IS NOT NULL)"
    )
    with op.batch_alter_table("study_day", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("session_instead", sa.Text(), nullable=True, comment="what there was in place of a session")
        )
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "session_minutes",
                sa.Integer(),
                server_default=sa.text("60"),
                nullable=False,
                comment="how long a session is to be",
            )
        )


def downgrade() -> None:
    op.execute(
        "DELETE FROM delivery WHERE kind = 'board' "
        "AND subject_id IN (SELECT id FROM board WHERE kind = 'session.agenda')"
    )
    op.execute("DELETE FROM board WHERE kind = 'session.agenda'")
    op.execute("DELETE FROM delivery WHERE kind IN ('session.part', 'session.replies', 'session.instead')")
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.drop_column("session_minutes")
    with op.batch_alter_table("study_day", schema=None) as batch_op:
        batch_op.drop_column("session_instead")
    with op.batch_alter_table("roundtable", schema=None) as batch_op:
        batch_op.drop_column("closed_at")
    with op.batch_alter_table("minutes", schema=None) as batch_op:
        batch_op.drop_column("done_at")
    with op.batch_alter_table("session_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_step_day_id"))
    op.drop_table("session_step")
    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attendance_day_id"))
    op.drop_table("attendance")
