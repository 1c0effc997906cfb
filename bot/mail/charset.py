"""Bytes to text, in the charset they claim if that is a real one, else in the likeliest."""

import codecs
import re

# Python also calls codecs what no mail is written in, some of them quadratic (punycode, idna).
_OF_MAIL = re.compile(
    r"(utf-(8|16|32)|utf-8-sig|ascii|iso8859|iso2022|cp\d|koi8|gb|big5|shift_jis|euc|mac|hz|tis)"
)
_WEB_NAMES = {"iso8859-1": "cp1252", "ascii": "utf-8"}  # what is meant, as every browser knows
# A byte a character: in these, what is UTF-8 throughout is no text, so they are not what was meant.
_SINGLE = re.compile(r"(iso8859|cp(125|437|850|866)|koi8|mac|tis)")
_HALVES = re.compile(r"[\ud800-\udfff]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")


def decoded(raw: bytes, claimed: str | None) -> str:
    """The text of `raw`; bytes that no charset explains become replacement characters."""
    known = _known(claimed)
    likelier = "utf-8" if known and _SINGLE.match(known) else _without_mark(raw, known)
    for name in filter(None, (_byte_order_mark(raw), likelier, known, "utf-8", "cp1252")):
        try:
            return raw.decode(name).removeprefix("\ufeff")
        except UnicodeError:
            continue
    return raw.decode("cp1252", "replace")


def paired(text: str) -> str:
    """Text out of JSON, whose escapes may be of half a character, which nothing can encode."""
    if not _HALVES.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def is_text(text: str) -> bool:
    """Whether it can be read by a person: a few stray control characters at most."""
    strange = sum(1 for _ in _CONTROLS.finditer(text))
    return strange * 50 <= len(text)


def _byte_order_mark(raw: bytes) -> str | None:
    return "utf-16" if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else None


def _without_mark(raw: bytes, known: str | None) -> str | None:
    """UTF-16 that does not say which byte comes first: in Latin letters, the zeros are in front."""
    if known != "utf-16":
        return None
    return "utf-16-be" if raw[0::2].count(0) > raw[1::2].count(0) else "utf-16-le"


def _known(claimed: str | None) -> str | None:
    try:
        name = codecs.lookup(claimed or "").name
    except (LookupError, ValueError):
        return None
    return _WEB_NAMES.get(name, name) if _OF_MAIL.match(name) else None
