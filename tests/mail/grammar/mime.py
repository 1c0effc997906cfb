"""Mails as bytes, written by hand: encodings and charsets that a well-behaved library refuses."""

import base64
import binascii
import quopri
from collections.abc import Callable
from dataclasses import dataclass

from grammar.forwards import Mail

Encode = Callable[[bytes], bytes]
_HEADER = "Date: Wed, 05 Aug 2026 09:30:00 -0700\nMessage-ID: <20260805.1@example.com>\n"
WORD = 45  # bytes in an encoded word


@dataclass(frozen=True)
class Coding:
    """How a text becomes bytes.

    Attributes:
        charset: that it is in.
        claimed: that it says it is in, or None to say nothing.
        transfer: quoted-printable, base64, 8bit or 7bit.
        flowed: whether it says that its lines flow.
        newline: between lines.
        subject: `b`, `q`, `raw`, or `cut`: folded in the middle of a character.
    """

    charset: str = "utf-8"
    claimed: str | None = "utf-8"
    transfer: str = "quoted-printable"
    flowed: bool = False
    newline: str = "\n"
    subject: str = "b"


def text_mail(mail: Mail, coding: Coding) -> bytes:
    """Text alone."""
    return _mail(mail, coding, _part(mail.text, "plain", coding))


def html_mail(mail: Mail, coding: Coding, page: str) -> bytes:
    """HTML alone."""
    return _mail(mail, coding, _part(page, "html", coding))


def both_mail(mail: Mail, coding: Coding, page: str) -> bytes:
    """Text and HTML."""
    parts = (_part(mail.text, "plain", coding), _part(page, "html", coding))
    return _mail(mail, coding, _multipart("alternative", parts, "=_both_="))


def attached_mail(outer: Mail, inner: bytes, coding: Coding, *, as_file: bool = False) -> bytes:
    """A mail that carries another whole, opened or as a file."""
    if as_file:
        kind = 'application/octet-stream; name="booking.eml"'
        body = base64.encodebytes(inner)
        head = (
            f"Content-Type: {kind}\nContent-Transfer-Encoding: base64\n"
            'Content-Disposition: attachment; filename="booking.eml"\n\n'
        )
        held = head.encode() + body
    else:
        held = b"Content-Type: message/rfc822\nContent-Disposition: attachment\n\n" + inner
    parts = (_part(outer.text, "plain", coding), held)
    return _mail(outer, coding, _multipart("mixed", parts, "=_outer_="))


def _mail(mail: Mail, coding: Coding, body: bytes) -> bytes:
    head = (
        f"From: {mail.sender}\nTo: {mail.to}\n{_HEADER}Subject: {_subject(mail.subject, coding)}\n"
        "MIME-Version: 1.0\n"
    ).encode()
    newline = coding.newline.encode()
    return (head + body).replace(b"\r\n", b"\n").replace(b"\n", newline)


def _part(text: str, kind: str, coding: Coding) -> bytes:
    raw = text.encode(coding.charset, "xmlcharrefreplace" if kind == "html" else "strict")
    claim = f'; charset="{coding.claimed}"' if coding.claimed else ""
    flow = "; format=flowed" if coding.flowed and kind == "plain" else ""
    head = (
        f"Content-Type: text/{kind}{claim}{flow}\nContent-Transfer-Encoding: {coding.transfer}\n\n"
    )
    return head.encode() + _ENCODE[coding.transfer](raw) + b"\n"


def _multipart(kind: str, parts: tuple[bytes, ...], boundary: str) -> bytes:
    inner = b"".join(f"--{boundary}\n".encode() + part + b"\n" for part in parts)
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\n\n'
    return head.encode() + inner + f"--{boundary}--\n".encode()


_ENCODE: dict[str, Encode] = {
    "quoted-printable": quopri.encodestring,
    "base64": base64.encodebytes,
    "8bit": bytes,
    "7bit": bytes,
}


def _subject(subject: str, coding: Coding) -> str:
    if subject.isascii() or coding.subject == "raw":
        return subject
    raw = subject.encode()
    size = WORD if coding.subject == "cut" else WORD - 10
    words = (raw[at : at + size] for at in range(0, len(raw), size))
    if coding.subject == "q":
        return "\n ".join(f"=?utf-8?q?{_q(word)}?=" for word in words)
    return "\n ".join(
        f"=?UTF-8?B?{binascii.b2a_base64(word, newline=False).decode()}?=" for word in words
    )


def _q(word: bytes) -> str:
    return "".join(
        chr(byte) if chr(byte).isalnum() and byte < 128 else f"={byte:02X}" for byte in word
    )
