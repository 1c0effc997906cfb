"""Nothing that is logged holds a secret, a contact or an amount: the last gate before the stream.

Values that the program knows to be secret are registered; what merely looks like one is found by
its shape. Both go, because a log is copied to places that nobody thinks of.
"""

import base64
import json
import re
import threading
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import PurePath
from typing import Any
from urllib.parse import quote
from uuid import UUID

from bot.domain.money_search import find_amounts

HIDDEN = "[hidden]"
_LONGEST = 8_000  # characters of one string; the rest says nothing in a log
_SHORTEST_SECRET = 4
_DEEPEST = 8
_MEASURES = frozenset({"attempt", "latency_ms", "status", "level", "seconds", "pid", "port"})
_NAMES = (  # of headers, keys and parameters whose value is a secret
    r"(?:x-(?:service|dashboard|api)-(?:key|token)|x-amz-(?:security-token|signature|credential)"
    r"|x-slack-signature|authorization|cookie|pass(?:word|wd)|magic_link|client_secret"
    r"|[a-z0-9_-]{0,40}(?:secret|token|api[_-]?key|service[_-]?key|private[_-]?key|access[_-]?key))"
)
_SECRET_KEY = re.compile(_NAMES, re.IGNORECASE)
_FORTY_MIXED = (  # an AWS secret key: a commit's hash has no capitals
    r"(?<![A-Za-z0-9/+])(?=[A-Za-z0-9/+]{0,39}[a-z])(?=[A-Za-z0-9/+]{0,39}[A-Z])"
    r"(?=[A-Za-z0-9/+]{0,39}[0-9])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])"
)
_A_NAME = re.compile(r"[a-z_]{0,32}")  # of an operation, a step: most of what is logged
_SHAPES = tuple(
    re.compile(pattern)
    for pattern in (
        r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*",
        r"xox[a-z](?:\.xox[a-z])?-[\w-]+",
        r"xapp-[\w-]+",
        r"eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?",
        r"(?<![A-Z0-9])A(?:KIA|SIA|ROA|IDA)[A-Z0-9]{16}(?![A-Z0-9])",
        _FORTY_MIXED,
        r"(?<![\w/+=])[A-Za-z0-9/+=]{100,}",
        r"(?<=://)[^\s/@:]{0,200}:[^\s/@]{1,200}(?=@)",
        r"(?<![\w.%+-])[\w.%+-]{1,64}(?:@|%40)[\w.-]{1,255}",
        r"\+\d[\d ().-]{7,20}\d",
        r"(?<!\d)\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?!\d)",
        r"[$€£]\s?\d[\d,.]*",
        r"(?i)\b(?:usd|eur|gbp)\s?\d[\d,.]*",
        r"(?i)(?<![\d.,])\d[\d,.]{0,20}\s?(?:usd|eur|gbp|dollars)\b",
    )
)
_NAMED = re.compile(
    rf"(?i)(?<![a-z0-9_-])({_NAMES})(['\"]?\s{{0,4}}[:=]\s{{0,4}}(?:b?['\"])?)"
    r"((?:bearer|basic)\s+)?[^\s'\",;&}\]]+"
)

_MOST_AMOUNTS = 60


class Redactor:
    """Hides registered values and known shapes. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._secrets: set[str] = set()
        self._amounts: tuple[Decimal, ...] = ()
        self._known: re.Pattern[str] | None = None

    def hide(self, *values: str) -> None:
        """Never show these values again, nor their URL-encoded, JSON or base64 forms."""
        found = {
            form for value in values if len(value) >= _SHORTEST_SECRET for form in _forms(value)
        }
        with self._lock:
            if not found <= self._secrets:
                self._secrets |= found
                self._compile()

    def hide_amount(self, *amounts: Decimal) -> None:
        """Never show these sums again, however they are written.

        The latest sixty sums are kept: every line that is logged is searched for all of them.
        """
        with self._lock:
            found = tuple(dict.fromkeys(abs(amount) for amount in amounts if amount))
            known = tuple(amount for amount in self._amounts if amount not in found)
            self._amounts = (*known, *found)[-_MOST_AMOUNTS:]

    def text(self, text: str) -> str:
        """The same text without what must not be seen."""
        if self._known is not None:
            text = self._known.sub(HIDDEN, text)
        if _A_NAME.fullmatch(text):
            return text
        if self._amounts and (spans := list(find_amounts(text[:_LONGEST], self._amounts))):
            text = _without(text, spans)
        if len(text) > _LONGEST:
            text = f"{text[:_LONGEST]}… ({len(text)} characters)"
        text = _NAMED.sub(rf"\1\2{HIDDEN}", text)
        for shape in _SHAPES:
            text = shape.sub(HIDDEN, text)
        return text

    def value(self, value: Any, *, name: str = "", depth: int = 0) -> Any:
        """The same value, whatever it holds; what is too deep or of no plain type is left out."""
        if value and _SECRET_KEY.fullmatch(name):
            return HIDDEN
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int | float | Decimal):
            return self._number(value, name)
        if isinstance(value, str | PurePath | UUID):
            return self.text(str(value))
        if isinstance(value, date):
            return value.isoformat()
        return self._collection(value, depth)

    def _collection(self, value: Any, depth: int) -> Any:
        if isinstance(value, Mapping) and depth < _DEEPEST:
            return {
                self.text(str(k)): self.value(v, name=str(k), depth=depth + 1)
                for k, v in value.items()
            }
        if isinstance(value, list | tuple | set | frozenset) and depth < _DEEPEST:
            return [self.value(item, depth=depth + 1) for item in value]
        return f"<{type(value).__name__}>"  # its own repr may hold anything

    def _number(self, value: float | Decimal, name: str) -> Any:
        if name in _MEASURES:
            return value
        if isinstance(value, Decimal) or Decimal(str(value)) in self._amounts:
            return HIDDEN
        return value

    def _compile(self) -> None:
        parts = (re.escape(s) for s in sorted(self._secrets, key=len, reverse=True))
        self._known = re.compile("|".join(parts))


def _forms(value: str) -> Iterable[str]:
    encoded = value.encode()
    yield value
    yield quote(value, safe="")
    yield json.dumps(value)[1:-1]
    yield base64.b64encode(encoded).decode().rstrip("=")
    yield base64.urlsafe_b64encode(encoded).decode().rstrip("=")


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    kept, at = [], 0
    for start, end in sorted(spans):
        if end <= at:
            continue
        kept += [text[at : max(start, at)], HIDDEN]
        at = end
    return "".join([*kept, text[at:]])
