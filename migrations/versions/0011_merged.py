"""Late deliveries that go out in the message of another

Revision 0011, after 0010.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MERGED = sa.text("merged_into_id IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "merged_into_id",
                sa.Integer(),
                nullable=True,
                comment="the late delivery in whose message this one's text is",
            )
        )
        batch_op.create_index("ix_delivery_merged", ["merged_into_id"], unique=False, sqlite_where=MERGED)


def downgrade() -> None:
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_delivery_merged", sqlite_where=MERGED)
        batch_op.drop_column("merged_into_id")
