"""ShipCaptainCrew over HTTP. Creating an event mails the crew at once."""

import hashlib
from collections.abc import Mapping
from typing import Any, Literal

from bot.domain.errors import NeedsPerson
from bot.domain.outgoing import CrewEvent
from bot.services.dynamo import BookingLookup
from bot.services.http import Answer, HttpService, with_secret
from bot.services.ids import as_segment, checked_booking_id
from bot.services.ports import Secrets

Credential = Literal["x-service-key", "x-service-key-sha256", "authorization", "body"]
_NO_ROUTE = frozenset({404, 405})


class ShipCaptainCrew:
    """The service that calls the crew.

    Args:
        http: its URL; never a CloudFront host.
        secrets: where the key is resolved.
        key: the reference of the raw service key.
        credential: how the key travels.
        lookup: its table, for deployments that cannot be asked by booking.
        crew_link: where crew members open an event; holds "{event_id}".
        function: its Lambda function, named in hints.
    """

    def __init__(
        self,
        http: HttpService,
        secrets: Secrets,
        *,
        key: str,
        credential: Credential,
        lookup: BookingLookup,
        crew_link: str,
        function: str,
    ) -> None:
        self._http = http
        self._secrets = secrets
        self._key = key
        self._credential = credential
        self._lookup = lookup
        self._crew_link = crew_link
        self._hints = {
            401: f"Most likely SERVICE_KEY_HASH is not set on the Lambda function {function}: set "
            "it to the SHA-256 of the service key. Else the key itself is wrong.",
            403: "The call went through CloudFront, which strips the key's header: configure the "
            "execute-api URL as [crew_service] url.",
        }
        self._nothing_stored = (
            "Some deployments answer so and store nothing when SERVICE_KEY_HASH is not set on the "
            f"Lambda function {function}: set it to the SHA-256 of the service key."
        )

    async def find(self, booking_id: str) -> str | None:
        """The event id of a booking, asked of the service or else read from its table."""
        booking_id = checked_booking_id(booking_id)
        if self._credential != "body":  # a GET has no body in which the key could travel
            answer = await self._ask(
                "find_event",
                "GET",
                "/events",
                params={"booking_id": booking_id},
                idempotent=True,
                passing=_NO_ROUTE,
            )
            said = None if answer.status in _NO_ROUTE else answer.object()
            if said and isinstance(said.get("events"), list):
                return _event_of(said["events"], booking_id)
            if said and said.get("event_id"):
                return _event_of([said], booking_id)
        # No such route, or an empty object, which may mean a service that answers so to all.
        return await self._lookup.find(booking_id)

    async def create(self, event: CrewEvent) -> str:
        """Create the event and return its id; the crew is mailed at once. Not idempotent.

        Raises:
            Unknown: the answer names no event. Whether there is one, `find` must tell.
        """
        checked_booking_id(event.booking_id)
        answer = await self._ask(
            "create_event", "POST", "/events", body=event.model_dump(mode="json")
        )
        event_id = answer.object().get("event_id")
        if not event_id:
            # Not NeedsPerson: that promises that there was no effect, and a second event would
            # mail the crew twice.
            raise answer.unusable("answered without naming an event", self._nothing_stored)
        return str(event_id)

    async def resend(self, event_id: str) -> int:
        """Mail fresh magic links to the crew and return how many went out. Not idempotent."""
        path = f"/events/{as_segment(event_id, self._http.name)}/resend"
        answer = await self._ask("resend_links", "POST", path, body={}, passing=_NO_ROUTE)
        if answer.status in _NO_ROUTE:
            raise NeedsPerson(
                f"{self._http.name} cannot resend links to this event ({answer.status}).",
                'If the event exists, this deployment has no such route: set resend = "ses" under '
                "[crew_service].",
            )
        sent = answer.object().get("sent")
        if not isinstance(sent, int):
            raise answer.unusable("did not say how many links it sent", self._nothing_stored)
        return sent

    def crew_link(self, event_id: str) -> str:
        """Where crew members open the event."""
        return self._crew_link.replace("{event_id}", as_segment(event_id, self._http.name))

    async def _ask(
        self,
        operation: str,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        params: Mapping[str, str] | None = None,
        idempotent: bool = False,
        passing: frozenset[int] = frozenset(),
    ) -> Answer:
        async def ask(key: str) -> Answer:
            in_body = body is not None and self._credential == "body"
            return await self._http.call(
                operation,
                method,
                path,
                idempotent=idempotent,
                headers=self._header(key),
                params=params,
                body={**body, "service_key": key} if body is not None and in_body else body,
                passing=passing,
                hints=self._hints,
            )

        return await with_secret(self._secrets, self._key, ask)

    def _header(self, key: str) -> dict[str, str]:
        match self._credential:
            case "x-service-key":
                return {"X-Service-Key": key}
            case "x-service-key-sha256":
                return {"X-Service-Key-SHA256": hashlib.sha256(key.encode()).hexdigest()}
            case "authorization":
                return {"Authorization": f"Bearer {key}"}
            case "body":
                return {}


def _event_of(events: list[Any], booking_id: str) -> str | None:
    """The id of the booking's event; a service that ignores the query answers with others' too."""
    for event in events:
        if (
            isinstance(event, Mapping)
            and str(event.get("booking_id", booking_id)).lower() == booking_id
            and event.get("event_id")
        ):
            return str(event["event_id"])
    return None
