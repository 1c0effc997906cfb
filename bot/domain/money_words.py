"""The vocabulary of revenue: which names and words speak of money, and which numbers do not."""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_STRONG = _words(
    "payout payouts revenue earn earns earned earning earnings gross commission commissions fee "
    "fees cost costs price prices pricing income profit margin salary wage wages payment payments "
    "amount amounts subtotal refund deposit usd eur gbp dollars cents bucks"
)
_WEAK = _words(
    "net rate rates total totals tip tips gratuity pay pays paid charge charges balance due share "
    "split takings proceeds money"
)
_COUNTED = _words(
    "guest guests passenger passengers people pax person persons crew hour hours minute minutes "
    "count duration mile miles tasks photos days day"
)
_INSIDE = re.compile(r"payout|revenue|earning|commission|profit|income", re.IGNORECASE)
_GLUED = re.compile(
    r"(?:captain|crew|port|service|cleaning|booking|owner|platform|net|gross|total|base|hourly)"
    r"(?:fees?|costs?|rates?|pay|price|amount|total)",
    re.IGNORECASE,
)
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")

CURRENCY_SIGN = "[$€£¥₱₹]"
CURRENCY_WORD = (
    r"(?:usd|eur|gbp|mxn|cad|aud|nzd|chf|jpy|dollars?|bucks|euros?|pounds?|pesos?|cents?|quid)"
)
# What follows a number that is a time, a date, a count or a measure, and so no amount.
NO_AMOUNT_AFTER = (
    r"(?!:[0-9]|[-/][0-9]|\s*(?:[ap]\.?m\b|h\b|hrs?\b|hours?|min|guests?|people|persons?|pax|"
    r"passengers?|adults?|kids|children|crew|days?\b|weeks?|photos?|stars?|tasks?|bags?|bottles?|"
    r"towels?|ft\b|feet|foot|meters|metres|miles?|nm\b|knots?|kts?\b|o'clock|st\b|nd\b|rd\b|th\b|"
    r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\b))"
)


def speaks_of_money(name: str) -> bool:
    """Whether a key or word, in any case or style, names revenue without doubt: `captainFee`."""
    return (
        _INSIDE.search(name) is not None
        or _GLUED.search(name) is not None
        or any(part in _STRONG for part in _parts(name))
    )


def may_speak_of_money(name: str) -> bool:
    """Whether it names revenue if a number comes with it: `net`, `tip`; but not `total_guests`."""
    parts = _parts(name)
    return any(part in _WEAK for part in parts) and not any(part in _COUNTED for part in parts)


def _parts(name: str) -> list[str]:
    return [part.lower() for part in _PART.findall(name)]
