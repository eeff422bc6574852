"""How lectures are told to people."""

from collections.abc import Sequence

from discord.utils import escape_markdown

from bot.domain.lectures import LectureChange, LectureSummary, MaterialPlace, NumberedDay
from bot.domain.team import Member
from bot.i18n import Language, _, language
from bot.ui.people import person, together


def noted_text(label: str, lang: Language) -> str:
    return lang(_("Your notes of {lecture} are saved. The team sees them."), lecture=escape_markdown(label))


def kept_text(place: MaterialPlace, title: str | None) -> str:
    """What stands above a file in the study channel, in the team's language."""
    lang = language(place.language)
    name, lecture = escape_markdown(place.member.name), escape_markdown(place.lecture)
    if title is None:
        return lang(_("Material for {lecture}, from {name}"), lecture=lecture, name=name)
    shown = escape_markdown(" ".join(title.split())[:200])
    return lang(_("Material for {lecture}, from {name}: {title}"), lecture=lecture, name=name, title=shown)


def added_text(lecture: LectureSummary, lang: Language) -> str:
    """What was added, its two days, and who presents it."""
    return "\n".join([_headed(_("{lecture} is added."), lecture, lang), *_details(lecture, lang)])


def edited_text(change: LectureChange, lang: Language) -> str:
    """The lecture as it is now, and who no longer presents it."""
    return _changed(_("{lecture} is changed."), change, lang)


def moved_text(change: LectureChange, lang: Language) -> str:
    """The lecture with its new days, and who no longer presents it."""
    return _changed(_("{lecture} is moved."), change, lang)


def sure_text(change: LectureChange, lang: Language) -> str:
    """Asks before a lecture goes, and whose turn with it."""
    lines = [_headed(_("Remove {lecture}?"), change.lecture, lang)]
    if change.released:
        lines.append(lang(_("It is the turn of {people}, which falls away."), people=_people(change.released, lang)))
    return "\n".join(lines)


def removed_text(change: LectureChange, lang: Language) -> str:
    """That a lecture is gone, and whose turn with it."""
    lines = [_headed(_("{lecture} is removed."), change.lecture, lang)]
    if change.released:
        text = _("It was the turn of {people}, which no longer counts. Please tell them.")
        lines.append(lang(text, people=_people(change.released, lang)))
    return "\n".join(lines)


def _changed(head: str, change: LectureChange, lang: Language) -> str:
    lines = [_headed(head, change.lecture, lang), *_details(change.lecture, lang)]
    if change.released:
        lines.append(lang(_("No longer presenting: {people}"), people=_people(change.released, lang)))
    return "\n".join(lines)


def _headed(head: str, lecture: LectureSummary, lang: Language) -> str:
    return lang(head, lecture=escape_markdown(lecture.label))


def _details(lecture: LectureSummary, lang: Language) -> list[str]:
    days = lang(
        _("Studied {studied}, presented {presented}."),
        studied=day_text(lecture.studied, lang),
        presented=day_text(lecture.presented, lang),
    )
    lines = [days, presenter_text(lecture, lang)]
    if lecture.is_presented and 0 < len(lecture.presenters) < lecture.readers:
        text = _("⚠️ {readers} were to present it, but there are only {count}.")
        lines.append(lang(text, readers=lecture.readers, count=len(lecture.presenters)))
    return lines


def presenter_text(lecture: LectureSummary, lang: Language) -> str:
    """Who presents it, and whether that is settled."""
    if not lecture.is_presented:
        return lang(_("An event has no presenter."))
    if not lecture.presenters:
        return lang(_("Nobody is there to present it. Add people with /roster add, or use /lecture move."))
    people = _people(lecture.presenters, lang)
    if lecture.settled:
        return lang(_("Presented by {people}."), people=people)
    return lang(_("By the rotation presented by {people}. It is settled when the day is announced."), people=people)


def _people(members: Sequence[Member], lang: Language) -> str:
    return together((person(member, lang) for member in members), lang)


def day_text(day: NumberedDay, lang: Language) -> str:
    if day.number is None:
        return lang.day(day.date)
    return lang(_("{date:day} (Day {number})"), date=day.date, number=day.number)


def listed_text(lecture: LectureSummary, lang: Language) -> str:
    """One line of the list; of a paper who reads it until when."""
    return lang(
        _LISTED[lecture.kind == "paper", bool(lecture.presenters)] if lecture.is_presented else _EVENT,
        lecture=escape_markdown(lecture.label),
        studied=lecture.studied.date,
        presented=lecture.presented.date,
        people=_people(lecture.presenters, lang),
    )


_EVENT = _("- **{lecture}** (event): studied {studied:day}, session {presented:day}")
_LISTED = {
    (False, False): _("- **{lecture}**: studied {studied:day}, presented {presented:day}"),
    (False, True): _("- **{lecture}**: studied {studied:day}, presented {presented:day} by {people}"),
    (True, False): _("- **{lecture}** (paper): to read until {presented:day}"),
    (True, True): _("- **{lecture}** (paper): {people} read it until {presented:day}"),
}
"""Lines of the list, by whether it is a paper, and whether somebody presents it."""
