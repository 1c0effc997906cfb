"""Blocks of messages and views, refused where Slack refuses them."""

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.slack import limits
from sandbox.slack.elements import (
    ACTION_ELEMENTS,
    IMAGE,
    INPUT_ELEMENTS,
    KIND,
    PICTURE,
    SECTION_ACCESSORIES,
    plain,
    text,
)
from sandbox.slack.errors import SlackError
from sandbox.slack.rich_text import BLOCK_KEYS, PLAN, RICH_TEXT, TABLE, TASK_CARD
from sandbox.slack.schema import (
    Check,
    at_least_one,
    boolean,
    choice,
    exactly_one,
    fault,
    listing,
    one_of,
    record,
    string,
)

Json = dict[str, Any]
TASK_BLOCKS = ("task_card", "plan")

CONTEXT_ELEMENT = one_of(
    {
        "image": IMAGE,
        "mrkdwn": text(limits.SECTION_TEXT),
        "plain_text": text(limits.SECTION_TEXT),
    },
    "element",
)
EVERYWHERE: Mapping[str, Check] = {
    "section": record(
        {
            **BLOCK_KEYS,
            "text": text(limits.SECTION_TEXT),
            "fields": listing(text(limits.FIELD_TEXT), limits.SECTION_FIELDS),
            "accessory": SECTION_ACCESSORIES,
            "expand": boolean,
        },
        (),
        at_least_one("text", "fields"),
    ),
    "header": record({**BLOCK_KEYS, "text": plain(limits.HEADER_TEXT)}, ("text",)),
    "divider": record(BLOCK_KEYS),
    "context": record(
        {**BLOCK_KEYS, "elements": listing(CONTEXT_ELEMENT, limits.CONTEXT_ELEMENTS)},
        ("elements",),
    ),
    "actions": record(
        {**BLOCK_KEYS, "elements": listing(ACTION_ELEMENTS, limits.ACTIONS_ELEMENTS)},
        ("elements",),
    ),
    "input": record(
        {
            **BLOCK_KEYS,
            "label": plain(limits.LABEL_TEXT),
            "hint": plain(limits.LABEL_TEXT),
            "element": INPUT_ELEMENTS,
            "optional": boolean,
            "dispatch_action": boolean,
        },
        ("label", "element"),
    ),
    "image": record(
        {**BLOCK_KEYS, **PICTURE, "title": plain(limits.ALT_TEXT)},
        ("alt_text",),
        exactly_one("image_url", "slack_file"),
    ),
    "rich_text": RICH_TEXT,
}
MESSAGES_ONLY: Mapping[str, Check] = {
    "markdown": record({**BLOCK_KEYS, "text": string(limits.MARKDOWN_TEXT)}, ("text",)),
    "table": TABLE,
    "task_card": TASK_CARD,
    "plan": PLAN,
}
ALERT = record(
    {
        **KIND,
        **BLOCK_KEYS,
        "text": text(limits.SECTION_TEXT),
        "level": choice("default", "info", "warning", "error", "success"),
    },
    ("text",),
)
MODAL_BLOCKS: Mapping[str, Check] = {**EVERYWHERE, "alert": ALERT}


def block_faults(
    blocks: object, allowed: Mapping[str, Check], most: int, pointer: str
) -> Iterator[str]:
    yield from listing(one_of(allowed, "block"), most, fewest=0)(blocks, pointer)
    if isinstance(blocks, list):
        yield from _repeated_ids(blocks, pointer)


def check_message(blocks: object, *, refuse_task_cards: bool) -> None:
    """Raises SlackError for blocks that Slack would not take in a message."""
    allowed = {**EVERYWHERE, **MESSAGES_ONLY}
    if refuse_task_cards:
        allowed = {kind: check for kind, check in allowed.items() if kind not in TASK_BLOCKS}
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    if faults := list(block_faults(blocks, allowed, limits.MESSAGE_BLOCKS, "/blocks")):
        raise SlackError("invalid_blocks", faults)
    if faults := [*_sums(blocks), *_actions_across(blocks)]:
        raise SlackError("invalid_blocks", faults)
    if (length := text_length(blocks)) > limits.MESSAGE_TEXT:
        told = f"text of all blocks is {length}, must be at most {limits.MESSAGE_TEXT}"
        raise SlackError("msg_blocks_too_long", [fault(told, "/blocks")])


def elements_of(block: Json) -> list[tuple[str, Json]]:
    """The block's interactive elements, with the pointer of each inside the block."""
    found = [(f"/elements/{i}", e) for i, e in enumerate(block.get("elements") or [])]
    found += [(f"/{key}", block[key]) for key in ("accessory", "element") if key in block]
    return [(at, e) for at, e in found if isinstance(e, dict)]


def text_length(value: object) -> int:
    """Characters that a reader sees: text objects, markdown, titles of task cards."""
    if isinstance(value, list):
        return sum(text_length(each) for each in value)
    if not isinstance(value, dict):
        return 0
    shown = (value[key] for key in ("text", "title") if isinstance(value.get(key), str))
    return sum(map(len, shown)) + sum(map(text_length, value.values()))


def _repeated_ids(blocks: list[object], pointer: str) -> Iterator[str]:
    """A block_id is unique in its message or view, an action_id in its block."""
    seen_blocks: set[str] = set()
    for index, block in enumerate(blocks):
        if not isinstance(block, dict):
            continue
        at = f"{pointer}/{index}"
        yield from _repeated("block_id", block, seen_blocks, at)
        seen_actions: set[str] = set()
        for where, element in elements_of(block):
            yield from _repeated("action_id", element, seen_actions, f"{at}{where}")


def _repeated(name: str, holder: Json, seen: set[str], at: str) -> Iterator[str]:
    value = holder.get(name)
    if value is not None and str(value) in seen:
        yield fault(f"{name} `{value}` already exists", f"{at}/{name}")
    seen.add(str(value))


def _actions_across(blocks: list[Json]) -> Iterator[str]:
    """In a message, an action_id is unique over all blocks."""
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        for where, element in elements_of(block):
            yield from _repeated("action_id", element, seen, f"/blocks/{index}{where}")


def _sums(blocks: list[Json]) -> Iterator[str]:
    """What is limited over all blocks of one kind together."""
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if markdown > limits.MARKDOWN_TEXT:
        yield fault(f"markdown must be less than {limits.MARKDOWN_TEXT + 1} characters", "/blocks")
    if sum(block["type"] == "table" for block in blocks) > 1:
        yield fault("only_one_table_allowed", "/blocks")
