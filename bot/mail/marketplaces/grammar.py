"""What a marketplace's mails have in common: sentences that tell what they are about.

A marketplace's own file declares its `Grammar`; nothing here knows any marketplace's wording.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.domain.booking import Kind
from bot.mail.document import Document, Line, Words
from bot.mail.labels import label_at, labelled

_FEWEST_WORDS = 3  # of a sentence
OPENING_LINES = 6  # a logo's words or a greeting may stand before the opening sentence


def wording(pattern: str) -> re.Pattern[str]:
    """A pattern in any case of letters."""
    return re.compile(pattern, re.IGNORECASE)


Sentences = tuple[tuple[Kind, re.Pattern[str]], ...]
# A mail of one marketplace is never claimed by another's reader for its wording alone.
_MARKETS = wording(
    r"@(?:[a-z0-9-]{1,63}\.){0,4}(?:boatsetter|getmyboat|viator|tripadvisor|airbnb|getyourguide"
    r"|clickandboat|samboat|sailo|vrbo|expedia)\.[a-z]{2,3}(?![\w-])"
)
# Mails about a booking whose wording is not known, by the matter that they name.
_MATTERS = wording(
    r"\b(?:remind(?:er|ing)?|deposit|payouts?|payments?|paid|reviews?|reviewed|messages?|messaged"
    r"|requests?|requested|offers?|offered|inquir(?:y|ies)|enquir(?:y|ies)|questions?|quotes?)\b"
)
_ALTERATIONS = wording(
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
# Words without one of which no sentence is about a booking.
_TELLING = ("book", "reserv", "trip", "rental", "charter", "deposit", "payment", "payout")


@dataclass(frozen=True)
class Grammar:
    """How one marketplace writes.

    Attributes:
        host: of its senders' addresses, itself or a parent domain.
        display_name: of its sender, where a forward shows no address.
        writes_bookings: the addresses from which bookings come; others write about other things.
        subjects: what a subject is about by its beginning, the most telling first.
        openings: the same of the sentences above the first label, if nobody else writes them.
        shared: openings that others write too, and so count in its sender's mails alone.
        topic: a subject that all mails about one booking bear; the opening tells what they are.
        labels: from a folded label to the booking's field, in the order of the mail.
        told: what subject and opening sentences say of fields, as the first group.
        aside: lines of the mail that are neither label nor value, such as its buttons.
    """

    host: str
    display_name: str
    subjects: Sentences
    openings: Sentences
    labels: Mapping[str, str]
    aside: re.Pattern[str]
    writes_bookings: re.Pattern[str] = field(default=re.compile(""))
    told: tuple[tuple[str, re.Pattern[str]], ...] = ()
    topic: re.Pattern[str] | None = None
    shared: Sentences = PLAIN_SENTENCES

    def signed(self, sender: str) -> bool:
        """Whether the words of a sender are this marketplace's, which proves nothing."""
        name = rf"[\"'*]*{self.display_name}[\"'*]*(?![\w.@-])"
        if "@" in sender:  # a list's own address stands behind the writer's name
            name += " via "
        return self.addressed(sender) or re.match(name, sender, re.IGNORECASE) is not None

    def addressed(self, sender: str) -> bool:
        """Whether the address is at this marketplace's host."""
        address = rf"@(?:[a-z0-9-]{{1,63}}\.){{0,4}}{re.escape(self.host)}(?![\w.-])"
        return re.search(address, sender, re.IGNORECASE) is not None

    def claims(self, document: Document) -> bool:
        """Whether a mail is this marketplace's: by its sender, or by wording of its own."""
        if self.signed(document.sender):
            return True
        if _MARKETS.search(document.sender):
            return False
        lines = self._from_the_opening(document.lines)
        found = {label.field for label in labelled(lines, self.labels)}
        return bool(found & {"booking_id", "starts_at"})

    def own_lines(self, document: Document) -> tuple[Line, ...]:
        """The lines without what a forwarder wrote above a mail that lost its headers."""
        if self.signed(document.sender):
            return document.lines
        return self._from_the_opening(document.lines) or document.lines

    def _from_the_opening(self, lines: tuple[Line, ...]) -> tuple[Line, ...]:
        """From the first opening sentence on, nothing if there is none."""
        said = [(at, line) for at, line in enumerate(lines) if line.text]
        for nth, (at, line) in enumerate(said):
            below = tuple(below for _, below in said[nth + 1 : nth + 2])
            if _first_of(self.openings, line, below):
                return lines[at:]
        return ()

    def asides(self, lines: tuple[Line, ...]) -> frozenset[int]:
        """Which lines are neither label nor value, so that none is taken for a missing value."""
        return frozenset(at for at, line in enumerate(lines) if self.aside.match(line.text))

    def about_subject(self, document: Document) -> Kind | None:
        """What the subject says that the mail is about."""
        return _first(self.subjects, document.subject)

    def on_topic(self, document: Document) -> bool:
        """Whether the subject names a booking, without a word on what became of it."""
        return bool(self.topic and self.topic.match(_from_first_letter(document.subject)))

    def about_lines(self, lines: tuple[Line, ...]) -> tuple[Kind | None, ...]:
        """What each sentence says that the mail is about; one may be broken over two lines."""
        sentences = (*self.openings, *self.shared)
        return tuple(
            _first_of(sentences, line, lines[at + 1 : at + 2]) for at, line in enumerate(lines)
        )


