"""What is gathered from a mail while it is read, and how far its labels can be believed.

People's signatures, disclaimers and a provider's footer stand below a booking with labels of their
own (`Location: Dock 5`, `Email: …`). Nothing separates them for certain, so two things are asked:
whether such an ending began, and whether a label below foreign words stands in the mail's order.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from bot.domain.booking import NEEDED, Kind
from bot.mail.document import Line, Words
from bot.mail.labels import Labelled
from bot.mail.marketplaces.base import Extract
from bot.mail.marketplaces.grammar import Grammar, wording

_ENDING = wording(
    r"(?:--|[\u2013\u2014_]{2,}|[-=*]{3,})$|sent from (?:my|outlook|yahoo|mail|proton)\b"
    r"|get outlook for\b|(?:(?:with )?(?:best|kind|warm) )?(?:regards|wishes)[,.!]*$"
    r"|(?:many )?(?:thanks|thank you|cheers|sincerely|yours truly|best)[,.!]*$"
    r"|(?:strictly )?confidential(?:ity)?\b|disclaimer\b|privileged\b|legal notice\b|notice:"
    r"|(?:this|the (?:information|contents?) (?:contained )?(?:in|of) this) "
    r"(?:e-?mail|message|communication|transmission)\b"
    r"|©|\(c\) \d|copyright\b|unsubscribe\b|all rights reserved\b"
)
# What people write under their names; a second one of these below a booking says nothing of it.
_OF_SIGNATURES = {"location", "renter_email", "captain", "renter", "listing"}
_BELOW = "It stands below words that are not part of the marketplace's mail."


class Findings:
    """Places that name a booking's fields, in the order in which they were found."""

    def __init__(self) -> None:
        self._found: dict[str, list[Words]] = {}

    def add(self, field: str, words: Words | None) -> None:
        """Take note of a place. Nothing is noted of None."""
        if words:
            self._found.setdefault(field, []).append(words)

    def add_all(self, pairs: Iterable[tuple[str, Words]]) -> None:
        """Take note of several."""
        for field, words in pairs:
            self.add(field, words)

    def keep(self, field: str, places: Iterable[Words]) -> None:
        """Replace what was noted of a field."""
        self._found[field] = list(places)

    def of(self, field: str) -> list[Words]:
        """The places noted of a field."""
        return list(self._found.get(field, ()))

    def extract(self, kind: Kind) -> Extract:
        """All of it, with the kind of the mail."""
        return Extract(kind, {name: tuple(words) for name, words in self._found.items() if words})


def believed(
    lines: tuple[Line, ...],
    labels: tuple[Labelled, ...],
    grammar: Grammar,
    known: frozenset[int] = frozenset(),
) -> Iterator[tuple[str, Words]]:
    """Labels' values, doubted where a signature may have them, left out where one has.

    Args:
        lines: the mail's.
        labels: all that were found there.
        grammar: whose order of labels is expected.
        known: other lines that are part of the mail, such as its title.
    """
    order = _order(grammar.labels)
    reached, seen = -1, set[str]()
    for label, foreign, ended in _with_surroundings(lines, labels, grammar, known):
        field, value = label.field, label.value
        if not field or not value:
            continue
        rank = order[field]
        misplaced = foreign and rank <= reached
        if ended and (field in seen or field not in NEEDED):
            continue
        if misplaced and field in seen and field in _OF_SIGNATURES:
            continue
        doubted = (ended or misplaced) and field not in seen
        yield field, replace(value, doubt=value.doubt or (_BELOW if doubted else None))
        seen.add(field)
        reached = max(reached, rank)


def _order(labels: Mapping[str, str]) -> dict[str, int]:
    return {field: rank for rank, field in enumerate(dict.fromkeys(labels.values()))}


def _with_surroundings(
    lines: tuple[Line, ...], labels: tuple[Labelled, ...], grammar: Grammar, known: frozenset[int]
) -> Iterator[tuple[Labelled, bool, bool]]:
    """Each label, whether foreign words stand between it and the first, and whether an ending."""
    foreign = ended = False
    after = labels[0].last + 1 if labels else 0
    for label in labels:
        free = [at for at in range(after, label.first) if lines[at].text and at not in known]
        texts = [lines[at].text for at in free if not grammar.aside.match(lines[at].text)]
        ended = ended or any(_ENDING.match(text) for text in texts)
        foreign = foreign or bool(texts)
        after = max(after, label.last + 1)
        yield label, foreign, ended
