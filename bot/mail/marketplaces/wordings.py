"""Words by which marketplaces' mails are told apart, and the parts that sentences are made of."""

import re

from bot.domain.booking import Kind


def wording(pattern: str) -> re.Pattern[str]:
    """A pattern in any case of letters."""
    return re.compile(pattern, re.IGNORECASE)


def whole_sentences(*patterns: str) -> re.Pattern[str]:
    """Patterns of sentences that may be broken anywhere between two words."""
    return wording("|".join(patterns).replace(" ", r"\s"))


Sentences = tuple[tuple[Kind, re.Pattern[str]], ...]
# A mail of one marketplace is never claimed by another's reader for its wording alone.
MARKETS = wording(
    r"@(?:[a-z0-9-]{1,63}\.){0,4}(?:boatsetter|getmyboat|viator|tripadvisor|airbnb|getyourguide"
    r"|clickandboat|samboat|sailo|vrbo|expedia)\.[a-z]{2,3}(?![\w-])"
)
# Mails about a booking whose wording is not known, by the matter that they name.
MATTERS = wording(
    r"\b(?:remind(?:er|ing)?|deposit|payouts?|payments?|paid|reviews?|reviewed|messages?|messaged"
    r"|requests?|requested|offers?|offered|inquir(?:y|ies)|enquir(?:y|ies)|questions?|quotes?)\b"
)
ALTERATIONS = wording(
    r"\b(?:cancel(?:l?(?:ed|ing|ation)|s)?(?! polic)|amend\w*|changed?|changes|modif\w+|resched\w+"
    r"|updated?|declined?|expired?|withdr\w+|refund\w*|postponed?|no longer)\b"
)
# What anybody writes who says plainly that a booking is off, or is another now: for marketplaces
# whose own sentences are not known. Conditions, requests and denials are not plain.
_PLAINLY = (
    r"(?!.{0,160}\b(?:not|never|if|unless|until|would|could|may|might|can|to|be|requests?|requested"
    r"|offers?|inquiry|enquiry)\b)"
)
_THE_BOOKING = r"(?:the|their|your|this|his|her) (?:booking|reservation|trip|rental|charter)\b"
_CHANGED = r"(?:changed|updated|modified|amended|rescheduled)\b"
PLAIN_SENTENCES: Sentences = (
    (Kind.CANCELLED, wording(rf"{_PLAINLY}\S.{{0,80}} cancell?ed {_THE_BOOKING}")),
    (
        Kind.CANCELLED,
        wording(rf"{_PLAINLY}{_THE_BOOKING}.{{0,120}} (?:has been|was|is) cancell?ed\b"),
    ),
    (Kind.CHANGED, wording(rf"{_PLAINLY}\S.{{0,80}} {_CHANGED[:-2]} {_THE_BOOKING}")),
    (Kind.CHANGED, wording(rf"{_PLAINLY}{_THE_BOOKING}.{{0,120}} (?:has been|was) {_CHANGED}")),
)
# A date, a time or both, in whatever form, and not a word more. Between its parts may stand what
# is left of a mark that was decoded wrongly.
_NAMES = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
    r"|(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?|[ap]\.?m|at|noon|midnight"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|utc|gmt|[ecmp][sd]?t"
    r"|ak[sd]t|h[sad]t|a[sd]t|a[ecw][sd]t|nz[sd]t|bst|wes?t|ces?t"
    r"|ees?t)"
)
_PART = rf"(?:(?<!\d)\d{{1,4}}(?!\d)(?:(?:st|nd|rd|th|h)(?![a-z]))?|{_NAMES}(?![a-z]))"
# Where a sentence that names an amount ends, so that no part of one is taken for the whole:
# neither `$400` of `$400 - $500`, nor of `$400 per day`.
AMOUNT_ENDS = (
    r"(?=(?: (?:for|from|on|with) (?:this|your) (?:trip|booking|charter))?(?:[.!]+(?:[\s*]|$)|$))"
)
MOMENT = rf"{_PART}(?:[^a-z0-9]{{0,9}}{_PART}){{0,14}}"
