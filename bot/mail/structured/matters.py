"""What a mail is about by its subject and first words, where nobody knows its template.

Data for machines stand in a reminder as they stand in the booking's own mail: "confirmed". A mail
that names another matter is therefore never taken for a new booking on their word alone.
"""

import re
from collections.abc import Iterable

from bot.domain.booking import Kind


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
