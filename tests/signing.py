"""Marketplaces that sign their mail, with keys made for the occasion."""

import base64
from dataclasses import dataclass, field
from functools import cache

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

DOMAIN = "mail.boatsetter.com"
SELECTOR = "s1"
COVERED = (b"from", b"subject", b"mime-version", b"content-type", b"content-transfer-encoding")

BODY = """\
You received an Instant Booking for May 30, 2026 \N{BULLET} 10:00 AM.
Get ready to earn $840.75. Instant Book means that this trip is automatically approved.

Booking ID: xhqgmdh
Sail San Diego Bay aboard JADA
Renter: Zo\N{LATIN SMALL LETTER E WITH DIAERESIS}
Start
May 30, 2026 \N{BULLET} 10:00 AM
End
May 30, 2026 \N{BULLET} 1:00 PM
Passengers
4
"""
HEAD = """\
From: Boatsetter <boatsetter@mail.boatsetter.com>
Subject: You have a new Instant Booking for May 30, 2026,
\tat ten
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit
"""
INSTANT = f"{HEAD}\n{BODY}".encode()


@cache
def _key(name: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 1024 if name == "short" else 2048)


@dataclass(frozen=True)
class Signer:
    """Who signs, and how. `covered`: the headers; `tags`: more of them, such as x."""

    domain: str = DOMAIN
    selector: str = SELECTOR
    key: str = "key"
    covered: tuple[bytes, ...] = COVERED
    algorithm: bytes = b"rsa-sha256"
    canonical: tuple[bytes, bytes] = (b"relaxed", b"relaxed")
    length: bool = False
    tags: dict[bytes, bytes] = field(default_factory=dict)

    @property
    def key_name(self) -> str:
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def record(self) -> bytes:
        """What the domain publishes."""
        der = (
            _key(self.key)
            .public_key()
            .public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
            )
        )
        return b"v=DKIM1; k=rsa; p=" + base64.b64encode(der)

    def signed(self, raw: bytes) -> bytes:
        """The mail with its signature on top."""
        signing = _Tagging(raw, signature_algorithm=self.algorithm)
        signing.more = list(self.tags.items())
        here = {name.lower() for name, _ in signing.headers}
        header = signing.sign(
            self.selector.encode(),
            self.domain.encode(),
            _key(self.key).private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.TraditionalOpenSSL,
                serialization.NoEncryption(),
            ),
            canonicalize=self.canonical,
            include_headers=[name for name in self.covered if name in here],
            length=self.length,
        )
        ending = b"\r\n" if b"\r\n" in raw else b"\n"
        return header.replace(b"\r\n", ending) + raw


class _Tagging(dkim.DKIM):
    """The library cannot write every tag that it reads."""

    more: list[tuple[bytes, bytes]]

    def gen_header(self, fields, *rest, **named):
        return super().gen_header([*fields[:-2], *self.more, *fields[-2:]], *rest, **named)
