"""The JADA calendar: HTTP in front of its table, and a yearly file in the house's bucket.

As in life it honours no idempotency key: a second POST makes a second entry.
"""

import asyncio
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import uuid4

from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sandbox.aws.accounts import HOUSE_BUCKET
from sandbox.aws.tables import Table
from sandbox.hosting import application
from sandbox.interference import Conditions, interference

_CLOCK = Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")


class _Entry(BaseModel):
    """What a POST must hold; more is stored too."""

    model_config = ConfigDict(extra="allow")

    booking_id: str = Field(min_length=1)
    charter_date: date
    charter_start: Annotated[str, _CLOCK]
    charter_end: Annotated[str, _CLOCK]
    guest_count: int = Field(ge=0)
    source: str
    type: str
    notes: str = ""


@dataclass
class CalendarSwitches:
    """How this deployment is: routes that it has, and its token."""

    token: str
    find_by_booking: bool = True
    update: bool = True
    delete: bool = True


class CalendarService:
    """The stand-in.

    Args:
        table: JadaCalendar-Prod.
        s3: a client in the account of the house's bucket.
        switches: how this deployment is.
        conditions: faults, latencies, the log.
    """

    def __init__(
        self, table: Table, s3: Any, switches: CalendarSwitches, conditions: Conditions
    ) -> None:
        self.table = table
        self.switches = switches
        self._s3 = s3
        self._conditions = conditions
        self._years: asyncio.Queue[str] = asyncio.Queue()

    def application(self) -> web.Application:
        app = application(
            middlewares=[interference("calendar", self._conditions), self._authorised]
        )
        app.cleanup_ctx.append(self._publishing)
        events, event = "/prod/calendar/events", "/prod/calendar/events/{id}"
        app.router.add_post(events, self._create, name="create_entry")
        app.router.add_get(events, self._find, name="find_entry")
        app.router.add_put(event, self._update, name="update_entry")
        app.router.add_delete(event, self._delete, name="delete_entry")
        return app

    @web.middleware
    async def _authorised(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        given = request.headers.get("X-Dashboard-Token", "")
        if not hmac.compare_digest(given.encode(), self.switches.token.encode()):
            return web.json_response({"message": "Unauthorized"}, status=401)
        return await handler(request)

    async def _create(self, request: web.Request) -> web.Response:
        try:
            entry = _Entry.model_validate_json(await request.read())
        except ValidationError as error:
            return _invalid(error)
        item = {"id": f"evt_{uuid4().hex[:16]}", **entry.model_dump(mode="json")}
        await self.table.put(item)
        self._years.put_nowait(item["charter_date"][:4])
        return web.json_response({"id": item["id"]}, status=201)

    async def _find(self, request: web.Request) -> web.Response:
        if not self.switches.find_by_booking:
            raise web.HTTPNotFound
        booking_id = request.query.get("booking_id")
        found = await (self.table.of_booking(booking_id) if booking_id else self.table.all())
        return web.json_response({"events": found})

    async def _update(self, request: web.Request) -> web.Response:
        item = await self._item(request, has_route=self.switches.update)
        try:
            entry = _Entry.model_validate(item | await request.json())
        except ValidationError as error:
            return _invalid(error)
        changed = {**entry.model_dump(mode="json"), "id": item["id"]}
        await self.table.put(changed)
        self._years.put_nowait(changed["charter_date"][:4])
        return web.json_response(changed)

    async def _delete(self, request: web.Request) -> web.Response:
        item = await self._item(request, has_route=self.switches.delete)
        await self.table.delete(item["id"])
        self._years.put_nowait(item["charter_date"][:4])
        return web.Response(status=204)

    async def _item(self, request: web.Request, *, has_route: bool) -> dict[str, Any]:
        item = await self.table.get(request.match_info["id"]) if has_route else None
        if item is None:
            raise web.HTTPNotFound
        return item

    async def _publishing(self, _: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(self._publish())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    async def _publish(self) -> None:
        """Write the file of each year that changed; it is nobody's answer, so nobody waits."""
        while True:
            years = {await self._years.get()}
            while not self._years.empty():
                years.add(self._years.get_nowait())
            entries = await self.table.all()
            for year in years:
                of_year = [entry for entry in entries if entry["charter_date"][:4] == year]
                await asyncio.to_thread(
                    self._s3.put_object,
                    Bucket=HOUSE_BUCKET,
                    Key=f"calendar/{year}.json",
                    Body=json.dumps({"events": of_year}).encode(),
                    ContentType="application/json",
                )


def _invalid(error: ValidationError) -> web.Response:
    fields = [".".join(str(part) for part in fault["loc"]) for fault in error.errors()]
    return web.json_response({"message": "Invalid", "fields": fields}, status=400)
