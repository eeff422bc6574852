"""Message components as Discord's JSON: finding, numbering, and the limits Discord holds them to."""

from collections.abc import Iterable, Iterator
from typing import Any

from .errors import invalid_form

Component = dict[str, Any]

ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = 5, 6, 7, 8
SECTION, TEXT_DISPLAY, LABEL, FILE_UPLOAD = 9, 10, 18, 19
RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 21, 22, 23
SELECTS = {STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT}
LINK_STYLE = 5


def walk(components: Iterable[Component]) -> Iterator[Component]:
    """Every component, outer ones first, as a reader meets them."""
    for component in components:
        yield component
        yield from walk(component.get("components") or ())
        for key in ("component", "accessory"):
            if component.get(key):
                yield from walk([component[key]])


def texts(components: Iterable[Component]) -> list[str]:
    return [component["content"] for component in walk(components) if component["type"] == TEXT_DISPLAY]


def find(components: Iterable[Component], name: str) -> Component:
    """The component with this custom_id, or else with this label. AssertionError tells what there is."""
    clickable = [component for component in walk(components) if component.get("custom_id")]
    for key in ("custom_id", "label"):
        for component in clickable:
            if component.get(key) == name:
                return component
    there = [(component["custom_id"], component.get("label")) for component in clickable]
    raise AssertionError(f"no component {name!r} here; there are {there}")


def settle(components: list[Component], urls: dict[str, str]) -> list[Component]:
    """As Discord gives them back: every component numbered, `attachment://name` replaced by the file's address."""
    for number, component in enumerate(walk(components), start=1):
        component.setdefault("id", number)
        media = [component.get("media"), component.get("file"), *(i["media"] for i in component.get("items") or ())]
        for item in filter(None, media):
            name = item["url"].removeprefix("attachment://")
            item["url"] = urls.get(name, item["url"])
    return components


def check_components(components: list[Component], *, v2: bool) -> None:
    """The documented limits, answered with 50035 as Discord does."""
    everything = list(walk(components))
    if v2 and len(everything) > 40:
        raise invalid_form("components", "BASE_TYPE_BAD_LENGTH", "Must be 40 or fewer in length.")
    if not v2 and (len(components) > 5 or any(component["type"] != ROW for component in components)):
        raise invalid_form("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 action rows.")
    if sum(map(len, texts(components))) > 4000:
        raise invalid_form("components", "BASE_TYPE_MAX_LENGTH", "The text of all components exceeds 4000.")
    _check_unique(everything)
    for component in everything:
        check_component(component)


def _check_unique(components: list[Component]) -> None:
    ids = [component["custom_id"] for component in components if component.get("custom_id")]
    if len(ids) != len(set(ids)):
        raise invalid_form("components", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")


def check_component(component: Component) -> None:
    kind = component["type"]
    _at_most(component, "custom_id", 100)
    if kind == ROW and not 1 <= len(component["components"]) <= 5:
        raise invalid_form("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    if kind == BUTTON:
        _at_most(component, "label", 80)
    if kind in SELECTS:
        _at_most(component, "placeholder", 150)
    if kind == TEXT_INPUT:
        _at_most(component, "placeholder", 100)
        _at_most(component, "value", 4000)
    if kind in {LABEL, TEXT_INPUT}:
        _at_most(component, "label", 45)
        _at_most(component, "description", 100)
    if kind in {STRING_SELECT, RADIO_GROUP, CHECKBOX_GROUP}:
        _check_options(component["options"], 25 if kind == STRING_SELECT else 10)


def _check_options(options: list[Component], most: int) -> None:
    if not 1 <= len(options) <= most:
        raise invalid_form("options", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {most} in length.")
    for option in options:
        for key in ("label", "value", "description"):
            _at_most(option, key, 100)
        if not option["label"]:
            raise invalid_form("options.label", "BASE_TYPE_REQUIRED", "This field is required")
    values = [option["value"] for option in options]
    if len(values) != len(set(values)):
        raise invalid_form("options.value", "SELECT_OPTION_VALUE_DUPLICATED", "The specified value is already used")


def check_modal(modal: dict[str, Any]) -> None:
    _at_most(modal, "title", 45)
    _at_most(modal, "custom_id", 100)
    if not 1 <= len(modal["components"]) <= 5:
        raise invalid_form("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    everything = list(walk(modal["components"]))
    _check_unique(everything)
    for component in everything:
        check_component(component)


def _at_most(component: Component, key: str, most: int) -> None:
    if len(component.get(key) or "") > most:
        raise invalid_form(key, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
