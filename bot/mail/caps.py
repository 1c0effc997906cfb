"""What is refused before anything is parsed: a scan of the bytes, linear in their number."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from bot.mail.unreadable import Unreadable

_TELLS_HOW_TO_PARSE = re.compile(
    rb"^content-([a-z-]{1,40})[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE
)
_HOLDS_OTHERS = re.compile(rb"^content-type\b(?s:.*?)(?:multipart|message)", re.IGNORECASE)
_COLONS_OF_A_LINE = 2  # a line of ordinary words has no more
_DELIMITER = re.compile(rb"^--", re.MULTILINE)


@dataclass(frozen=True)
class Limits:
    """How much a mail may hold.

    Attributes:
        mails: attached to one another, the outermost included.
        size: bytes of the whole mail.
        html: characters of HTML in all; beyond it the text alternatives are read alone.
        tags: angle brackets in it, for a tag costs more than a letter.
        lines: of all texts and pages together; a mail that goes on longer is refused, lest what
            contradicts it stand where nobody looks.
        characters: of the same.
        run_on: lines of a text that may be another mail's headers.
        quoted: mails that a text quotes, its own words included.
        parts: MIME parts, of all attached mails together.
        depth: parts that hold others, of which a nested part needs one a level.
        header: bytes of a header that tells how to parse, characters of one that is read.
        data: characters of all structured data in a mail, such as calendars.
        pieces: of it; beyond these or that none is looked at.
        values: in a piece of it, counted as often as they are referred to.
        nesting: of its values in one another.
    """

    mails: int = 10
    size: int = 5_000_000
    html: int = 1_000_000
    tags: int = 6_000
    lines: int = 2_500
    characters: int = 300_000
    run_on: int = 500
    quoted: int = 100
    parts: int = 500
    depth: int = 100
    header: int = 4_000
    data: int = 30_000
    pieces: int = 8
    values: int = 2_000
    nesting: int = 16


DEFAULT = Limits()


def check_size(raw: bytes, limits: Limits) -> None:
    """Refuse what is empty or too large.

    Raises:
        Unreadable: it is.
    """
    if len(raw) > limits.size:
        raise Unreadable(f"It is too large: more than {limits.size // 1_000_000} MB.")
    if not raw.strip(b" \t\r\n\0"):
        raise Unreadable("It is empty.")


def check_lines(texts: Iterable[str], limits: Limits) -> None:
    """Refuse texts so long that nobody writes them about a booking.

    Raises:
        Unreadable: they have too many lines or characters.
    """
    texts = tuple(texts)
    if sum(map(len, texts)) > limits.characters:
        raise Unreadable(f"It is too long: more than {limits.characters} characters.")
    if sum(max(text.count("\n"), text.count("\r")) for text in texts) > limits.lines:
        raise Unreadable(f"It is too long: more than {limits.lines} lines.")


def check_headers(lines: Iterable[str], limits: Limits) -> None:
    """Refuse texts with so many lines that may each be another mail's headers run on.

    Raises:
        Unreadable: they have too many.
    """
    if sum(line.count(":") > _COLONS_OF_A_LINE for line in lines) > limits.run_on:
        raise Unreadable("Too many of its lines may be headers of other mails.")


def check_quoted(mails: int, limits: Limits) -> None:
    """Refuse a text that quotes more mails than anyone does, each of which is read.

    Raises:
        Unreadable: it does.
    """
    if mails > limits.quoted:
        raise Unreadable(f"It quotes too many mails: more than {limits.quoted}.")


class Opened:
    """What was opened so far of a mail and all that are attached to it, each of which costs."""

    def __init__(self, limits: Limits) -> None:
        """Begin with nothing."""
        self.limits = limits
        self._mails = 0
        self._parts = 0

    def add(self, raw: bytes) -> None:
        """Count one more mail, before it is parsed.

        Raises:
            Unreadable: too many mails or parts in all, parts that are nested too deep, or a content
                type of absurd length.
        """
        self._mails += 1
        if self._mails > self.limits.mails:
            raise Unreadable(f"It has too many mails attached: more than {self.limits.mails}.")
        self._parts += _parts_of(raw, self.limits)
        if self._parts > self.limits.parts:
            raise Unreadable(f"It has too many parts: more than {self.limits.parts}.")


def _parts_of(raw: bytes, limits: Limits) -> int:
    """How many parts a mail may have, if its structure does not cost too much to parse."""
    lines = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    headers = list(_TELLS_HOW_TO_PARSE.finditer(lines))
    holders = sum(1 for header in headers if _HOLDS_OTHERS.search(header[0]))
    parts = _counted(_DELIMITER, lines, limits.parts) if b"boundary" in lines.lower() else 0
    if parts <= limits.parts and holders > limits.depth:
        raise Unreadable(
            f"Its parts may be nested too deep: more than {limits.depth} of them hold others."
        )
    if any(header.end() - header.start() > limits.header for header in headers):
        raise Unreadable("One of its headers is too long.")
    return parts


def _counted(pattern: re.Pattern[bytes], text: bytes, most: int) -> int:
    """How often a pattern is found; of more than `most`, that it is more."""
    return sum(1 for _ in islice(pattern.finditer(text), most + 1))
