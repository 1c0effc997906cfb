"""Bytes of a mail, its sender's and subject's words, its text and its HTML, and mails within it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message

from bot.mail.caps import DEFAULT, Limits, check_structure
from bot.mail.charset import decoded
from bot.mail.unreadable import Unreadable, parsing

_HEADER_LINE = re.compile(rb"[!-9;-~]{1,76}[ \t]*:")
_TELLING = (b"from:", b"subject:", b"mime-version:", b"content-type:", b"received:", b"message-id:")


@dataclass(frozen=True)
class Envelope:
    """One mail, opened. Sender and subject are as written and prove nothing."""

    sender: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""
    attached: tuple["Envelope", ...] = ()


def looks_like_mime(raw: bytes) -> bool:
    """Whether the bytes begin with a mail's headers; pasted text saved as `.eml` does not."""
    head = raw[:65_536].lstrip(b"\xef\xbb\xbf\r\n").replace(b"\r\n", b"\n").split(b"\n\n", 1)[0]
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
    check_structure(raw, limits)
    with parsing("mail"):
        return _opened(message_from_bytes(raw.lstrip(b"\xef\xbb\xbf\r\n")), limits)


def _opened(message: "Message[str, str]", limits: Limits) -> Envelope:
    texts: dict[str, list[str]] = {"text/plain": [], "text/html": []}
    attached = []
    for part in _leaves(message):
        kind = part.get_content_type()
        if kind == "message/rfc822":
            attached += [_opened(inner, limits) for inner in _messages(part)]
        elif _is_mail_file(part):
            attached.append(open_mail(_bytes(part), limits))
        elif kind in texts and part.get_content_disposition() != "attachment":
            texts[kind].append(decoded(_bytes(part), part.get_content_charset()))
    return Envelope(
        sender=_header(message, "From", limits),
        subject=_header(message, "Subject", limits),
        text="\n".join(texts["text/plain"]),
        html="\n".join(texts["text/html"]),
        attached=tuple(attached),
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
    if message.get_content_type() == "message/rfc822" or not isinstance(payload, list):
        yield message
        return
    for part in payload:
        if isinstance(part, Message):
            yield from _leaves(part)


def _messages(part: "Message[str, str]") -> Iterator["Message[str, str]"]:
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (inner for inner in payload if isinstance(inner, Message))


def _is_mail_file(part: "Message[str, str]") -> bool:
    return (part.get_filename() or "").lower().endswith(".eml") and not part.is_multipart()


def _bytes(part: "Message[str, str]") -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


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
