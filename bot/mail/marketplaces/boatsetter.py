"""Boatsetter's mails: an opening sentence, then labels and values."""

import re

from bot.domain.booking import Kind
from bot.mail.document import Document, Line, Words
from bot.mail.labels import Labelled, labelled
from bot.mail.marketplaces.base import Extract


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_SENDER = _words(r"@(?:[a-z0-9-]{1,63}\.){0,4}boatsetter\.com(?![\w.-])")
_DISPLAY_NAME = _words(r"[\"'*]?boatsetter[\"'*]?(?: |$|<)")
_LABELS = {
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
    "you earn": "owner_payout",
    "your cancellation policy is": "cancellation_policy",
    "earnings": "",  # a heading
}
_ID = re.compile(r"[a-z0-9]{6,8}", re.IGNORECASE | re.ASCII)
_SURE_ID = re.compile(r"[bcdfghjklmnpqrstvwxz]{7}")
_ID_IN_SUBJECT = re.compile(rf"\bbooking ({_SURE_ID.pattern}) ")
_AMOUNT_IN_OPENING = _words(r"get ready to earn (\S{0,20}\d(?: [A-Z]{3}\b)?)")
_DATE_IN_OPENING = _words(r"you received an? (?:instant )?booking for (.{10,40}[AP]M)\b")
_NOT_A_TITLE = _words(
    r"learn more|view booking|edit booking|get ready to earn|instant book means|https?:|[\[<]"
    r"|your booking\b|cancell?ed booking details|you received"
)
_RENTER = r"\S(?:.{0,80}\S)? has"
# What a mail is about, by its subject or its opening sentence, the most telling first.
_SUBJECTS = (
    (Kind.CANCELLED, _words(rf"{_RENTER} cancell?ed their booking\b")),
    (Kind.CANCELLED, _words(r"your booking (?!request)\w{6,8} has been cancell?ed\b")),
    (Kind.CHANGED, _words(r"your booking (?!request)\w{6,8} has been (?:updated|changed)\b")),
    (Kind.INFORMATIONAL, _words(r"prepare your boat for your\b")),
    (Kind.INFORMATIONAL, _words(r".{0,80}\bsecurity deposit payment failed\b")),
    (Kind.NEW, _words(r"you have a new (?:instant )?booking for\b")),
    (Kind.NEW, _words(r"your booking was approved\b")),
)
_OPENINGS = (
    *_SUBJECTS,
    (Kind.CANCELLED, _words(r"cancell?ed booking details:?$")),
    (Kind.NEW, _words(r"you received an? (?:instant )?booking for\b")),
)
# Mails about a booking whose wording is not known, by the matter that they name.
_MATTERS = _words(
    r"\b(?:remind(?:er|ing)?|deposit|payouts?|payments?|paid|reviews?|reviewed|messages?|messaged"
    r"|requests?|requested|offers?|offered|inquir(?:y|ies)|enquir(?:y|ies)|questions?|quotes?)\b"
)
_OPENING_LINES = 6  # a logo's words or a greeting may stand before the opening sentence


class Boatsetter:
    """Reads what `mail.boatsetter.com` sends. Its amounts are US dollars."""

    name = "boatsetter"
    sure_id = _SURE_ID
    currency = "USD"

    def can_handle(self, document: Document) -> bool:
        """By the sender's words, or by an opening that nobody else writes."""
        return _from_boatsetter(document) or _opening(document.said) is not None

    def read(self, document: Document) -> Extract:
        """The kind, and every field that the mail names."""
        lines = _from_the_opening(document)
        kind = _kind(document, lines)
        labels = labelled(lines, _LABELS)
        found: dict[str, list[Words]] = {}
        for label in labels:
            if label.field and label.value:
                found.setdefault(label.field, []).append(label.value)
        found["booking_id"] = _ids(found.get("booking_id", []), document)
        found["listing"] = _listing(lines, labels)
        _add_from_the_opening(found, lines)
        if kind is Kind.NEW and not found["booking_id"] and "starts_at" not in found:
            kind = Kind.UNRECOGNISED
        return Extract(kind, {name: tuple(words) for name, words in found.items() if words})


def _from_boatsetter(document: Document) -> bool:
    sender = document.sender
    return bool(_SENDER.search(sender) or ("@" not in sender and _DISPLAY_NAME.match(sender)))


