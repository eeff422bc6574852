"""Pauses, quiet hours, and what became of a delivery that failed

Revision 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "placed",
                sa.Boolean(),
                server_default=sa.text("0"),
                nullable=False,
                comment="channel_id was given when it was planned, not chosen when it was composed",
            )
        )
        batch_op.add_column(
            sa.Column(
                "told_by_id",
                sa.Integer(),
                nullable=True,
                comment="the delivery that tells moderators of its failure",
            )
        )
        batch_op.create_index("ix_delivery_state", ["state", "kind"], unique=False)
    op.execute("UPDATE delivery SET placed = 1 WHERE kind IN ('board', 'question.next') AND channel_id IS NOT NULL")

    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("quiet_hours", sa.Text(), nullable=True, comment="local times such as 23:00-08:00")
        )
        batch_op.add_column(
            sa.Column(
                "paused_since",
                sa.DateTime(),
                nullable=True,
                comment="from when on nothing is posted; null for not paused",
            )
        )
        batch_op.add_column(
            sa.Column("paused_until", sa.DateTime(), nullable=True, comment="null until somebody resumes")
        )
        batch_op.create_index(batch_op.f("ix_team_paused_until"), ["paused_until"], unique=False)


def downgrade() -> None:
    op.execute("DELETE FROM delivery WHERE kind = 'admin.undelivered'")
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_team_paused_until"))
        batch_op.drop_column("paused_until")
        batch_op.drop_column("paused_since")
        batch_op.drop_column("quiet_hours")

    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_delivery_state")
        batch_op.drop_column("told_by_id")
        batch_op.drop_column("placed")
