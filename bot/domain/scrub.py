"""Revenue taken out of a stored event's notes: JSON in a string, a map, or prose.

Names that speak of money lose their members; text loses its amounts. All else stays as it was, to
the byte where the notes are text. What was removed is told by name, never by value.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from bot.domain.frozen import Frozen
from bot.domain.json_edit import (
    GONE,
    Edits,
    Gone,
    Members,
    Number,
    Path,
    children,
    edited_json,
    read_json,
)
from bot.domain.money_search import find_amounts
from bot.domain.money_words import may_speak_of_money, speaks_of_money
from bot.domain.scrub_prose import scrub_prose
from bot.domain.spoken_numbers import spoken_numbers

_DIGIT = re.compile(r"[0-9]+")
_LONGEST_NAME = 60
_VALUE_NAMES = frozenset({"value", "val", "sum", "number", "n", "figure"})

_MOST_PASSES = 20


class Scrubbed(Frozen):
    """Notes without revenue. `removed`: the fields that went, by name; empty if none did."""

    notes: Any
    removed: tuple[str, ...] = ()


def scrub(notes: Any, amounts: tuple[Decimal, ...] = ()) -> Scrubbed:
    """`notes` without revenue; scrubbing the result again removes nothing.

    `amounts`: the charter's own, where they are known; they go wherever they stand.
    """
    removed: list[str] = []
    # What one pass lays bare the next one takes; the bound is for notes made to have no end.
    for _ in range(_MOST_PASSES):
        notes, gone = _scrubbed(notes, amounts)
        if not gone:
            break
        removed += gone
    return Scrubbed(notes=notes, removed=tuple(dict.fromkeys(removed)))


def _scrubbed(notes: Any, amounts: tuple[Decimal, ...]) -> tuple[Any, list[str]]:
    if isinstance(notes, str):
        return _text(notes, "", amounts)
    found = list(_finds(notes, (), "", amounts))
    return _edited(notes, (), {path: new for path, new, _ in found}), [why for *_, why in found]


def _text(text: str, name: str, amounts: tuple[Decimal, ...]) -> tuple[str, list[str]]:
    """Text without revenue, and what went from it; `name` is the field that holds the text."""
    value = _as_json(text)
    if value is None:
        cleaned, removed = scrub_prose(text, amounts)
        return cleaned, [f"{name}: {why}" if name else why for why in removed]
    found = list(_finds(value, (), name, amounts))
    if not found:
        return text, []
    return edited_json(text, {path: new for path, new, _ in found}), [why for *_, why in found]


def _as_json(text: str) -> Any:
    """The object, list or string that `text` is in JSON; None for prose and lone numbers."""
    try:
        value = read_json(text)
    except ValueError:
        return None
    return (
        value if isinstance(value, Members | list | str) and not isinstance(value, Number) else None
    )


_Find = tuple[Path, str | Gone, str]


def _finds(value: Any, path: Path, name: str, amounts: tuple[Decimal, ...]) -> Iterator[_Find]:
    """Each edit that `value` needs, with the name of the field; `name` is its own, dotted."""
    if isinstance(value, str) and not isinstance(value, Number):
        cleaned, removed = _text(value, name, amounts)
        yield from ((path, cleaned, why) for why in removed)
        return
    labelled = _labelled_as_money(value)
    label: Any = None
    for index, key, held in children(value):
        here, shown = (*path, index), _shown(name, key)
        if _is_revenue(key, held, labelled=labelled, after=label, amounts=amounts):
            yield here, GONE, shown or "an amount in a list"
        else:
            yield from _finds(held, here, shown, amounts)
            label = held


def _is_revenue(
    key: str, held: Any, *, labelled: bool, after: Any, amounts: tuple[Decimal, ...]
) -> bool:
    if speaks_of_money(key) or scrub_prose(key, amounts)[1]:
        return True
    numeric = _has_number(held)
    if may_speak_of_money(key) or (labelled and key.lower() in _VALUE_NAMES):
        return numeric
    if not key and _is_label(after):
        return numeric and not isinstance(held, Mapping | list | tuple)
    return _is_number(held) and bool(amounts) and any(find_amounts(str(held), amounts))


def _labelled_as_money(value: Any) -> bool:
    """Whether an object says beside its value what the value is: `{"label": "payout", …}`."""
    return any(key and _is_label(held) for _, key, held in children(value))


def _is_label(held: Any) -> bool:
    words = held.split() if isinstance(held, str) and not isinstance(held, Number) else []
    return 0 < len(words) <= 3 and any(  # noqa: PLR2004 - a label is short; prose is not
        speaks_of_money(word) or may_speak_of_money(word) for word in words
    )


def _has_number(held: Any) -> bool:
    """Whether an amount can be in it: a number, a text with one, a container with one."""
    if isinstance(held, str):
        return bool(_DIGIT.search(held)) or any(spoken_numbers(held))
    return _is_number(held) or any(_has_number(inner) for _, _, inner in children(held))


def _is_number(held: Any) -> bool:
    return isinstance(held, int | float | Decimal | Number) and not isinstance(held, bool)


def _shown(outer: str, key: str) -> str:
    """A field's dotted name on one line, without digits, since a name could hold an amount."""
    name = " ".join(_DIGIT.sub("…", key).split())[:_LONGEST_NAME]
    return f"{outer}.{name}" if outer and name else outer or name


def _edited(value: Any, path: Path, edits: Edits) -> Any:
    new = edits.get(path)
    if isinstance(new, str):
        return new
    kept = [
        (index, _edited(held, (*path, index), edits))
        for index, _, held in children(value)
        if edits.get((*path, index)) is not GONE
    ]
    if isinstance(value, Mapping):
        keys = list(value)
        return {keys[index]: held for index, held in kept}
    return [held for _, held in kept] if isinstance(value, list | tuple) else value
