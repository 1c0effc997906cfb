"""A listing's title: the one thing in a mail that bears no label, and may look like anything.

Owners name their boats as they please: "Captain: included!", "Start", "Aug 21 special", on one line
or two. So a title is known by where it stands, between the booking's id and the renter, before any
label is looked for; only where that fails, by standing alone.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.mail.document import Line, Words
from bot.mail.labels import Labelled, label_at, shaped
from bot.mail.marketplaces.grammar import Grammar

_ANCHORS = {"booking id": "booking_id", "renter": "renter"}
_ID = re.compile(r"[a-z0-9]{6,8}", re.IGNORECASE | re.ASCII)
_ONLY_AN_ID = re.compile(r"[bcdfghjklmnpqrstvwxz]{7}")
_SENTENCE = re.compile(r".*[.!?]")
_LONGEST = 4  # lines
_FARTHEST = 14  # lines that say something, from the id to the renter
_DOUBT = "It may be a sentence of the mail and not the boat's title."


@dataclass(frozen=True)
class Title:
    """Where the title stands. `words`: None if there is none."""

    lines: frozenset[int] = frozenset()
    words: Words | None = None


def title_of(lines: tuple[Line, ...], grammar: Grammar) -> Title:
    """The title among a mail's lines, the opening sentences first."""
    id_ends = _id(lines)
    if id_ends is not None and (between := _between(lines, id_ends, grammar)):
        return _title(lines, between)
    renter = next((at for at in range(len(lines)) if _is(lines, at, "renter")), None)
    if renter is not None:
        above = _paragraph(lines, range(renter - 1, -1, -1), grammar, id_ends)
        if above:
            return _title(lines, sorted(above), careful=True)
    if id_ends is not None:
        under = _paragraph(lines, range(id_ends + 1, len(lines)), grammar, None)
        return _title(lines, under, careful=True)
    return Title()


def _id(lines: tuple[Line, ...]) -> int | None:
    """The last line of the id. A boat's name under its label is none but the title itself."""
    for at in range(len(lines)):
        label = _is(lines, at, "booking_id")
        if label:
            titled = label.value and not _ID.fullmatch(label.value.text)
            return label.first if titled else label.last
    return None


def _is(lines: tuple[Line, ...], at: int, field: str) -> Labelled | None:
    label = label_at(lines, at, _ANCHORS)
    return label if label and label.field == field else None


def _between(lines: tuple[Line, ...], id_ends: int, grammar: Grammar) -> list[int]:
    """The lines between the id and the renter, of which the first may even say `Renter`."""
    after = (at for at in range(id_ends + 1, len(lines)) if lines[at].text)
    said = [at for _, at in zip(range(_FARTHEST), after, strict=False)]
    renter = next((n for n, at in enumerate(said) if n and _is(lines, at, "renter")), 0)
    between = said[:renter]
    own = [at for at in between if not any(p.match(lines[at].text) for _, p in grammar.openings)]
    between = [at for at in own if not grammar.aside.match(lines[at].text)] or own or between
    if len(between) > 1 and _is(lines, between[0], "renter"):
        return []  # that is the renter, and there is no title below the id
    free = _without_labels(lines, between, grammar)
    title = free or between
    return title if len(title) <= _LONGEST else []


def _without_labels(lines: tuple[Line, ...], among: list[int], grammar: Grammar) -> list[int]:
    """What is left when plain fields, which a change's mail may list there, are taken out."""
    taken: set[int] = set()
    for at in among:
        label = None if at in taken else label_at(lines, at, grammar.labels)
        if label and shaped(label):
            taken |= {label.first, label.last}
    return [at for at in among if at not in taken]


def _paragraph(
    lines: tuple[Line, ...], order: Iterable[int], grammar: Grammar, barrier: int | None
) -> list[int]:
    """The free lines met first, up to a blank one."""
    taken = _labels_lines(lines, grammar)
    found: list[int] = []
    for at in order:
        text = lines[at].text
        if at == barrier or at in taken or (found and not text) or _of_the_mail(text, grammar):
            break
        if text:
            found.append(at)
    return found if len(found) <= _LONGEST else []


def _labels_lines(lines: tuple[Line, ...], grammar: Grammar) -> set[int]:
    taken: set[int] = set()
    for at in range(len(lines)):
        label = None if at in taken else label_at(lines, at, grammar.labels)
        if label:
            titled = label.field == "booking_id" and not shaped(label)
            taken |= {label.first, label.first if titled else label.last}
    return taken


def _of_the_mail(text: str, grammar: Grammar) -> bool:
    """Whether a line is known to be something else."""
    known = grammar.aside.match(text) or _ONLY_AN_ID.fullmatch(text)
    return bool(known) or any(pattern.match(text) for _, pattern in grammar.openings)


def _title(lines: tuple[Line, ...], at: list[int], *, careful: bool = False) -> Title:
    """`careful`: nothing but its standing alone tells that it is one."""
    if not at:
        return Title()
    parts = [lines[i] for i in at]
    text = " ".join(part.text for part in parts)
    doubt = _DOUBT if careful and _SENTENCE.fullmatch(text) else None
    words = Words(text, "\n".join(part.words for part in parts), parts[0].place, doubt)
    return Title(frozenset(at), words)
