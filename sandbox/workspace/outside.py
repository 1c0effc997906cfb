"""The world around Slack for the page: mails, objects, calls, faults, and a hand in the table."""

from typing import Any

from aiohttp import web

from sandbox.legacy import with_revenue
from sandbox.mistakes import BadRequestError, body_of, reading
from sandbox.workspace import mails
from sandbox.workspace.faults import Catalogue
from sandbox.workspace.objects import Objects
from sandbox.world import World

Json = dict[str, Any]
_CALLS_SHOWN = 200


class Outside:
    """Routes under /workspace that show what is not Slack's."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._objects = Objects(world.admin, world.addresses.edge)
        self._faults = Catalogue(world)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/workspace/mails/{id}", self.mail),
            web.get("/workspace/objects", self.objects),
            web.get("/workspace/calls", self.calls),
            web.get("/workspace/faults", self.faults),
            web.put("/workspace/faults/{id}", self.turn_fault),
            web.post("/workspace/revenue", self.write_revenue),
        ]

    async def mail(self, request: web.Request) -> web.Response:
        wanted = request.match_info["id"]
        for letter in await self._world.mailbox.letters():
            if letter.id == wanted:
                return mails.shown(letter)
        raise web.HTTPNotFound

    async def objects(self, _: web.Request) -> web.Response:
        return web.json_response(await self._objects.described())

    async def calls(self, request: web.Request) -> web.Response:
        with reading():
            count = int(request.query.get("last", _CALLS_SHOWN))
            shown = self._world.conditions.calls.last(count)
        return web.json_response(shown)

    async def faults(self, _: web.Request) -> web.Response:
        return web.json_response(self._faults.described())

    async def turn_fault(self, request: web.Request) -> web.Response:
        on = (await body_of(request))["on"]
        if not isinstance(on, bool):
            raise BadRequestError("on is true or false")
        return web.json_response(await self._faults.turn(request.match_info["id"], on=on))

    async def write_revenue(self, request: web.Request) -> web.Response:
        """Write revenue into the notes of a stored event, as somebody with a console would."""
        event_id, table = (await body_of(request))["event_id"], self._world.crew.table
        if not isinstance(event_id, str):
            raise BadRequestError("event_id is text")
        event = await table.get(event_id)
        if event is None:
            raise web.HTTPNotFound
        await table.set(event_id, {"notes": with_revenue(event.get("notes"))})
        return web.json_response(await table.get(event_id))
