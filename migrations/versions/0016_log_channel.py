"""A channel in which a team's changes are told, and up to which of them they were

Revision 0016, after 0015.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.add_column(sa.Column("log_channel_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "logged_audit_id",
                sa.Integer(),
                server_default="0",
                nullable=False,
                comment="the last change that was told, or is about to be, in the log channel",
            )
        )
    op.create_index("ix_team_log", "team", ["log_channel_id"], sqlite_where=sa.text("log_channel_id IS NOT NULL"))


def downgrade() -> None:
    op.drop_index("ix_team_log", table_name="team")
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.drop_column("logged_audit_id")
        batch_op.drop_column("log_channel_id")
