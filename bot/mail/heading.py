"""What a mail's own headers say of it, and what tells one mail from another."""

import hashlib
import re
from email import policy
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.parser import BytesHeaderParser
from typing import NamedTuple

_LARGEST_HEAD = 64_000  # bytes; what comes after is nobody's subject
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
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
    headers, body = _headers(raw), _END_OF_HEAD.split(raw, 1)[1:]
    name = headers["message-id"] or "\n".join(headers.values())
    told = b"".join(body).replace(b"\r\n", b"\n").strip()
    return hashlib.sha256(name.strip().encode() + b"\0" + told).hexdigest()[:_DIGITS]


def _headers(raw: bytes) -> dict[str, str]:
    head = _END_OF_HEAD.split(raw[:_LARGEST_HEAD], 1)[0]
    parsed = BytesHeaderParser(policy=policy.compat32).parsebytes(head + b"\n\n")
    wanted = ("message-id", "from", "date", "subject")
    return {name: _unfolded(parsed.get(name)) for name in wanted}


def _unfolded(value: object) -> str:
    # Bytes that are no ASCII come as halves of characters, or as a header of their own kind.
    text = str(value or "").encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return " ".join(text.split())


def _decoded(value: str) -> str:
    try:
        return str(make_header(decode_header(value)))
    except (HeaderParseError, LookupError, ValueError):
        return value
