"""Retrospectives: who may read one."""

from enum import StrEnum


class Visibility(StrEnum):
    """TEAM with the name, ANONYMOUS without anything that leads to it, PRIVATE in one's own page only."""

    TEAM = "team"
    ANONYMOUS = "anonymous"
    PRIVATE = "private"
