"""Who is at the session: there, late, or not coming. Why is nobody else's business, so no reason is here."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.team import Member


class Attendance(StrEnum):
    PRESENT = "present"
    LATE = "late"
    ABSENT = "absent"


@dataclass(frozen=True)
class RollCall:
    """The members of a day by what they said, each in roster order; `away` were so before it, `silent` said nothing."""

    present: tuple[Member, ...] = ()
    late: tuple[Member, ...] = ()
    absent: tuple[Member, ...] = ()
    away: tuple[Member, ...] = ()
    silent: tuple[Member, ...] = ()

    @property
    def said(self) -> int:
        """How many have said whether they come."""
        return len(self.present) + len(self.late) + len(self.absent)


def call_roll(members: Iterable[Member], states: Mapping[int, Attendance], away: Collection[int]) -> RollCall:
    """`states` and `away` by member id. What somebody says counts more than that they were to be away."""
    found: dict[str, list[Member]] = {}
    for member in members:
        state = states.get(member.id)
        found.setdefault(state or ("away" if member.id in away else "silent"), []).append(member)
    return RollCall(**{key: tuple(group) for key, group in found.items()})
