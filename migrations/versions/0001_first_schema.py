"""The first schema

Revision 0001, after nothing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guild",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guild")),
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_meta")),
    )
    op.create_table(
        "team",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("study_channel_id", sa.BigInteger(), nullable=False),
        sa.Column("reminder_channel_id", sa.BigInteger(), nullable=True),
        sa.Column("retro_channel_id", sa.BigInteger(), nullable=True),
        sa.Column("journal_channel_id", sa.BigInteger(), nullable=True),
        sa.Column("mod_channel_id", sa.BigInteger(), nullable=True),
        sa.Column("moderator_role_id", sa.BigInteger(), nullable=True),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column(
            "start_set_at",
            sa.DateTime(),
            nullable=False,
            comment="days closed before it do not decide the numbers after it",
        ),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("weekdays", sa.Text(), nullable=False, comment="digits of the study weekdays, Monday is 0"),
        sa.Column("session_time", sa.Time(), nullable=True),
        sa.Column("announce_time", sa.Time(), nullable=False),
        sa.Column("retro_time", sa.Time(), nullable=False),
        sa.Column("cutoff", sa.Time(), nullable=False),
        sa.Column("reminders", sa.Text(), nullable=False, comment="offsets before a deadline, such as 3d, 1d, 3h, 30m"),
        sa.Column("next_close_at", sa.DateTime(), nullable=False, comment="the next cut-off at which a day may close"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("guild_id", "name", name=op.f("uq_team_guild_id_name")),
        sa.UniqueConstraint("study_channel_id", name=op.f("uq_team_study_channel_id")),
    )
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_guild_id"), ["guild_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_team_next_close_at"), ["next_close_at"], unique=False)

    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True, comment="JSON"),
        sa.Column("after", sa.Text(), nullable=True, comment="JSON"),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_audit_team_id_team"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_team_id"), ["team_id"], unique=False)

    op.create_table(
        "board",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("shown_version", sa.Integer(), nullable=False),
        sa.Column("redraw_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_board_team_id_team"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board")),
        sa.UniqueConstraint("team_id", "kind", "subject_id", name=op.f("uq_board_team_id_kind_subject_id")),
    )
    with op.batch_alter_table("board", schema=None) as batch_op:
        batch_op.create_index(
            "ix_board_redraw", ["redraw_at"], unique=False, sqlite_where=sa.text("redraw_at IS NOT NULL")
        )
        batch_op.create_index(batch_op.f("ix_board_team_id"), ["team_id"], unique=False)

    op.create_table(
        "calendar_day",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("studied", sa.Boolean(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_calendar_day_team_id_team"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_day")),
        sa.UniqueConstraint("team_id", "date", name=op.f("uq_calendar_day_team_id_date")),
    )
    with op.batch_alter_table("calendar_day", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_day_team_id"), ["team_id"], unique=False)

    op.create_table(
        "lecture",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("course", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False, comment="as the team writes it: 5강"),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="lecture, paper, event"),
        sa.Column("study_date", sa.Date(), nullable=False),
        sa.Column("session_date", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_lecture_team_id_team"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lecture")),
    )
    with op.batch_alter_table("lecture", schema=None) as batch_op:
        batch_op.create_index("ix_lecture_presented", ["team_id", "session_date"], unique=False)
        batch_op.create_index("ix_lecture_studied", ["team_id", "study_date"], unique=False)
        batch_op.create_index(batch_op.f("ix_lecture_team_id"), ["team_id"], unique=False)

    op.create_table(
        "member",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, comment="how pages call them, without 님"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_member_team_id_team"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("team_id", "name", name=op.f("uq_member_team_id_name")),
        sa.UniqueConstraint("team_id", "user_id", name=op.f("uq_member_team_id_user_id")),
    )
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_member_team_id"), ["team_id"], unique=False)

    op.create_table(
        "schedule",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("local_time", sa.Time(), nullable=False),
        sa.Column("next_due_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_schedule_team_id_team"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule")),
        sa.UniqueConstraint("team_id", "kind", name=op.f("uq_schedule_team_id_kind")),
    )
    with op.batch_alter_table("schedule", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_schedule_next_due_at"), ["next_due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_schedule_team_id"), ["team_id"], unique=False)

    op.create_table(
        "study_day",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("session_started_at", sa.DateTime(), nullable=True),
        sa.Column("session_ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_study_day_team_id_team"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_day")),
        sa.UniqueConstraint("team_id", "date", name=op.f("uq_study_day_team_id_date")),
    )
    with op.batch_alter_table("study_day", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_study_day_team_id"), ["team_id"], unique=False)

    op.create_table(
        "anonymous_retrospective",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("day_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["day_id"], ["study_day.id"], name=op.f("fk_anonymous_retrospective_day_id_study_day"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_anonymous_retrospective")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("anonymous_retrospective", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_anonymous_retrospective_day_id"), ["day_id"], unique=False)

    op.create_table(
        "assignment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("reminders", sa.Text(), nullable=False, comment="offsets before the deadline, such as 1d, 3h"),
        sa.Column("lecture_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lecture_id"], ["lecture.id"], name=op.f("fk_assignment_lecture_id_lecture"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_assignment_team_id_team"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("team_id", "number", name=op.f("uq_assignment_team_id_number")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_team_id"), ["team_id"], unique=False)

    op.create_table(
        "delivery",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False, comment="id of the feature's row it speaks of, or 0"),
        sa.Column("slot", sa.Text(), nullable=False, comment="planned instant in UTC, and the offset if there is one"),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=True),
        sa.Column(
            "state", sa.Text(), nullable=False, comment="pending, sending, sent, failed, held, skipped, cancelled"
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("first_tried_at", sa.DateTime(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=True, comment="JSON of the post, fixed at the first attempt"),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=True),
        sa.Column("thread_of_day_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_delivery_team_id_team"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["thread_of_day_id"],
            ["study_day.id"],
            name=op.f("fk_delivery_thread_of_day_id_study_day"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint(
            "team_id", "kind", "subject_id", "slot", name=op.f("uq_delivery_team_id_kind_subject_id_slot")
        ),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index(
            "ix_delivery_due", ["due_at"], unique=False, sqlite_where=sa.text("state IN ('pending', 'sending')")
        )
        batch_op.create_index(batch_op.f("ix_delivery_team_id"), ["team_id"], unique=False)

    op.create_table(
        "lecture_material",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lecture_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("channel_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("attachment_id", sa.BigInteger(), nullable=True),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lecture_id"], ["lecture.id"], name=op.f("fk_lecture_material_lecture_id_lecture"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_lecture_material_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lecture_material")),
    )
    with op.batch_alter_table("lecture_material", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lecture_material_lecture_id"), ["lecture_id"], unique=False)

    op.create_table(
        "lecture_note",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lecture_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lecture_id"], ["lecture.id"], name=op.f("fk_lecture_note_lecture_id_lecture"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_lecture_note_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lecture_note")),
    )
    with op.batch_alter_table("lecture_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lecture_note_lecture_id"), ["lecture_id"], unique=False)

    op.create_table(
        "membership",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_membership_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_member_id"), ["member_id"], unique=False)

    op.create_table(
        "minutes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lecture_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind", sa.Text(), nullable=False, comment="note, discussion, decision, action, announcement, material"
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["day_id"], ["study_day.id"], name=op.f("fk_minutes_day_id_study_day"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["lecture_id"], ["lecture.id"], name=op.f("fk_minutes_lecture_id_lecture")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_minutes_member_id_member")),
        sa.ForeignKeyConstraint(["owner_id"], ["member.id"], name=op.f("fk_minutes_owner_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes")),
    )
    with op.batch_alter_table("minutes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_minutes_day_id"), ["day_id"], unique=False)

    op.create_table(
        "question",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("day_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lecture_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, comment="open, discussing, answered, mentor, dropped, withdrawn"),
        sa.Column("further", sa.Boolean(), nullable=False, comment="stays when it is answered"),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("attachment_channel_id", sa.BigInteger(), nullable=True),
        sa.Column("attachment_message_id", sa.BigInteger(), nullable=True),
        sa.Column("attachment_id", sa.BigInteger(), nullable=True),
        sa.Column("attachment_name", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name=op.f("fk_question_author_id_member")),
        sa.ForeignKeyConstraint(
            ["day_id"], ["study_day.id"], name=op.f("fk_question_day_id_study_day"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["lecture_id"], ["lecture.id"], name=op.f("fk_question_lecture_id_lecture")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_question_team_id_team"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("team_id", "number", name=op.f("uq_question_team_id_number")),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_day_id"), ["day_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_lecture_id"), ["lecture_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_team_id"), ["team_id"], unique=False)

    op.create_table(
        "retrospective",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Text(), nullable=False, comment="team, private"),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["day_id"], ["study_day.id"], name=op.f("fk_retrospective_day_id_study_day"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_retrospective_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retrospective")),
        sa.UniqueConstraint("day_id", "member_id", name=op.f("uq_retrospective_day_id_member_id")),
    )
    with op.batch_alter_table("retrospective", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_retrospective_day_id"), ["day_id"], unique=False)

    op.create_table(
        "retrospective_written",
        sa.Column("day_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["day_id"], ["study_day.id"], name=op.f("fk_retrospective_written_day_id_study_day"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_retrospective_written_member_id_member")),
        sa.PrimaryKeyConstraint("day_id", "member_id", name=op.f("pk_retrospective_written")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "roundtable",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["day_id"], ["study_day.id"], name=op.f("fk_roundtable_day_id_study_day"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roundtable")),
    )
    with op.batch_alter_table("roundtable", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roundtable_day_id"), ["day_id"], unique=False)

    op.create_table(
        "turn",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False, comment="moderator, presenter"),
        sa.Column("unit", sa.Text(), nullable=False, comment="day:2026-11-24 or lecture:17"),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("lecture_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, comment="proposed, assigned, replaced"),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lecture_id"], ["lecture.id"], name=op.f("fk_turn_lecture_id_lecture"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_turn_member_id_member")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_turn_team_id_team"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turn")),
    )
    with op.batch_alter_table("turn", schema=None) as batch_op:
        batch_op.create_index("ix_turn_date", ["team_id", "date"], unique=False)
        batch_op.create_index(batch_op.f("ix_turn_team_id"), ["team_id"], unique=False)
        batch_op.create_index(
            "uq_turn_active", ["team_id", "duty", "unit"], unique=True, sqlite_where=sa.text("state != 'replaced'")
        )

    op.create_table(
        "answer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("question_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_answer_member_id_member")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_answer_question_id_question"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
    )
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_question_id"), ["question_id"], unique=False)

    op.create_table(
        "roundtable_reply",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("roundtable_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("replied_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_roundtable_reply_member_id_member")),
        sa.ForeignKeyConstraint(
            ["roundtable_id"],
            ["roundtable.id"],
            name=op.f("fk_roundtable_reply_roundtable_id_roundtable"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roundtable_reply")),
        sa.UniqueConstraint("roundtable_id", "member_id", name=op.f("uq_roundtable_reply_roundtable_id_member_id")),
    )
    with op.batch_alter_table("roundtable_reply", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roundtable_reply_roundtable_id"), ["roundtable_id"], unique=False)

    op.create_table(
        "submission",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("assignment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(), nullable=False),
        sa.Column("attachment_channel_id", sa.BigInteger(), nullable=True),
        sa.Column("attachment_message_id", sa.BigInteger(), nullable=True),
        sa.Column("attachment_id", sa.BigInteger(), nullable=True),
        sa.Column("attachment_name", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assignment.id"],
            name=op.f("fk_submission_assignment_id_assignment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_submission_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("assignment_id", "member_id", name=op.f("uq_submission_assignment_id_member_id")),
    )
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submission_assignment_id"), ["assignment_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_submission_assignment_id"))

    op.drop_table("submission")
    with op.batch_alter_table("roundtable_reply", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roundtable_reply_roundtable_id"))

    op.drop_table("roundtable_reply")
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_question_id"))

    op.drop_table("answer")
    with op.batch_alter_table("turn", schema=None) as batch_op:
        batch_op.drop_index("uq_turn_active", sqlite_where=sa.text("state != 'replaced'"))
        batch_op.drop_index(batch_op.f("ix_turn_team_id"))
        batch_op.drop_index("ix_turn_date")

    op.drop_table("turn")
    with op.batch_alter_table("roundtable", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roundtable_day_id"))

    op.drop_table("roundtable")
    op.drop_table("retrospective_written")
    with op.batch_alter_table("retrospective", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_retrospective_day_id"))

    op.drop_table("retrospective")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_team_id"))
        batch_op.drop_index(batch_op.f("ix_question_lecture_id"))
        batch_op.drop_index(batch_op.f("ix_question_day_id"))

    op.drop_table("question")
    with op.batch_alter_table("minutes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_minutes_day_id"))

    op.drop_table("minutes")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_member_id"))

    op.drop_table("membership")
    with op.batch_alter_table("lecture_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lecture_note_lecture_id"))

    op.drop_table("lecture_note")
    with op.batch_alter_table("lecture_material", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lecture_material_lecture_id"))

    op.drop_table("lecture_material")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delivery_team_id"))
        batch_op.drop_index("ix_delivery_due", sqlite_where=sa.text("state IN ('pending', 'sending')"))

    op.drop_table("delivery")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assignment_team_id"))

    op.drop_table("assignment")
    with op.batch_alter_table("anonymous_retrospective", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_anonymous_retrospective_day_id"))

    op.drop_table("anonymous_retrospective")
    with op.batch_alter_table("study_day", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_study_day_team_id"))

    op.drop_table("study_day")
    with op.batch_alter_table("schedule", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_schedule_team_id"))
        batch_op.drop_index(batch_op.f("ix_schedule_next_due_at"))

    op.drop_table("schedule")
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_member_team_id"))

    op.drop_table("member")
    with op.batch_alter_table("lecture", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lecture_team_id"))
        batch_op.drop_index("ix_lecture_studied")
        batch_op.drop_index("ix_lecture_presented")

    op.drop_table("lecture")
    with op.batch_alter_table("calendar_day", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_day_team_id"))

    op.drop_table("calendar_day")
    with op.batch_alter_table("board", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_board_team_id"))
        batch_op.drop_index("ix_board_redraw", sqlite_where=sa.text("redraw_at IS NOT NULL"))

    op.drop_table("board")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_team_id"))

    op.drop_table("audit")
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_team_next_close_at"))
        batch_op.drop_index(batch_op.f("ix_team_guild_id"))

    op.drop_table("team")
    op.drop_table("meta")
    op.drop_table("guild")
