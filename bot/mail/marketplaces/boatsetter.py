"""Boatsetter's mails: an opening sentence, then labels and values, a title among them."""

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.domain.booking import Kind
from bot.mail import values
from bot.mail.document import Document, Line, Words
from bot.mail.labels import folded, label_at, labelled
from bot.mail.marketplaces.base import Extract
from bot.mail.marketplaces.findings import Findings, believed
from bot.mail.marketplaces.grammar import Grammar, told_in_sentences
from bot.mail.marketplaces.kinds import kind_of
from bot.mail.marketplaces.title import title_of, without_marks
from bot.mail.marketplaces.when import dated
from bot.mail.marketplaces.wordings import AMOUNT_ENDS, MOMENT, whole_sentences, wording
from bot.mail.moments import BULLET

_ID = re.compile(r"[a-z0-9]{6,8}", re.IGNORECASE | re.ASCII)
_SURE_ID = re.compile(r"[bcdfghjklmnpqrstvwxz]{7}")
_RENTER = r"\S(?:.{0,80}\S)? has"
_BOOKING = r"your booking (?!request|offer|inquiry|enquiry)(?:\w{6,8} )?"
_WHEN = (
    rf"([a-z]{{3,9}}\.? \d{{1,2}},? \d{{4}}(?: ?(?:{BULLET}|[|@,-]) ?| at | )"
    r"\d{1,2}(?::\d\d)? ?[ap]\.?m)\b"
)
_SUBJECTS = (
    (Kind.CANCELLED, wording(rf"{_RENTER} cancell?ed (?:their|your|the) booking\b")),
    (Kind.CANCELLED, wording(rf"{_BOOKING}(?:has been|was) cancell?ed\b")),
    (Kind.CHANGED, wording(rf"{_BOOKING}(?:has been|was) (?:updated|changed|modified)\b")),
    (Kind.INFORMATIONAL, wording(r"prepare your boat for your\b")),
    (Kind.INFORMATIONAL, wording(r".{0,80}\bsecurity deposit payment failed\b")),
    (Kind.NEW, wording(r"you have a new (?:instant )?booking(?: for\b|\W*$)")),
    (Kind.NEW, wording(r"your booking was approved\b")),
)
_SELLS = whole_sentences(
    rf"you have a new (?:instant )?booking(?: for {MOMENT})?",
    rf"you received an? (?:instant )?booking for {MOMENT}",
    r"your booking was approved",
    r"get ready to earn [^\n]{1,80}?(?:[.!](?=\s|\*|$)|(?=\n)|$)",
    r"instant book means that this trip is automatically approved",
    r"(?:learn more(?: here)?|(?:view|edit) booking(?: details)?)\b(?![^\S\n]\w)",
    r"https?://\S+",
)
_GRAMMAR = Grammar(
    host="boatsetter.com",
    display_name="boatsetter",
    writes_bookings=wording(r"@mail\.boatsetter\.com(?![\w.-])"),
    subjects=_SUBJECTS,
    openings=(
        *_SUBJECTS,
        (Kind.CANCELLED, wording(r"cancell?ed booking details:?(?: |$)")),
        (Kind.NEW, wording(r"you received an? (?:instant )?booking for\b")),
    ),
    sells=_SELLS,
    labels={
        "booking id": "booking_id",
        "renter": "renter",
        "email": "renter_email",
        "location": "location",
        "start": "starts_at",
        "end": "ends_at",
        "duration": "duration_minutes",
        "passengers": "passengers",
        "captain": "captain",
        "add-ons": "add_ons",
        "earnings": "",  # a heading
        "you earn": "owner_payout",
        "your cancellation policy is": "cancellation_policy",
    },
    told=(
        ("booking_id", wording(rf"\bbooking ({_SURE_ID.pattern})\b")),
        ("booking_id", wording(rf"cancell?ed booking details:? ({_SURE_ID.pattern})$")),
        ("starts_at", wording(rf"\bbooking (?:{_ID.pattern} )?for {_WHEN}")),
        (
            "owner_payout",
            wording(rf"get ready to earn \*{{0,2}}(.{{1,300}}?)\*{{0,2}}{AMOUNT_ENDS}"),
        ),
    ),
    aside=wording(
        r"learn more(?: here)?\b|(?:view|edit) booking\b|instant book means|https?:|[\[<]https?:"
        r"|(?:view|see|show|open) (?:(?:the|your|this|full) )?(?:listing|boat|trip|map|photos?)"
        r"(?: details?)?\W*$"
        r"|get ready to earn|cancell?ed booking details|please review our cancellation policy"
        r"|earnings:?$"
    ),
)
_TOTAL = {"you earn": "owner_payout"}
_LONGEST_EARNINGS = 24  # lines


