"""The steps of the panel: what each shows, and what is chosen in it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from discord.ui import Separator
from discord.utils import escape_markdown

from bot.domain.team import CHANNELS, JOURNALS
from bot.i18n import Language, _
from bot.services.setup import Newcomer
from bot.ui.settings import NAMES, country_told
from bot.ui.setup._draft import LOG_CHANNEL, Draft
from bot.ui.setup._parts import (
    MOST,
    PanelButton,
    PanelChannels,
    PanelPeople,
    PanelRole,
    PanelSelect,
    Part,
    Row,
    beside,
    labelled,
    line,
)

if TYPE_CHECKING:
    from bot.ui.setup._panel import TeamPanel

ZONES: Final = (
    *("Asia/Seoul", "Asia/Tokyo", "Asia/Shanghai", "Asia/Taipei", "Asia/Hong_Kong", "Asia/Singapore", "Asia/Bangkok"),
    *("Asia/Ho_Chi_Minh", "Asia/Jakarta", "Asia/Kolkata", "Asia/Dubai", "Europe/Berlin", "Europe/Paris"),
    *("Europe/London", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"),
    *("America/Toronto", "America/Vancouver", "America/Sao_Paulo", "Australia/Sydney", "Pacific/Auckland", "UTC"),
)
"""The zones to pick from; any other can be typed."""

COUNTRIES: Final = (
    *("KR", "JP", "CN", "TW", "HK", "SG", "TH", "VN", "ID", "IN", "AE", "DE", "FR", "GB", "US", "CA", "BR", "AU", "NZ"),
)
"""The countries to pick from; any other can be typed."""

NONE: Final = "off"

CHANNEL_LABELS: Final[Mapping[str, str]] = {
    "study_channel_id": _("**Study channel** · where the team studies"),
    "reminder_channel_id": _("**Reminders** · deadlines and what is due"),
    "retro_channel_id": _("**Retrospectives** · asked for in the evening"),
    "journal_channel_id": _("**Journals** · the page of each day, once it is over"),
    "mod_channel_id": _("**Moderators** · what only they should see"),
}


def language_step(panel: "TeamPanel", lang: Language) -> Iterator[Part]:
    draft = panel.draft
    chosen = [draft.text("language")]
    languages = PanelSelect("language", [("ko", "한국어"), ("en", "English")], chosen, panel.puts("language"))
    yield from labelled(lang(_("**Language** of the team's posts and pages")), languages)
    zones = with_chosen(ZONES, draft.text("timezone"))
    zone = PanelSelect(
        "timezone", [(name, name) for name in zones], [draft.text("timezone")], panel.puts("timezone")
    )  # fmt: skip
    yield from labelled(lang(_("**Time zone** of all times")), zone)
    yield Row(PanelButton(lang(_("Type another zone")), "form:zone", panel.opens("zone")))


def channel_step(panel: "TeamPanel", lang: Language) -> Iterator[Part]:
    draft = panel.draft
    for column in CHANNELS:
        is_study = column == CHANNELS[0]
        locked = is_study and not draft.present.manages
        chosen = draft.value(column) if column == JOURNALS else draft.channel(column)
        select = PanelChannels(
            column,
            int(str(chosen)) if chosen else None,
            panel.puts_channel(column),
            optional=not is_study,
            disabled=locked,
            hint=lang(_("Posted nowhere")) if column == JOURNALS else None,
        )
        yield from labelled(lang(CHANNEL_LABELS[column]), select)
    log = draft.value(LOG_CHANNEL)
    nowhere = lang(_("Told nowhere"))
    select = PanelChannels(
        LOG_CHANNEL, int(str(log)) if log else None, panel.puts_log_channel, optional=True, hint=nowhere
    )
    yield from labelled(lang(_("**Log** · who changed what")), select)
    role_id = draft.value("moderator_role_id")
    hint = lang(_("Nobody besides Manage Server"))
    role = PanelRole("moderator_role", int(str(role_id)) if role_id else None, panel.puts_role, hint)
    yield from labelled(lang(_("**Moderator role** · may moderate without Manage Server")), role)


def day_step(panel: "TeamPanel", lang: Language) -> Iterator[Part]:
    draft = panel.draft
    days = PanelSelect(
        "weekdays",
        [(str(number), lang.weekday(number)) for number in range(7)],
        draft.text("weekdays"),
        panel.puts_weekdays,
        several=True,
    )
    yield from labelled(lang(_("**Study days** of the week")), days)
    country = draft.value("country")
    codes = with_chosen(COUNTRIES, str(country)) if country else COUNTRIES
    options = [(NONE, lang(_("No public holidays"))), *((code, country_told(code, lang)) for code in codes)]
    holidays = PanelSelect("country", options, [str(country or NONE)], panel.puts_country)
    yield from labelled(lang(_("**Public holidays** that are days off")), holidays)
    yield Row(PanelButton(lang(_("Type another country")), "form:country", panel.opens("country")))
    start = lang(_("**Day 1** · {day}"), day=draft.told("start", lang))
    yield beside(start, PanelButton(lang(_("Change")), "form:start", panel.opens("start")))


def time_step(panel: "TeamPanel", lang: Language) -> Iterator[Part]:
    draft = panel.draft
    for form, lines in time_lines(draft, lang).items():
        yield beside("\n".join(lines), PanelButton(lang(_("Change")), f"form:{form}", panel.opens(form)))
    spans = [(code, lang(name)) for code, name in NAMES["moderator_per"].items()]
    per = PanelSelect(
        "moderator_per", [(str(code), name) for code, name in spans], [draft.text("moderator_per")],
        panel.puts("moderator_per"),
    )  # fmt: skip
    yield from labelled(lang(_("**Moderator** · somebody moderates for")), per)
    switch = [("on", lang(_("Counted, for oneself alone"))), (NONE, lang(_("Not counted")))]
    streaks = PanelSelect("streaks", switch, ["on" if draft.value("streaks") else NONE], panel.puts_streaks)
    yield from labelled(lang(_("**Retrospectives in a row**")), streaks)


def time_lines(draft: Draft, lang: Language) -> Mapping[str, Sequence[str]]:
    """The times in words, by the form in which they are typed."""

    def told(text: str, **keys: str) -> str:
        return lang(text, **{name: draft.told(key, lang) for name, key in keys.items()})

    session, duties = _("**Peer session** · none"), _("**Next duties** · {time}")
    if draft.value("session_time"):
        session = _("**Peer session** · {time}, {minutes} minutes")
    if draft.value("confirm_by"):
        duties = _("**Next duties** · {time}, answers until {until}")
    return {
        "times": [
            told(session, time="session_time", minutes="session_minutes"),
            told(duties, time="announce_time", until="confirm_by"),
            told(_("**Retrospective** · {time}"), time="retro_time"),
        ],
        "reminders": [
            told(_("**Before deadlines** · {offsets}"), offsets="reminders"),
            told(_("**Due today, in the morning** · {time}"), time="due_time"),
            told(_("**Retrospective again** · {time}"), time="nudge_time"),
            told(_("**Week's digest** · {time}"), time="digest"),
            told(_("**Quiet hours** · {hours}"), hours="quiet_hours"),
        ],
        "limits": [
            told(_("**A study day ends** · {time}"), time="cutoff"),
            told(_("**Questions are carried** · {days}"), days="carry_days"),
        ],
    }


def people_step(panel: "TeamPanel", lang: Language) -> Iterator[Part]:
    draft = panel.draft
    if draft.present.members:
        there = [member.name for member in draft.present.members]
        yield line(lang(_("**On the roster** ({count})\n{names}"), count=len(there), names=named(there, lang)))
    people = PanelPeople("people", panel.adds_people, lang(_("Up to 25 people at once")))
    yield from labelled(lang(_("**Pick people** · pages call them as Discord does")), people)
    if not draft.people:
        yield line("-# " + lang(_("Everybody can also join with /roster join.")))
        return
    new = [person.names[0] for person in draft.people.values()]
    yield line(lang(_("**To be added** ({count})\n{names}"), count=len(new), names=named(new, lang)))
    latest = [(str(person.user_id), person.names[0]) for person in draft.people.values()][-MOST:]
    hint = lang(_("Pick whom to leave out again"))
    yield Row(PanelSelect("leave_out", latest, [], panel.leaves_out, several=True, hint=hint))


def named(names: Sequence[str], lang: Language) -> str:
    """Names in a row; of many, how many more there are."""
    text = ", ".join(escape_markdown(name) for name in names[:MOST])
    more = len(names) - MOST
    return text if more <= 0 else lang(_("{names} and {count} more"), names=text, count=more)


def check_step(panel: "TeamPanel", lang: Language) -> Iterator[Part]:
    draft = panel.draft
    role = draft.value("moderator_role_id")
    yield line("\n".join([*_channel_lines(draft, lang), _role_line(role, lang)]))
    yield Separator()
    days = [
        lang(_("**Study days** · {days}"), days=draft.told("weekdays", lang)),
        lang(_("**Public holidays** · {country}"), country=draft.told("country", lang)),
        lang(_("**Day 1** · {day}"), day=draft.told("start", lang)),
    ]
    yield line("\n".join([*days, *(text for lines in time_lines(draft, lang).values() for text in lines)]))
    yield Separator()
    language = NAMES["language"][draft.text("language")]
    people = len(draft.present.members) + len(draft.people)
    last = [
        lang(_("**Language** · {language}, {zone}"), language=language, zone=draft.text("timezone")),
        lang(_("**People** · {count}"), count=people),
    ]
    yield line("\n".join(last))


def _channel_lines(draft: Draft, lang: Language) -> Iterator[str]:
    """The channels, those that are the study channel too left out."""
    study = draft.channel(CHANNELS[0])
    yield lang(_("**Study channel** · {channel}"), channel=f"<#{study}>")
    for column in CHANNELS[1:]:
        if draft.value(column) if column == JOURNALS else draft.channel(column) != study:
            yield f"{lang(CHANNEL_LABELS[column]).split(' · ')[0]} · <#{draft.channel(column)}>"
    if log := draft.value(LOG_CHANNEL):
        yield lang(_("**Log** · {channel}"), channel=f"<#{log}>")


def _role_line(role: object, lang: Language) -> str:
    return lang(_("**Moderator role** · {role}"), role=f"<@&{role}>" if role else lang(_("off")))


Step = Callable[["TeamPanel", Language], Iterator[Part]]

STEPS: Final[Sequence[tuple[str, Step]]] = (
    (_("Language and time zone"), language_step),
    (_("Channels and role"), channel_step),
    (_("Study days"), day_step),
    (_("Times and reminders"), time_step),
    (_("People"), people_step),
    (_("Check and save"), check_step),
)


def with_chosen(usual: Sequence[str], chosen: str) -> list[str]:
    """The usual choices, and what is chosen if it is none of them."""
    return [*([] if chosen in usual else [chosen]), *usual][: MOST - 1]


def newcomer(person: Any) -> Newcomer:
    """Somebody picked in Discord, under the names they have there."""
    return Newcomer(person.id, tuple(dict.fromkeys([person.display_name, person.name])))
