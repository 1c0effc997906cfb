"""GetMyBoat's mails: a sentence about a payment, then the trip.

Known: the subjects `Getmyboat Booking with …` and `Booking Confirmed!`, the sentence `… just
confirmed payment for …`, the trip's labels, both ways of naming the payout, and that a booking's
number stands in its link alone. Inferred: the labels `Listing` and `Boat`, and every wording of a
cancellation or a change, which is taken for one only where a sentence says so plainly.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.domain.booking import Kind
from bot.mail.document import Document, Line, Words
from bot.mail.labels import Labelled, begins_label, labelled
from bot.mail.marketplaces.base import Extract
from bot.mail.marketplaces.findings import Findings, believed
from bot.mail.marketplaces.grammar import OPENING_LINES, Grammar, told_in_sentences
from bot.mail.marketplaces.kinds import kind_of
from bot.mail.marketplaces.when import DAY, dated, day_into_start
from bot.mail.marketplaces.wordings import (
    ALTERATIONS,
    AMOUNT_ENDS,
    MATTERS,
    MOMENT,
    PLAIN_SENTENCES,
    whole_sentences,
    wording,
)

_AMOUNT_BEGINS = r"(?:[a-z]{3} ?)?[a-z]{0,2}[$€£] ?\d"
_NAME = r"[^\W\d_][\w.'\u2019-]{0,40}(?: [^\W\d_][\w.'\u2019-]{0,40}){0,3}"
_SUBJECTS = (
    *PLAIN_SENTENCES,
    (Kind.CANCELLED, wording(r"booking\W+cancell?ed\b")),
    (Kind.INFORMATIONAL, wording(r"your payout of\b")),
    (Kind.NEW, wording(r"booking\W+confirmed\b")),
)
_GRAMMAR = Grammar(
    host="getmyboat.com",
    display_name="getmyboat",
    subjects=_SUBJECTS,
    openings=((Kind.NEW, wording(r"\S.{0,80} just confirmed payment for\b")),),
    sells=whole_sentences(
        rf"{_NAME} just confirmed payment for {MOMENT}(?: with \d{{1,3}} \w{{3,10}})?",
        r"booking\W{1,3}confirmed",
        r"(?:with|without|no) captain|bareboat|trip details|https?://\S+",
        r"(?:view (?:booking|trip|details|message)|message \w+)(?![^\S\n]\w)",
    ),
    shared=_SUBJECTS,
    topic=wording(r"getmyboat booking with \S"),
    labels={
        "listing": "listing",
        "boat": "listing",
        "depart": "starts_at",
        "return": "ends_at",
        "duration": "duration_minutes",
        "group size": "passengers",
        "street address for arrival": "location",
        "service fee": "",  # never the payout
        "you earned": "owner_payout",
        "your payout": "owner_payout",
    },
    told=(
        ("renter", wording(r"^\W{0,4}(\w.{0,80}?) just confirmed payment for\b")),
        (DAY, wording(r"just confirmed payment for (\w.{3,35}?\d{4})\b")),
        ("passengers", wording(r"just confirmed payment for .{6,40} with (\d{1,3} \w{3,10})\b")),
    ),
    aside=wording(
        r"(?:with|without|no) captain$|bareboat$|https?:|view (?:booking|trip|details|message)"
        r"|message \w+$|.{0,80}\bjust confirmed payment for\b|trip details$"
    ),
)
_HEADLINE = wording(r"\W*booking\W+confirmed\W*$")
_PAID = wording(r"\S.{0,80} just confirmed payment for\b")
_UNDER_HEADLINE = "It stands where a listing may stand, and may be a greeting."
_TOPIC = wording(r"\W*getmyboat booking with (\S.{0,300})$")
_EARNED = wording(
    rf"\W{{0,4}}you earned \*{{0,2}}((?={_AMOUNT_BEGINS}).{{1,300}}?)\*{{0,2}}{AMOUNT_ENDS}"
)
_CAPTAIN = wording(r"(?:with|without|no) captain|bareboat")
_ID = wording(r"getmyboat\.com\S{0,60}?(?:/|%2f)inbox(?:/|%2f)([0-9]{1,12})(?![0-9])")
_NO_ADDRESS = wording(
    r"(?:with|without|no) captain$|bareboat$|https?:|view\b|message\b|you earn|\W*$"
)
_ADDRESS_LINES = 3


class GetMyBoat:
    """Reads what `getmyboat.com` sends. A bare `$` is of the United States.

    Anything else from that sender is an unknown template: it merges with Boatsetter, and wording
    that drifts must be noticed.
    """

    name = "getmyboat"
    sure_id = re.compile(r"[0-9]{6,9}")
    currency = "USD"
    domains: tuple[str, ...] = (_GRAMMAR.host,)
    grammar = _GRAMMAR

    def can_handle(self, document: Document) -> bool:
        """By the sender's words, or by the sentence about the payment."""
        return _GRAMMAR.claims(document)

    def read(self, document: Document) -> Extract:
        """The kind, and every field that the mail names."""
        lines = _GRAMMAR.own_lines(document)
        labels = tuple(_whole(lines, one) for one in labelled(lines, _GRAMMAR.labels))
        found = Findings()
        found.add_all(believed(lines, labels, _GRAMMAR))
        found.add_all(told_in_sentences(document, lines, _GRAMMAR))
        found.add_all(_named(document.subject))
        headed = _headed(lines)
        if headed is not None and not found.of("listing"):
            name = lines[headed].found()
            found.add("listing", replace(name, doubt=_UNDER_HEADLINE, instead=(name,)))
        found.add("captain", _captain(lines))
        found.add_all(_earned(lines))
        found.keep("booking_id", _ids(document))
        found.keep("renter", _longest(found.of("renter")))
        day_into_start(found)
        kind = kind_of(document, lines, _GRAMMAR)
        if kind is Kind.NEW and not found.of("starts_at"):
            kind = Kind.UNRECOGNISED
        return found.extract(kind)


