"""Bytes of a mail, its sender's and subject's words, its text and its HTML, and mails within it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message

from bot.mail.caps import DEFAULT, Limits, Opened, check_lines
from bot.mail.charset import decoded
from bot.mail.flowed import unflowed
from bot.mail.unreadable import Unreadable, parsing

_HEADER_LINE = re.compile(rb"[!-9;-~]{1,76}[ \t]*:")
_MAILS = ("message/rfc822", "message/global")
_CALENDARS = ("text/calendar", "application/ics")
_TELLING = (b"from:", b"subject:", b"mime-version:", b"content-type:", b"received:", b"message-id:")


@dataclass(frozen=True)
class Envelope:
    """One mail, opened. Sender and subject are as written and prove nothing.

    `raw`: the very bytes that all this was read from, as they came; empty where there are none.
    `calendars`: what is attached for a calendar, as iCalendar text.
    """

    sender: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""
    attached: tuple["Envelope", ...] = ()
    raw: bytes = field(default=b"", repr=False)
    calendars: tuple[str, ...] = ()


class _Sealed(Message):
    """A message whose attached mails the parser leaves unopened, so that their bytes stay whole.

    A mail that the library takes apart and writes out again may be folded anew, which breaks its
    signature.
    """

    def get_content_maintype(self) -> str:
        """What the parser asks before it goes into a part."""
        sealed = self.get_content_type() in _MAILS
        return "sealed" if sealed else super().get_content_maintype()


def looks_like_mime(raw: bytes) -> bool:
    """Whether the bytes begin with a mail's headers; pasted text saved as `.eml` does not."""
    start = raw[:65_536].lstrip(b"\xef\xbb\xbf\r\n")
    head = start.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n\n", 1)[0]
    lines = head.split(b"\n")
    if lines[0].startswith(b"From "):
        lines = lines[1:]
    whole = all(_HEADER_LINE.match(line) or line[:1] in b" \t" for line in lines)
    return whole and any(line.lower().startswith(_TELLING) for line in lines)


def open_mail(raw: bytes, limits: Limits = DEFAULT) -> Envelope:
    """Take a MIME mail apart.

    Raises:
        Unreadable: too many parts, too deep, or damaged beyond what a parser takes.
    """
    return _opened(raw, Opened(limits))


def _opened(raw: bytes, opened: Opened) -> Envelope:
    opened.add(raw)
    raw = raw.lstrip(b"\xef\xbb\xbf\r\n")
    with parsing("mail"):
        return _taken_apart(raw, message_from_bytes(_lines(raw), _class=_Sealed), opened)


def _lines(raw: bytes) -> bytes:
    """The mail with ends of lines that decoders know; where all are bare CRs, they lose words."""
    return raw if b"\n" in raw else raw.replace(b"\r", b"\n")


def _taken_apart(raw: bytes, message: "Message[str, str]", opened: Opened) -> Envelope:
    # A mail's own Content-Disposition is not heeded: it would be a stranger's word in a mail whose
    # sender signed the body and the type alone.
    texts: dict[str, list[str]] = {"text/plain": [], "text/html": []}
    attached, calendars = [], []
    for part in _leaves(message):
        kind = part.get_content_type()
        attached_as = "" if part is message else _file_name(part)
        if kind in _MAILS or attached_as.endswith(".eml"):
            attached.append(_opened(_bytes(part), opened))
        elif kind in _CALENDARS or attached_as.endswith(".ics"):
            calendars.append(decoded(_bytes(part), part.get_content_charset()))
        elif kind in texts and (part is message or not _is_attachment(part)):
            texts[kind].append(_text(part, opened.limits))
        elif kind == "text/plain" and attached_as.endswith(".txt") and not attached:
            # A mail that somebody saved as text.
            attached.append(Envelope(text=_text(part, opened.limits)))
    return Envelope(
        sender=_header(message, "From", opened.limits),
        subject=_header(message, "Subject", opened.limits),
        text="\n".join(texts["text/plain"]),
        html="\n".join(texts["text/html"]),
        attached=tuple(attached),
        raw=raw,
        calendars=tuple(calendars),
    )


def mails_in(envelope: Envelope, limits: Limits = DEFAULT) -> tuple[Envelope, ...]:
    """The mail and all that are attached to it, the innermost first.

    Raises:
        Unreadable: there are more than anyone forwards at a time.
    """
    mails = tuple(_inside_out(envelope))
    if len(mails) > limits.mails:
        raise Unreadable(f"It has too many mails attached: more than {limits.mails}.")
    return mails


def _inside_out(envelope: Envelope) -> Iterator[Envelope]:
    for inner in envelope.attached:
        yield from _inside_out(inner)
    yield envelope


def _leaves(message: "Message[str, str]") -> Iterator["Message[str, str]"]:
    """The parts that hold something, in order; an attached mail is one of them, unopened."""
    payload = message.get_payload()
    if not isinstance(payload, list):
        yield message
        return
    for part in payload:
        if isinstance(part, Message):
            yield from _leaves(part)


def _file_name(part: "Message[str, str]") -> str:
    return "" if part.is_multipart() else (part.get_filename() or "").lower()


def _is_attachment(part: "Message[str, str]") -> bool:
    return part.get_content_disposition() == "attachment"


def _bytes(part: "Message[str, str]") -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _text(part: "Message[str, str]", limits: Limits) -> str:
    text = decoded(_bytes(part), part.get_content_charset())
    flows = str(part.get_param("format", "")).lower() == "flowed"
    if part.get_content_type() != "text/plain" or not flows:
        return text
    check_lines([text], limits)  # here, because there are fewer once they are put together
    return unflowed(text, drop_space=str(part.get_param("delsp", "")).lower() == "yes")


def _header(message: "Message[str, str]", name: str, limits: Limits) -> str:
    """A header's words; raw eight-bit ones, against the rules but common, are taken as text."""
    written = next((v for key, v in message.raw_items() if key.lower() == name.lower()), "")
    if len(written) > limits.header:
        raise Unreadable("One of its headers is too long.")
    words = decoded(written.encode("utf-8", "surrogateescape"), None)
    try:
        chunks = decode_header(words)
    except HeaderParseError:
        return words
    return " ".join("".join(_chunk(*chunk) for chunk in chunks).split())


def _chunk(words: str | bytes, charset: str | None) -> str:
    return words if isinstance(words, str) else decoded(words, charset)