def _from_the_opening(document: Document) -> tuple[Line, ...]:
    """The lines without what a forwarder wrote above a mail that lost its headers."""
    limit = _OPENING_LINES if _from_boatsetter(document) else len(document.said)
    at = _opening(document.said[:limit])
    if at is None:
        return document.lines
    return document.lines[document.lines.index(document.said[at]) :]


def _opening(said: tuple[Line, ...]) -> int | None:
    """Which line is an opening sentence."""
    return next((at for at, line in enumerate(said) if _matched(_OPENINGS, line.text)), None)


def _matched(grammar: tuple[tuple[Kind, re.Pattern[str]], ...], text: str) -> Kind | None:
    return next((kind for kind, pattern in grammar if pattern.match(text)), None)


def _kind(document: Document, lines: tuple[Line, ...]) -> Kind:
    """Subject and opening must not contradict each other, and a matter named is never new."""
    opening = [line.text for line in lines if line.text][:_OPENING_LINES]
    by_subject = _matched(_SUBJECTS, document.subject)
    by_opening = next((kind for text in opening if (kind := _matched(_OPENINGS, text))), None)
    told = {kind for kind in (by_subject, by_opening) if kind}
    if len(told) > 1:
        return Kind.INFORMATIONAL if Kind.INFORMATIONAL in told else Kind.UNRECOGNISED
    if by_subject is None and by_opening in {None, Kind.NEW} and _names_matter(document, opening):
        return Kind.INFORMATIONAL
    return told.pop() if told else Kind.UNRECOGNISED


def _names_matter(document: Document, opening: list[str]) -> bool:
    """A forwarder's own subject tells nothing, nor does what follows a known opening."""
    subject = [document.subject] if document.subject_is_own else []
    known = any(_matched(_OPENINGS, text) for text in opening)
    return any(_MATTERS.search(text) for text in subject + ([] if known else opening[:2]))


def _ids(labelled_ids: list[Words], document: Document) -> list[Words]:
    """Ids after the label, and the subject's. A boat's or engine's name after it is none."""
    ids = [words for words in labelled_ids if _ID.fullmatch(words.text)]
    in_subject = _ID_IN_SUBJECT.search(document.subject)
    if in_subject:
        ids.append(Words(in_subject[1], in_subject[1], "subject"))
    return ids


def _listing(lines: tuple[Line, ...], labels: tuple[Labelled, ...]) -> list[Words]:
    """The title that stands alone above the renter, or under the booking id."""
    used = {at for label in labels for at in (label.first, _value_line(label))}
    renter = next((label.first for label in labels if label.field == "renter"), None)
    id_line = next((label.last for label in labels if label.field == "booking_id"), None)
    title: list[Line] = []
    if renter is not None:
        title = _paragraph(lines, range(renter - 1, -1, -1), used)[::-1]
    if not title and id_line is not None:
        title = _paragraph(lines, range(id_line + 1, len(lines)), used)
    text, words = " ".join(line.text for line in title), "\n".join(line.words for line in title)
    return [Words(text, words, title[0].place)] if title else []


def _value_line(label: Labelled) -> int:
    """Where the value stands; under `Booking ID` it may be the title, which is no value of it."""
    titled = label.field == "booking_id" and label.value and not _ID.fullmatch(label.value.text)
    return label.first if titled else label.last


def _paragraph(lines: tuple[Line, ...], order: range, used: set[int]) -> list[Line]:
    """The free lines met first, up to a blank one."""
    found: list[Line] = []
    for at in order:
        blank = not lines[at].text
        if at in used or (blank and found) or _NOT_A_TITLE.match(lines[at].text):
            break
        if not blank:
            found.append(lines[at])
    return found


def _add_from_the_opening(found: dict[str, list[Words]], lines: tuple[Line, ...]) -> None:
    """The opening names the start and the payout too; where both do, they must agree."""
    for line in [line for line in lines if line.text][:_OPENING_LINES]:
        for field, pattern in (
            ("starts_at", _DATE_IN_OPENING),
            ("owner_payout", _AMOUNT_IN_OPENING),
        ):
            if match := pattern.search(line.text):
                piece = line.piece(match.start(1), match.end(1))
                found.setdefault(field, []).append(piece.found())
