"""What every table shares."""

from datetime import datetime
from typing import Annotated, Any, ClassVar

from sqlalchemy import Column, ForeignKey, MetaData, Table, Text
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeEngine

from bot.db.types import PrimaryKey, Snowflake, UtcDateTime

Key = Annotated[int, mapped_column(PrimaryKey, primary_key=True)]
TeamKey = Annotated[int, mapped_column(PrimaryKey, ForeignKey("team.id", ondelete="CASCADE"), index=True)]
MemberKey = Annotated[int, mapped_column(PrimaryKey, ForeignKey("member.id"))]
DayKey = Annotated[int, mapped_column(PrimaryKey, ForeignKey("study_day.id", ondelete="CASCADE"), index=True)]
LectureKey = Annotated[int, mapped_column(PrimaryKey, ForeignKey("lecture.id", ondelete="CASCADE"), index=True)]
DiscordId = Annotated[int, mapped_column(Snowflake)]


class Base(DeclarativeBase):
    """Names of constraints are stated, so that migrations can name them on every database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[type, TypeEngine[Any]]] = {
        datetime: UtcDateTime(),
        str: Text(),
    }

    @classmethod
    def __table_cls__(cls, name: str, metadata: MetaData, *parts: Any, **options: Any) -> Table:
        """A table whose rows are numbered gives each number once, also after its newest row was deleted."""
        keys = [part for part in parts if isinstance(part, Column) and part.primary_key]
        if len(keys) == 1 and keys[0].type is PrimaryKey:
            options["sqlite_autoincrement"] = True
        return Table(name, metadata, *parts, **options)
