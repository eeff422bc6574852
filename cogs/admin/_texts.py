"""How what could not be delivered, and a pause, are told to people."""

from collections.abc import Mapping, Sequence
from typing import Final

from discord.utils import escape_markdown

from bot.domain.deliveries import State
from bot.domain.team import Pause
from bot.domain.undelivered import Cause, Notice, Problem, Retried, Undelivered
from bot.i18n import Language, _
from bot.jobs.backups import Copy

KINDS: Final[Mapping[str, str]] = {
    "admin.log": _("changes in the log channel"),
    "admin.undelivered": _("notice of undelivered messages"),
    "assignment.board": _("assignment board"),
    "assignment.morning": _("deadlines of the morning"),
    "assignment.reminder": _("assignment reminder"),
    "assignment.summary": _("summary after a deadline"),
    "board": _("board"),
    "calendar.holiday": _("notice of a public holiday"),
    "day.opening": _("first message of the day's thread"),
    "journal.page": _("page of a day"),
    "journal.publish": _("publication of the journal"),
    "question.carried": _("further questions to be decided on"),
    "question.next": _("question brought to the table"),
    "questions.day": _("board of the day's questions"),
    "questions.lecture": _("question board"),
    "retro.digest": _("look back on the week"),
    "retro.experiment": _("what the team tries out next"),
    "retro.nudge": _("reminder to look back"),
    "retro.prompt": _("evening question for retrospectives"),
    "roster.gone": _("who has left the server"),
    "rotation.announcement": _("announcement of the next duties"),
    "rotation.change": _("change of a duty"),
    "rotation.declined": _("answer to a request to swap"),
    "rotation.duty": _("notice of a removed duty"),
    "rotation.request": _("request to swap"),
    "rotation.unanswered": _("notice of who has not answered"),
    "session.agenda": _("agenda"),
    "session.briefing": _("briefing of a presenter"),
    "session.instead": _("what is done in place of the session"),
    "session.minutes": _("minutes"),
    "session.part": _("part of the session"),
    "session.reminder": _("reminder of the session"),
    "session.replies": _("replies at the round table"),
    "session.roundtable": _("round table"),
}
"""Kinds of deliveries and of boards as people call them."""

REMEDIES: Final[Mapping[Cause, str]] = {
    Cause.CHANNEL_GONE: _("The channel is gone. Choose another with /settings set, then send it again."),
    Cause.NO_ACCESS: _(
        "I cannot see the channel. A server admin can allow View Channel in its permissions; then send it again."
    ),
    Cause.NO_PERMISSION: _(
        "I cannot post in the channel. A server admin can allow Send Messages in its permissions; then send it again."
    ),
    Cause.NO_DIRECT_MESSAGES: _(
        "This person takes no direct messages. They can allow them in their privacy settings; then send it again."
    ),
    Cause.SERVER_GONE: _("I am not in the server any more. Invite me again, then send it again."),
    Cause.UNCERTAIN: _(
        "It may be there already, but I cannot look. Allow Read Message History in the channel and send it again:"
        " I look first, and send it only if it is missing."
    ),
    Cause.REFUSED: _(
        "Discord did not take it. Send it again in a while; if that fails too, whoever runs me finds more in the log."
    ),
    Cause.TRYING: _("Discord answers with errors. I keep trying; you need not do anything."),
    Cause.DEFECT: _("Something in me is broken. I keep trying; whoever runs me finds more in the log."),
    Cause.BOARD: _(
        "I cannot update this board. A server admin can allow View Channel there; it follows at its next change."
    ),
    Cause.NO_THREAD: _(
        "It is there, but I could not make its thread. A server admin can allow Create Public Threads in the channel."
    ),
    Cause.EXPIRED: _("skipped: its time was over"),
    Cause.OVERTAKEN: _("skipped: a later one took its place"),
    Cause.MERGED: _("skipped: told together with another one"),
}
"""Why, in words a moderator understands, and what to do."""

TOLD: Final = 4
"""Failures that a notice tells in full; with the longest titles they stay under Discord's 2,000 characters."""

LABEL: Final = 60
"""Characters of a subject: a list of choices takes 100 in all, and a notice holds several."""


def kind_name(kind: str, lang: Language) -> str:
    return lang(KINDS[kind]) if kind in KINDS else lang(_("message ({kind})"), kind=kind)


def label(problem: Problem, lang: Language) -> str:
    """`과제 알림 A3 Attention · 1/6 화 20:59`, for a list of choices."""
    parts = [kind_name(problem.kind, lang), _subject(problem)]
    return " ".join(part for part in parts if part) + _when(problem, lang)


def _subject(problem: Problem) -> str:
    subject = problem.subject or ""
    return subject if len(subject) <= LABEL else f"{subject[:LABEL]}…"


def _when(problem: Problem, lang: Language) -> str:
    return "" if problem.planned is None else f" · {lang.format_value(problem.planned, 'moment')}"


def what(problem: Problem, lang: Language) -> str:
    """`**과제 알림** A3 Attention · 1/6 화 20:59`."""
    subject = "" if problem.subject is None else f" {escape_markdown(_subject(problem))}"
    return f"**{kind_name(problem.kind, lang)}**{subject}{_when(problem, lang)}"


