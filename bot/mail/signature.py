"""Whether a marketplace signed a mail (DKIM), told without the network.

`key_names` says which TXT records are needed, `judged` decides with what those hold. A signature
proves the sender only if it vouches for all that the reader went by: the From, the Subject, how the
body is to be taken apart, and the whole of the body. Whatever falls short of that without anybody
having tampered is told as not to be told; only a mail that contradicts its signature has failed.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from typing import TypeVar

import dkim
from dkim.util import InvalidTagValueList, parse_tag_value

from bot.domain.sender import Proof, Sender

LARGEST = 1_000_000  # bytes of a signed mail; the marketplaces' are around 20 kB
MOST = 5  # signatures that are looked at
_LARGEST_HEAD = 64_000  # bytes of headers: the library copies them once a folded line
_LARGEST_SIGNATURE, _LONGEST_FROM = 3_000, 1_000
_LONG_BLANK = re.compile(rb"[ \t]{200}")  # the library's patterns are quadratic in such a run
_WEAK_BITS = 1024
_DECIDING = (b"content-type", b"content-transfer-encoding", b"content-disposition")
_NAME = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_]([a-z0-9_-]{0,62})){0,12}"
)

_Result = TypeVar("_Result")
_CHANGED = "the mail was changed after it was signed, or is forged"

Keys = Mapping[str, tuple[bytes, ...]]
"""TXT records by name. One that is absent could not be looked up; one without any has none."""


@dataclass(frozen=True)
class Original:
    """A mail that is no forward.

    Attributes:
        raw: its bytes as they came.
        domains: of the marketplace that it is said to be from; none if that cannot be told.
    """

    raw: bytes
    domains: tuple[str, ...]


@dataclass(frozen=True)
class _Signature:
    """One DKIM-Signature header. `tags`: by name, without white space around them."""

    at: int
    tags: Mapping[bytes, bytes]

    @property
    def domain(self) -> str:
        return _host(self.tags.get(b"d", b""))

    @property
    def key_name(self) -> str:
        return f"{_host(self.tags.get(b's', b''))}._domainkey.{self.domain}"

    @property
    def covers(self) -> frozenset[bytes]:
        return frozenset(name.strip().lower() for name in self.tags.get(b"h", b"").split(b":"))


class _Told(Exception):  # noqa: N818 - an answer
    """The search for a proof has ended with `sender`."""

    def __init__(self, why: str, proof: Proof = Proof.UNTOLD) -> None:
        super().__init__(why)
        self.sender = Sender(proof=proof, why=why)


def key_names(original: Original) -> tuple[str, ...]:
    """The names whose TXT records `judged` needs: of the marketplace's own domains alone."""
    try:
        return tuple(one.key_name for one in _worth_checking(*_opened(original), original))
    except _Told:
        return ()


def judged(original: Original, keys: Keys, received_at: datetime) -> Sender:
    """Who wrote the mail. `received_at`: the moment that an expiry counts against."""
    try:
        mail, signatures = _opened(original)
        verdicts = [
            _verdict(mail, one, keys, received_at)
            for one in _worth_checking(mail, signatures, original)
        ]
    except _Told as told:
        return told.sender
    by_proof = {verdict.proof: verdict for verdict in reversed(verdicts)}
    return next(by_proof[proof] for proof in Proof if proof in by_proof)


def _opened(original: Original) -> tuple[dkim.DKIM, tuple[_Signature, ...]]:
    """The mail as the library sees it, if the reader saw the same, and its signatures."""
    raw = original.raw
    head = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0]
    if len(raw) > LARGEST or len(head) > _LARGEST_HEAD or _LONG_BLANK.search(raw):
        raise _Told("its signature was not checked, because the mail is too large or odd")
    mail = _guarded(lambda: dkim.DKIM(raw))
    seen = [_header(*each) for each in BytesHeaderParser().parsebytes(head).raw_items()]
    if re.search(rb"\r(?!\n)", head) or seen != [_line(*each) for each in mail.headers]:
        raise _Told("its headers are damaged, so its signature means nothing")
    return mail, _signatures(mail)


def _header(name: str, value: object) -> tuple[bytes, bytes]:
    """A header as the standard library sees it, which is what the reader goes by."""
    return _line(*(str(each).encode("ascii", "surrogateescape") for each in (name, value)))


