"""The operator's own calendar, over HTTP."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.errors import NeedsPerson
from bot.domain.outgoing import CalendarEntry
from bot.services.dynamo import BookingLookup
from bot.services.http import Answer, HttpService, with_secret
from bot.services.ids import checked_booking_id
from bot.services.ports import Secrets

_NO_ROUTE = frozenset({404, 405})


class JadaCalendar:
    """The JADA calendar.

    Args:
        http: its URL.
        secrets: where its token is resolved.
        token: the token's reference.
        lookup: its table, for deployments that cannot be asked by booking.
    """

    def __init__(
        self, http: HttpService, secrets: Secrets, *, token: str, lookup: BookingLookup
    ) -> None:
        self._http = http
        self._secrets = secrets
        self._token = token
        self._lookup = lookup

    async def find(self, booking_id: str) -> str | None:
        """The id of the booking's entry, asked of the service or else read from its table."""
        booking_id = checked_booking_id(booking_id)
        answer = await self._ask("find_entry", "GET", params={"booking_id": booking_id})
        if answer.status in _NO_ROUTE:
            return await self._lookup.find(booking_id)
        events = answer.object().get("events")
        if not isinstance(events, list):
            raise answer.unusable("answered without a list of events")
        return _entry_of(events, booking_id)

    async def create(self, entry: CalendarEntry) -> str:
        """Make the entry and return its id. Not idempotent: a second call, a second entry."""
        checked_booking_id(entry.booking_id)
        answer = await self._ask("create_entry", "POST", body=_posted(entry))
        found = answer.object().get("id")
        if not found:
            raise answer.unusable("answered without the entry's id")
        return str(found)

    async def _ask(
        self,
        operation: str,
        method: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Answer:
        reading = body is None

        async def ask(token: str) -> Answer:
            return await self._http.call(
                operation,
                method,
                "/calendar/events",
                idempotent=reading,
                headers={"X-Dashboard-Token": token},
                params=params,
                body=body,
                passing=_NO_ROUTE if reading else frozenset(),
                hints={401: "Store the calendar's current dashboard token in the secret."},
            )

        return await with_secret(self._secrets, self._token, ask)


def _posted(entry: CalendarEntry) -> dict[str, Any]:
    """Date and times as the boat's clock shows them: the calendar knows no zones."""
    zone = ZoneInfo(entry.time_zone)
    start, end = entry.starts_at.astimezone(zone), entry.ends_at.astimezone(zone)
    return {
        "booking_id": entry.booking_id,
        "charter_date": f"{start:%Y-%m-%d}",
        "charter_start": f"{start:%H:%M}",
        "charter_end": f"{end:%H:%M}",
        "guest_count": entry.guest_count,
        "source": entry.source,
        "type": f"{entry.source}_charter",
        "notes": entry.notes,
    }


def _entry_of(events: list[Any], booking_id: str) -> str | None:
    """The id of the booking's entry; a service that ignores the query answers with others' too."""
    for event in events:
        if not isinstance(event, Mapping):
            continue
        if str(event.get("booking_id", booking_id)).lower() == booking_id:
            if not event.get("id"):
                raise NeedsPerson(
                    "The calendar has an entry of the booking, but tells no id for it.",
                    "Look at the calendar's own record.",
                )
            return str(event["id"])
    return None
