"""One value out of its words, with the reason where a person must confirm it."""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

Read = str | int | Decimal | datetime


@dataclass(frozen=True)
class Value:
    """What words mean. `why`: a sentence if that is not sure; `value` None if they mean nothing."""

    value: Read | None
    why: str | None = None


_CURRENCIES = {
    "US$": "USD", "C$": "CAD", "CA$": "CAD", "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "MX$": "MXN",
    "S$": "SGD", "HK$": "HKD", "R$": "BRL", "NT$": "TWD", "€": "EUR", "£": "GBP",
}  # fmt: skip
_MONEY = re.compile(
    r"(?P<minus>[-\u2212(]?)(?P<code>[A-Z]{3})? ?(?P<sign>[A-Z]{0,2}\$|[€£])? ?"
    r"(?P<minus2>[-\u2212]?)(?P<digits>[0-9](?:[0-9.,]{0,15}|[0-9]{0,2}(?: [0-9]{3}){1,4}"
    r"(?:[.,][0-9]{2})?))\)? ?"
    r"(?P<sign2>[€£])? ?(?P<code2>[A-Z]{3})?",
    re.ASCII,
)
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3}){0,4}(?:\.[0-9]{2})?|[0-9]{1,9}(?:\.[0-9]{2})?")
_SPACED = re.compile(r"[0-9]{1,3}(?: [0-9]{3}){1,4}(?P<cents>\.[0-9]{2})?")
# Only the comma can part the cents here.
_PLAINLY_CONTINENTAL = re.compile(r"[0-9]{1,3}(?:[. ][0-9]{3}){1,4},[0-9]{2}")
_CONTINENTAL = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3}){0,4},[0-9]{2}|[0-9]{1,9},[0-9]{2}")
_SPAN = re.compile(
    r"(?:(?P<days>[0-9]{1,2}) ?days?)?,? ?(?:and )?"
    r"(?:(?P<hours>[0-9]{1,3}(?:\.[0-9]{1,2})?) ?(?:hours?|hrs?|h))?,? ?(?:and )?"
    r"(?:(?P<minutes>[0-9]{1,4}) ?(?:minutes?|mins?|m))?",
    re.IGNORECASE | re.ASCII,
)
_NUMBERS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
)  # fmt: skip
_COUNT = rf"[0-9]{{1,3}}|{'|'.join(_NUMBERS)}"
_PEOPLE = re.compile(
    rf"({_COUNT})(?: (?:passengers?|guests?|people|persons?|travell?ers?))?",
    re.IGNORECASE | re.ASCII,
)
_AGES = r"(?:adults?|child(?:ren)?|kids?|infants?|youths?|teens?|seniors?|students?)"
_OF_AN_AGE = re.compile(rf"({_COUNT}) {_AGES}", re.IGNORECASE | re.ASCII)
_BY_AGE = re.compile(
    rf"{_OF_AN_AGE.pattern}(?:(?:, ?(?:and )?| and | ?[&+] ?){_OF_AN_AGE.pattern}){{0,5}}",
    re.IGNORECASE | re.ASCII,
)
_NUMBER = re.compile(r"[0-9]{1,3}(?![0-9])", re.ASCII)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}")
_POLICY = re.compile(r"[a-z-]{2,30}(?: [a-z0-9()-]{1,30}){0,3}")
_BAREBOAT = {"bareboat", "no captain", "not captained", "without captain", "uncaptained", "none"}
_CAPTAINED = {"captained", "with captain", "captain included", "included"}


def booking_id(text: str, sure: re.Pattern[str]) -> Value:
    """An id, lower-case; sure only in the marketplace's own alphabet and length."""
    lowered = text.lower()
    if text.isascii() and sure.fullmatch(lowered):  # the Kelvin sign is a k in lower case
        return Value(lowered)
    return Value(lowered, f"{text!r} does not look like the marketplace's booking ids.")


