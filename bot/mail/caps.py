"""What is refused before anything is parsed: a scan of the bytes, linear in their number."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.mail.unreadable import Unreadable

_TELLS_HOW_TO_PARSE = re.compile(
    rb"^content-([a-z-]{1,40})[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE
)
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
        parts: MIME parts.
        depth: declared content types, of which a nested part needs one a level.
        header: bytes of a header that tells how to parse, characters of one that is read.
        data: characters of all structured data in a mail, such as calendars.
        pieces: of it; beyond these or that none is looked at.
        values: in a piece of it, counted as often as they are referred to.
        nesting: of its values in one another.
    """

    mails: int = 10
    size: int = 5_000_000
    html: int = 1_000_000
    tags: int = 12_000
    lines: int = 2_500
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
        Unreadable: they have too many lines.
    """
    if sum(max(text.count("\n"), text.count("\r")) for text in texts) > limits.lines:
        raise Unreadable(f"It is too long: more than {limits.lines} lines.")


def check_structure(raw: bytes, limits: Limits) -> None:
    """Refuse a MIME structure that would cost too much to parse.

    Raises:
        Unreadable: too many parts, too deeply nested, or a content type of absurd length.
    """
    lines = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    headers = list(_TELLS_HOW_TO_PARSE.finditer(lines))
    types = sum(1 for header in headers if header[1].lower() == b"type")
    if b"boundary" in lines.lower() and _more_than(limits.parts, _DELIMITER, lines):
        raise Unreadable(f"It has too many parts: more than {limits.parts}.")
    if types > limits.depth:
        raise Unreadable(f"Its parts are nested too deep: {types} content types.")
    if any(header.end() - header.start() > limits.header for header in headers):
        raise Unreadable("One of its headers is too long.")


def _more_than(limit: int, pattern: re.Pattern[bytes], text: bytes) -> bool:
    return any(count > limit for count, _ in enumerate(pattern.finditer(text), start=1))
