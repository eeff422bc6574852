"""A month of the team's calendar as people look at it: plain values, for the picture and for the text."""

from dataclasses import dataclass
from datetime import date

from bot.domain.calendar import DayOff


@dataclass(frozen=True)
class MonthTurn:
    """Somebody's turn on a day. `label` is the lecture's or the own duty's, and empty for the moderator.

    A `planned` turn is what the rotation will choose as things stand; nobody was told yet. `name` is empty for a
    lecture that nobody presents: an event, or a team without members.
    """

    label: str
    name: str
    planned: bool = False


@dataclass(frozen=True)
class CalendarDay:
    """A date of the month. `number` of a study day, `off` why it is none; `label` of an extra study day.

    `extra` is a study day that is none by weekdays and holidays; `closed` one whose page is finished. `duties` are the
    team's own ones, besides moderator and presenters.
    """

    date: date
    number: int | None
    off: DayOff | None = None
    label: str = ""
    extra: bool = False
    closed: bool = False
    moderator: MonthTurn | None = None
    presenters: tuple[MonthTurn, ...] = ()
    duties: tuple[MonthTurn, ...] = ()

    @property
    def turns(self) -> tuple[MonthTurn, ...]:
        """Every turn of the day: the moderator, the presenters, the team's own duties."""
        return (*(() if self.moderator is None else (self.moderator,)), *self.presenters, *self.duties)


@dataclass(frozen=True)
class Month:
    """A month of the team's calendar, from its first to its last day."""

    today: date
    days: tuple[CalendarDay, ...]

    @property
    def first(self) -> date:
        return self.days[0].date

    @property
    def study_days(self) -> tuple[CalendarDay, ...]:
        return tuple(day for day in self.days if day.number)
