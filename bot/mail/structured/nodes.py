"""Trees of typed nodes, as JSON-LD and microdata both make them, flattened into items.

Own code, because the library for it (extruct) brings rdflib, a resolver of remote contexts, and
four more parsers for notations that no mail uses. Nothing is ever fetched here: a context counts
only by its name.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from bot.mail.caps import Limits
from bot.mail.charset import paired
from bot.mail.document import Item, Words, clean
from bot.mail.unreadable import Unreadable

_VOCABULARY = re.compile(r"(?:(?:https?:)?//(?:www\.)?schema\.org/|schema:)", re.IGNORECASE)
_THINGS = ("Reservation", "Trip", "Event")  # how the names of types that are looked at end
_WRAPPED = ("@value", "@list", "@set")


class Nodes:
    """A parsed tree of dictionaries, lists and strings.

    Args:
        root: the tree.
        notation: what it was written in, for a person.
        limits: how many values it may have, and how deep.
    """

    def __init__(self, root: Any, notation: str, limits: Limits) -> None:
        """Index the nodes that others refer to."""
        self._notation = notation
        self._nesting = limits.nesting
        self._left = limits.values
        self._named: dict[str, dict[str, Any]] = {}
        self._nodes = [node for node, ours in self._walk(root, 0, ours=True) if ours]

    def items(self) -> list[Item]:
        """Reservations, trips and events, wherever in the tree they are.

        Raises:
            Unreadable: there are too many values, or they are nested too deep.
        """
        typed = ((node, _types(node)) for node in self._nodes)
        return [
            Item(kinds, self._properties(node))
            for node, kinds in typed
            if any(kind.endswith(_THINGS) for kind in kinds)
        ]

    def _walk(self, node: Any, depth: int, *, ours: bool) -> Iterator[tuple[dict[str, Any], bool]]:
        """Every node; not ours are those whose context is of another vocabulary."""
        self._spend(depth)
        if isinstance(node, list):
            for one in node:
                yield from self._walk(one, depth + 1, ours=ours)
        elif isinstance(node, dict):
            if "@context" in node:
                ours = _is_schema_org(node["@context"])
            name = node.get("@id")
            if isinstance(name, str) and len(node) > 1:
                self._named.setdefault(name, node)
            yield node, ours
            for key, value in node.items():
                if key != "@context":
                    yield from self._walk(value, depth + 1, ours=ours)

    def _properties(self, node: dict[str, Any]) -> dict[str, tuple[Words, ...]]:
        found: dict[str, list[Words]] = {}
        for path, value in self._values(node, "", 0):
            said = Words(clean(unescape(value)), value, f"{self._notation}, {path}")
            if said.text and said not in found.setdefault(path, []):
                found[path].append(said)
        return {path: tuple(values) for path, values in found.items() if values}

    def _values(self, node: Any, path: str, depth: int) -> Iterator[tuple[str, str]]:
        self._spend(depth)
        if isinstance(node, str):
            yield path, paired(node)
        elif isinstance(node, list):
            for one in node:
                yield from self._values(one, path, depth + 1)
        elif isinstance(node, dict):
            yield from self._members(node, path, depth)

    def _members(self, node: dict[str, Any], path: str, depth: int) -> Iterator[tuple[str, str]]:
        for key in _WRAPPED:
            if key in node:
                yield from self._values(node[key], path, depth + 1)
        name = node.get("@id")
        if isinstance(name, str) and len(node) == 1:
            yield from self._values(self._named.get(name, name), path, depth + 1)
        for key, value in node.items():
            if not key.startswith("@"):
                inner = ".".join(filter(None, (path, _bare(key))))
                yield from self._values(value, inner, depth + 1)

    def _spend(self, depth: int) -> None:
        self._left -= 1
        if self._left < 0 or depth > self._nesting:
            raise Unreadable(f"The {self._notation} holds too much, or is nested too deep.")


def _types(node: dict[str, Any]) -> tuple[str, ...]:
    types = node.get("@type", ())
    listed = types if isinstance(types, list) else [types]
    return tuple(_bare(kind) for kind in listed if isinstance(kind, str))


def _bare(name: str) -> str:
    """A type or a property without the vocabulary before it."""
    return _VOCABULARY.sub("", paired(name).strip(), count=1)


def _is_schema_org(context: Any) -> bool:
    return "schema.org" in str(context).lower()
