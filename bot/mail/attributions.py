"""What a client writes above a quotation where it writes no headers: `On …, "X" wrote:`."""

import re
from typing import NamedTuple

from bot.mail.document import Line
from bot.mail.header_names import OPENS_ATTRIBUTION, WROTE

_WROTE = re.compile(rf"(?<!\w)(?:{WROTE})(?!\w)")
_ATTRIBUTION = re.compile(rf"(?:{OPENS_ATTRIBUTION}) ")
_WHEN = re.compile(r"\d[\d:.]*(?: ?[AP]\.?M\.?)?(?: Uhr)?,? ")
_ADDRESS = re.compile(r"<[^<>@ ]{1,64}@[^<>@ ]{1,200}>|\[mailto:[^\[\] ]{1,300}\]")
_DIGIT = re.compile(r"\d")
_LONGEST = 400  # characters


class Attribution(NamedTuple):
    """The line after it, and who wrote what follows."""

    end: int
    writer: str


def attribution(lines: tuple[Line, ...], at: int) -> Attribution | None:
    """`On …, "X" wrote:`, on one line or wrapped over three, in any language."""
    for end in range(at + 1, min(at + 4, len(lines) + 1)):
        last = lines[end - 1].text
        if not last or (end > at + 1 and _ATTRIBUTION.match(last)):
            return None  # it has no blank line, and begins where it says so
        if last.endswith((":", "\uff1a")):
            return _attributed(" ".join(line.text for line in lines[at:end]), end)
    return None


def _attributed(words: str, end: int) -> Attribution | None:
    verb = _WROTE.search(words[:_LONGEST])
    known = _ATTRIBUTION.match(words) or _ADDRESS.search(words)
    if len(words) > _LONGEST or not (verb and known and _DIGIT.search(words)):
        return None
    tail = words[verb.end() : -1].strip()
    before = words[: verb.start()].strip()
    return Attribution(end, _writer(tail if _names_somebody(tail) else before))


def _names_somebody(tail: str) -> bool:
    """Whether the writer comes after the verb, as in German, and not the date."""
    return bool(tail) and (bool(_ADDRESS.search(tail)) or not _DIGIT.search(tail))


def _writer(words: str) -> str:
    """Who wrote: what follows the date, the hour, or the first quotation mark."""
    if '"' in words:
        return words[words.index('"') :]
    at = max((match.end() for match in _WHEN.finditer(words)), default=0)
    return words[at:].strip(" ,«»") or words
