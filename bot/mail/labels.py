"""Labels and values, as marketplaces' mails set them: on one line, or one under the other."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.mail.document import Line, Words

_DECORATION = " *_:\t"
LONGEST_VALUE = 300  # characters; more is a text, not a value


@dataclass(frozen=True)
class Labelled:
    """A label and what stands beside or under it. `first` and `last`: its lines."""

    field: str
    value: Words | None
    first: int
    last: int


def labelled(lines: tuple[Line, ...], labels: Mapping[str, str]) -> tuple[Labelled, ...]:
    """Every label among the lines, in order. `labels`: from a folded label to the field's name."""
    found: list[Labelled] = []
    at = 0
    while at < len(lines):
        one = _inline(lines, at, labels) or _stacked(lines, at, labels)
        if one:
            found.append(one)
        at = one.last + 1 if one else at + 1
    return tuple(found)


def _inline(lines: tuple[Line, ...], at: int, labels: Mapping[str, str]) -> Labelled | None:
    head, colon, _ = lines[at].text.partition(":")
    field = labels.get(_folded(head)) if colon else None
    value = undecorated(lines[at].piece(len(head) + 1)) if field else None
    return Labelled(field, value.found(), at, at) if field and value and value.text else None


def _stacked(lines: tuple[Line, ...], at: int, labels: Mapping[str, str]) -> Labelled | None:
    field = labels.get(_folded(lines[at].text))
    if field is None:
        return None
    under = next((i for i in range(at + 1, len(lines)) if lines[i].text), None)
    if under is None or _begins_label(lines[under], labels):
        return Labelled(field, None, at, at)
    return Labelled(field, undecorated(lines[under]).found(), at, under)


def undecorated(line: Line) -> Line:
    """A line without the stars that stand for bold."""
    text = line.text
    start = len(text) - len(text.lstrip("* "))
    return line.piece(start, max(start, len(text.rstrip("* "))))


def _begins_label(line: Line, labels: Mapping[str, str]) -> bool:
    return _folded(line.text.partition(":")[0]) in labels


def _folded(text: str) -> str:
    return text.strip(_DECORATION).casefold()