def plain(text: str) -> Value:
    """A name, a place, a list: taken as it is."""
    return Value(text)


def policy(text: str) -> Value:
    """A cancellation policy's name."""
    name = text.rstrip(". ").lower()
    why = None if _POLICY.fullmatch(name) else f"{text!r} is not the name of a policy alone."
    return Value(name or None, why)


def email(text: str) -> Value:
    """One e-mail address."""
    match = _EMAIL.search(text[:300])
    whole = match is not None and match[0] == text.strip("<> ")
    return Value(match and match[0], None if whole else f"{text!r} is not an e-mail address alone.")


def people(text: str) -> Value:
    """How many come aboard, children and infants too."""
    match = _PEOPLE.fullmatch(text)
    counts = [match[1]] if match else []
    if _BY_AGE.fullmatch(text):
        counts = [age[1] for age in _OF_AN_AGE.finditer(text)]
    if together := sum(_counted(count) for count in counts):
        return Value(together)
    number = _NUMBER.search(text)
    guess = int(number[0]) if number and int(number[0]) > 0 else None
    return Value(guess, f"{text!r} is not a plain number of passengers.")


def _counted(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS.index(word.lower()) + 1


def captain(text: str) -> Value:
    """Whether a captain is part of it."""
    folded = text.casefold().strip(". ")
    meant: Literal["captained", "bareboat"] | None = None
    if folded in _BAREBOAT:
        meant = "bareboat"
    elif folded in _CAPTAINED:
        meant = "captained"
    return Value(meant, None if meant else f"{text!r} says neither captained nor bareboat.")


def minutes(text: str) -> Value:
    """A duration in minutes."""
    match = _SPAN.fullmatch(text.strip(". "))
    if not match or not any(match.groups()):
        return Value(None, f"{text!r} is not a duration in days, hours and minutes.")
    hours = Decimal(match["days"] or 0) * 24 + Decimal(match["hours"] or 0)
    total = hours * 60 + Decimal(match["minutes"] or 0)
    why = None if total and total == int(total) else f"{text!r} is not a whole number of minutes."
    return Value(int(total) or None, why)


def amount(text: str) -> Value:
    """A decimal amount, as exact as it is written."""
    match = _MONEY.fullmatch(text.rstrip(". "))
    digits = match["digits"].rstrip(".,") if match else ""
    if _GROUPED.fullmatch(digits):
        value, why = Decimal(digits.replace(",", "")), None
    elif spaced := _SPACED.fullmatch(digits):
        value = Decimal(digits.replace(" ", ""))
        why = None if spaced["cents"] else "That may be two numbers."
    elif _PLAINLY_CONTINENTAL.fullmatch(digits):
        plain = digits.replace(".", "").replace(" ", "").replace(",", ".")
        value, why = Decimal(plain), None
    elif _CONTINENTAL.fullmatch(digits):
        value = Decimal(digits.replace(".", "").replace(",", "."))
        why = None if "€" in text else "The comma may stand for a decimal point."
    else:
        return Value(None, "That is not one plain amount.")
    if match and (match["minus"] or match["minus2"]):
        return Value(-value, "The amount is negative.")
    return Value(value, why)


def currency(text: str, dollar: str) -> Value:
    """The currency of an amount; a bare `$` is the marketplace's own `dollar`."""
    match = _MONEY.fullmatch(text.rstrip(". "))
    signs = {match["sign"], match["sign2"]} - {None} if match else set()
    codes = {match["code"], match["code2"]} - {None} if match else set()
    if unknown := signs - _CURRENCIES.keys() - {"$"}:
        return Value(None, f"{unknown.pop()} is the sign of no currency that is known.")
    named = codes | {
        _CURRENCIES.get(str(sign), dollar) for sign in signs if sign != "$" or not codes
    }
    if len(named) == 1:
        return Value(named.pop())
    return Value(None, "No single currency is named.")
