"""What is gathered from a mail while it is read, and how far its labels can be believed.

People's signatures, disclaimers and a provider's footer stand below a booking with labels of their
own (`Location: Dock 5`, `Email: …`). Nothing separates them for certain, so two things are asked:
whether such an ending began, and whether a label below foreign words stands in the mail's order.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from bot.domain.booking import NEEDED, Kind
from bot.mail.document import Line, Words
from bot.mail.labels import Labelled, begins_label, has_form, label_at, undecorated
from bot.mail.marketplaces.base import Extract
from bot.mail.marketplaces.grammar import Grammar
from bot.mail.marketplaces.wordings import wording

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
# Fields of which a second value, under the first, can be told from other words by its form.
_TOLD_BY_FORM = frozenset(
    {"starts_at", "ends_at", "duration_minutes", "passengers", "location", "captain", "add_ons"}
    | {"owner_payout", "renter"}
)
_NOW = wording(
    r"(?:(?:was|now|new|old|before|after|from|to|previous(?:ly)?|current(?:ly)?)\b|\W)+:? ?"
)
_FARTHEST_SECOND = 3  # lines that say something
_FREE_TEXT = frozenset({"renter", "location", "add_ons"})
_WHOLE_ADDRESS = 3  # lines; a value of so many was put together by who knows its form
_GUEST_WRITES = wording(
    r"(?:special (?:requirements?|requests?)"
    r"|(?:(?:guest|renter|travell?er|customer)(?:['\u2019]s)? )?"
    r"(?:notes?|messages?|comments?)(?: (?:from|by) .{1,80})?)"
)
_NOTHING = wording(r"\W*(?:none|no|nothing|n/?a|not (?:given|provided|applicable))?\W*")
_A_GUESTS = "It stands below words of the guest's, and may be theirs."
_MAY_BE_LONGER = "It may go on in the line below, or be no value at all."
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
    guest = _guests_text(lines, labels, grammar)
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
        below = _BELOW if (ended or misplaced) and field not in seen else None
        second = _second(lines, label, grammar, known) or _longer(lines, label, grammar, known)
        guests = _A_GUESTS if label.first > guest else None
        yield field, replace(value, doubt=value.doubt or guests or below or second)
        seen.add(field)
        reached = max(reached, rank)


def _second(
    lines: tuple[Line, ...], label: Labelled, grammar: Grammar, known: frozenset[int]
) -> str | None:
    """A doubt of a label's value where another stands below it: what it was, and what it is now."""
    after = (at for at in range(label.last + 1, len(lines)) if lines[at].text)
    for _, at in zip(range(_FARTHEST_SECOND), after, strict=False):
        text = undecorated(lines[at]).text
        others = at in known or grammar.aside.match(text) or _ENDING.match(text)
        if others or begins_label(lines[at], grammar.labels) or label_at(lines, at, grammar.labels):
            return None
        if _is_another(label, text) or _is_another(label, _NOW.sub("", text, count=1)):
            return "The mail has two values under that label, and may mean either."
    return None


def _longer(
    lines: tuple[Line, ...], label: Labelled, grammar: Grammar, known: frozenset[int]
) -> str | None:
    """A doubt of free text under its label where more of it follows as near as it follows itself.

    Such a value has no form to be known by: it may be a heading, a badge, or a part of the whole.
    """
    value = label.value
    if not value or label.field not in _FREE_TEXT or value.place == lines[label.first].place:
        return None
    said = [at for at in range(label.first + 1, len(lines)) if lines[at].text]
    below = next((at for at in said if at > label.last), None)
    if below is None or below in known or len(value.words.splitlines()) >= _WHOLE_ADDRESS:
        return None
    text, apart = lines[below].text, below - label.last
    others = grammar.aside.match(text) or _ENDING.match(text)
    if (
        others
        or begins_label(lines[below], grammar.labels)
        or label_at(lines, below, grammar.labels)
    ):
        return None
    formed = apart > 1 and label.field != "renter" and has_form(label.field, value.text)
    return None if formed or apart > said[0] - label.first else _MAY_BE_LONGER


def _guests_text(lines: tuple[Line, ...], labels: tuple[Labelled, ...], grammar: Grammar) -> int:
    """Where below the first label the guest's own words begin, who may write labels, too."""
    first = labels[0].first if labels else len(lines)
    for at in range(first + 1, len(lines)):
        head, colon, text = lines[at].text.partition(":")
        if not _GUEST_WRITES.fullmatch(head.strip("* _")):
            continue
        under = next((line for line in lines[at + 1 :] if line.text), None)
        stacked = under is not None and not begins_label(under, grammar.labels)
        said = text if text.strip("* ") or not stacked or under is None else under.text
        if not _NOTHING.fullmatch(said) and (colon or not grammar.aside.match(lines[at].text)):
            return at
    return len(lines)


def _is_another(label: Labelled, text: str) -> bool:
    """Whether a text is a second value. A name has no form of its own, and must stand alone."""
    if label.field not in _TOLD_BY_FORM or not label.value or not has_form(label.field, text):
        return False
    return text != label.value.text and (label.field != "renter" or label.last > label.first)


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
