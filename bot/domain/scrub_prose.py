"""Amounts taken out of prose: what has a currency, and what stands beside a word of money."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bot.domain.money_search import find_amounts
from bot.domain.money_words import (
    CURRENCY_SIGN,
    CURRENCY_WORD,
    NO_AMOUNT_AFTER,
    may_speak_of_money,
    speaks_of_money,
)
from bot.domain.spoken_numbers import spoken_numbers

MARK = "[removed]"

_DIGITS = r"[0-9]+(?:[.,' ][0-9]{3})*(?:[.,][0-9]+)?"
_AMOUNT = rf"(?<![0-9:/-])(?<![0-9][.,]){_DIGITS}(?:\s?%|[km]\b)?(?![0-9])"
_SIGNED = re.compile(
    rf"-?(?:{CURRENCY_SIGN}|\b{CURRENCY_WORD}\b)\s?-?{_DIGITS}[km]?"
    rf"(?:\s?{CURRENCY_WORD}\b)?|-?{_DIGITS}[km]?\s?(?:{CURRENCY_SIGN}|{CURRENCY_WORD}\b)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z][A-Za-z_-]*")
_NOT_GAP = r"[^0-9.,;\n\[\]]"
_AFTER_STRONG = re.compile(
    rf"{_NOT_GAP}{{0,24}}?(?<![0-9A-Za-z]){_AMOUNT}{NO_AMOUNT_AFTER}", re.IGNORECASE
)
_AFTER_WEAK = re.compile(
    rf"[\"'\s:=(-]{{0,6}}(?:(?:of|is|was|are)\s)?{_AMOUNT}{NO_AMOUNT_AFTER}", re.IGNORECASE
)
_BEFORE = re.compile(rf"{_AMOUNT}(?=\s(?:[A-Za-z]+\s)?\Z)", re.IGNORECASE)
_NUMBER = re.compile(_AMOUNT, re.IGNORECASE)
_COUNTED = re.compile(NO_AMOUNT_AFTER, re.IGNORECASE)
_CURRENCY_NEXT = re.compile(rf"\s{CURRENCY_WORD}\b", re.IGNORECASE)
_WINDOW = 48


@dataclass(frozen=True)
class _Find:
    start: int
    end: int
    why: str


def scrub_prose(text: str, amounts: tuple[Decimal, ...] = ()) -> tuple[str, tuple[str, ...]]:
    """`text` with each amount replaced by a mark, and where each stood; never an amount.

    `amounts` are taken out wherever they stand, with or without a word of money. One pass: what
    comes to stand beside a word of money by it is for the next.
    """
    found = _apart(sorted(_finds(text, amounts), key=lambda find: (find.start, -find.end)))
    for find in reversed(found):
        text = text[: find.start] + MARK + text[find.end :]
    return text, tuple(find.why for find in found)


def _finds(text: str, amounts: tuple[Decimal, ...]) -> Iterator[_Find]:
    yield from (
        _Find(*found.span(), "an amount with a currency") for found in _SIGNED.finditer(text)
    )
    yield from (_Find(*span, "one of the charter's amounts") for span in _known(text, amounts))
    for word in _WORD.finditer(text):
        strong = speaks_of_money(word[0])
        if strong or may_speak_of_money(word[0]):
            yield from _beside(text, word, _AFTER_STRONG if strong else _AFTER_WEAK)
    for spoken in spoken_numbers(text):
        if _CURRENCY_NEXT.match(text, spoken.end):
            yield _Find(spoken.start, spoken.end, "an amount in words")


def _known(text: str, amounts: tuple[Decimal, ...]) -> Iterator[tuple[int, int]]:
    return find_amounts(text, amounts) if amounts else iter(())


def _beside(text: str, word: re.Match[str], after: re.Pattern[str]) -> Iterator[_Find]:
    if found := after.match(text, word.end()):
        number = _last_number(text, word.end(), found.end())
        yield _Find(*number, f"an amount after '{word[0]}'")
    for spoken in spoken_numbers(text[word.end() : word.end() + _WINDOW]):
        gap = text[word.end() : word.end() + spoken.start]
        end = word.end() + spoken.end
        if re.fullmatch(r"[\s:=-]{1,3}(?:(?:of|is|was)\s)?", gap) and _COUNTED.match(text, end):
            yield _Find(word.end() + spoken.start, end, f"an amount after '{word[0]}'")
    since = max(0, word.start() - _WINDOW)
    if found := _BEFORE.search(text[since : word.start()]):
        end = since + found.end()
        if _COUNTED.match(text, end):
            yield _Find(since + found.start(), end, f"an amount before '{word[0]}'")


def _last_number(text: str, start: int, end: int) -> tuple[int, int]:
    *_, last = _NUMBER.finditer(text, start, end)
    return last.span()


def _apart(finds: list[_Find]) -> list[_Find]:
    """The finds without those that overlap an earlier or longer one."""
    kept: list[_Find] = []
    for find in finds:
        if not kept or find.start >= kept[-1].end:
            kept.append(find)
    return kept
