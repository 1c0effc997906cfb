"""Whether an item is about one of our boats: it names a listing under which one is sold."""

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.domain.boat import Boat
from bot.mail.document import Item, Words, clean

_IN_LINES = ("SUMMARY", "DESCRIPTION")
_LINE_END = re.compile(r"\r?\n|<[^<>\n]{1,300}>")  # some calendars take HTML
_AS_A_WHOLE = ("reservationFor.name", "name")


def recognised(
    items: tuple[Item, ...], boats: tuple[Boat, ...], *, from_marketplace: bool
) -> tuple[Item, ...]:
    """The items, each with the listings that it names and whether a marketplace sent it."""
    pattern = _pattern(boats)
    return tuple(
        replace(item, listings=_named(item, pattern), from_marketplace=from_marketplace)
        for item in items
    )


def _pattern(boats: tuple[Boat, ...]) -> re.Pattern[str] | None:
    """Any listing, however it is spaced; the longest first, for one may begin another."""
    listings = {" ".join(name.split()) for boat in boats for name in boat.listings} - {""}
    names = sorted(listings, key=len, reverse=True)
    spaced = (r"\s+".join(map(re.escape, name.split())) for name in names)
    return re.compile(rf"(?<!\w)(?:{'|'.join(spaced)})(?!\w)", re.IGNORECASE) if names else None


def _named(item: Item, pattern: re.Pattern[str] | None) -> tuple[Words, ...]:
    if pattern is None:
        return ()
    whole = tuple(words for words in item.said(*_AS_A_WHOLE) if pattern.fullmatch(words.text))
    stated = tuple(
        Words(clean(said), said.strip(), words.place)
        for words in item.said(*_IN_LINES)
        for said in _stated(words.words)
        if pattern.fullmatch(clean(said))
    )
    return whole + stated


def _stated(text: str) -> Iterator[str]:
    """Every line, and of it what stands behind a label or before a last pair of brackets.

    A sentence may only mention a boat.
    """
    for line in _LINE_END.split(text):
        yield line
        yield line.partition(":")[2]
        yield line.rpartition(" (")[0] if line.endswith(")") else ""
