"""Microdata: `itemscope`, `itemtype` and `itemprop` on the elements of a page."""

from itertools import islice
from typing import Any

from bot.mail.caps import Limits
from bot.mail.document import LONGEST, Item
from bot.mail.structured.nodes import Nodes

_CARRIERS = {"a": "href", "link": "href", "time": "datetime", "data": "value", "meter": "value"}
_MOST_PIECES = 200  # of text between the tags of one value


def microdata_items(tree: Any, limits: Limits) -> list[Item]:
    """The items of a page; `itemref`, which no mail uses, is not followed.

    Raises:
        Unreadable: there are too many values, or they are nested too deep.
    """
    scopes = [node for node in tree.iter() if "itemscope" in node.attrib]
    outermost = [_item(node) for node in scopes if "itemprop" not in node.attrib]
    return Nodes(outermost, "microdata", limits).items()


def _item(element: Any) -> dict[str, Any]:
    """An item as a node, its properties in the order of the page."""
    found: dict[str, list[Any]] = {}
    for child in element:
        _collect(child, found)
    types = element.get("itemtype", "").split()
    context = {"@context": " ".join(types)} if types else {}
    return {**found, **context, "@type": types}


def _collect(element: Any, found: dict[str, list[Any]]) -> None:
    """The properties of an element and, unless it is an item of its own, of those within it."""
    is_item = "itemscope" in element.attrib
    names = element.get("itemprop", "").split()
    if names:
        value = _item(element) if is_item else _text(element)
        for name in names:
            found.setdefault(name, []).append(value)
    if not is_item:
        for child in element:
            _collect(child, found)


def _text(element: Any) -> str:
    """What an element says; senders write `content` on others than `meta` too."""
    carrier = _CARRIERS.get(element.tag, "content") if isinstance(element.tag, str) else "content"
    said = element.get("content", element.get(carrier))
    return _shown(element) if said is None else str(said)


def _shown(element: Any) -> str:
    """Its text, as far as a value may go: those that hold others would cost their square."""
    pieces = islice(element.itertext(), _MOST_PIECES)
    return "".join(piece[:LONGEST] for piece in pieces)[:LONGEST]
