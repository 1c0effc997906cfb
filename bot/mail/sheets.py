"""Style sheets of a page, as far as they tell what is not seen.

Own code, because libraries for CSS know every rule of it and not what a rule may cost.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.mail.styles import Said, folded, said_in, without_comments
from bot.mail.unreadable import Unreadable

_LONGEST = 60_000  # characters of all sheets together; mail clients ignore such, and so it is here
_LONGEST_SELECTOR = 200
_MOST_CHECKS = 60_000  # of a rule against an element
_SIMPLE = re.compile(r"([a-z][a-z0-9]*)?((?:[.#][\w-]+)*)", re.IGNORECASE)
_NAME = re.compile(r"[.#][\w-]+")
_EVERY_SCREEN = frozenset({"@media screen", "@media all", "@media only screen"})
_HIDING = frozenset({
    "display", "mso-hide", "opacity", "text-decoration", "text-decoration-line", "max-height",
    "max-width", "clip", "text-indent", "transform", "overflow", "height", "width", "position",
    "left", "top", "right", "margin-left", "margin-top", "font", "font-size", "line-height",
    "visibility", "color",
})  # fmt: skip

_Simple = tuple[str, frozenset[str]]  # a tag or nothing, and classes and ids as `.x` and `#x`


@dataclass(frozen=True)
class _Rule:
    """`within`: what stands around the element, the nearest first; `weight`: which rule wins."""

    element: _Simple
    within: tuple[_Simple, ...]
    weight: tuple[int, int, int]
    plainly: Said
    important: Said


class Sheets:
    """What the sheets of one page say of its elements on every screen.

    Rules for some screens only, and those about neighbours, attributes and the pointer, are left
    out: what they hide is shown to somebody.
    """

    def __init__(self, sheets: Iterable[str]) -> None:
        """Read the sheets, unless they are larger than any client takes."""
        self._left = _MOST_CHECKS
        self._rules: dict[str, list[_Rule]] = {}
        texts = list(sheets)
        if sum(map(len, texts)) > _LONGEST:
            return
        for text in texts:
            for rule in _rules(text):
                tag, names = rule.element
                self._rules.setdefault(min(names, default=tag), []).append(rule)

    def said_of(self, node: Any, style: str) -> Said:
        """What the sheets and its own folded style say of an element.

        Raises:
            Unreadable: there are too many rules for too many elements.
        """
        if not self._rules:
            plainly, important = said_in(style) if style else ({}, {})
            return {**plainly, **important} if important else plainly
        rules = sorted(self._matching(node), key=lambda rule: rule.weight)
        plainly, important = said_in(style)
        together: dict[str, str] = {}
        for said in (*(rule.plainly for rule in rules), plainly):
            together |= said
        for said in (*(rule.important for rule in rules), important):
            together |= said
        return together

    def _matching(self, node: Any) -> Iterator[_Rule]:
        names = _names(node)
        for key in (node.tag, *names):
            for rule in self._rules.get(key, ()):
                self._spend()
                if _is(rule.element, node.tag, names) and self._lies_within(node, rule.within):
                    yield rule

    def _lies_within(self, node: Any, around: tuple[_Simple, ...]) -> bool:
        at = 0
        ancestors = node.iterancestors() if around else ()
        for ancestor in ancestors:
            self._spend()
            if _is(around[at], ancestor.tag, _names(ancestor)):
                at += 1
                if at == len(around):
                    break
        return at == len(around)

    def _spend(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise Unreadable("Its style sheets hold too many rules.")


def _names(node: Any) -> frozenset[str]:
    classes = (f".{name}" for name in node.get("class", "").split())
    return frozenset((*classes, f"#{node.get('id')}")) if node.attrib else frozenset()


def _is(simple: _Simple, tag: str, names: frozenset[str]) -> bool:
    return simple[0] in {"", tag} and simple[1] <= names


def _rules(sheet: str) -> Iterator[_Rule]:
    for nth, (selectors, style) in enumerate(_blocks(without_comments(sheet))):
        plainly, important = ({n: v for n, v in s.items() if n in _HIDING} for s in said_in(style))
        if not plainly and not important:
            continue
        for selector in selectors.split(","):
            parts = _parts(selector)
            if parts:
                within = tuple(reversed(parts[:-1]))
                yield _Rule(parts[-1], within, _weight(parts, nth), plainly, important)


def _blocks(sheet: str) -> Iterator[tuple[str, str]]:
    """Selectors and what is said of them, outside of what is about some screens only."""
    around: list[bool] = []  # for each block that is open, whether it is about every screen
    for piece in sheet.replace("<!--", " ").replace("-->", " ").split("}"):
        *heads, body = piece.split("{")
        if not heads:
            del around[-1:]
            continue
        around += [folded(head.rpartition(";")[2]) in _EVERY_SCREEN for head in heads[:-1]]
        if all(around):
            yield heads[-1].rpartition(";")[2], folded(body)


def _parts(selector: str) -> list[_Simple]:
    """The simple selectors of one that says what lies within what; nothing of any other."""
    written = selector.replace(">", " ").split() if len(selector) <= _LONGEST_SELECTOR else []
    found = [_SIMPLE.fullmatch(part) for part in written]
    parts = [((one[1] or "").lower(), frozenset(_NAME.findall(one[2]))) for one in found if one]
    return parts if len(parts) == len(written) else []


def _weight(parts: list[_Simple], nth: int) -> tuple[int, int, int]:
    names = [name for _, names in parts for name in names]
    ids = sum(name.startswith("#") for name in names)
    tags = sum(bool(tag) for tag, _ in parts)
    return ids, 100 * (len(names) - ids) + tags, nth
