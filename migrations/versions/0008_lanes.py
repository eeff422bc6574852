"""Lanes of deliveries, and how often Discord failed on one of them

Revision 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

LIVE = sa.text("state IN ('pending', 'sending')")


def upgrade() -> None:
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "lane",
                sa.Text(),
                server_default="",
                nullable=False,
                comment="what is in one lane of a team goes out in order",
            )
        )
        batch_op.add_column(
            sa.Column(
                "failures",
                sa.Integer(),
                server_default="0",
                nullable=False,
                comment="5xx in a row while other messages got through",
            )
        )
        batch_op.create_index("ix_delivery_lane", ["team_id", "lane", "due_at"], unique=False, sqlite_where=LIVE)


def downgrade() -> None:
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_delivery_lane", sqlite_where=LIVE)
        batch_op.drop_column("failures")
        batch_op.drop_column("lane")