def opening(lines: tuple[Line, ...], grammar: Grammar) -> tuple[Line, ...]:
    """The first sentences, up to the first label."""
    said: list[Line] = []
    for at, line in enumerate(lines):
        if len(said) == OPENING_LINES or label_at(lines, at, grammar.labels):
            break
        if line.text:
            said.append(line)
    return tuple(said)


def kind_of(document: Document, lines: tuple[Line, ...], grammar: Grammar) -> Kind:
    """What a mail is about.

    Subject and opening must not contradict each other, and neither what names a matter nor what
    names a cancellation or a change in words that are not known is ever new.
    """
    said = opening(lines, grammar)
    kinds = grammar.about_lines(said)
    by_subject, by_opening = grammar.about_subject(document), set(filter(None, kinds))
    told = by_opening | ({by_subject} if by_subject else set())
    if len(told) > 1:
        return Kind.INFORMATIONAL if Kind.INFORMATIONAL in told else Kind.UNRECOGNISED
    if told and told != {Kind.NEW}:
        return told.pop()
    first = next((at for at, kind in enumerate(kinds) if kind), len(said))
    above = [] if by_subject and by_opening else [line.text for line in said[:first]]
    unknown = [] if by_subject or grammar.on_topic(document) else [document.subject]
    own = unknown if document.subject_is_own else []
    if any(_MATTERS.search(text) for text in own + ([] if told else above[:2])):
        return Kind.INFORMATIONAL
    if not told and unknown:
        return _unknown(document, lines, grammar)
    odd = any(_ALTERATIONS.search(text) for text in unknown + above)
    quoted = bool(by_opening) and any(_names_matter_in_full(text) for text in above)
    return Kind.UNRECOGNISED if odd or quoted else Kind.NEW


def _names_matter_in_full(text: str) -> bool:
    """Whether a whole sentence is about another matter; a menu's single words are not."""
    return len(text.split()) >= _FEWEST_WORDS and _MATTERS.search(text) is not None


def _unknown(document: Document, lines: tuple[Line, ...], grammar: Grammar) -> Kind:
    """Of a template not known: it matters if it comes from where bookings do, or looks like one."""
    sender = document.sender
    elsewhere = grammar.addressed(sender) and not grammar.writes_bookings.search(sender)
    labels = {one.field for one in labelled(lines, grammar.labels) if one.value}
    sold = labels >= {"booking_id", "starts_at"}
    return Kind.INFORMATIONAL if elsewhere and not sold else Kind.UNRECOGNISED


def told_in_sentences(
    document: Document, lines: tuple[Line, ...], grammar: Grammar
) -> Iterator[tuple[str, Words]]:
    """Fields that the subject and the opening sentences name."""
    said = opening(lines, grammar)
    for name, pattern in grammar.told:
        known = grammar.about_subject(document) or grammar.on_topic(document)
        match = pattern.search(document.subject) if known else None
        if match:
            yield name, Words(match[1], match[1], "subject")
        yield from ((name, words) for words in _in_lines(pattern, said))


def _in_lines(pattern: re.Pattern[str], said: tuple[Line, ...]) -> Iterator[Words]:
    """What a pattern finds in each line, or else in a sentence that is broken over two."""
    before: Line | None = None
    for line in said:
        if match := pattern.search(line.text):
            yield line.piece(*match.span(1)).found()
            before = None
            continue
        broken = pattern.search(f"{before.text} {line.text}") if before else None
        if before and broken:
            yield Words(broken[1], f"{before.words}\n{line.words}", before.place)
        before = line


def _first_of(sentences: Sentences, line: Line, below: tuple[Line, ...]) -> Kind | None:
    """The same of a line, or of a sentence that is broken over two."""
    broken = " ".join(part.text for part in (line, *below))
    if not any(word in broken.casefold() for word in _TELLING):
        return None  # most lines of most mails; the patterns cost more
    alone = _first(sentences, line.text)
    whole_below = any(_first(sentences, part.text) for part in below)
    return alone or (None if whole_below else _first(sentences, broken))


def _first(sentences: Sentences, text: str) -> Kind | None:
    """The kind of the first sentence that a text begins with."""
    begun = _from_first_letter(text)
    return next((kind for kind, pattern in sentences if pattern.match(begun)), None)


def _from_first_letter(text: str) -> str:
    """A sentence without the pictures and marks before it."""
    return text[next((at for at, char in enumerate(text) if char.isalnum()), len(text)) :]
