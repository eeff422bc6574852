"""Days on which somebody is away, as people read them."""

from bot.i18n import Language, _
from bot.services.absences import AwayDays


def away_days_text(days: AwayDays, lang: Language) -> str:
    """`12/3 목`, `12/3 목~12/5 토`, `12/3 목부터`, each perhaps with `매주 월·수`."""
    values = {
        "since": days.since,
        "last": days.last,
        "weekdays": "·".join(lang.weekday(number) for number in days.weekdays),
    }
    if days.last is None:
        return lang(_("{weekdays} from {since:day} on") if days.weekdays else _("from {since:day} on"), **values)
    if days.weekdays:
        return lang(_("{weekdays} from {since:day} to {last:day}"), **values)
    return lang(_("{since:day}") if days.last == days.since else _("{since:day} to {last:day}"), **values)
