"""The readings of a body: as it stands, and as it reads once its encodings are undone."""

import base64
import html
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

_NESTED = 3
_NO_CHANCE = 8
_PADDING = 2
_JSON_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|([nrtbf\"/]))")
_INLINE_TAG = re.compile(
    r"<!--.*?-->|</?(?:a|abbr|b|bdi|bdo|code|del|em|font|i|ins|mark|s|small|span|strong|sub|sup|"
    r"time|u|wbr)(?:\s[^<>]*)?/?>",
    re.IGNORECASE | re.DOTALL,
)
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/_-]{60,76}\r?\n)*[A-Za-z0-9+/_-]{6,}")
_PRINTABLE = re.compile(r"[\x20-\x7e\s]{3,}")
_PUNCTUATION = {"\u066b": ".", "\u066c": ",", "\u2019": "'", "\u00b7": "."}
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_TO_STANDARD_ALPHABET = str.maketrans("-_", "+/")


def readings(body: str, depth: int = 0) -> Iterator[str]:
    """`body` and what it says when read through entities, URL-encoding, tags and base64."""
    layers = [body]
    while len(layers) <= _NESTED and (decoded := _decoded(layers[-1])) != layers[-1]:
        layers.append(decoded)
    layers.append(_INLINE_TAG.sub("", layers[-1]))
    yield from dict.fromkeys(_plain(layer) for layer in layers)
    if depth < _NESTED:
        for said in _from_base64(layers):
            yield from readings(said, depth + 1)


def _plain(text: str) -> str:
    """One form for all digits and spaces; what has no width is gone."""
    if text.isascii():
        return text
    folded = unicodedata.normalize("NFKC", text)
    return _NOT_ASCII.sub(lambda found: _plain_character(found[0]), folded)


def _plain_character(character: str) -> str:
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if unicodedata.category(character) == "Cf":
        return ""
    return _PUNCTUATION.get(character, character)


def _decoded(text: str) -> str:
    text = _JSON_ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else " ", text)
    return html.unescape(unquote(text))


def _from_base64(layers: list[str]) -> Iterator[str]:
    """What base64 may hold, at each of the four ways a run of it can be aligned."""
    runs = dict.fromkeys(run for layer in layers for run in _BASE64.findall(layer))
    # Encoded digits always leave a capital; most words of prose have none.
    joined = [
        re.sub(r"\s", "", run).translate(_TO_STANDARD_ALPHABET) for run in runs if not run.islower()
    ]
    for skipped in range(4):
        found = (_base64_text(run[skipped:]) for run in joined)
        if said := "\n".join(text for text in found if text):
            yield said


def _base64_text(run: str) -> str:
    """The text in a decoded run; a short scrap amid other bytes is chance, not text."""
    decoded = base64.b64decode(run + "A" * (-len(run) % 4)).decode("latin-1")
    whole = len(decoded) - _PADDING
    scraps = _PRINTABLE.findall(decoded)
    return "\n".join(scrap for scrap in scraps if len(scrap) >= min(whole, _NO_CHANCE))
