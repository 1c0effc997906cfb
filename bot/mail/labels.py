"""Labels and values, as marketplaces' mails set them: on one line, or one under the other."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import takewhile

from bot.mail.document import Line, Words, breaks_off, clean

_DECORATION = " *_:\t"
_LONG = frozenset({"renter", "location", "add_ons"})  # values that a client may break in two
_LONGEST_BROKEN = 6  # lines
_MOST_IN_COLUMNS = 12  # lines
LONGEST_VALUE = 300  # characters; more is a text, not a value
# What may follow a label without a colon, lest a sentence that begins with the word be a value.
_DATE = r"(?:[a-z]{3,9}\.?,? )?(?:[a-z]{3,9}\.? ?\d|\d{1,4}[ ./-])(?:[^!?]| \?{1,3} ){6,40}"
_MOMENT = rf"{_DATE}|\d{{1,2}}(?::\d\d)? ?[ap]\.?m\.?"
_SHAPES = {
    "booking_id": r"#?(?:[a-z]{2}-)?[a-z0-9]{6,12}",
    "renter": r"(?!has\b|is\b|was\b|will\b|must\b|may\b|can\b|paid\b|notes?\b|details\b)"
    r"[^\W\d_][\w'.-]{0,30}(?: [^\W\d_][\w'.-]{0,30}){0,2}",
    "starts_at": _MOMENT,
    "ends_at": _MOMENT,
    "duration_minutes": r"[\d.]{1,5} ?(?:days?|hours?|hrs?|h|minutes?|mins?|m)\b[\w ,]{0,20}",
    "passengers": r"\d{1,3}(?: (?:passengers?|guests?|people|persons?))?",
    "location": r"[^,!?]{2,60}, (?:[a-z]{2}|(?-i:[A-Z])[\w.'-]{1,20}"
    r"(?: (?-i:[A-Z])[\w.'-]{0,20}){0,2})",
    "captain": r"captained|bareboat|included|(?:with|no|without) captain",
    "add_ons": r"\d{1,2} selected|none",
    "owner_payout": r"(?:[a-z]{3} ?)?[a-z]{0,2}[$€£]? ?-?\d[\d.,]{0,15}"
    r"(?: \d{3}(?:[.,]\d\d)?){0,3}(?: [a-z]{3})?",
    "cancellation_policy": r"[a-z]{3,15}\.?",
}
_SHAPED = {field: re.compile(shape, re.IGNORECASE) for field, shape in _SHAPES.items()}
_GAP = re.compile(r"\S(?:\t|[ \u00a0]{2})")  # what is left of a table's columns


@dataclass(frozen=True)
class Labelled:
    """A label and what stands beside or under it. `first` and `last`: its lines."""

    field: str
    value: Words | None
    first: int
    last: int


def labelled(
    lines: tuple[Line, ...], labels: Mapping[str, str], skip: frozenset[int] = frozenset()
) -> tuple[Labelled, ...]:
    """Every label among the lines, in order.

    Args:
        lines: a mail's.
        labels: from a folded label to the field's name, empty for a mere heading.
        skip: lines that are known to be something else, whatever they look like.
    """
    found: list[Labelled] = []
    at = 0
    while at < len(lines):
        one = None if at in skip else label_at(lines, at, labels, skip)
        several = columns(lines, one, labels, skip) if one and not one.value else ()
        found += several or ([_after_empty(one, found, lines)] if one else [])
        at = found[-1].last + 1 if one else at + 1
    return tuple(found)


def _after_empty(one: Labelled, found: list[Labelled], lines: tuple[Line, ...]) -> Labelled:
    """A label, with a doubt of its value where the label right above it lacks one.

    What stands under two labels may be of either, whatever its form; not so what stands beside one.
    """
    above = found[-1] if found else None
    if not above or above.value or not one.value:
        return one
    beside = one.value.place == lines[one.first].place
    if beside and (not above.field or shaped(one)):
        return one
    if any(line.text for line in lines[above.last + 1 : one.first]):
        return one
    return replace(one, value=replace(one.value, doubt="It may be the value of the label above."))


def columns(
    lines: tuple[Line, ...],
    first: Labelled,
    labels: Mapping[str, str],
    skip: frozenset[int],
    *,
    more: bool = False,
) -> tuple[Labelled, ...]:
    """Labels on end, then as many values on end: a table's columns, one under the other.

    Two labels and one value may also be a field that was left empty, so each value must have its
    own field's form. `more`: whether something else may follow the values at once.
    """
    heads = [at for at in _free(lines, first.first, skip) if begins_label(lines[at], labels)]
    heads = [at for n, at in enumerate(heads) if _alone(lines[at]) and at == heads[0] + n]
    fields = [labels[folded(lines[at].text)] for at in heads]
    below = _free(lines, heads[-1] + 1, skip) if heads else []
    values = list(takewhile(lambda at: not begins_label(lines[at], labels), below))
    values = values[: len(heads)] if more else values
    if len(heads) < 2 or len(values) != len(heads) or not all(fields):  # noqa: PLR2004 - two columns
        return ()
    pairs = tuple(
        Labelled(field, undecorated(lines[value]).found(), head, values[-1])
        for field, head, value in zip(fields, heads, values, strict=True)
    )
    return pairs if all(shaped(pair) for pair in pairs) else ()


def _free(lines: tuple[Line, ...], start: int, skip: frozenset[int]) -> list[int]:
    """The next few lines that say something and are not known to be something else, on end."""
    few = range(start, min(len(lines), start + _MOST_IN_COLUMNS))
    return list(takewhile(lambda at: lines[at].text and at not in skip, few))


def _alone(line: Line) -> bool:
    return ":" not in line.text.rstrip(": *")


def label_at(
    lines: tuple[Line, ...], at: int, labels: Mapping[str, str], skip: frozenset[int] = frozenset()
) -> Labelled | None:
    """The label that line `at` is or begins with, if any."""
    begins = lines[at].text.lstrip(_DECORATION)[:3].casefold()
    if not begins or not any(label.startswith(begins) for label in labels):
        return None  # as most lines
    return _inline(lines, at, labels, skip) or _stacked(lines, at, labels, skip)


def _inline(
    lines: tuple[Line, ...], at: int, labels: Mapping[str, str], skip: frozenset[int]
) -> Labelled | None:
    line = lines[at]
    head, colon, _ = line.text.partition(":")
    field = labels.get(folded(head)) if colon else None
    value = undecorated(line.piece(len(head) + 1)) if field else None
    if field and value and value.text:
        return _valued(lines, Labelled(field, value.found(), at, at), value, labels, skip)
    return _beside(line, at, labels)


def _beside(line: Line, at: int, labels: Mapping[str, str]) -> Labelled | None:
    """A label and its value with no colon between: of a table's row, or unmistakable."""
    start = 0
    for _ in range(5):  # words in the longest label
        start = line.text.find(" ", start + 1)
        field = labels.get(folded(line.text[:start])) if start > 0 else None
        if not field:
            continue
        value = undecorated(line.piece(start))
        shape = _SHAPED.get(field)
        if (shape and shape.fullmatch(value.text)) or _gap_after(line, start):
            return Labelled(field, value.found(), at, at)
    return None