class Boatsetter:
    """Reads what `mail.boatsetter.com` sends. Its amounts are US dollars."""

    name = "boatsetter"
    sure_id = _SURE_ID
    currency = "USD"
    domains: tuple[str, ...] = (_GRAMMAR.host,)
    grammar = _GRAMMAR

    def can_handle(self, document: Document) -> bool:
        """By the sender's words, or by an opening that nobody else writes."""
        return _GRAMMAR.claims(document)

    def read(self, document: Document) -> Extract:
        """The kind, and every field that the mail names."""
        lines = _GRAMMAR.own_lines(document)
        title = title_of(lines, _GRAMMAR)
        legs = _legs(lines, title.lines)
        aside = title.lines | legs | _GRAMMAR.asides(lines)
        labels = tuple(
            dated(lines, one, _GRAMMAR.labels) if one.field in {"starts_at", "ends_at"} else one
            for one in labelled(lines, _GRAMMAR.labels, aside)
        )
        found = Findings()
        found.add_all(believed(lines, labels, _GRAMMAR, aside))
        found.add_all(told_in_sentences(document, lines, _GRAMMAR))
        found.add("listing", title.words)
        found.add("owner_payout", _total(lines, title.lines, legs))
        found.keep("booking_id", _ids(found.of("booking_id")))
        sure_title = title.words and not title.words.doubt
        known = title.lines if sure_title else frozenset()
        kind = kind_of(document, lines, _GRAMMAR, known)
        if kind is Kind.NEW and not found.of("booking_id") and not found.of("starts_at"):
            kind = Kind.UNRECOGNISED
        return found.extract(kind)


def _ids(places: list[Words]) -> Iterator[Words]:
    """What is an id by its form, without the marks around it."""
    bare = (replace(one, text=without_marks(one.text)) for one in places)
    return (one for one in bare if _ID.fullmatch(one.text))


def _heading(lines: tuple[Line, ...], title: frozenset[int]) -> int | None:
    """The line of `Earnings`, which is not the boat of that name."""
    heads = ((at, line.text.partition(":")[0]) for at, line in enumerate(lines))
    return next((at for at, head in heads if folded(head) == "earnings" and at not in title), None)


def _legs(lines: tuple[Line, ...], title: frozenset[int]) -> frozenset[int]:
    """What stands between `Earnings` and `You earn`: the payout's parts, each with its name."""
    heading = _heading(lines, title)
    if heading is None:
        return frozenset()
    within = range(heading + 1, min(len(lines), heading + _LONGEST_EARNINGS))
    total = next((at for at in within if label_at(lines, at, _TOTAL)), heading)
    return frozenset(range(heading + 1, total))


def _total(lines: tuple[Line, ...], title: frozenset[int], legs: frozenset[int]) -> Words | None:
    """A single amount of `Earnings` with no name of its own is no part: it is the whole."""
    heading = _heading(lines, title)
    if heading is None:
        return None
    beside = lines[heading].piece(len(lines[heading].text.partition(":")[0]) + 1)
    said = [line for line in (beside, *(lines[at] for at in sorted(legs))) if line.text]
    alone = len(said) == 1 and values.amount(said[0].text).value is not None
    return said[0].found() if alone else None
