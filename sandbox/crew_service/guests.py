"""What the guest's page may ask of the crew service: no key, but only from the guest site."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler
from pydantic import BaseModel, Field, ValidationError

from sandbox.aws.tables import NoSuchItemError, Table
from sandbox.crew_service.credentials import CrewSwitches
from sandbox.crew_service.letters import Letters
from sandbox.crew_service.shapes import readable
from sandbox.crew_service.uploads import Upload, Uploads, refused
from sandbox.crew_service.words import moment

_PLACE = "/prod/g/"


class _Confirmation(BaseModel):
    booking_id: str = Field(pattern=r"^[A-Za-z0-9-]{1,32}$")
    guest_count: int = Field(ge=0, le=500)
    note: str = Field(default="", max_length=2000)


class Guests:
    """The routes under /g/.

    Args:
        table: the crew's events.
        letters: mail to the captain.
        uploads: signs uploads.
        switches: how this deployment is.
        origin: the guest site.
        now: the time of day, in UTC.
    """

    def __init__(
        self,
        table: Table,
        letters: Letters,
        uploads: Uploads,
        switches: CrewSwitches,
        *,
        origin: str,
        now: Callable[[], datetime],
    ) -> None:
        self._table = table
        self._letters = letters
        self._uploads = uploads
        self._switches = switches
        self._origin = origin
        self._now = now

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/prod/g/presign", self.presign, name="presign"),
            web.post("/prod/g/confirm", self.confirm, name="confirm_guest"),
        ]

    @web.middleware
    async def answering_preflights(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        """As API Gateway does by itself, however the function behind it fares."""
        if request.method == hdrs.METH_OPTIONS and request.path.startswith(_PLACE):
            return self._preflight()
        return await handler(request)

    @web.middleware
    async def refusing_other_sites(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        """A form on any page can post here; its browser says whose page it is."""
        origin = request.headers.get("Origin", self._origin)
        if request.path.startswith(_PLACE) and origin != self._origin:
            return web.json_response({"message": "Only the guest site may ask."}, status=403)
        return await handler(request)

    async def allow_the_guest_site(
        self, request: web.Request, response: web.StreamResponse
    ) -> None:
        """CORS for every answer to the page, errors included, so that it can read them."""
        if not request.path.startswith(_PLACE):
            return
        response.headers["Vary"] = "Origin"
        if request.headers.get("Origin") == self._origin:
            response.headers["Access-Control-Allow-Origin"] = self._origin
            response.headers["Access-Control-Expose-Headers"] = "Date"

    async def presign(self, request: web.Request) -> web.Response:
        try:
            upload = Upload.model_validate_json(await request.read())
        except ValidationError as error:
            return web.json_response(refused(error), status=400)
        event = await self._event_in_time(upload.booking_id)
        if event is None:
            return self._over()
        if self._switches.photos_open == "after" and self._now() < moment(event["end_time"]):
            return self._early(event)
        key = upload.key(upload.booking_id.lower())
        return web.json_response(await self._uploads.sign(upload, key, self._switches.presign))

    async def confirm(self, request: web.Request) -> web.Response:
        try:
            said = _Confirmation.model_validate_json(await request.read())
        except ValidationError:
            return web.json_response({"message": "This cannot be confirmed."}, status=400)
        event = await self._event_in_time(said.booking_id)
        if event is None:
            return self._over()
        confirmed = {"guest_count": said.guest_count, "note": said.note}
        try:
            await self._table.set(event["event_id"], {"guest_confirmation": confirmed})
        except NoSuchItemError:  # deleted meanwhile
            return self._over()
        await self._letters.guest_confirmed(event, said.guest_count, said.note)
        return web.json_response({"confirmed": True}, status=202)

    def _preflight(self) -> web.Response:
        return web.Response(
            status=204,
            headers={
                "Access-Control-Allow-Methods": "POST",
                "Access-Control-Allow-Headers": "content-type",
                "Access-Control-Max-Age": "600",
            },
        )

    async def _event_in_time(self, booking_id: str) -> dict[str, Any] | None:
        """The booking's event until the cut-off; never there and over are the same answer."""
        grace = timedelta(hours=self._switches.photo_grace_hours)
        for stored in await self._table.of_booking(booking_id.lower()):
            event = readable(stored)
            if event and self._now() <= moment(event["end_time"]) + grace:
                return event
        return None

    def _over(self) -> web.Response:
        message = "This charter takes nothing any more."
        return self._closed({"message": message, "reason": "closed"})

    def _early(self, event: Mapping[str, Any]) -> web.Response:
        message = "Photos open when the charter ends."
        opens_at = moment(event["end_time"]).isoformat()
        return self._closed({"message": message, "reason": "early", "opens_at": opens_at})

    def _closed(self, answer: dict[str, str]) -> web.Response:
        """With the time by which it was decided, for a page whose clock is wrong."""
        now = self._now().isoformat(timespec="seconds")
        return web.json_response({**answer, "now": now}, status=403)
