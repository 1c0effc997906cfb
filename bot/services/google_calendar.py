"""Google Calendar, version 3 of its REST API, written to by a service account."""

import asyncio
import base64
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from bot.domain.errors import NeedsPerson
from bot.domain.outgoing import CalendarEntry
from bot.services.http import Answer, HttpService, utc_now
from bot.services.http_errors import Unauthorised
from bot.services.ids import checked_booking_id
from bot.services.ports import Secrets

GOOGLE_TOKEN_URL = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
_SCOPE = "https://www.googleapis.com/auth/calendar.events"
_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_LIFETIME = timedelta(hours=1)
_MARGIN = timedelta(minutes=1)
_CONFLICT = 409
_GONE = frozenset({404, 410})
_HINTS = {
    403: "Share the calendar with the service account, with the right to change events.",
    404: "Check calendar_id, and share the calendar with the service account.",
}


class GoogleToken:
    """The service account's bearer token, kept until it runs out.

    Args:
        http: Google's token address.
        secrets: where the account's JSON key is resolved.
        credentials: its reference.
        audience: the token address as Google knows it.
        now: the time of day, in UTC.
    """

    def __init__(
        self,
        http: HttpService,
        secrets: Secrets,
        *,
        credentials: str,
        audience: str = GOOGLE_TOKEN_URL,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._http = http
        self._secrets = secrets
        self._credentials = credentials
        self._audience = audience
        self._now = now
        self._lock = asyncio.Lock()
        self._token = ""
        self._until: datetime | None = None

    async def get(self, *, refused: str = "") -> str:
        """A token that is good for a minute at least, and is not the one that was `refused`."""
        async with self._lock:
            held = self._until is not None and self._now() < self._until - _MARGIN
            if not held or self._token == refused:
                await self._fetch(fresh=bool(refused))
            return self._token

    async def _fetch(self, *, fresh: bool) -> None:
        key = await self._secrets.get(self._credentials, fresh=fresh)
        started = self._now()
        answer = await self._http.call(
            "token",
            "POST",
            "",
            idempotent=True,
            form={"grant_type": _GRANT, "assertion": self._assertion(key, started)},
            hints=dict.fromkeys((400, 401), "Check the service account's key: is it revoked?"),
        )
        said = answer.object()
        token, seconds = said.get("access_token"), said.get("expires_in")
        if not isinstance(token, str) or not isinstance(seconds, int):
            raise answer.unusable("answered without a token")
        self._token, self._until = token, started + timedelta(seconds=seconds)

    def _assertion(self, key: str, now: datetime) -> str:
        import jwt  # noqa: PLC0415 - drags cryptography in, which few deployments need

        try:
            account = json.loads(key)
            claims = {
                "iss": account["client_email"],
                "scope": _SCOPE,
                "aud": self._audience,
                "iat": now,
                "exp": now + _LIFETIME,
            }
            assertion = jwt.encode(claims, account["private_key"], algorithm="RS256")
        except (ValueError, TypeError, KeyError, jwt.PyJWTError):
            assertion = ""
        if not assertion:
            raise NeedsPerson(
                f"The secret {self._credentials} is no service account's key.",
                "Store the JSON file that Google gives out for the account, with client_email "
                "and private_key.",
            )
        return assertion


class GoogleCalendar:
    """One Google calendar. The event id follows from the booking id, so an insert is idempotent.

    Args:
        http: the API's address.
        token: the service account's.
        calendar_id: which calendar.
    """

    def __init__(self, http: HttpService, token: GoogleToken, *, calendar_id: str) -> None:
        self._http = http
        self._token = token
        self._events = f"/calendars/{quote(calendar_id, safe='')}/events"

    async def find(self, booking_id: str) -> str | None:
        """The id of the booking's event, if it is there and not cancelled."""
        event_id = event_id_of(booking_id)
        answer = await self._ask("find_event", "GET", f"/{event_id}", passing=_GONE)
        if answer.status in _GONE or answer.object().get("status") == "cancelled":
            return None
        return event_id

    async def create(self, entry: CalendarEntry) -> str:
        """Make the event and return its id; one that was deleted is put back."""
        event_id = event_id_of(entry.booking_id)
        body = {"id": event_id, **_event(entry)}
        passing = frozenset({_CONFLICT})
        answer = await self._ask("create_event", "POST", body=body, passing=passing)
        if answer.status == _CONFLICT and await self.find(entry.booking_id) is None:
            body["status"] = "confirmed"
            await self._ask("restore_event", "PUT", f"/{event_id}", body=body)
        return event_id

    async def _ask(
        self,
        operation: str,
        method: str,
        path: str = "",
        *,
        body: Mapping[str, Any] | None = None,
        passing: frozenset[int] = frozenset(),
    ) -> Answer:
        async def ask(token: str) -> Answer:
            return await self._http.call(
                operation,
                method,
                self._events + path,
                idempotent=True,
                headers={"Authorization": f"Bearer {token}"},
                body=body,
                passing=passing,
                hints=_HINTS,
            )

        token = await self._token.get()
        try:
            return await ask(token)
        except Unauthorised:
            renewed = await self._token.get(refused=token)
        return await ask(renewed)


def event_id_of(booking_id: str) -> str:
    """The booking id in the letters that Google allows in an event's id (base32hex)."""
    encoded = base64.b32hexencode(checked_booking_id(booking_id).encode()).decode()
    return "charter" + encoded.rstrip("=").lower()


def _event(entry: CalendarEntry) -> dict[str, Any]:
    return {
        "summary": entry.title,
        "description": entry.notes,
        "start": _at(entry.starts_at, entry.time_zone),
        "end": _at(entry.ends_at, entry.time_zone),
        "extendedProperties": {"private": {"booking_id": entry.booking_id}},
    }


def _at(moment: datetime, time_zone: str) -> dict[str, str]:
    local = moment.astimezone(ZoneInfo(time_zone))
    return {"dateTime": local.isoformat(), "timeZone": time_zone}
