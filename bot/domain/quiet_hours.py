"""Hours of the night in which a team does not want to be reminded: `23:00-08:00`."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.timewords import parse_time


@dataclass(frozen=True)
class QuietHours:
    """From one local time to another, over midnight where the second is the earlier one."""

    begin: time
    end: time

    def __str__(self) -> str:
        return f"{self.begin:%H:%M}-{self.end:%H:%M}"

    def around(self, instant: datetime, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
        """The quiet time in which an instant lies, in UTC; its edges do not lie in it.

        Both edges are read on the clock of the zone, the first of two such times where clocks are put back: a night
        in which they change is an hour longer or shorter, and one of which nothing is left is none.
        """
        today = instant.astimezone(zone).date()
        for day in (today - timedelta(days=1), today):
            last = day + timedelta(days=1) if self.end <= self.begin else day
            begin, end = (
                datetime.combine(date, local, zone).astimezone(UTC)
                for date, local in ((day, self.begin), (last, self.end))
            )
            if begin < instant < end:
                return begin, end
        return None


def parse_quiet_hours(text: str) -> QuietHours:
    """`23:00-08:00`, `23시~8시`, `밤 11시 - 아침 8시`. ValueError for anything else, and for a time that is none."""
    parts = [part.strip() for part in re.split(r"[-~–]|부터", unicodedata.normalize("NFKC", text))]
    if len(parts) != 2:
        raise ValueError(f"not quiet hours: {text!r}")
    begin, end = (parse_time(part.removesuffix("까지")) for part in parts)
    if begin == end:
        raise ValueError(f"not quiet hours: {text!r}")
    return QuietHours(begin, end)
