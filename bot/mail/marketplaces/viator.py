"""Viator's mails: a booking's reference and day in the subject, then labels and values.

Known: the sender, the subject `New Booking for Sat, Aug 15, 2026 (#BR-…)`, and `Net Rate`, which is
what the owner earns. Inferred: every other label, the wording of cancellations and amendments, and
that other senders at the same host write about other things. A start needs a time of its own; a day
alone stays a question.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.domain.booking import Kind
from bot.mail.document import Document, Words
from bot.mail.labels import labelled
from bot.mail.marketplaces.base import Extract
from bot.mail.marketplaces.findings import Findings, believed
from bot.mail.marketplaces.grammar import Grammar, told_in_sentences
from bot.mail.marketplaces.kinds import kind_of
from bot.mail.marketplaces.when import CLOCK, DAY, dated, day_into_start
from bot.mail.marketplaces.wordings import MOMENT, PLAIN_SENTENCES, whole_sentences, wording

_REFERENCE = r"\(#?BR-\d{4,12}\)"
_CHANGED = r"(?:amended|changed|updated)"
_SENTENCES = (
    (
        Kind.CANCELLED,
        wording(rf"(?:cancell?ed booking|booking cancell?(?:ed|ation)) .{{0,80}}{_REFERENCE}"),
    ),
    (
        Kind.CHANGED,
        wording(rf"(?:{_CHANGED} booking|booking (?:{_CHANGED}|amendment)) .{{0,80}}{_REFERENCE}"),
    ),
    (Kind.NEW, wording(rf"new booking for .{{0,80}}{_REFERENCE}")),
)
_GRAMMAR = Grammar(
    host="viator.com",
    display_name="viator",
    writes_bookings=wording(r"@t\d{1,2}\.viator\.com(?![\w.-])"),
    subjects=(*_SENTENCES, *PLAIN_SENTENCES),
    openings=_SENTENCES,
    sells=whole_sentences(
        rf"new booking for {MOMENT} ?{_REFERENCE}",
        r"booking details\b|https?://\S+",
        r"(?:view|manage) (?:this |your )?booking\b(?![^\S\n]\w)",
    ),
    labels={
        "booking reference": "booking_id",
        "tour name": "listing",
        "travel date": "starts_at",
        "start time": CLOCK,
        "duration": "duration_minutes",
        "lead traveler": "renter",
        "lead traveler name": "renter",
        "travelers": "passengers",
        "email": "renter_email",
        "meeting point": "location",
        "product code": "",
        "tour grade": "",
        "tour language": "",
        "special requirements": "",
        "phone": "",
        "net rate": "owner_payout",
    },
    told=(
        ("booking_id", wording(r"\(#?(BR-\d{4,12})\)")),
        (DAY, wording(r"\bbooking for (\w.{3,35}?\d{4}) \(")),
    ),
    aside=wording(r"https?:|(?:view|manage) (?:this |your )?booking\b|booking details:?$"),
)


class Viator:
    """Reads what `booking@t1.viator.com` sends. A bare `$` is of the United States."""

    name = "viator"
    sure_id = re.compile(r"br-[0-9]{6,12}")
    currency = "USD"
    domains: tuple[str, ...] = (_GRAMMAR.host,)
    grammar = _GRAMMAR

    def can_handle(self, document: Document) -> bool:
        """By the sender's words, or by a reference in a sentence that nobody else writes."""
        return _GRAMMAR.claims(document)

    def read(self, document: Document) -> Extract:
        """The kind, and every field that the mail names."""
        lines = _GRAMMAR.own_lines(document)
        found = Findings()
        labels = (
            dated(lines, one, _GRAMMAR.labels) if one.field == "starts_at" else one
            for one in labelled(lines, _GRAMMAR.labels)
        )
        found.add_all(believed(lines, tuple(labels), _GRAMMAR))
        found.add_all(told_in_sentences(document, lines, _GRAMMAR))
        found.keep("booking_id", _without_sign(found.of("booking_id")))
        day_into_start(found)
        kind = kind_of(document, lines, _GRAMMAR)
        if kind is Kind.NEW and not found.of("booking_id"):
            kind = Kind.UNRECOGNISED
        return found.extract(kind)


def _without_sign(ids: list[Words]) -> Iterator[Words]:
    """`BR-…` of `#BR-…`."""
    return (replace(one, text=one.text.lstrip("# ")) for one in ids)
