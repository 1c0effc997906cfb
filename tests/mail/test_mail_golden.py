"""Every mail under tests/mails/<marketplace>/ reads as the JSON beside it says.

A case is two files: `<case>.eml` and `<case>.json` with `kind` and `booking`, and where they matter
`unsure` (names, in reading order; none if absent) and `about`.
"""

import json
import re
from functools import cache
from html import unescape
from pathlib import Path

import pytest

from bot.domain.boat import Boat
from bot.domain.booking import Reading
from bot.mail.document import clean
from bot.mail.envelope import Envelope, looks_like_mime, mails_in, open_mail
from bot.mail.markup import seen_text
from bot.mail.reader import read_bytes

CASES = sorted((Path(__file__).parent.parent / "mails").glob("*/*.eml"))


@cache
def read_once(path: Path, boats: tuple[Boat, ...]) -> Reading:
    return read_bytes(path.read_bytes(), name=path.name, boats=boats)


def texts_of(path: Path) -> list[str]:
    raw = path.read_bytes()
    if not looks_like_mime(raw):
        return [raw.decode()]
    return [
        text
        for mail in mails_in(open_mail(raw))
        for text in (mail.subject, mail.text, seen_text(mail.html), *data_of(mail))
    ]


def data_of(mail: Envelope) -> tuple[str, ...]:
    """What it says for machines, without the escapes of the notation."""
    calendars = (re.sub(r"\r?\n[ \t]", "", calendar) for calendar in mail.calendars)
    unescaped = (re.sub(r"\\([,;n])", lambda m: m[1].replace("n", "\n"), c) for c in calendars)
    script = re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), unescape(mail.html))
    return (re.sub(r"</?[a-z][^>]*>", "", script), unescape(mail.html), *unescaped)


def in_pieces(words: str, texts: list[str]) -> bool:
    """Whether the words stand there, broken differently; an address may come line by line."""
    whole = any(unwrapped(words) in unwrapped(text) for text in texts)
    lines = words.splitlines()
    return whole or any(all(line in text for line in lines) for text in texts)


def unwrapped(text: str) -> str:
    """Without the quotation marks and line breaks among which words may stand."""
    return " ".join(re.sub(r"(?m)^[> ]+", "", text).split())


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_mail_reads_as_the_file_beside_it_says(path, boats):
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))

    reading = read_once(path, boats)

    said = reading.as_json()
    assert said["kind"] == expected["kind"]
    assert said["booking"] == expected["booking"]
    assert said["unsure"] == expected.get("unsure", [])
    assert said["missing"] == expected.get("missing", [])
    assert reading.about == expected.get("about", reading.about)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_field_quotes_words_that_are_in_the_mail(path, boats):
    reading = read_once(path, boats)

    texts = texts_of(path)
    for name, field in reading.fields.items():
        words = field.words or ""
        exact = any(words in text for text in texts)
        assert words, name
        assert exact or in_pieces(words, texts), name
        assert clean(words), name


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_doubt_is_a_sentence_and_every_booking_value_is_a_field(path, boats):
    reading = read_once(path, boats)

    for field in reading.fields.values():
        assert field.sure == (field.why is None)
        assert field.why is None or field.why.endswith(".")
    for name, value in reading.booking:
        assert value == (reading.fields[name].value if name in reading.fields else None)
