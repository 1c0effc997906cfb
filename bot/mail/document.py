"""A mail as lines that can be read, each of which still knows the words it came from."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

# What a reader does not see: controls, soft hyphen, joiners, bidi marks, zero widths, selectors,
# the addresses that a client writes behind every link when it turns HTML into text, and what it
# leaves of pictures: `[image: boat]`, `<boat.jpg>`.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    r"\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffc"
    r"\U000e0000-\U000e0fff]"
    r"|<(?:https?://|mailto:)[^<>\s]{1,2000}>|\[(?:https?://|cid:)[^\[\]\s]{1,2000}\]"
    r"|\[(?i:(?:inline )?(?:image|imagen|imagem|immagine|bild|afbeelding))"
    r"(?:: ?[^\[\]\n]{0,200})?\]"
    r"|<[^<>@:/\n]{1,100}\.(?i:jpe?g|png|gif|webp|heic|bmp|svg)>"
)
_QUOTED = re.compile(r"(?:> ?)+")
LINE_END = re.compile(r"\r{0,2}\n|\r")  # the other marks that Unicode knows are spaces here
_LINK = re.compile(r"https?://[^\s<>\[\]\"']{1,2000}")
LONGEST = 2_000  # characters of a line that are looked at; no label or value is longer
_NARROWEST, _WIDEST = 60, 80  # characters at which mail clients break lines


@dataclass(frozen=True)
class Words:
    """Something found in a mail.

    Attributes:
        text: cleaned for reading.
        words: exactly as the mail has it.
        place: where it stands, such as "text, line 14".
        doubt: a sentence, where the place itself leaves it unsure that this is meant.
        instead: other words nearby, any of which may be what is meant if there is a doubt.
    """

    text: str
    words: str
    place: str = ""
    doubt: str | None = None
    instead: tuple["Words", ...] = ()


@dataclass(frozen=True)
class Line:
    """One line.

    Attributes:
        text: without marks and odd spaces.
        raw: as the mail has it.
        depth: how many `>` stand before it.
        offset: where `text` starts in the cleaned line.
        place: such as "text, line 14".
    """

    text: str
    raw: str
    depth: int = 0
    offset: int = 0
    place: str = ""

    def piece(self, start: int, end: int | None = None) -> "Line":
        """A part of the line, trimmed."""
        part = self.text[start:end]
        begin = start + len(part) - len(part.lstrip())
        return replace(self, text=part.strip(), offset=self.offset + begin)

    @property
    def words(self) -> str:
        """The original of `text`, unseen marks and odd spaces included."""
        places = _places(self.raw)[self.offset : self.offset + len(self.text)]
        return self.raw[places[0] : places[-1] + 1] if places else ""

    def found(self) -> Words:
        """The line as something found."""
        return Words(self.text, self.words, self.place)


@dataclass(frozen=True)
class Item:
    """What a mail says for machines: a thing with properties, whatever notation it was in.

    Attributes:
        kinds: what it is, such as "BoatReservation" or "VEVENT".
        properties: by name, nested ones with dots such as "reservationFor.name"; every value.
        siblings: how many more of its kind the same calendar holds.
        listings: where it names one of our boats as a marketplace would.
        from_marketplace: whether a marketplace that is known sent the mail, by its own words.
    """

    kinds: tuple[str, ...]
    properties: Mapping[str, tuple[Words, ...]] = field(default_factory=dict)
    siblings: int = 0
    listings: tuple[Words, ...] = ()
    from_marketplace: bool = False

    def said(self, *names: str) -> tuple[Words, ...]:
        """All values of these properties, in this order."""
        return tuple(words for name in names for words in self.properties.get(name, ()))


@dataclass(frozen=True)
class Document:
    """One mail's lines, unwrapped, or what it says for machines.

    Attributes:
        items: what it says for machines; such a document has no lines.
        sender: the words of its From, or empty. They prove nothing.
        subject: its subject, without `Fwd:`.
        subject_is_own: False where the subject is only the forwarder's.
        forwarded: whether another mail quotes it, so that nothing vouches for any of it.
        parted: what set it apart from that mail, in words for who mends the reader.
        nesting: how many mails quote it for certain; of two set one under the other, the lower may
            be quoted by the upper or stand beside it, and has the same.
        answered: whether it is of a person's answer, which quotes what was sold long ago.
    """

    lines: tuple[Line, ...]
    sender: str = ""
    subject: str = ""
    subject_is_own: bool = True
    forwarded: bool = False
    items: tuple[Item, ...] = ()
    parted: str = ""
    nesting: int = 0
    answered: bool = False

    @property
    def said(self) -> tuple[Line, ...]:
        """The lines that say something."""
        return tuple(line for line in self.lines if line.text)

    @property
    def links(self) -> tuple[Words, ...]:
        """Where its links lead, those behind words included, which a reader does not see."""
        return tuple(
            Words(match[0], match[0], line.place)
            for line in self.lines
            if "://" in line.raw
            for match in _LINK.finditer(line.raw)
        )


def clean(text: str) -> str:
    """Text without unseen marks, any run of white space a single space."""
    return " ".join(_UNSEEN.sub("", text).split())


def lines_of(text: str, part: str = "text") -> tuple[Line, ...]:
    """A mail's text, line by line, quotation marks counted and removed. `part`: of the mail."""
    lines = enumerate(LINE_END.split(text), start=1)
    return tuple(_line(raw[:LONGEST], f"{part}, line {number}") for number, raw in lines)


def breaks_off(line: Line, following: Line) -> bool:
    """Whether a client that keeps lines short broke a sentence between these two lines.

    It did if the line is full: if the word that follows would not have fitted any more.
    """
    word = following.raw.lstrip("> ").split(" ", 1)[0]
    length = len(line.raw.rstrip(" "))
    return bool(following.text) and length <= _WIDEST and length + len(word) >= _NARROWEST


def _line(raw: str, place: str) -> Line:
    text = clean(raw)
    quoted = _QUOTED.match(text)
    start = quoted.end() if quoted else 0
    return Line(text[start:], raw, text.count(">", 0, start), start, place)


def _places(raw: str) -> list[int]:
    """Where in `raw` each character of `clean(raw)` stands."""
    places: list[int] = []
    space: int | None = None
    unseen = {at for match in _UNSEEN.finditer(raw) for at in range(*match.span())}
    for at, char in enumerate(raw):
        if at in unseen:
            continue
        if char.isspace():
            space = at if space is None else space
            continue
        if space is not None and places:
            places.append(space)
        space = None
        places.append(at)
    return places