def _line(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    return name, b" ".join(value.split())


def _signatures(mail: dkim.DKIM) -> tuple[_Signature, ...]:
    values = [value for name, value in mail.headers if name.lower() == b"dkim-signature"]
    return tuple(
        _Signature(at, tags)
        for at, value in enumerate(values[:MOST])
        if len(value) <= _LARGEST_SIGNATURE and (tags := _tags(value))
    )


def _tags(value: bytes) -> Mapping[bytes, bytes] | None:
    try:
        tags: Mapping[bytes, bytes] = parse_tag_value(value)
    except InvalidTagValueList:
        return None
    return tags


def _worth_checking(
    mail: dkim.DKIM, signatures: tuple[_Signature, ...], original: Original
) -> tuple[_Signature, ...]:
    """The marketplace's own signatures that cover all that they must."""
    if not signatures:
        raise _Told("the mail is not signed")
    names = [name.lower() for name, _ in mail.headers]
    if b"from" not in names or b"subject" not in names:
        raise _Told("the mail has no From or no Subject")
    if names.count(b"from") > 1 or names.count(b"subject") > 1:
        raise _Told("the mail has more than one From or Subject", Proof.FAILED)
    sender = _sender_domain(mail)
    if not _within(sender, original.domains):
        raise _Told("its From is no address of the marketplace")
    aligned = tuple(one for one in signatures if _aligned(one.domain, sender, original.domains))
    if not aligned:
        raise _Told(f"the mail is signed, but not by {_among(sender, original.domains)}")
    whole = tuple(one for one in aligned if not _gap(one, names))
    if not whole:
        raise _Told(_gap(aligned[0], names))
    return whole


def _sender_domain(mail: dkim.DKIM) -> str:
    value = next(value for name, value in mail.headers if name.lower() == b"from")
    written = value[:_LONGEST_FROM].decode("ascii", "replace")
    addresses = _guarded(lambda: getaddresses([written]))
    return _host(addresses[0][1].rpartition("@")[2].encode()) if len(addresses) == 1 else ""


def _host(name: bytes) -> str:
    text = name.decode("ascii", "replace").strip().rstrip(".").lower()
    return text if _NAME.fullmatch(text) else ""


def _within(host: str, domains: tuple[str, ...]) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def _among(host: str, domains: tuple[str, ...]) -> str:
    return next(domain for domain in domains if _within(host, (domain,)))


def _aligned(host: str, sender: str, domains: tuple[str, ...]) -> bool:
    """Relaxed, as DMARC has it: both under the same domain of the marketplace."""
    return _within(host, (_among(sender, domains),))


def _gap(signature: _Signature, names: list[bytes]) -> str:
    """What the signature leaves open for a stranger to write, as half a sentence; or nothing."""
    deciding = {name for name in _DECIDING if name in names}
    if b"l" in signature.tags:
        return "its signature covers a part of the mail only"
    if not {b"from", b"subject"} <= signature.covers:
        return "its signature does not cover the From and the Subject"
    if not deciding <= signature.covers or any(names.count(name) > 1 for name in deciding):
        return "its signature does not cover how the mail is to be read"
    if not _host(signature.tags.get(b"s", b"")):
        return "its signature is damaged"
    return ""


def _verdict(mail: dkim.DKIM, signature: _Signature, keys: Keys, received_at: datetime) -> Sender:
    try:
        _check_age(signature, received_at)
        record, tags = _record(keys.get(signature.key_name))
        _check_strength(signature, record)
        valid = _guarded(lambda: _holds(mail, signature, record))
    except _Told as told:
        return told.sender
    if valid:
        return Sender(proof=Proof.VERIFIED, why=f"signed by {signature.domain}")
    if b"y" in tags.get(b"t", b"").split(b":"):
        return Sender(why="its signature does not hold, but its domain only tries them out")
    return Sender(proof=Proof.FAILED, why=_CHANGED)


def _check_age(signature: _Signature, received_at: datetime) -> None:
    expires = signature.tags.get(b"x")
    if expires is None:
        return
    if not re.fullmatch(rb"[0-9]{1,12}", expires):
        raise _Told("its signature is damaged")
    if int(expires) < received_at.timestamp():
        raise _Told("its signature had expired when the mail arrived")


def _record(found: tuple[bytes, ...] | None) -> tuple[bytes, Mapping[bytes, bytes]]:
    """The record that holds the key, and its tags."""
    if found is None:
        raise _Told("the key to its signature could not be looked up")
    if not found:
        raise _Told("the key to its signature is not published, or not any more")
    read = ((record, _tags(record)) for record in found)
    keys = [(record, tags) for record, tags in read if tags and b"p" in tags]
    if len(keys) != 1:
        raise _Told("the key to its signature is damaged")
    if not keys[0][1][b"p"]:
        raise _Told("the key to its signature was withdrawn")
    return keys[0]


def _check_strength(signature: _Signature, record: bytes) -> None:
    if signature.tags.get(b"a") == b"rsa-sha1":
        raise _Told("it is made in a way that was broken long ago (SHA-1)", Proof.FAILED)
    _, bits, kind, for_reports = _guarded(lambda: dkim.evaluate_pk(signature.key_name, record))
    if for_reports:
        raise _Told("the key to its signature is not for mail")
    if kind == b"rsa" and bits < _WEAK_BITS:
        raise _Told(f"its key is too weak to prove anything ({bits} bits)", Proof.FAILED)


def _holds(mail: dkim.DKIM, signature: _Signature, record: bytes) -> bool:
    """Whether headers and body are those that were signed. The caller has looked at the rest."""
    headers = [each for each in mail.headers if each[0].lower() == b"dkim-signature"]
    tags = dict(signature.tags)
    # The library would hold an expiry against the clock of now.
    dkim.validate_signature_fields({name: tags[name] for name in tags if name != b"x"})
    covers = [name.strip().lower() for name in tags[b"h"].split(b":")]
    try:
        return bool(mail.verify_sig(tags, covers, headers[signature.at], lambda *_, **__: record))
    except dkim.ValidationError:  # the body's hash is another
        return False


def _guarded(check: Callable[[], _Result]) -> _Result:
    """Turn whatever the library raises on hostile input into an answer.

    It raises outside its contract (IndexError, ValueError, AssertionError), so no list of
    exceptions would do. Only the library runs inside.
    """
    try:
        return check()
    except Exception as error:
        raise _Told("its signature is damaged, or of a kind that is not checked") from error
