"""When the bot was removed from a server, and when it was noticed that a member has left it

Servers that it has left already are taken to have been left at the migration. Revision 0014, after 0013.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("guild", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("left_at", sa.DateTime(), nullable=True, comment="since when the bot is not in it any more")
        )
    op.execute("UPDATE guild SET left_at = strftime('%Y-%m-%d %H:%M:%f000', 'now') WHERE NOT present")
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("gone_since", sa.Date(), nullable=True, comment="the day on which they were not in the server")
        )


def downgrade() -> None:
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_column("gone_since")
    with op.batch_alter_table("guild", schema=None) as batch_op:
        batch_op.drop_column("left_at")
