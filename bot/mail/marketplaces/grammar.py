"""What a marketplace's mails have in common: sentences that tell what they are about.

A marketplace's own file declares its `Grammar`; nothing here knows any marketplace's wording. The
hosts of marketplaces, known here or not, are listed only so that no reader claims another's mail.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.domain.booking import Kind
from bot.mail.document import Document, Line, Words
from bot.mail.labels import label_at, labelled
from bot.mail.marketplaces.wordings import MARKETS, PLAIN_SENTENCES, Sentences

_QUOTES = re.compile('["\u201c\u201d\u201e\u2018]')  # before the words of somebody else
_LONGEST_SENTENCE = 300  # characters of a line that tell what a mail is about
OPENING_LINES = 6  # a logo's words or a greeting may stand before the opening sentence


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
        sells: every sentence of a new booking's mail, to its end; that one of them begins like it
            tells nothing, since "Your booking was approved" goes on with "last week", too.
        labels: from a folded label to the booking's field, in the order of the mail.
        told: what subject and opening sentences say of fields, as the first group.
        aside: lines of the mail that are neither label nor value, such as its buttons.
    """

    host: str
    display_name: str
    subjects: Sentences
    openings: Sentences
    sells: re.Pattern[str]
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
        if MARKETS.search(document.sender):
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
        kind = _first(self.subjects, document.subject)
        return None if kind is Kind.NEW and not self.only_sells(document.subject) else kind

    def only_sells(self, text: str) -> bool:
        """Whether a text is sentences of a new booking's mail and nothing else, nobody's quotes."""
        rest = _from_first_letter(text)
        if _QUOTES.search(text[: len(text) - len(rest)]):
            return False
        while match := self.sells.match(rest):
            if not match.end():
                return False
            rest = _from_first_letter(rest[match.end() :], stop="?")
        return not any(char.isalnum() or char == "?" for char in rest)

    def owns_subject(self, document: Document) -> bool:
        """Whether nobody who handed the mail on can have edited its subject."""
        sent = not document.forwarded and self.signed(document.sender)
        return document.subject_is_own or sent

    def renames(self, document: Document) -> bool:
        """Whether a subject is the marketplace's own, and none that it is known to write."""
        known = self.about_subject(document) or self.on_topic(document)
        own = self.owns_subject(document) and self.signed(document.sender)
        return bool(document.subject) and own and not known

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
    broken = " ".join(part.text[:_LONGEST_SENTENCE] for part in (line, *below))
    if not any(word in broken.casefold() for word in _TELLING):
        return None  # most lines of most mails; the patterns cost more
    alone = _first(sentences, line.text)
    whole_below = any(_first(sentences, part.text) for part in below)
    return alone or (None if whole_below else _first(sentences, broken))


def _first(sentences: Sentences, text: str) -> Kind | None:
    """The kind of the first sentence that a text begins with."""
    begun = _from_first_letter(text[:_LONGEST_SENTENCE])
    return next((kind for kind, pattern in sentences if pattern.match(begun)), None)


def _from_first_letter(text: str, stop: str = "") -> str:
    """A sentence without the pictures and marks before it, up to a mark to stop at."""
    begins = (at for at, char in enumerate(text) if char.isalnum() or (stop and char in stop))
    return text[next(begins, len(text)) :]
