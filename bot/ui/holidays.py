"""How holidays to come are shown: the moderators' notice with its buttons, and the list of a year."""

from datetime import date

from discord.utils import escape_markdown

from bot.domain.deliveries import Delivery
from bot.domain.holidays import Holiday, OnHoliday
from bot.i18n import Language, _
from bot.jobs.posts import Button, Post
from bot.services.holidays import ComingHolidays, Decided, HolidayNotice

HOLIDAY_BUTTON = r"calendar:(?P<choice>rest|study):(?P<team>\d+):(?P<first>\d{8}):(?P<last>\d{8}):(?P<delivery>\d+)"
"""Custom id of a notice's button: what is chosen, for which team, and from which date to which."""

ON_HOLIDAY = {
    OnHoliday.OFF: _("the team rests"),
    OnHoliday.STUDIES: _("**the team studies**"),
    OnHoliday.USUAL: _("no study day anyway"),
}


def notice_post(notice: HolidayNotice, delivery: Delivery, lang: Language) -> Post:
    """The notice of one break."""
    buttons = notice_buttons(notice, delivery.id, lang)
    return Post(channel_id=notice.team.mod_channel_id, text=notice_text(notice, lang), buttons=buttons)


def notice_buttons(
    notice: HolidayNotice, delivery_id: int, lang: Language, *, decided: bool = False
) -> tuple[Button, ...]:
    """One day has two buttons; several have one to rest, and one to study for each day.

    Once it is `decided`, what the team does is marked.
    """

    def button(choice: str, label: str, first: date, last: date, *, chosen: bool) -> Button:
        dates = f"{first:%Y%m%d}:{last:%Y%m%d}"
        custom_id = f"calendar:{choice}:{notice.team.id}:{dates}:{delivery_id}"
        return Button(label, custom_id, "success" if decided and chosen else "secondary")

    studied = [holiday.team is OnHoliday.STUDIES for holiday in notice.holidays]
    days = [holiday.day for holiday in notice.holidays]
    study = _("Study") if len(days) == 1 else _("Study on {day:day}")
    return (
        button("rest", lang(_("Rest")), days[0], days[-1], chosen=not any(studied)),
        *(
            button("study", lang(study, day=day), day, day, chosen=chosen)
            for day, chosen in zip(days, studied, strict=True)
        ),
    )


def notice_text(notice: HolidayNotice, lang: Language) -> str:
    """`11/24 화 …은 쉬는 날이에요 (14일 뒤)`, or the days of a break, a line each; and what moderators can do."""
    first, last = notice.holidays[0], notice.holidays[-1]
    ahead = (first.day - notice.today).days
    when = lang(_("tomorrow")) if ahead == 1 else lang(_("in {count} days"), count=ahead)
    if first is last:
        head = lang(_("{day:day}, {name}: a day off ({when})."), day=first.day, name=named(first), when=when)
        foot = _("It is a public holiday. To keep it as a study day, a moderator presses Study.")
        return f"{head}\n{lang(foot)}"
    head = lang(_("{first:day} to {last:day}: days off ({when})."), first=first.day, last=last.day, when=when)
    lines = [f"- {lang.day(holiday.day)} {named(holiday)}" for holiday in notice.holidays]
    foot = _("They are public holidays. To keep one as a study day, a moderator presses the button of that day.")
    return "\n".join([head, *lines, lang(foot)])


def decided_notice_text(notice: HolidayNotice, user_id: int, lang: Language) -> str:
    """The same notice once a moderator has decided: what the team does on each day, and who said so last."""
    first, last = notice.holidays[0], notice.holidays[-1]
    days = [f"{lang.day(holiday.day)} {_with_plan(holiday, lang)}" for holiday in notice.holidays]
    if first is not last:
        head = lang(_("Public holidays from {first:day} to {last:day}:"), first=first.day, last=last.day)
        days = [head, *(f"- {day}" for day in days)]
    foot = lang(_("Decided by {who}. To change it, press another button."), who=f"<@{user_id}>")
    return "\n".join([*days, foot])


def _with_plan(holiday: Holiday, lang: Language) -> str:
    """`설날 · 쉬어요`: a holiday, and what the team does on it."""
    return f"{named(holiday)} · {lang(ON_HOLIDAY[holiday.team])}"


def named(holiday: Holiday) -> str:
    return escape_markdown(holiday.name)


def decided_text(decided: Decided, first: date, last: date, lang: Language) -> str:
    """What a button of the notice did; its dates are those from `first` to `last`."""
    days = ", ".join(lang.day(day) for day in decided.days)
    if decided.number is not None:
        text = _("{days} is a study day now: Day {n}. The study days after it count on from there.")
        return lang(text, days=days, n=decided.number)
    if decided.days:
        return lang(_("{days}: days off again."), days=days)
    if first == last:
        return lang(_("{day:day} stays a day off."), day=first)
    return lang(_("The holidays from {first:day} to {last:day} stay days off."), first=first, last=last)


def holidays_text(coming: ComingHolidays, lang: Language) -> str:
    """The public holidays of the next twelve months, a line each, with what the team does on each."""
    if coming.country is None:
        text = _(
            "The team studies on public holidays. To rest on them, use /calendar holidays with a country, e.g. KR."
        )
        return lang(text)
    head = lang(_("**Public holidays of the next 12 months** ({country})"), country=coming.country)
    lines = [f"`{lang.day(holiday.day)}` {_with_plan(holiday, lang)}" for holiday in coming.holidays]
    if not lines:
        lines = [lang(_("There is none."))]
    foot = _("To study on one, use /calendar on; to rest on another day, /calendar off.")
    return "\n".join([head, *lines, "", lang(foot)])
