"""Which tables hold something of a person, and in which columns. The tests compare it with the tables themselves."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Column, Table

from bot.db.tables import Base, MemberRow

USERS: Final[Mapping[str, tuple[str, ...]]] = {
    "audit": ("actor_id",),
    "board": ("user_id",),
    "delivery": ("user_id",),
    "member": ("user_id",),
    "question_change": ("actor_id",),
    "rotation_act": ("actor_id",),
    "rotation_request": ("asked_by", "answered_by"),
}
"""Columns with the id that Discord gives a person."""

PARTS: Final[Mapping[str, str]] = {"answer_version": "answer", "reflection": "retrospective"}
"""What belongs to a row that somebody wrote, in a table of its own."""

OF_THE_TEAM: Final = frozenset(
    {
        *("meta", "guild", "team", "schedule", "published_page", "calendar_day", "study_day"),
        *("lecture", "assignment", "duty", "rotation_order", "roundtable", "session_step"),
        *("anonymous_retrospective", "anonymous_reflection"),
    }
)
"""Tables in which nothing leads to a person. An order of the rotation has numbers of members, who have no user then."""


def member_columns(table: Table) -> list[Column[int]]:
    """Columns that name a member of a team."""
    return [key.parent for key in table.foreign_keys if key.column.table.name == MemberRow.__tablename__]


def user_columns(table: Table) -> list[Column[int]]:
    """Columns that name a user of Discord."""
    return [table.columns[name] for name in USERS.get(table.name, ())]


def personal_tables() -> list[Table]:
    """Tables with a column that names somebody, each after those it refers to."""
    return [table for table in Base.metadata.sorted_tables if member_columns(table) or user_columns(table)]
