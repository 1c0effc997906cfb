"""Cursors, limits and time ranges of lists."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any, TypeVar

from sandbox.slack.errors import SlackError
from sandbox.slack.web_api.call import Arguments

Json = dict[str, Any]
T = TypeVar("T")


def page(arguments: Arguments, items: Sequence[T], default: int = 100) -> tuple[list[T], str]:
    """The page that limit and cursor ask for, and the next cursor, "" at the end."""
    limit = arguments.number("limit", default, 1_000)
    start = _offset(arguments.text("cursor"))
    end = start + limit
    following = base64.b64encode(f"next:{end}".encode()).decode() if end < len(items) else ""
    return list(items[start:end]), following


def in_range(arguments: Arguments, messages: Sequence[Json]) -> list[Json]:
    """Messages after `oldest` and before `latest`, both included only if `inclusive`."""
    try:
        oldest = float(arguments.text("oldest") or 0)
        latest = float(arguments.text("latest") or "inf")
    except ValueError as unreadable:
        raise SlackError("invalid_ts_oldest") from unreadable
    if arguments.flag("inclusive"):
        return [m for m in messages if oldest <= float(m["ts"]) <= latest]
    return [m for m in messages if oldest < float(m["ts"]) < latest]


def _offset(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
    except (binascii.Error, UnicodeDecodeError, ValueError) as unreadable:
        raise SlackError("invalid_cursor") from unreadable
