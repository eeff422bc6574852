"""Retrospectives answer questions; nudges, passes, digests and experiments

Revision 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WITHOUT_ROWID = {"sqlite_with_rowid": False}
"""SQLite's row numbers would tell the order of writing; a table that is made anew would have them again."""


def upgrade() -> None:
    _make_reflections()
    _make_passes()
    _make_experiments()
    with op.batch_alter_table("retrospective", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("edited_at", sa.DateTime(), nullable=True, comment="when a text was last changed")
        )
        batch_op.drop_column("text")

    with op.batch_alter_table("anonymous_retrospective", schema=None, table_kwargs=WITHOUT_ROWID) as batch_op:
        batch_op.drop_column("text")

    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "nudged_directly",
                sa.Boolean(),
                server_default=sa.text("0"),
                nullable=False,
                comment="whether the evening's nudge is a direct message to them",
            )
        )

    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("retro_questions", sa.Text(), nullable=True, comment="JSON list; null for the usual ones")
        )
        batch_op.add_column(
            sa.Column(
                "nudge_time", sa.Time(), nullable=True, comment="when those who have not looked back are reminded"
            )
        )
        batch_op.add_column(
            sa.Column(
                "digest_time",
                sa.Time(),
                nullable=True,
                comment="when a week's last study day is followed by its digest",
            )
        )
        batch_op.add_column(sa.Column("streaks", sa.Boolean(), server_default=sa.text("1"), nullable=False))
    op.execute("UPDATE team SET nudge_time = '23:00:00.000000', digest_time = '23:30:00.000000'")
    # Teams that are there get their schedules here; due at once, they are moved on to the first evening to come.
    op.execute(
        "INSERT INTO schedule (team_id, kind, local_time, next_due_at) "
        "SELECT id, 'retro.nudge', nudge_time, strftime('%Y-%m-%d %H:%M:%S', 'now') || '.000000' FROM team "
        "UNION ALL "
        "SELECT id, 'retro.digest', digest_time, strftime('%Y-%m-%d %H:%M:%S', 'now') || '.000000' FROM team"
    )


def _make_reflections() -> None:
    """What was written so far becomes the text of the one free field."""
    op.create_table(
        "reflection",
        sa.Column("retrospective_id", KEY, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column(
            "question", sa.Text(), nullable=False, comment="in the words of that day; empty for the one free field"
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["retrospective_id"],
            ["retrospective.id"],
            name=op.f("fk_reflection_retrospective_id_retrospective"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("retrospective_id", "place", name=op.f("pk_reflection")),
    )
    op.create_table(
        "anonymous_reflection",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column(
            "question", sa.Text(), nullable=False, comment="in the words of that day; empty for the one free field"
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["key"],
            ["anonymous_retrospective.key"],
            name=op.f("fk_anonymous_reflection_key_anonymous_retrospective"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", "place", name=op.f("pk_anonymous_reflection")),
        **WITHOUT_ROWID,
    )
    op.execute(
        "INSERT INTO reflection (retrospective_id, place, question, text) SELECT id, 0, '', text FROM retrospective"
    )
    op.execute(
        "INSERT INTO anonymous_reflection (key, place, question, text) "
        "SELECT key, 0, '', text FROM anonymous_retrospective"
    )


def _make_passes() -> None:
    op.create_table(
        "retrospective_pass",
        sa.Column("day_id", KEY, nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["day_id"], ["study_day.id"], name=op.f("fk_retrospective_pass_day_id_study_day"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_retrospective_pass_member_id_member")),
        sa.PrimaryKeyConstraint("day_id", "member_id", name=op.f("pk_retrospective_pass")),
        **WITHOUT_ROWID,
    )


def _make_experiments() -> None:
    op.create_table(
        "experiment",
        sa.Column("id", KEY, nullable=False),
        sa.Column("team_id", KEY, nullable=False),
        sa.Column("week", sa.Date(), nullable=False, comment="its Monday"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("member_id", KEY, nullable=False, comment="who put it into words last"),
        sa.Column("chosen_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_experiment_member_id_member")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_experiment_team_id_team"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experiment")),
        sa.UniqueConstraint("team_id", "week", name=op.f("uq_experiment_team_id_week")),
    )
    with op.batch_alter_table("experiment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_experiment_team_id"), ["team_id"], unique=False)

    op.create_table(
        "experiment_verdict",
        sa.Column("experiment_id", KEY, nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False, comment="keep, change, drop"),
        sa.ForeignKeyConstraint(
            ["experiment_id"],
            ["experiment.id"],
            name=op.f("fk_experiment_verdict_experiment_id_experiment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_experiment_verdict_member_id_member")),
        sa.PrimaryKeyConstraint("experiment_id", "member_id", name=op.f("pk_experiment_verdict")),
    )


def downgrade() -> None:
    """Several answers become one text, each under its question."""
    op.execute("DELETE FROM schedule WHERE kind IN ('retro.nudge', 'retro.digest')")
    op.execute("DELETE FROM delivery WHERE kind IN ('retro.nudge', 'retro.digest', 'retro.experiment')")
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.drop_column("streaks")
        batch_op.drop_column("digest_time")
        batch_op.drop_column("nudge_time")
        batch_op.drop_column("retro_questions")

    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_column("nudged_directly")

    with op.batch_alter_table("anonymous_retrospective", schema=None, table_kwargs=WITHOUT_ROWID) as batch_op:
        batch_op.add_column(sa.Column("text", sa.Text(), nullable=False, server_default=""))
    op.execute(_as_one_text("anonymous_retrospective", "key", "anonymous_reflection", "key"))
    with op.batch_alter_table("anonymous_retrospective", schema=None, table_kwargs=WITHOUT_ROWID) as batch_op:
        batch_op.alter_column("text", server_default=None)

    with op.batch_alter_table("retrospective", schema=None) as batch_op:
        batch_op.add_column(sa.Column("text", sa.Text(), nullable=False, server_default=""))
        batch_op.drop_column("edited_at")
    op.execute(_as_one_text("retrospective", "id", "reflection", "retrospective_id"))
    with op.batch_alter_table("retrospective", schema=None) as batch_op:
        batch_op.alter_column("text", server_default=None)

    for table in ("anonymous_reflection", "reflection", "experiment_verdict", "experiment", "retrospective_pass"):
        op.drop_table(table)


def _as_one_text(table: str, key: str, reflections: str, owner: str) -> str:
    """Each answer under its question, as SQL; the names are this file's own."""
    shown = "CASE question WHEN '' THEN text ELSE question || char(10) || text END AS shown"
    answers = f"SELECT {shown} FROM {reflections} WHERE {owner} = {table}.{key} AND trim(text) <> '' ORDER BY place"  # noqa: S608
    joined = "SELECT group_concat(shown, char(10) || char(10)) FROM"
    return f"UPDATE {table} SET text = coalesce(({joined} ({answers})), '')"  # noqa: S608
