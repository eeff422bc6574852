"""Later deadlines and excuses, removed assignments, and the morning's deadlines

Revision 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assignment_exception",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("assignment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "until", sa.DateTime(), nullable=True, comment="their own deadline, where it is later than everybody's"
        ),
        sa.Column("excused", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assignment.id"],
            name=op.f("fk_assignment_exception_assignment_id_assignment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_assignment_exception_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_exception")),
        sa.UniqueConstraint("assignment_id", "member_id", name=op.f("uq_assignment_exception_assignment_id_member_id")),
    )
    with op.batch_alter_table("assignment_exception", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_exception_assignment_id"), ["assignment_id"], unique=False)

    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "removed_at",
                sa.DateTime(),
                nullable=True,
                comment="pages of days closed before it keep the assignment",
            )
        )

    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "due_time", sa.Time(), nullable=True, comment="when a study day's deadlines are told of; null for never"
            )
        )
    op.execute("UPDATE team SET due_time = '09:00:00.000000'")
    # Teams that are there get their schedule here; due at once, it is moved on to the first morning to come.
    op.execute(
        "INSERT INTO schedule (team_id, kind, local_time, next_due_at) "
        "SELECT id, 'assignment.morning', due_time, strftime('%Y-%m-%d %H:%M:%S', 'now') || '.000000' FROM team"
    )


def downgrade() -> None:
    op.execute("DELETE FROM schedule WHERE kind = 'assignment.morning'")
    op.execute("DELETE FROM delivery WHERE kind IN ('assignment.morning', 'assignment.summary')")
    op.execute("DELETE FROM delivery WHERE kind = 'assignment.reminder' AND slot LIKE '%@%'")
    op.execute(
        "DELETE FROM delivery WHERE kind = 'board' "
        "AND subject_id IN (SELECT id FROM board WHERE kind = 'assignment.board')"
    )
    op.execute("DELETE FROM board WHERE kind = 'assignment.board'")
    op.execute("DELETE FROM submission WHERE assignment_id IN (SELECT id FROM assignment WHERE removed_at IS NOT NULL)")
    op.execute("DELETE FROM assignment WHERE removed_at IS NOT NULL")
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.drop_column("due_time")

    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_column("removed_at")

    with op.batch_alter_table("assignment_exception", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assignment_exception_assignment_id"))

    op.drop_table("assignment_exception")
