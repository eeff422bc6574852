"""What undoing needs to know stands with the turns themselves: which act skipped one and why, and how it was made

Until now the record of changes was read for it. Revision 0012, after 0011.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("rotation_act", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "reason",
                sa.Text(),
                nullable=True,
                comment="of a skip: in the words of whoever did it, for the team",
            )
        )
    with op.batch_alter_table("turn", schema=None) as batch_op:
        batch_op.add_column(sa.Column("made_as", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("skip_act_id", sa.Integer(), nullable=True, comment="the act that skipped it"))
        batch_op.create_index(batch_op.f("ix_turn_skip_act_id"), ["skip_act_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_turn_skip_act_id_rotation_act"),
            "rotation_act",
            ["skip_act_id"],
            ["id"],
            ondelete="SET NULL",
        )
    carry_over_skips()
    carry_over_making()
    with op.batch_alter_table("turn", schema=None) as batch_op:
        batch_op.alter_column(
            "made_as",
            existing_type=sa.Text(),
            nullable=False,
            comment="proposed or assigned, also once it is replaced or skipped",
        )


def carry_over_skips() -> None:
    op.execute(
        "UPDATE rotation_act SET reason = (SELECT audit.reason FROM audit WHERE audit.action = 'rotation.skip' "
        "AND audit.subject = 'act:' || rotation_act.id AND audit.team_id = rotation_act.team_id) WHERE kind = 'skip'"
    )
    op.execute(
        "UPDATE turn SET skip_act_id = (SELECT rotation_act.id FROM audit JOIN rotation_act "
        "ON audit.subject = 'act:' || rotation_act.id AND audit.team_id = rotation_act.team_id "
        "WHERE audit.action = 'rotation.skip' AND audit.team_id = turn.team_id "
        "AND CASE WHEN json_valid(audit.before) THEN json_extract(audit.before, '$.turn') END = turn.id)"
    )


def carry_over_making() -> None:
    """A turn that stands is as it was made. A lecture that was removed since has given its turns another unit."""
    op.execute("UPDATE turn SET made_as = CASE WHEN state = 'proposed' THEN 'proposed' ELSE 'assigned' END")
    op.execute(
        "UPDATE turn SET made_as = 'proposed' WHERE state IN ('replaced', 'skipped') AND EXISTS (SELECT 1 FROM audit "
        "WHERE audit.team_id = turn.team_id AND audit.action = 'rotation.propose' AND audit.at = turn.made_at "
        "AND audit.subject = 'turn:' || turn.duty || ':' || replace(turn.unit, 'removed:', 'lecture:') "
        "AND CASE WHEN json_valid(audit.after) THEN json_extract(audit.after, '$.member') END = turn.member_id)"
    )


def downgrade() -> None:
    with op.batch_alter_table("turn", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_turn_skip_act_id_rotation_act"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_turn_skip_act_id"))
        batch_op.drop_column("skip_act_id")
        batch_op.drop_column("made_as")
    with op.batch_alter_table("rotation_act", schema=None) as batch_op:
        batch_op.drop_column("reason")
