"""The control server's switches: faults, latencies, how things are deployed, secrets, a reset."""

import asyncio
from dataclasses import asdict, replace
from typing import Any

from aiohttp import web

from sandbox.mistakes import BadRequestError, body_of, reading
from sandbox.workspace.objects import OWNERS, emptied
from sandbox.world import World


class Switchboard:
    """Whatever is switched in one rehearsal, outside of Slack."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/faults", self.faults),
            web.post("/faults", self.add_fault),
            web.delete("/faults", self.clear_faults),
            web.delete("/faults/{id}", self.remove_fault),
            web.get("/latencies", self.latencies),
            web.put("/latencies", self.set_latencies),
            web.delete("/latencies", self.clear_latencies),
            web.patch("/switches/{service}", self.switch),
            web.post("/secrets/{secret}/rotate", self.rotate),
            web.put("/key-hash", self.key_hash),
            web.post("/reset", self.reset),
        ]

    async def faults(self, _: web.Request) -> web.Response:
        return web.json_response(self._world.conditions.faults.described())

    async def add_fault(self, request: web.Request) -> web.Response:
        asked = await body_of(request)
        with reading():
            fault = self._world.conditions.faults.add(**asked)
        return web.json_response(asdict(fault), status=201)

    async def clear_faults(self, _: web.Request) -> web.Response:
        self._world.conditions.faults.clear()
        return web.json_response({})

    async def remove_fault(self, request: web.Request) -> web.Response:
        with reading():
            fault_id = int(request.match_info["id"])
        self._world.conditions.faults.remove(fault_id)
        return web.json_response({})

    async def latencies(self, _: web.Request) -> web.Response:
        return web.json_response(self._world.conditions.latencies.described())

    async def set_latencies(self, request: web.Request) -> web.Response:
        asked = await body_of(request)
        with reading():
            self._world.conditions.latencies.set(asked)
        return await self.latencies(request)

    async def clear_latencies(self, request: web.Request) -> web.Response:
        self._world.conditions.latencies.clear()
        return await self.latencies(request)

    async def switch(self, request: web.Request) -> web.Response:
        """How a deployment is: the fields of its switches, but for secrets."""
        world = self._world
        switches: Any = {
            "calendar": world.calendar.switches,
            "crew": world.crew.switches,
            "edge": world.edge.switches,
        }.get(request.match_info["service"])
        if switches is None:
            raise web.HTTPNotFound
        changes = await body_of(request)
        with reading():
            replace(switches, **changes)  # refuses an unknown name
        for name, value in changes.items():
            setattr(switches, name, value)
        hidden = ("token", "key_hash")
        return web.json_response({n: v for n, v in asdict(switches).items() if n not in hidden})

    async def rotate(self, request: web.Request) -> web.Response:
        where = (await body_of(request)).get("where", "both")
        if where not in ("both", "service", "secret"):
            raise BadRequestError("where is both, service or secret")
        rotate = {
            "service-key": self._world.rotate_service_key,
            "dashboard-token": self._world.rotate_dashboard_token,
        }.get(request.match_info["secret"])
        if rotate is None:
            raise web.HTTPNotFound
        await rotate(where)
        return web.json_response({})

    async def key_hash(self, request: web.Request) -> web.Response:
        """`{"set": false}` unsets SERVICE_KEY_HASH; "unset_answer" is 401 or 200."""
        asked = await body_of(request)
        is_set = asked["set"]
        with reading():
            self._world.crew.switches.unset_answer = int(asked.get("unset_answer", 401))
        if is_set:
            await self._world.restore_key_hash()
        else:
            await self._world.set_key_hash(None)
        return web.json_response({})

    async def reset(self, _: web.Request) -> web.Response:
        """Forget what happened: items, objects, mails, cache, calls, faults, latencies."""
        world = self._world
        world.conditions.faults.clear()
        world.conditions.latencies.clear()
        await asyncio.gather(
            world.calendar.table.clear(),
            world.crew.table.clear(),
            world.mailbox.clear(),
            *(
                asyncio.to_thread(emptied, world.admin.client("s3", OWNERS[bucket]), bucket)
                for bucket in OWNERS
            ),
        )
        world.edge.forget_all()
        world.conditions.calls.clear()
        return web.json_response({})
