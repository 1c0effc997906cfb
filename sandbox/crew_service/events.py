"""Crew events over HTTP, for the bot, with the service's key."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from aiohttp import web

from sandbox.aws.tables import NoSuchItemError, Table
from sandbox.crew_service.credentials import CrewSwitches, knows_key
from sandbox.crew_service.event_fields import InvalidEventError, changes, new_event
from sandbox.crew_service.letters import Letters
from sandbox.crew_service.passes import Passes
from sandbox.crew_service.roster import UnknownCrewError, members
from sandbox.crew_service.shapes import readable
from sandbox.crew_service.view import as_json


class Events:
    """The routes that need the key."""

    def __init__(
        self, table: Table, letters: Letters, passes: Passes, switches: CrewSwitches
    ) -> None:
        self._table = table
        self._letters = letters
        self._passes = passes
        self._switches = switches

    def routes(self) -> list[web.RouteDef]:
        events, event = "/prod/events", "/prod/events/{event_id}"
        return [
            web.post(events, self.create, name="create_event"),
            web.get(events, self.find, name="find_event"),
            web.get(event, self.get, name="get_event"),
            web.patch(event, self.update, name="update_event"),
            web.delete(event, self.delete, name="delete_event"),
            web.post(f"{event}/resend", self.resend, name="resend_links"),
        ]

    async def create(self, request: web.Request) -> web.Response:
        if refusal := await self._refusal(request):
            return refusal
        try:
            asked = new_event(await request.read())
            crew = members(asked.crew_needed)
        except InvalidEventError as error:
            return _invalid(error)
        except UnknownCrewError as error:
            return web.json_response({"message": str(error)}, status=400)
        item = {
            **asked.model_dump(mode="json", exclude={"service_key"}),
            "event_id": f"scc-{uuid4().hex[:12]}",
            "crew": crew,
            "created_at": datetime.now(UTC).isoformat(),
        }
        await self._table.put(item)
        await self._letters.call(item)
        return web.json_response({"event_id": item["event_id"]}, status=201)

    async def find(self, request: web.Request) -> web.Response:
        if not self._switches.find_by_booking:
            raise web.HTTPNotFound
        if refusal := await self._refusal(request):
            return refusal
        booking_id = request.query.get("booking_id", "")
        found = await self._table.of_booking(booking_id) if booking_id else []
        return web.json_response({"events": found})

    async def get(self, request: web.Request) -> web.Response:
        event_id = request.match_info["event_id"]
        token = request.query.get("magic_link")
        if token is not None:
            return await self._for_crew(event_id, token)
        if refusal := await self._refusal(request):
            return refusal
        return web.json_response(await self._event(event_id))

    async def update(self, request: web.Request) -> web.Response:
        if not self._switches.update:
            raise web.HTTPNotFound
        if refusal := await self._refusal(request):
            return refusal
        event = await self._event(request.match_info["event_id"])
        try:
            changed = changes(await request.read())
            if changed:
                await self._table.set(event["event_id"], changed)
        except InvalidEventError as error:
            return _invalid(error)
        except NoSuchItemError:  # deleted meanwhile
            raise web.HTTPNotFound from None
        return web.json_response({**event, **changed})

    async def delete(self, request: web.Request) -> web.Response:
        if not self._switches.delete:
            raise web.HTTPNotFound
        if refusal := await self._refusal(request):
            return refusal
        event = await self._event(request.match_info["event_id"])
        await self._table.delete(event["event_id"])
        return web.Response(status=204)

    async def resend(self, request: web.Request) -> web.Response:
        if refusal := await self._refusal(request):
            return refusal
        event = readable(await self._event(request.match_info["event_id"]))
        if event is None:
            raise web.HTTPNotFound
        return web.json_response({"sent": await self._letters.call_again(event)}, status=202)

    async def _for_crew(self, event_id: str, token: str) -> web.Response:
        """The event as one of its crew may see it."""
        holder = await self._passes.holder(event_id, token)
        if holder is None:
            return web.json_response({"message": "This link is not valid."}, status=403)
        return web.json_response(as_json(holder.event, holder.crew_id))

    async def _refusal(self, request: web.Request) -> web.Response | None:
        if await knows_key(request, self._switches):
            return None
        if (
            self._switches.key_hash is None
            and self._switches.unset_answer == web.HTTPOk.status_code
        ):
            return web.json_response({})
        return web.json_response({"message": "Unauthorized"}, status=401)

    async def _event(self, event_id: str) -> dict[str, Any]:
        event = await self._table.get(event_id)
        if event is None:
            raise web.HTTPNotFound
        return event


def _invalid(error: InvalidEventError) -> web.Response:
    return web.json_response({"message": "Invalid", "fields": error.fields}, status=400)
