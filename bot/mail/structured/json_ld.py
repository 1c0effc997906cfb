"""JSON-LD, as marketplaces put it into a script of their HTML."""

import json
from html import unescape
from typing import Any

from bot.mail.caps import Limits
from bot.mail.document import Item
from bot.mail.structured.nodes import Nodes

_OPENINGS = ("<!--", "//<![CDATA[", "// <![CDATA[", "/*<![CDATA[*/", "/* <![CDATA[ */", "<![CDATA[")
_CLOSINGS = (";", "-->", "//]]>", "// ]]>", "/*]]>*/", "/* ]]> */", "]]>", ";")


def json_ld_items(script: str, limits: Limits) -> list[Item]:
    """The items of a script.

    Raises:
        Unreadable: it holds too much, or too deep.
        ValueError: it is not JSON; and so may whatever else `json` raises.
    """
    return Nodes(_parsed(_unwrapped(script)), "JSON-LD", limits).items()


def _parsed(text: str) -> Any:
    """The JSON, which some templates escape as if it were shown."""
    try:
        return _loaded(text)
    except ValueError:
        return _loaded(unescape(text))


def _loaded(text: str) -> Any:
    """Numbers as they are written; of a name said twice both values, for they may differ."""
    return json.loads(
        text,
        strict=False,
        parse_int=str,
        parse_float=str,
        parse_constant=str,
        object_pairs_hook=_all_pairs,
    )


def _all_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    together: dict[str, list[Any]] = {}
    for name, value in pairs:
        together.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in together.items()}


def _unwrapped(script: str) -> str:
    """Without the comment marks that hid scripts from browsers of old."""
    text = script.strip()
    for mark in _OPENINGS:
        text = text.removeprefix(mark).lstrip()
    for mark in _CLOSINGS:
        text = text.removesuffix(mark).rstrip()
    return text
