"""Modals and Home tabs, refused where Slack refuses them."""

from collections.abc import Iterator
from typing import Any

from sandbox.slack import limits
from sandbox.slack.blocks import EVERYWHERE, MODAL_BLOCKS, block_faults
from sandbox.slack.elements import KIND, plain
from sandbox.slack.errors import SlackError
from sandbox.slack.schema import Check, boolean, fault, record, string

Json = dict[str, Any]


def modal_blocks(value: object, pointer: str) -> Iterator[str]:
    yield from block_faults(value, MODAL_BLOCKS, limits.VIEW_BLOCKS, pointer)


def home_blocks(value: object, pointer: str) -> Iterator[str]:
    yield from block_faults(value, EVERYWHERE, limits.VIEW_BLOCKS, pointer)


def _submit_beside_inputs(value: object, pointer: str) -> Iterator[str]:
    if not isinstance(value, dict) or value.get("submit"):
        return
    blocks = value.get("blocks")
    kinds = [block.get("type") for block in blocks if isinstance(block, dict)] if blocks else []
    if "input" in kinds:
        yield fault("must define `submit` to use an `input` block in modals", pointer)


SHARED = {
    **KIND,
    "callback_id": string(limits.ID),
    "external_id": string(limits.ID),
    "private_metadata": string(limits.PRIVATE_METADATA, 0),
}
MODAL: Check = record(
    {
        **SHARED,
        "title": plain(limits.VIEW_LABEL),
        "submit": plain(limits.VIEW_LABEL),
        "close": plain(limits.VIEW_LABEL),
        "blocks": modal_blocks,
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
    ("title", "blocks"),
    _submit_beside_inputs,
)
HOME: Check = record({**SHARED, "blocks": home_blocks}, ("blocks",))


def check_view(view: object, kind: str) -> Json:
    """The view, if Slack would take it as a modal or a Home tab; raises SlackError."""
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments", [fault("must be an object", "/view")])
    if view.get("type") != kind:
        told = fault(f"must be of type {kind}", "/view/type")
        raise SlackError("invalid_arguments", [told])
    if faults := list((MODAL if kind == "modal" else HOME)(view, "/view")):
        raise SlackError("invalid_arguments", faults)
    return view
