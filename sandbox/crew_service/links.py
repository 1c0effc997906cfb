"""Magic links: signed, for one crew member and one event, until they expire."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import jwt

_LIFETIME = timedelta(days=7)


class MagicLinks:
    """Makes and reads them.

    Args:
        secret: signs them (HS256).
        page: the crew's page, with "{event_id}".
    """

    def __init__(self, secret: str, page: str) -> None:
        self._secret = secret
        self._page = page

    def link(self, event_id: str, crew_id: str) -> str:
        now = datetime.now(UTC)
        claims = {
            "crew_id": crew_id,
            "event_id": event_id,
            "iat": now,
            "exp": now + _LIFETIME,
            "jti": uuid4().hex,
        }
        token = jwt.encode(claims, self._secret, algorithm="HS256")
        query = urlencode({"magic_link": token})
        return f"{self._page.replace('{event_id}', event_id)}?{query}"

    def crew_id(self, token: str, event_id: str) -> str | None:
        """Whom a token lets in to the event; None if nobody."""
        required: Any = {"require": ["exp", "crew_id", "event_id"]}
        try:
            claims = jwt.decode(token, self._secret, algorithms=["HS256"], options=required)
        except jwt.PyJWTError:
            return None
        return str(claims["crew_id"]) if claims["event_id"] == event_id else None
