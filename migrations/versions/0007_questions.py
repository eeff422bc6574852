"""Votes on questions, earlier texts of answers, and what was changed about a question

Revision 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "question_vote",
        sa.Column("question_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_question_vote_member_id_member")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_question_vote_question_id_question"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("question_id", "member_id", name=op.f("pk_question_vote")),
    )
    op.create_table(
        "answer_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("answer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answer.id"], name=op.f("fk_answer_version_answer_id_answer"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_version")),
    )
    with op.batch_alter_table("answer_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_version_answer_id"), ["answer_id"], unique=False)

    op.create_table(
        "question_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("question_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("was_state", sa.Text(), nullable=False),
        sa.Column("was_reason", sa.Text(), nullable=True),
        sa.Column("was_further", sa.Boolean(), nullable=False),
        sa.Column(
            "answer_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="the answer that the change brought",
        ),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answer.id"], name=op.f("fk_question_change_answer_id_answer"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_question_change_question_id_question"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_change")),
    )
    with op.batch_alter_table("question_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_change_question_id"), ["question_id"], unique=False)

    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("day_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(
            sa.Column(
                "channel_id", sa.BigInteger(), nullable=True, comment="of the message that was saved as the answer"
            )
        )
        batch_op.add_column(sa.Column("message_id", sa.BigInteger(), nullable=True))
        batch_op.create_index(batch_op.f("ix_answer_day_id"), ["day_id"], unique=False)
        batch_op.create_unique_constraint(batch_op.f("uq_answer_question_id_message_id"), ["question_id", "message_id"])
        batch_op.create_foreign_key(batch_op.f("fk_answer_day_id_study_day"), "study_day", ["day_id"], ["id"])

    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("reason", sa.Text(), nullable=True, comment="why it is in its state, for everybody to read")
        )
        batch_op.add_column(
            sa.Column("about_channel_id", sa.BigInteger(), nullable=True, comment="of the message that it is about")
        )
        batch_op.add_column(sa.Column("about_message_id", sa.BigInteger(), nullable=True))

    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "carry_days",
                sa.Integer(),
                server_default=sa.text("5"),
                nullable=False,
                comment="study days after which an open further question is to be decided on",
            )
        )


def downgrade() -> None:
    op.execute("UPDATE question SET state = 'dropped' WHERE state = 'removed'")
    op.execute("DELETE FROM delivery WHERE kind = 'question.carried'")
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.drop_column("carry_days")

    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_column("about_message_id")
        batch_op.drop_column("about_channel_id")
        batch_op.drop_column("reason")

    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_answer_day_id_study_day"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_answer_question_id_message_id"), type_="unique")
        batch_op.drop_index(batch_op.f("ix_answer_day_id"))
        batch_op.drop_column("message_id")
        batch_op.drop_column("channel_id")
        batch_op.drop_column("day_id")

    with op.batch_alter_table("question_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_change_question_id"))

    op.drop_table("question_change")
    with op.batch_alter_table("answer_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_version_answer_id"))

    op.drop_table("answer_version")
    op.drop_table("question_vote")
