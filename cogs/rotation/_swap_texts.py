"""How skipping, swapping, stepping in and taking back are told."""

from typing import Final

from discord.utils import escape_markdown

from bot.domain.questions import shortened
from bot.i18n import Language, Message, _
from bot.jobs.posts import Button
from bot.services.rotation.swaps import HeldTurn, Request, Skipped, SteppedIn, Undone, words_of

SWAP_RESULTS: Final = {
    "agreed": _("Swapped: {other} has {turn}, {name} has {in_return}."),
    "declined": _("{other} cannot swap this time, so {name} keeps {turn}."),
}
RESULTS: Final = {
    "agreed": _("{other} takes over {turn} for {name}."),
    "declined": _("{other} cannot step in this time, so {name} keeps {turn}."),
    "withdrawn": _("This request was taken back: {turn}, {name}."),
    "left": _("{name} has left, so this request is over: {turn}."),
    "asked_left": _("{other} has left, so this request is over. {name} keeps {turn}."),
    "lapsed": _("Too late, the day has begun. This request is over: {turn}, {name}."),
    "overtaken": _("The turns have changed since, so this request is over: {turn}, {name}."),
}
"""What became of a request, by its state."""


NOT_TO_BE: Final = {
    (False, False): _(
        "{name}, {other} cannot step in for {turn}. Ask somebody else with /rotation substitute, or all who can."
    ),
    (True, False): _(
        "{name}, {other} cannot swap {turn}. Ask somebody else with /rotation swap or /rotation substitute."
    ),
    (False, True): _(
        "{name}, {other} has left and cannot step in for {turn}. "
        "Ask somebody else with /rotation substitute, or all who can."
    ),
    (True, True): _(
        "{name}, {other} has left and cannot swap {turn}. "
        "Ask somebody else with /rotation swap or /rotation substitute."
    ),
}
"""What whoever asked is told: whether it was a swap, and whether whoever was asked has left."""

LECTURE: Final = 60
"""Characters of a lecture or a duty: enough to know which one it is, also where two are named twice."""


def words(turn: HeldTurn) -> Message:
    """`1/6 화 5강 발표`, made safe for a message."""
    return words_of(turn, lambda text: escape_markdown(shortened(text, LECTURE)))


def turn_text(turn: HeldTurn, lang: Language) -> str:
    return lang.render(words(turn))


def request_text(request: Request, lang: Language) -> str:
    """`나래님, 1/6 화 5강 발표를 1/8 목 6강 발표와 바꿔 주실 수 있나요? (가온님)`, and what comes of a yes."""
    values = _values(request)
    if request.other_turn is not None:
        lines = [
            _("{other}, could you swap? {name} asks: {turn}, for your {in_return}."),
            _("If you agree, {other} has {turn} and {name} has {in_return}."),
        ]
        return "\n".join(lang(line, **values) for line in lines)
    if request.other is not None:
        return lang(_("{other}, could you take over {turn} this once? ({name} asks)"), **values)
    return "\n".join(
        [
            lang(_("Who can take over {turn} this once? ({name} asks)"), **values),
            lang(_("The first to press the button has it.")),
        ]
    )


def result_text(request: Request, lang: Language) -> str:
    """What became of a request."""
    texts = RESULTS if request.other_turn is None else {**RESULTS, **SWAP_RESULTS}
    return lang(texts[request.state], **_values(request))


def declined_text(request: Request, lang: Language) -> str:
    """To whoever asked: the answer is no, or there will be none, and what else can be done."""
    text = NOT_TO_BE[request.other_turn is not None, request.state == "asked_left"]
    return lang(text, **_values(request))


def request_buttons(request: Request, lang: Language) -> tuple[Button, ...]:
    """Yes and no, as far as somebody is asked by name; those who can, only answer with yes."""
    agree = _("I will do it") if request.other_turn is None else _("I will swap")
    yes = Button(lang(agree), f"rotation:agree:{request.id}", "success")
    if request.other is None:
        return (yes,)
    return (yes, Button(lang(_("I cannot")), f"rotation:decline:{request.id}"))


def asked_text(request: Request, lang: Language) -> str:
    """To whoever asked: that it was asked, and when it takes effect."""
    if request.other_turn is not None:
        text = _("{other} is asked to swap: their {in_return} for your {turn}.")
    elif request.other is not None:
        text = _("{other} is asked to take over {turn}.")
    else:
        text = _("Those who can are asked to take over {turn}; the first to answer has it.")
    later = lang(_("Until then nothing changes. /rotation undo takes the request back."))
    return f"{lang(text, **_values(request))}\n{later}"


def skipped_text(done: Skipped, lang: Language) -> str:
    """Who has the turn now or will have it, and that it comes first next time."""
    values = {"turn": words(done.turn), "now": escape_markdown(done.now.name)}
    text = _("Skipped: {turn}. {now} has it now, and the team is told.")
    if not done.told:
        text = _("Skipped: {turn}. It was not announced yet; by the rotation it will be {now}'s.")
    lines = [lang(text, **values)]
    if done.double:
        lines.append(lang(_("⚠️ {now} has another duty that day, because nobody else is free."), **values))
    name = escape_markdown(done.turn.member.name)
    lines.append(lang(_("A skipped turn does not count: {name} comes first next time."), name=name))
    return "\n".join(lines)


def stepped_in_text(done: SteppedIn, lang: Language) -> str:
    return lang(
        _("{name} takes over {turn} for {before} this once. The team is told."),
        turn=words(done.turn),
        name=escape_markdown(done.turn.member.name),
        before=escape_markdown(done.before.name),
    )


def undone_text(undone: Undone, lang: Language) -> str:
    """Whose the turns are again, and whose change it was."""
    if undone.request is not None:
        return lang(_("The request is taken back: {turn}."), turn=turn_text(undone.request.turn, lang))
    head = lang(_("Taken back. As before:"))
    if undone.whose is not None:
        head = lang(_("{name}'s change is taken back. As before:"), name=escape_markdown(undone.whose.name))
    lines = [
        lang(_("- {turn}: {name}"), turn=turn_text(turn, lang), name=escape_markdown(turn.member.name))
        for turn in undone.turns
    ]
    told = [lang(_("The team is told."))] if undone.told else []
    return "\n".join([head, *lines, *told])


def _values(request: Request) -> dict[str, object]:
    return {
        "name": escape_markdown(request.turn.member.name),
        "other": "" if request.other is None else escape_markdown(request.other.name),
        "turn": words(request.turn),
        "in_return": "" if request.other_turn is None else words(request.other_turn),
    }