def _gap_after(line: Line, length: int) -> bool:
    """Whether the label of that many letters stands in a column of its own."""
    gap = _GAP.search(line.words)
    return gap is not None and len(clean(line.words[: gap.start() + 1])) == length


def _stacked(
    lines: tuple[Line, ...], at: int, labels: Mapping[str, str], skip: frozenset[int]
) -> Labelled | None:
    field = labels.get(folded(lines[at].text))
    if field is None:
        return None
    under = next((i for i in range(at + 1, len(lines)) if lines[i].text), None)
    if under is None or under in skip or begins_label(lines[under], labels):
        return Labelled(field, None, at, at)
    value = undecorated(lines[under])
    return _valued(lines, Labelled(field, value.found(), at, under), value, labels, skip)


def _valued(
    lines: tuple[Line, ...],
    label: Labelled,
    value: Line,
    labels: Mapping[str, str],
    skip: frozenset[int],
) -> Labelled:
    """A label with all of its value, where that is text that may be long."""
    if label.field not in _LONG:
        return label
    words, last = _whole(lines, label.last, value, labels, skip)
    return replace(label, value=words, last=last)


def _whole(
    lines: tuple[Line, ...], at: int, value: Line, labels: Mapping[str, str], skip: frozenset[int]
) -> tuple[Words, int]:
    """A value with what a client that keeps lines short broke off it, and the last line of it."""
    parts, last, doubt = [value], at, None
    while last + 1 < len(lines) and last + 1 not in skip and len(parts) < _LONGEST_BROKEN:
        following = lines[last + 1]
        if not breaks_off(lines[last], following) or begins_label(following, labels):
            break
        if following.text.isupper():
            doubt = "It may go on in the line below, or that may be a button."
            break
        parts.append(undecorated(following))
        last += 1
    text = " ".join(part.text for part in parts)
    return Words(text, "\n".join(part.words for part in parts), value.place, doubt), last


def undecorated(line: Line) -> Line:
    """A line without the stars that stand for bold."""
    text = line.text
    start = len(text) - len(text.lstrip("* "))
    return line.piece(start, max(start, len(text.rstrip("* "))))


def begins_label(line: Line, labels: Mapping[str, str]) -> bool:
    """Whether a label stands there, alone or before a colon."""
    return folded(line.text.partition(":")[0]) in labels


def folded(text: str) -> str:
    """A label as it is looked up."""
    return text.strip(_DECORATION).casefold()


def shaped(label: Labelled) -> bool:
    """Whether the value has the form that its field's values have."""
    return bool(label.value and has_form(label.field, label.value.text))


def has_form(field: str, text: str) -> bool:
    """Whether a text has the form that the field's values have."""
    shape = _SHAPED.get(field)
    return bool(shape and shape.fullmatch(text))