def _whole(lines: tuple[Line, ...], label: Labelled) -> Labelled:
    """A label with all the lines of its value."""
    if label.value is None:
        return label
    if label.field == "location":
        return _address(lines, label)
    if label.field in {"starts_at", "ends_at"}:
        return dated(lines, label, _GRAMMAR.labels)
    return label


def _address(lines: tuple[Line, ...], label: Labelled) -> Labelled:
    """An address of three lines, or of fewer where a blank line or something else follows."""
    under = [at for at in range(label.last, len(lines)) if lines[at].text][:_ADDRESS_LINES]
    spaced = len(under) > 1 and under[1] > under[0] + 1
    taken: list[int] = []
    for at in under:
        apart = taken and at > taken[-1] + 1 and not spaced
        other = begins_label(lines[at], _GRAMMAR.labels) or _NO_ADDRESS.match(lines[at].text)
        if at > label.last and (apart or other):
            break
        taken.append(at)
    first = label.value or lines[label.last].found()
    texts = [first.text, *(lines[at].text for at in taken[1:])]
    words = [first.words, *(lines[at].words for at in taken[1:])]
    address = Words(
        ", ".join(text.rstrip(",") for text in texts), "\n".join(words), first.place, first.doubt
    )
    return replace(label, value=address, last=taken[-1] if taken else label.last)


def _earned(lines: tuple[Line, ...]) -> Iterator[tuple[str, Words]]:
    """The payout in a sentence, which may stand anywhere."""
    for line in lines:
        if match := _EARNED.match(line.text):
            yield "owner_payout", line.piece(*match.span(1)).found()


def _headed(lines: tuple[Line, ...]) -> int | None:
    """What stands alone between the headline and who paid: the listing, if it is one of ours."""
    said = [at for at, line in enumerate(lines) if line.text][:OPENING_LINES]
    for above, at, below in zip(said, said[1:], said[2:], strict=False):
        text = lines[at].text
        matter = MATTERS.search(text) or ALTERATIONS.search(text)
        if _HEADLINE.match(lines[above].text) and _PAID.match(lines[below].text) and not matter:
            return at
    return None


def _captain(lines: tuple[Line, ...]) -> Words | None:
    """Who steers is said on a line of its own."""
    alone = (line for line in lines if _CAPTAIN.fullmatch(line.text))
    return next((line.found() for line in alone), None)


def _named(subject: str) -> Iterator[tuple[str, Words]]:
    """The renter and, in the last pair of brackets, the listing, which may hold brackets too."""
    match = _TOPIC.match(subject)
    if not match:
        return
    name, listing = _split(match[1])
    if name:
        yield "renter", Words(name, name, "subject")
    if listing:
        yield "listing", Words(listing, listing, "subject")


def _split(text: str) -> tuple[str, str]:
    """`Dana (Bo) Rivera` and `Cat (blue)` of `Dana (Bo) Rivera (Cat (blue))`."""
    depth = 0
    for at in range(len(text) - 1, -1, -1):
        depth += (text[at] == ")") - (text[at] == "(")
        if depth <= 0:
            whole = at < len(text) - 1 and depth == 0
            return (text[:at].strip(), text[at + 1 : -1].strip()) if whole else ("", "")
    return "", ""


def _longest(names: list[Words]) -> list[Words]:
    """The full name, where other places give only how it begins."""
    full = max(names, key=lambda one: len(one.text), default=None)
    return [one for one in names if one is full or not _begins(full, one)]


def _begins(full: Words | None, part: Words) -> bool:
    return full is not None and f"{full.text} ".casefold().startswith(f"{part.text} ".casefold())


def _ids(document: Document) -> Iterator[Words]:
    for link in document.links:
        if match := _ID.search(link.text):
            yield Words(match[1], match[0], link.place)
