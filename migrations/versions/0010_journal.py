"""The pages that were published in a team's Git repository

Revision 0010, after 0009.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "published_page",
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("blob", sa.Text(), nullable=False, comment="what Git calls its content"),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_published_page_team_id_team"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("team_id", "path", name=op.f("pk_published_page")),
    )


def downgrade() -> None:
    op.execute("DELETE FROM delivery WHERE kind = 'journal.publish'")
    op.drop_table("published_page")
