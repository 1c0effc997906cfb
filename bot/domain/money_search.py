"""Does a text hold one of these amounts, however it is written?

The rule, for an amount of 1,234.50:

- with its cents it counts anywhere: 1234.50, 1,234.50, 1.234,50, spaced out, or 123450 in cents;
- without them it counts beside a currency (`$1,234`, 1235 dollars) or after a word of money
  (`"payout": 1234`), rounded or cut; a whole amount also when its thousands are set off (1,234);
- in words it counts from three words on ("one thousand two hundred"), or beside a currency;
- less than ten, or cents of fewer than five digits, count beside a currency or a money word only.

So a time, a date, a year, a telephone number, a postcode after its state, a head count or a digest
is no amount, and neither is a length in a style sheet.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from bot.domain.disguises import readings
from bot.domain.money_words import CURRENCY_SIGN, CURRENCY_WORD, NO_AMOUNT_AFTER
from bot.domain.spoken_numbers import spoken_numbers

_NO_CHARTERS = Decimal(10) ** 12
_LONG = 100
_SHORT = 10
_CENTS_DIGITS = 5
_LOOK_BACK = 60

_NO_MEASURE = r"(?!%(?![0-9a-f]{2})|(?:r?em|px|v[hw]|ch|fr|deg|m?s)\b|\s?[ap]\.?m\b)"
_NO_FRACTION = r"(?![0-9])(?!\.[0-9])"
_NO_MORE = r"(?![0-9a-z])(?![.:/-][0-9])"
_NO_NUMBER = r"(?![0-9])(?![.,][0-9])"
_CURRENCY_BEFORE = rf"(?:{CURRENCY_SIGN}|\b{CURRENCY_WORD}\b)[\s+]{{0,3}}"
_MONEY_BEFORE = (
    r"(?:(?:payout|revenue|earn|commission|gross)[a-z_]{0,12}|"
    r"(?<![a-z])(?:net|fees?|costs?|prices?|rates?|pays?|paid|totals?|balance|due|tips?|amount|"
    r"charges?)(?:_[a-z_]{1,16})?)"
    r"[\"'\s:=(]{0,6}(?:(?:of|is|was|are|at|to)\s)?"
)


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_IN_NUMBER = _compiled(r"[0-9]\.?\Z")
_IN_WORD = _compiled(r"(?:[0-9a-z]|[0-9][.:/-]|\b(?-i:[A-Z][A-Z]),?[\s+])\Z")
_AFTER_CURRENCY = _compiled(rf"{_CURRENCY_BEFORE}\Z")
_AFTER_MONEY = _compiled(rf"{_MONEY_BEFORE}\Z")
_CURRENCY_AFTER = _compiled(rf"\s?(?:{CURRENCY_SIGN}|{CURRENCY_WORD}\b)")
_AMOUNT_GOES_ON = _compiled(NO_AMOUNT_AFTER)


@dataclass(frozen=True)
class _Spellings:
    """What to look for. Each begins with a digit, so that a scan is quick; context comes after."""

    with_cents: re.Pattern[str] | None
    set_apart: re.Pattern[str] | None
    beside_money: re.Pattern[str] | None
    whole: frozenset[int]


def holds_amount(body: str, amounts: Iterable[Decimal]) -> bool:
    """Whether `body` holds one of `amounts` in any spelling or encoding."""
    # Beyond a trillion it is no amount of a charter, and has more digits than can be rounded.
    sought = tuple(sorted({amount for amount in amounts if 0 < amount < _NO_CHARTERS}))
    return bool(sought) and any(any(find_amounts(text, sought)) for text in readings(body))


def find_amounts(text: str, amounts: tuple[Decimal, ...]) -> Iterator[tuple[int, int]]:
    """Where `text`, which is not encoded, holds one of `amounts`; spans may overlap."""
    spellings = _spellings(amounts)
    yield from _alone(spellings.with_cents, _IN_NUMBER, text)
    yield from _alone(spellings.set_apart, _IN_WORD, text)
    if spellings.beside_money:
        for found in spellings.beside_money.finditer(text):
            if not _IN_NUMBER.search(_before(text, found.start())) and _beside_money(
                text, *found.span()
            ):
                yield found.span()
    for number in spoken_numbers(text):
        if number.value in spellings.whole and (
            number.exact or _beside_money(text, number.start, number.end)
        ):
            yield number.start, number.end


def _alone(
    spelling: re.Pattern[str] | None, inside: re.Pattern[str], text: str
) -> Iterator[tuple[int, int]]:
    for found in spelling.finditer(text) if spelling else ():
        if not inside.search(_before(text, found.start())):
            yield found.span()


def _beside_money(text: str, start: int, end: int) -> bool:
    before = _before(text, start)
    return bool(
        _AFTER_CURRENCY.search(before)
        or _CURRENCY_AFTER.match(text, end)
        or (_AFTER_MONEY.search(before) and _AMOUNT_GOES_ON.match(text, end))
    )


def _before(text: str, start: int) -> str:
    return text[max(0, start - _LOOK_BACK) : start]


@lru_cache(maxsize=64)
def _spellings(amounts: tuple[Decimal, ...]) -> _Spellings:
    exact = [amount.quantize(Decimal("0.01"), ROUND_HALF_UP) for amount in amounts]
    whole = frozenset(value for amount in exact for value in _whole(amount))
    cents = [str(int(amount * 100)) for amount in exact]
    long_cents = [_cents_alone(digits) for digits in cents if len(digits) >= _CENTS_DIGITS]
    thousands = [_grouped(int(a), "[,.']") for a in exact if a == int(a) and a >= 1000]  # noqa: PLR2004
    beside = [*map(_with_cents, exact), *cents, *(_grouped(w, "[,.' ]?") for w in sorted(whole))]
    return _Spellings(
        with_cents=_any_of(
            map(_with_cents, (a for a in exact if a >= _SHORT)), _NO_FRACTION + _NO_MEASURE
        ),
        set_apart=_any_of([*long_cents, *thousands], _NO_MORE),
        beside_money=_any_of(beside, _NO_NUMBER),
        whole=whole,
    )


def _any_of(spellings: Iterable[str], end: str) -> re.Pattern[str] | None:
    each = list(dict.fromkeys(spellings))
    return _compiled(f"(?:{'|'.join(each)}){end}") if each else None


def _whole(amount: Decimal) -> set[int]:
    """The amount cut to whole units, and rounded to them; never nothing."""
    return {int(amount), int(amount.to_integral_value(ROUND_HALF_UP))} - {0}


def _with_cents(amount: Decimal) -> str:
    """Units, a mark, cents; from a hundred on also with white space between any two characters."""
    units, cents = divmod(int(amount * 100), 100)
    gap = r"\s?" if units >= _LONG else ""
    groups = [gap.join(group) for group in f"{units:,}".split(",")]
    mark = rf"(?:{gap}[.]{gap}|,|\s,{gap})"
    first, last = str(cents // 10), str(cents % 10)
    if last == "0":  # 840.5 and 840.500 are 840.50; a short amount must show both digits
        last = "0*" if units >= _LONG else "0+"
    return rf"{gap}[,.' ]?{gap}".join(groups) + mark + first + gap + last + "0*"


def _grouped(units: int, mark: str) -> str:
    return mark.join(f"{units:,}".split(","))


def _cents_alone(digits: str) -> str:
    """Digits close together, with a thousands mark, or every one of them set apart."""
    apart = r"\s".join(digits)
    return f"(?:{digits}|{digits[:-3]},{digits[-3:]}|{apart})"
