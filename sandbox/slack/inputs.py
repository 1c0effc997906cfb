"""What a person fills in, as Slack's client holds and checks it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.mistakes import NotThereError
from sandbox.slack.blocks import elements_of
from sandbox.slack.elements import DATE, NUMBER, TIME
from sandbox.slack.schema import Check

Json = dict[str, Any]
MESSAGES = {
    "empty": "Please complete this required field.",
    "short": "Please enter at least {limit} characters.",
    "long": "Please enter at most {limit} characters.",
    "low": "Please enter a value of at least {limit}.",
    "high": "Please enter a value of at most {limit}.",
}


@dataclass(frozen=True)
class Kind:
    """How one type of element keeps its value: the state's key, the initial value's key."""

    key: str
    initial: str
    several: bool = False
    check: Check | None = None


KINDS: Mapping[str, Kind] = {
    "plain_text_input": Kind("value", "initial_value"),
    "number_input": Kind("value", "initial_value", check=NUMBER),
    "static_select": Kind("selected_option", "initial_option"),
    "radio_buttons": Kind("selected_option", "initial_option"),
    "multi_static_select": Kind("selected_options", "initial_options", several=True),
    "checkboxes": Kind("selected_options", "initial_options", several=True),
    "users_select": Kind("selected_user", "initial_user"),
    "datepicker": Kind("selected_date", "initial_date", check=DATE),
    "timepicker": Kind("selected_time", "initial_time", check=TIME),
    "datetimepicker": Kind("selected_date_time", "initial_date_time"),
}


def initial_values(blocks: Sequence[Json]) -> Json:
    values: Json = {}
    for block in blocks:
        for _, element in elements_of(block):
            if (kind := KINDS.get(str(element.get("type")))) is None:
                continue
            empty: list[Json] | None = [] if kind.several else None
            shown = {"type": element["type"], kind.key: element.get(kind.initial, empty)}
            values.setdefault(block["block_id"], {})[element["action_id"]] = shown
    return values


def find_field(blocks: Sequence[Json], name: str) -> tuple[Json, Json]:
    """The block and element of a field, by block_id, action_id or label."""
    fields = [
        (block, element)
        for block in blocks
        for _, element in elements_of(block)
        if str(element.get("type")) in KINDS
    ]
    for block, element in fields:
        label = (block.get("label") or {}).get("text")
        if name in (block["block_id"], element["action_id"], label):
            return block, element
    known = ", ".join(f"{block['block_id']}/{element['action_id']}" for block, element in fields)
    raise NotThereError(f"no field {name!r}; there are: {known or 'none'}")


def entered(element: Json, value: Any) -> Json:
    """The state of an element after a person gave it `value`."""
    kind = KINDS[element["type"]]
    if kind.several and not isinstance(value, list):
        raise NotThereError(f"{value!r} cannot be entered here: what is chosen is a list")
    if kind.several:
        held: Any = [find_option(element, each) for each in value]
    elif kind.key == "selected_option":
        held = find_option(element, value) if value is not None else None
    else:
        held = value if value is None or element["type"] == "datetimepicker" else str(value)
    if kind.check and held is not None and (faults := list(kind.check(held, ""))):
        raise NotThereError(f"{value!r} cannot be entered here: {faults[0]}")
    return {"type": element["type"], kind.key: held or (None if not kind.several else [])}


def find_option(element: Json, name: str) -> Json:
    """The option with this value or text."""
    groups = element.get("option_groups") or [{"options": element.get("options", [])}]
    options: list[Json] = [option for group in groups for option in group["options"]]
    for option in options:
        if name in (option["value"], option["text"]["text"]):
            return option
    known = ", ".join(option["value"] for option in options)
    raise NotThereError(f"no option {name!r}; there are: {known}")


def faults(view: Json) -> dict[str, str]:
    """What Slack's client objects to before it submits, by block_id."""
    found = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        state = view["state"]["values"][block["block_id"]][element["action_id"]]
        value = state[KINDS[element["type"]].key]
        for complaint in _complaints(block, element, value):
            found[block["block_id"]] = complaint
    return found


def _complaints(block: Json, element: Json, value: Any) -> Iterator[str]:
    if value in (None, "", []):
        if not block.get("optional"):
            yield MESSAGES["empty"]
        return
    if element["type"] == "plain_text_input":
        if len(value) < (limit := element.get("min_length", 0)):
            yield MESSAGES["short"].format(limit=limit)
        if len(value) > (limit := element.get("max_length", 3_000)):
            yield MESSAGES["long"].format(limit=limit)
    if element["type"] == "number_input":
        if "min_value" in element and float(value) < float(element["min_value"]):
            yield MESSAGES["low"].format(limit=element["min_value"])
        if "max_value" in element and float(value) > float(element["max_value"]):
            yield MESSAGES["high"].format(limit=element["max_value"])
