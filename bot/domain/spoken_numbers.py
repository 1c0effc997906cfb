"""Numbers written as English words: "eight hundred and forty", "twelve hundred"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_VALUES = {word: value for value, word in enumerate(_SMALL.split())} | {
    word: 10 * value for value, word in enumerate(_TENS.split(), start=2)
}
_SCALES = {"hundred": 100, "thousand": 1000}
_NUMBER_WORDS = _VALUES.keys() | _SCALES.keys()
_WORD = re.compile(r"[A-Za-z]+")
_JOINT = re.compile(r"\s*-\s*|\s*,?\s+(?:and\s+)?", re.IGNORECASE)


@dataclass(frozen=True)
class SpokenNumber:
    """A number in words. `exact`: long enough (three words) to be no chance hit."""

    value: int
    start: int
    end: int
    exact: bool


def spoken_numbers(text: str) -> Iterator[SpokenNumber]:
    """Every number in words, in reading order; "ten thirty" is two of them."""
    if _NUMBER_WORDS.isdisjoint(_WORD.findall(text.lower())):
        return  # nearly every text; the loop below is slow for a whole page
    run: list[re.Match[str]] = []
    for word in _WORD.finditer(text):
        if word[0].lower() not in _NUMBER_WORDS:
            continue
        if run and not (_joined(text, run[-1], word) and _extends(run, word)):
            yield _read(run)
            run = []
        run.append(word)
    if run:
        yield _read(run)


def _joined(text: str, last: re.Match[str], word: re.Match[str]) -> bool:
    return _JOINT.fullmatch(text, last.end(), word.start()) is not None


def _extends(run: list[re.Match[str]], word: re.Match[str]) -> bool:
    added = word[0].lower()
    if added in _SCALES:
        return True
    rest = _read(run).value % 100
    value = _VALUES[added]
    return rest == 0 or (rest >= 20 and rest % 10 == 0 and 0 < value < 10)  # noqa: PLR2004 - decimal digits


def _read(run: list[re.Match[str]]) -> SpokenNumber:
    total = current = 0
    for word in (match[0].lower() for match in run):
        if word == "hundred":
            current = max(current, 1) * 100
        elif word == "thousand":
            total, current = total + max(current, 1) * 1000, 0
        else:
            current += _VALUES[word]
    exact = len(run) >= 3 and total + current >= 100  # noqa: PLR2004 - see SpokenNumber
    return SpokenNumber(total + current, run[0].start(), run[-1].end(), exact)
