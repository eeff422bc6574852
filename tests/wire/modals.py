"""Filling in a modal: from `{"custom_id or label": value}` to the components Discord sends back."""

from typing import Any

from .commands import Resolved
from .components import (
    CHANNEL_SELECT,
    CHECKBOX,
    CHECKBOX_GROUP,
    FILE_UPLOAD,
    LABEL,
    MENTIONABLE_SELECT,
    RADIO_GROUP,
    ROLE_SELECT,
    ROW,
    STRING_SELECT,
    TEXT_DISPLAY,
    TEXT_INPUT,
    USER_SELECT,
)

Component = dict[str, Any]

OBJECT_SELECTS = {USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT}


def filled(components: list[Component], values: dict[str, Any], resolved: Resolved) -> list[Component]:
    """Every field with its value, an untouched one with its default. AssertionError for a field that is not there."""
    left = dict(values)
    answer = [_container(component, left, resolved) for component in components]
    assert not left, f"the form has no {sorted(left)}; it has {fields(components)}"
    return answer


def fields(components: list[Component]) -> list[tuple[str, str | None]]:
    """(custom_id, label) of every field, in order."""
    return [(field["custom_id"], label) for field, label in map(_inner, components) if field is not None]


def _inner(component: Component) -> tuple[Component | None, str | None]:
    if component["type"] == LABEL:
        return component["component"], component["label"]
    if component["type"] == ROW:
        field = component["components"][0]
        return field, field.get("label")
    return None, None


def _container(component: Component, left: dict[str, Any], resolved: Resolved) -> Component:
    field, label = _inner(component)
    if field is None:
        assert component["type"] == TEXT_DISPLAY, f"unknown part of a form: {component}"
        return {"type": TEXT_DISPLAY, "id": 0}
    key = field["custom_id"] if field["custom_id"] in left else label or ""
    entry = {"type": field["type"], "custom_id": field["custom_id"], "id": 0}
    entry |= _entered(field, key in left, left.pop(key, None), resolved)
    if component["type"] == ROW:
        return {"type": ROW, "id": 0, "components": [entry]}
    return {"type": LABEL, "id": 0, "component": entry}


def _entered(field: Component, given: bool, value: Any, resolved: Resolved) -> Component:
    kind = field["type"]
    if kind == TEXT_INPUT:
        return {"value": _text(field, value if given else field.get("value") or "")}
    if kind == CHECKBOX:
        return {"value": bool(value) if given else field.get("default", False)}
    if kind == RADIO_GROUP:
        chosen = _chosen(field, [value] if given and value is not None else [], given)
        return {"value": chosen[0] if chosen else None}
    values = list(value) if isinstance(value, list | tuple | set) else [value] if value is not None else []
    if kind in {STRING_SELECT, CHECKBOX_GROUP}:
        return {"values": _chosen(field, values, given)}
    assert kind in OBJECT_SELECTS | {FILE_UPLOAD}, f"unknown field: {field}"
    ids = [resolved.add(thing) for thing in values]
    return {"values": _counted(field, ids)}


def _text(field: Component, value: str) -> str:
    least = field.get("min_length") or (1 if field.get("required", True) else 0)
    if value or field.get("required", True):
        assert least <= len(value) <= (field.get("max_length") or 4000), f"{field['custom_id']}: length {len(value)}"
    return value


def _chosen(field: Component, values: list[Any], given: bool) -> list[str]:
    """By value or by label; without a choice of the person, what is preselected."""
    options = field["options"]
    if not given:
        values = [option["value"] for option in options if option.get("default")]
    by_label = {option["label"]: option["value"] for option in options}
    chosen = [by_label.get(value, value) for value in values]
    known = {option["value"] for option in options}
    assert set(chosen) <= known, f"{field['custom_id']}: {chosen} not among {by_label}"
    return _counted(field, chosen)


def _counted(field: Component, values: list[str]) -> list[str]:
    required = field.get("required", True)
    least = field.get("min_values", 1) if required else 0
    most = field.get("max_values", len(values) if field["type"] == CHECKBOX_GROUP else 1)
    if values or required:
        assert least <= len(values) <= most, f"{field['custom_id']}: {len(values)} chosen, {least} to {most} allowed"
    return values
