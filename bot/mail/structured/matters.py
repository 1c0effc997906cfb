"""What a mail is about by its subject and first words, where nobody knows its template.

Data for machines stand in a reminder as they stand in the booking's own mail: "confirmed". So they
make a new booking only of a mail whose words say that something was booked, and of one that has no
words at all; a mail that speaks of anything else is left to a person.
"""

import re
from collections.abc import Iterable

from bot.domain.booking import Kind
from bot.mail.document import Document

ONLY_DATA = "Only the data inside the mail say that it is a booking."
_OPENING_LINES = 4  # a mail that nobody knows tells its matter in its first words


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_CANCELLED = _words(r"\b(?:cancell?ed|cancellation (?:of|notice|confirm))\b")
_IS_CANCELLED = _words(
    r"\b(?:has|have|been|was|is|were) cancell?ed\b|\bcancell?ed (?:their|the|booking)\b"
)
_IS_CHANGED = _words(r"\b(?:has|have) been (?:updated|changed|modified|rescheduled|amended)\b")
_CHANGED = _words(r"\b(?:updated?|changed?|modified|rescheduled|amended)\b")
_MATTERS = _words(
    r"\b(?:remind(?:er|ing)?|prepare (?:your|for)|(?:is|starts?|departs?|sails?) (?:today|tomorrow)"
    r"|payouts?|security deposit|refund(?:ed)?|invoice|(?:a|new|your|left) reviews?|reviewed"
    r"|(?:new |a )?messages? from|new message|messaged|sent you|inquir(?:y|ies)|enquir(?:y|ies)"
    r"|questions? (?:from|about)|quotes?|special offer|new offer|payment (?:failed|due|is due))\b"
    r"|\brequest(?:s|ed)?\b(?!.{0,60}\b(?:approved|accepted|confirmed)\b)"
)


# What says that something was booked; questions, conditions and denials do not.
_UNSAID = (
    r"(?!.{0,160}(?:\?|n['\u2019]t\b"
    r"|\b(?:not|never|if|unless|until|once|when|would|could|might|may (?:be|have|not))\b))"
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s")
_BOOKING = r"(?:booking|reservation|charter|rental|trip)"
_SOLD = _words(
    rf"^{_UNSAID}.{{0,160}}?(?:"
    rf"\b(?:new|instant) (?:boat |instant |confirmed )?{_BOOKING}\b(?! (?:request|inquiry|enquiry))"
    r"|\b(?:is|are|been|was|were|has|have|just|got|now|successfully|you're|you\u2019re) booked\b"
    r"|\bbooked (?:your|the|with you)\b"
    rf"|\b(?:{_BOOKING}|request)\b.{{0,60}}\b(?:confirmed|approved|accepted)\b"
    rf"|\b{_BOOKING} confirmation\b|\bconfirmed:? {_BOOKING}\b)"
)
# What a mail speaks of that comes long after, though it may say that something was booked.
_LATER = _words(
    r"\b(?:(?:in|only|just) (?:\d{1,3}|one|two|three|a few|a) (?:days?|hours?|weeks?)|to go"
    r"|coming up|upcoming|around the corner|see you|how was|how did|rate (?:your|the)"
    r"|ended|completed?|over"
    r"|soon|today|tomorrow|tonight|waivers?|signed|no.?show|show up|check.?(?:in|out|list)"
    r"|get ready for|feedback|receipt|prepare|survey|photos?)\b"
)


def data_alone(documents: Iterable[Document]) -> tuple[Kind, str | None]:
    """What a mail is about of which only the data say that it is a new booking.

    Returns: its kind, and for a new booking a doubt of every field if no word of it said so, though
    some would be expected: only the subject is there, and that is the forwarder's.
    """
    documents = tuple(documents)
    own = [one.subject for one in documents if one.subject_is_own]
    subjects = list(dict.fromkeys(own or [one.subject for one in documents]))
    named = kind_named(subjects, _openings(documents))
    if named:
        return (Kind.UNRECOGNISED if named is Kind.CANCELLED else named), None
    quoted = tuple(one for one in documents if one.forwarded and one.lines)
    theirs = quoted or documents  # what a forwarder says above it is only his word
    if _tells_a_sale([one.subject for one in theirs], _openings(theirs)):
        return Kind.NEW, None
    if any(text.strip() for text in (*own, *_openings(documents))):
        return Kind.UNRECOGNISED, None
    return Kind.NEW, ONLY_DATA if any(subjects) else None


def _openings(documents: Iterable[Document]) -> list[str]:
    return [line.text for one in documents for line in one.said[:_OPENING_LINES]]


def _tells_a_sale(subjects: list[str], openings: list[str]) -> bool:
    """Whether a subject says so, or else an opening; nothing that a subject puts later is new."""
    if _any(_LATER, subjects):
        return False
    if _any(_SOLD, _sentences(subjects)):
        return True
    return _any(_SOLD, _sentences(openings)) and not _any(_LATER, openings)


def _sentences(texts: list[str]) -> list[str]:
    return [sentence for text in texts for sentence in _SENTENCE_END.split(text)]


def kind_named(subjects: Iterable[str], openings: Iterable[str]) -> Kind | None:
    """The kind that is named, if one is; openings may speak of changes without telling of any."""
    subjects, openings = list(subjects), list(openings)
    if _any(_CANCELLED, subjects) or _any(_IS_CANCELLED, openings):
        return Kind.CANCELLED
    if _any(_MATTERS, subjects + openings):
        return Kind.INFORMATIONAL
    return Kind.CHANGED if _any(_CHANGED, subjects) or _any(_IS_CHANGED, openings) else None


def _any(pattern: re.Pattern[str], texts: list[str]) -> bool:
    return any(pattern.search(text) for text in texts)
