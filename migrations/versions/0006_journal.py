"""Closing a day with a reason, and opening it again

Revision 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("study_day", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("reopened_at", sa.DateTime(), nullable=True, comment="while a closed day is open once more")
        )
        batch_op.add_column(
            sa.Column(
                "close_reason",
                sa.Text(),
                nullable=True,
                comment="why it was closed although something was missing",
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("study_day", schema=None) as batch_op:
        batch_op.drop_column("close_reason")
        batch_op.drop_column("reopened_at")
