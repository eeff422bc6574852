"""When a team was removed: until it is deleted, another one may have its name and its channel

Revision 0015, after 0014.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

UNIQUE = {"uq_team_guild_id_name": ["guild_id", "name"], "uq_team_study_channel_id": ["study_channel_id"]}


def upgrade() -> None:
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "removed_at",
                sa.DateTime(),
                nullable=True,
                comment="since when it is to be deleted; null for a live team",
            )
        )
        for name in UNIQUE:
            batch_op.drop_constraint(name, type_="unique")
    for name, columns in UNIQUE.items():
        op.create_index(name, "team", columns, unique=True, sqlite_where=sa.text("removed_at IS NULL"))


def downgrade() -> None:
    """A removed team stays as one without a channel, which posts nothing: nobody else deletes what people wrote."""
    op.execute(
        "UPDATE team SET name = name || ' #' || id, study_channel_id = -id,"
        " paused_since = coalesce(paused_since, removed_at), paused_until = NULL WHERE removed_at IS NOT NULL"
    )
    for name in UNIQUE:
        op.drop_index(name, table_name="team")
    with op.batch_alter_table("team", schema=None) as batch_op:
        for name, columns in UNIQUE.items():
            batch_op.create_unique_constraint(name, columns)
        batch_op.drop_column("removed_at")
