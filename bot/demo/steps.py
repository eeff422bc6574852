"""What the people of the demo do: commands they type, buttons they press, forms they fill."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

I_WILL: Final = "할게요"
"""The button with which people answer an announcement."""

Filled = str | Sequence[str]
"""What is put into a field of a form: text, or what is chosen from a list."""


@dataclass(frozen=True)
class Step:
    """One thing somebody does at a local time (`09:05`; `28:05` is 04:05 on the next date).

    Either a command with its options (a lecture, a question or an assignment by what is typed to find it, a person by
    name) or a button, on the latest message that holds `on`. `form` is what is put into the form that opens, in order.
    """

    at: str
    who: str
    command: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    button: str = ""
    on: str = ""
    form: tuple[Filled, ...] = ()


@dataclass(frozen=True)
class Chapter:
    """A date with what is done on it. Of a `brief` one the transcript shows only what the bot posts, shortened."""

    date: date
    title: str
    steps: tuple[Step, ...]
    brief: bool = False


def types(at: str, who: str, command: str, *form: Filled, **options: Any) -> Step:
    """Somebody types a command; `form` is what they put into the form that it opens, if it opens one."""
    return Step(at, who, command=command, options=options, form=form)


def presses(at: str, who: str, button: str, *form: Filled, on: str) -> Step:
    """Somebody presses a button on the latest message that holds a text."""
    return Step(at, who, button=button, on=on, form=form)


def agree(at: str, day: str, *people: str) -> tuple[Step, ...]:
    """Those who were announced for a day (`Day28`) say that they will."""
    return tuple(presses(at, who, I_WILL, on=f"{day})") for who in people)