def problem_lines(problems: Sequence[Problem], lang: Language, *, names: bool) -> list[str]:
    """What and where; below those that have the same cause why, and what to do."""
    of_remedy: dict[str, list[str]] = {}
    for problem in problems:
        of_remedy.setdefault(_remedy(problem, lang), []).append(_problem_line(problem, lang, names=names))
    return [line for remedy, lines in of_remedy.items() for line in (*lines, f"  -# {remedy}")]


def _problem_line(problem: Problem, lang: Language, *, names: bool) -> str:
    where = "" if problem.channel_id is None else f" · <#{problem.channel_id}>"
    if problem.user_id is not None:
        where = f" · <@{problem.user_id}>" if names else f" · {lang(_('direct message'))}"
    return f"- {what(problem, lang)}{where}"


def _remedy(problem: Problem, lang: Language) -> str:
    remedy = lang(REMEDIES[problem.cause])
    if problem.over and problem.state is not State.SENT:
        return lang(_("{why} Its time is over, so it need not be sent again."), why=remedy)
    return remedy


def late_line(problem: Problem, lang: Language) -> str:
    return f"- {what(problem, lang)} · {lang(REMEDIES[problem.cause])}"


def failed_text(undelivered: Undelivered, lang: Language) -> str:
    """What needs somebody, then what was skipped as late."""
    lines: list[str] = []
    if undelivered.pause is not None:
        lines += [pause_line(undelivered.pause, lang), ""]
    if undelivered.unsent:
        lines.append(lang(_("**Not delivered**")))
        lines += problem_lines(undelivered.unsent, lang, names=True)
    else:
        lines.append(lang(_("Every message was delivered; there is nothing to send again.")))
    if undelivered.late:
        lines += ["", lang(_("**Skipped because they were late**"))]
        lines += [late_line(problem, lang) for problem in undelivered.late]
    if undelivered.more:
        lines.append("-# " + lang(_("… and {count} older ones"), count=undelivered.more))
    return "\n".join(lines)


def pause_line(pause: Pause, lang: Language) -> str:
    """`⏸️ 1/9 금 09:00까지 메시지를 멈췄어요.`"""
    if pause.until is None:
        return lang(_("⏸️ Messages are paused until somebody resumes them with /admin resume."))
    return lang(
        _("⏸️ Messages are paused until {until:moment}. /admin resume lets them go on sooner."), until=pause.until
    )


def paused_text(pause: Pause, lang: Language) -> str:
    kept = _(
        "Nothing is lost: what still matters by then is sent afterwards."
        " Commands answer as always; what they post waits too."
    )
    return f"{pause_line(pause, lang)}\n{lang(kept)}"


def retried_text(retried: Retried, lang: Language) -> str:
    """What is tried again, and what becomes of the others."""
    lines: list[str] = []
    if len(retried.problems) == 1:
        lines.append(lang(_("Sending it again: {what}"), what=what(retried.problems[0], lang)))
    elif retried.problems:
        lines.append(lang(_("Sending {count} messages again."), count=len(retried.problems)))
    else:
        lines.append(lang(_("There is nothing to send again.")))
    if retried.left:
        lines.append(lang(_("{count} of them no longer matter and stay as they are."), count=retried.left))
    if retried.problems:
        lines.append(lang(_("What may be there already I look for first. /admin failed says whether it worked.")))
    if retried.problems and retried.pause is not None:
        lines.append(pause_line(retried.pause, lang))
    return "\n".join(lines)


def notice_text(notice: Notice, lang: Language) -> str:
    """The failures, without anybody's name: others may read it too."""
    lines = [_notice_head(notice, lang), *problem_lines(notice.problems[:TOLD], lang, names=False)]
    hidden = len(notice.problems) - TOLD
    if hidden > 0:
        lines.append("-# " + lang(_("… and {count} more: /admin failed"), count=hidden))
    if notice.user_id is not None:
        lines.append(lang(_("I could not say so in the channel. Please tell the moderators: /admin failed says more.")))
    return "\n".join(lines)


def _notice_head(notice: Notice, lang: Language) -> str:
    count, team = len(notice.problems), escape_markdown(notice.team.name)
    if count == 1:
        return lang(_("⚠️ A message for {team} could not be delivered."), team=team)
    return lang(_("⚠️ {count} messages for {team} could not be delivered."), count=count, team=team)


def shown_labels(problems: Sequence[Problem], typed: str, lang: Language) -> list[tuple[int, str]]:
    """Ids and labels of those that fit what was typed."""
    labels = [(problem.id, label(problem, lang)) for problem in problems]
    wanted = " ".join(typed.split()).casefold()
    return [(number, text) for number, text in labels if wanted in text.casefold()]


def backup_text(copy: Copy, keep: int, lang: Language) -> str:
    """What the backup is called, how large it is, and how many there are of those that are kept."""
    text = _("The backup is made: `{name}`, {megabytes} MB. It lies with whoever runs me, not in Discord.")
    made = lang(text, name=copy.name, megabytes=f"{copy.bytes / 1_000_000:.1f}")
    kept = lang(_("Backups kept: {kept}, at most {keep}; then the oldest goes."), kept=copy.kept, keep=keep)
    return f"{made}\n{kept}"
