"""Blocks as Slack keeps them: with the ids and flags that it fills in."""

import copy
from collections.abc import Callable
from typing import Any

from sandbox.slack.blocks import elements_of

Json = dict[str, Any]
NOT_INTERACTIVE = ("image", "mrkdwn", "plain_text")


def completed(blocks: list[Json], new_id: Callable[[str], str]) -> list[Json]:
    """A copy with every missing block_id and action_id given, and text flags set."""
    kept = copy.deepcopy(blocks)
    for block in kept:
        block.setdefault("block_id", new_id("b"))
        for _, element in elements_of(block):
            kind = str(element.get("type"))
            if kind not in NOT_INTERACTIVE and not kind.startswith("rich_text"):
                element.setdefault("action_id", new_id("a"))
    _flag_texts(kept)
    return kept


def _flag_texts(value: object) -> None:
    if isinstance(value, list):
        for each in value:
            _flag_texts(each)
    elif isinstance(value, dict):
        if value.get("type") == "plain_text":
            value.setdefault("emoji", True)
        elif value.get("type") == "mrkdwn":
            value.setdefault("verbatim", False)
        for each in value.values():
            _flag_texts(each)
