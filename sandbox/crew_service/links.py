"""Magic links: signed, for one crew member and one event, until they expire."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import jwt

_LIFETIME = timedelta(days=7)
_AFTER_THE_CHARTER = timedelta(days=2)  # for the checklist's end and the photos


@dataclass(frozen=True)
class MagicLink:
    """A link and the moment from which it no longer works, in UTC."""

    url: str
    expires_at: datetime


@dataclass(frozen=True)
class Bearer:
    """Whom a token lets in, and until when (UTC)."""

    crew_id: str
    expires_at: datetime


def utc_now() -> datetime:
    """The time of day, in UTC."""
    return datetime.now(UTC)


class MagicLinks:
    """Makes and reads them.

    Args:
        secret: signs them (HS256).
        page: the crew's page, with "{event_id}".
        now: the time of day, in UTC.
    """

    def __init__(self, secret: str, page: str, now: Callable[[], datetime] = utc_now) -> None:
        self._secret = secret
        self._page = page
        self._now = now

    def link(self, event_id: str, crew_id: str, ends_at: datetime | None = None) -> MagicLink:
        """A fresh one, for a week at least and past the charter's end."""
        now = self._now()
        expires_at = now + _LIFETIME
        if ends_at is not None:
            expires_at = max(expires_at, ends_at + _AFTER_THE_CHARTER)
        claims = {
            "crew_id": crew_id,
            "event_id": event_id,
            "iat": now,
            "exp": expires_at,
            "jti": uuid4().hex,
        }
        token = jwt.encode(claims, self._secret, algorithm="HS256")
        query = urlencode({"magic_link": token})
        return MagicLink(f"{self._page.replace('{event_id}', event_id)}?{query}", expires_at)

    def bearer(self, token: str, event_id: str) -> Bearer | None:
        """Whom a token lets in to the event; None if nobody."""
        # The clock is ours, so that the library's own look at it is off.
        options: Any = {
            "require": ["exp", "crew_id", "event_id"],
            "verify_exp": False,
            "verify_iat": False,
            "verify_nbf": False,
        }
        try:
            claims = jwt.decode(token, self._secret, algorithms=["HS256"], options=options)
            expires_at = datetime.fromtimestamp(claims["exp"], UTC)
        except (jwt.PyJWTError, TypeError, ValueError, OverflowError, OSError):
            return None
        if claims["event_id"] != event_id or expires_at <= self._now():
            return None
        return Bearer(str(claims["crew_id"]), expires_at)
