"""What a mail's own headers say of it, and what tells one mail from another."""

import hashlib
import re
from email import policy
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.parser import BytesHeaderParser
from itertools import islice
from typing import NamedTuple

_LARGEST_HEAD = 64_000  # bytes; what comes after is nobody's subject
_LARGEST_HEADER = 4_000  # bytes of one
_MOST = 8  # headers that are looked at
_WANTED = ("message-id", "from", "date", "subject")
# Picked before anything is parsed, which happens in the bot's own process: thousands of headers
# would keep it from all else.
_PICKED = re.compile(
    rb"^(?:message-id|from|date|subject):[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE
)
_DIGITS = 32


class Heading(NamedTuple):
    """Who the mail says that it is from, and about what. Nothing of it is proved."""

    subject: str
    sender: str


def heading(raw: bytes) -> Heading:
    """Subject and sender of a raw mail, decoded; empty where there are none."""
    headers = _headers(raw)
    return Heading(subject=_decoded(headers["subject"]), sender=_decoded(headers["from"]))


def identity(raw: bytes) -> str:
    """The same for every delivery of one mail, in hexadecimal digits.

    It is made of Message-ID and body. The whole bytes would not do, because each hop adds headers;
    the Message-ID alone would not, because whoever knows one could hide another's mail behind it.
    """
    headers = _headers(raw)
    name = headers["message-id"] or "\n".join(headers.values())
    told = _parted(raw)[1].replace(b"\r\n", b"\n").strip()
    return hashlib.sha256(name.strip().encode() + b"\0" + told).hexdigest()[:_DIGITS]


def _headers(raw: bytes) -> dict[str, str]:
    head = _parted(raw[:_LARGEST_HEAD])[0].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    picked = (each[0][:_LARGEST_HEADER] for each in islice(_PICKED.finditer(head), _MOST))
    parsed = BytesHeaderParser(policy=policy.compat32).parsebytes(b"\n".join(picked) + b"\n\n")
    # As they were written: the library would put a mark in place of letters that are no ASCII.
    written = {name.lower(): value for name, value in reversed(list(parsed.raw_items()))}
    return {name: _unfolded(written.get(name)) for name in _WANTED}


def _parted(raw: bytes) -> tuple[bytes, bytes]:
    """Head and body, at the first empty line."""
    ends = [(at, len(end)) for end in (b"\n\n", b"\n\r\n") if (at := raw.find(end)) >= 0]
    if not ends:
        return raw, b""
    at, length = min(ends)
    return raw[:at], raw[at + length :]


def _unfolded(value: object) -> str:
    # Bytes that are no ASCII come as halves of characters.
    text = str(value or "").encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return " ".join(text.split())


def _decoded(value: str) -> str:
    try:
        return str(make_header(decode_header(value)))
    except (HeaderParseError, LookupError, ValueError):
        return value
