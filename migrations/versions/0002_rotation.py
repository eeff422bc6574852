"""Duties of one's own, absences, swaps and confirmations

Revision 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "duty",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("per", sa.Text(), nullable=False, comment="day, week, lecture"),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("first_weekday", sa.Integer(), nullable=False, comment="on which its weeks begin, Monday is 0"),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True, comment="the first day on which it is not done any more"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_duty_team_id_team"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
    )
    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duty_team_id"), ["team_id"], unique=False)

    op.create_table(
        "rotation_act",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="assign, skip, swap, substitute"),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_rotation_act_team_id_team"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rotation_act")),
    )
    with op.batch_alter_table("rotation_act", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rotation_act_team_id"), ["team_id"], unique=False)

    op.create_table(
        "rotation_order",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("members", sa.Text(), nullable=False, comment="member ids in order, parted by commas"),
        sa.Column("set_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_rotation_order_team_id_team"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rotation_order")),
    )
    with op.batch_alter_table("rotation_order", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rotation_order_team_id"), ["team_id"], unique=False)

    op.create_table(
        "absence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True, comment="the first day no longer away; null until they are back"),
        sa.Column("weekdays", sa.Text(), nullable=False, comment="digits, Monday is 0; empty for all days"),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_absence_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absence_member_id"), ["member_id"], unique=False)

    op.create_table(
        "rotation_request",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="swap, substitute"),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("turn_date", sa.Date(), nullable=False),
        sa.Column(
            "member_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="whose turn it is",
        ),
        sa.Column(
            "other_member_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="null: whoever can",
        ),
        sa.Column("other_duty", sa.Text(), nullable=True, comment="for a swap: the turn given in return"),
        sa.Column("other_unit", sa.Text(), nullable=True),
        sa.Column("other_turn_date", sa.Date(), nullable=True),
        sa.Column("asked_by", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, comment="open, agreed, declined, withdrawn"),
        sa.Column("answered_by", sa.BigInteger(), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_rotation_request_member_id_member")),
        sa.ForeignKeyConstraint(
            ["other_member_id"], ["member.id"], name=op.f("fk_rotation_request_other_member_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_rotation_request_team_id_team"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rotation_request")),
    )
    with op.batch_alter_table("rotation_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rotation_request_team_id"), ["team_id"], unique=False)

    with op.batch_alter_table("board", schema=None) as batch_op:
        batch_op.add_column(sa.Column("user_id", sa.BigInteger(), nullable=True, comment="for this person alone"))
        batch_op.alter_column("channel_id", existing_type=sa.BIGINT(), nullable=True)

    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("user_id", sa.BigInteger(), nullable=True, comment="to this person alone, in place of a channel")
        )

    with op.batch_alter_table("lecture", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "readers",
                sa.Integer(),
                server_default=sa.text("1"),
                nullable=False,
                comment="how many present it; an event has none",
            )
        )

    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("confirm_by", sa.Time(), nullable=True, comment="until when the announced are to answer")
        )
        batch_op.add_column(
            sa.Column("moderator_per", sa.Text(), server_default=sa.text("'day'"), nullable=False, comment="day, week")
        )

    with op.batch_alter_table("turn", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "cause",
                sa.Text(),
                nullable=True,
                comment="why it went to somebody else than before: away, left, swap, …",
            )
        )
        batch_op.add_column(sa.Column("act_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(sa.Column("confirmed_at", sa.DateTime(), nullable=True))
        batch_op.drop_index("uq_turn_active")
        batch_op.create_index(
            "uq_turn_active",
            ["team_id", "duty", "unit"],
            unique=True,
            sqlite_where=sa.text("state NOT IN ('replaced', 'skipped')"),
        )
        batch_op.create_index(batch_op.f("ix_turn_act_id"), ["act_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_turn_act_id_rotation_act"), "rotation_act", ["act_id"], ["id"], ondelete="CASCADE"
        )
    op.execute("UPDATE team SET confirm_by = '22:00:00.000000'")


def downgrade() -> None:
    op.execute("UPDATE turn SET state = 'replaced' WHERE state = 'skipped'")
    op.execute("DELETE FROM board WHERE channel_id IS NULL OR user_id IS NOT NULL")
    op.execute("DELETE FROM delivery WHERE user_id IS NOT NULL")
    with op.batch_alter_table("turn", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_turn_act_id_rotation_act"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_turn_act_id"))
        batch_op.drop_index("uq_turn_active")
        batch_op.create_index(
            "uq_turn_active", ["team_id", "duty", "unit"], unique=True, sqlite_where=sa.text("state != 'replaced'")
        )
        batch_op.drop_column("confirmed_at")
        batch_op.drop_column("act_id")
        batch_op.drop_column("cause")

    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.drop_column("moderator_per")
        batch_op.drop_column("confirm_by")

    with op.batch_alter_table("lecture", schema=None) as batch_op:
        batch_op.drop_column("readers")

    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_column("user_id")

    with op.batch_alter_table("board", schema=None) as batch_op:
        batch_op.alter_column("channel_id", existing_type=sa.BIGINT(), nullable=False)
        batch_op.drop_column("user_id")

    with op.batch_alter_table("rotation_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rotation_request_team_id"))

    op.drop_table("rotation_request")
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_absence_member_id"))

    op.drop_table("absence")
    with op.batch_alter_table("rotation_order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rotation_order_team_id"))

    op.drop_table("rotation_order")
    with op.batch_alter_table("rotation_act", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rotation_act_team_id"))

    op.drop_table("rotation_act")
    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_duty_team_id"))

    op.drop_table("duty")
