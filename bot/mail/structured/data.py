"""Collects the items of all notations, and what had to be left out."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from bot.mail.caps import Limits
from bot.mail.document import Item
from bot.mail.markup import page_of
from bot.mail.structured.calendars import calendar_items
from bot.mail.structured.json_ld import json_ld_items
from bot.mail.structured.microdata import microdata_items
from bot.mail.unreadable import Unreadable, parsing


@dataclass(frozen=True)
class Data:
    """What was found. `notes`: a sentence for each piece that was left out."""

    items: tuple[Item, ...] = ()
    notes: tuple[str, ...] = ()


_T = TypeVar("_T")
_Piece = tuple[str, Callable[[], list[Item]]]  # the name of a notation, and what reads the piece


def data_in(html: str, calendars: tuple[str, ...], limits: Limits) -> Data:
    """Every item in a mail's HTML and calendars, each one once."""
    items: list[Item] = []
    notes: list[str] = []
    for what, gather in (
        ("calendar", partial(_in_calendars, calendars, limits)),
        ("HTML", partial(_in_html, html, limits)),
    ):
        for kind, read in _gathered(what, gather, notes):
            items += [item for item in _gathered(kind, read, notes) if item not in items]
    return Data(tuple(items), tuple(notes))


def _gathered(what: str, gather: Callable[[], list[_T]], notes: list[str]) -> list[_T]:
    """What `gather` gives, or nothing and a note."""
    try:
        with parsing(what):
            return gather()
    except Unreadable as refused:
        notes.append(refused.reason)
    return []


def _in_calendars(calendars: tuple[str, ...], limits: Limits) -> list[_Piece]:
    texts = list(dict.fromkeys(calendars))
    _check("calendars", texts, limits)
    return [("calendar", partial(calendar_items, text)) for text in texts]


def _in_html(html: str, limits: Limits) -> list[_Piece]:
    if not _may_hold(html):
        return []
    tree = page_of(html)
    texts = [s.text for s in tree.iter("script") if "ld+json" in s.get("type", "").lower()]
    scripts = [text for text in texts if text and text.strip()]
    _check("JSON-LD", scripts, limits)
    found: list[_Piece] = [("JSON-LD", partial(json_ld_items, one, limits)) for one in scripts]
    return [*found, ("microdata", partial(microdata_items, tree, limits))]


def _may_hold(html: str) -> bool:
    """A cheap test: ordinary mail is not parsed a second time."""
    lowered = html.lower()
    return "schema.org" in lowered and ("ld+json" in lowered or "itemscope" in lowered)


def _check(what: str, texts: list[str], limits: Limits) -> None:
    if len(texts) > limits.pieces or sum(map(len, texts)) > limits.data:
        raise Unreadable(f"There is too much data in it to read its {what}.")
