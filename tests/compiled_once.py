"""Statements are compiled once for all the databases of a test run.

Each test has a database of its own, and SQLAlchemy keeps what it has compiled with the engine: a quarter of the suite's
time went into compiling the same statements again.
"""

from typing import Final

from sqlalchemy import Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.util import LRUCache

_COMPILED: Final = LRUCache(5_000)


class AlikeDialect(SQLiteDialect_aiosqlite):
    """Each is as good as another, so that what was compiled for one serves all."""

    supports_statement_cache = True

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        engine.update_execution_options(compiled_cache=_COMPILED)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AlikeDialect)

    def __hash__(self) -> int:
        return hash(AlikeDialect)


def compile_once() -> None:
    registry.register("sqlite.aiosqlite", __name__, AlikeDialect.__name__)
