"""The control server: what an observer sees of the rehearsal, and its switches. Loopback only.

The page: GET / /page/{path} /workspace/snapshot /workspace/stream
          GET /workspace/samples; GET POST /workspace/samples/{name}
          GET /workspace/mails/{id} /workspace/objects /workspace/calls
          GET /workspace/faults; PUT /workspace/faults/{id}; POST /workspace/revenue
          PUT /workspace/bot; POST /workspace/bot/{kill|restart}
Reading:  GET /info /calendar/entries /crew/events /mails /objects /object /edge/cache /fetch /calls
Faults:   GET POST DELETE /faults; DELETE /faults/{id}; GET PUT DELETE /latencies
Switches: PATCH /switches/{calendar|crew|edge}; POST /secrets/{service-key|dashboard-token}/rotate;
          PUT /key-hash; POST /crew/events (a legacy event); POST /reset
By hand:  PATCH /crew/events/{id}
Slack's own control is under /slack.
"""

import asyncio
from dataclasses import asdict, replace
from typing import Any, Protocol

import aiohttp
from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from sandbox.aws import accounts
from sandbox.hosting import application
from sandbox.legacy import legacy_event
from sandbox.mistakes import tell_mistakes
from sandbox.workspace.guard import guard
from sandbox.workspace.objects import OWNERS
from sandbox.workspace.routes import Workspace
from sandbox.world import World


class Control:
    """The control server of one rehearsal."""

    def __init__(self, world: World) -> None:
        self._world = world

    def application(self) -> web.Application:
        app = application(middlewares=[guard, tell_mistakes, self._spread_word])
        Workspace(self._world).register(app)
        app.add_subapp("/slack", self._world.slack.control_app())
        app.add_routes(
            [
                web.get("/info", self.info),
                web.get("/calendar/entries", self.calendar_entries),
                web.get("/crew/events", self.crew_events),
                web.post("/crew/events", self.put_legacy_event),
                web.patch("/crew/events/{event_id}", self.write_by_hand),
                web.get("/mails", self.mails),
                web.get("/objects", self.objects),
                web.get("/object", self.object),
                web.get("/edge/cache", self.edge_cache),
                web.get("/fetch", self.fetch),
                web.get("/calls", self.calls),
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
        )
        return app

    async def info(self, _: web.Request) -> web.Response:
        world = self._world
        return web.json_response(
            {
                "root": str(world.root),
                "gate_url": world.gate_url,
                "emulator_url": world.emulator_url,
                "urls": asdict(world.addresses),
                "slack_api_url": world.slack.api_url,
            }
        )

    async def calendar_entries(self, request: web.Request) -> web.Response:
        return await _items(request, self._world.calendar.table)

    async def crew_events(self, request: web.Request) -> web.Response:
        return await _items(request, self._world.crew.table)

    async def put_legacy_event(self, request: web.Request) -> web.Response:
        item = legacy_event(**await request.json())
        await self._world.crew.table.put(item)
        return web.json_response(item, status=201)

    async def write_by_hand(self, request: web.Request) -> web.Response:
        """Change attributes of a stored event, as somebody with a console would."""
        await self._world.crew.table.set(request.match_info["event_id"], await request.json())
        return web.Response(status=204)

    async def mails(self, request: web.Request) -> web.Response:
        letters = await self._world.mailbox.letters(request.query.get("to"))
        return web.json_response([letter.model_dump() for letter in letters])

    async def objects(self, request: web.Request) -> web.Response:
        bucket = request.query.get("bucket", accounts.GUEST_BUCKET)
        answer = await asyncio.to_thread(
            self._s3(bucket).list_objects_v2,
            Bucket=bucket,
            Prefix=request.query.get("prefix", ""),
        )
        return web.json_response([found["Key"] for found in answer.get("Contents", [])])

    async def object(self, request: web.Request) -> web.Response:
        bucket = request.query.get("bucket", accounts.GUEST_BUCKET)
        s3 = self._s3(bucket)
        try:
            answer = await asyncio.to_thread(s3.get_object, Bucket=bucket, Key=request.query["key"])
        except s3.exceptions.NoSuchKey:
            raise web.HTTPNotFound from None
        body = await asyncio.to_thread(answer["Body"].read)
        return web.Response(body=body, headers={"Content-Type": answer["ContentType"]})

    async def edge_cache(self, _: web.Request) -> web.Response:
        return web.json_response(self._world.edge.cached())

    async def fetch(self, request: web.Request) -> web.Response:
        """A page as the public gets it, through the edge."""
        url = self._world.addresses.edge + request.query["path"]
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            kept = ("Content-Type", "X-Cache")
            return web.Response(
                status=answer.status,
                body=await answer.read(),
                headers={name: answer.headers[name] for name in kept if name in answer.headers},
            )

    async def calls(self, request: web.Request) -> web.Response:
        return web.json_response(
            self._world.conditions.calls.described(request.query.get("target"))
        )

    async def faults(self, _: web.Request) -> web.Response:
        return web.json_response(self._world.conditions.faults.described())

    async def add_fault(self, request: web.Request) -> web.Response:
        fault = self._world.conditions.faults.add(**await request.json())
        return web.json_response(asdict(fault), status=201)

    async def clear_faults(self, _: web.Request) -> web.Response:
        self._world.conditions.faults.clear()
        return web.json_response({})

    async def remove_fault(self, request: web.Request) -> web.Response:
        self._world.conditions.faults.remove(int(request.match_info["id"]))
        return web.json_response({})

    async def latencies(self, _: web.Request) -> web.Response:
        return web.json_response(self._world.conditions.latencies.described())

    async def set_latencies(self, request: web.Request) -> web.Response:
        self._world.conditions.latencies.set(await request.json())
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
        }[request.match_info["service"]]
        changes = await request.json()
        replace(switches, **changes)  # refuses an unknown name
        for name, value in changes.items():
            setattr(switches, name, value)
        hidden = ("token", "key_hash")
        return web.json_response({n: v for n, v in asdict(switches).items() if n not in hidden})

    async def rotate(self, request: web.Request) -> web.Response:
        where = (await request.json()).get("where", "both")
        if where not in ("both", "service", "secret"):
            raise ValueError("where is both, service or secret")
        rotate = {
            "service-key": self._world.rotate_service_key,
            "dashboard-token": self._world.rotate_dashboard_token,
        }[request.match_info["secret"]]
        await rotate(where)
        return web.json_response({})

    async def key_hash(self, request: web.Request) -> web.Response:
        """`{"set": false}` unsets SERVICE_KEY_HASH; "unset_answer" is 401 or 200."""
        asked = await request.json()
        self._world.crew.switches.unset_answer = int(asked.get("unset_answer", 401))
        if asked["set"]:
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
            *(asyncio.to_thread(_empty, self._s3(bucket), bucket) for bucket in OWNERS),
        )
        world.edge.forget_all()
        world.conditions.calls.clear()
        return web.json_response({})

    @web.middleware
    async def _spread_word(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Whatever is switched or written here, the page hears of."""
        response = await handler(request)
        if request.method != hdrs.METH_GET and not request.path.startswith("/slack/"):
            self._world.news.changed()
        return response

    def _s3(self, bucket: str) -> Any:
        return self._world.admin.client("s3", OWNERS[bucket])


class _HasItems(Protocol):
    async def all(self) -> list[dict[str, Any]]: ...


async def _items(request: web.Request, table: _HasItems) -> web.Response:
    booking_id = request.query.get("booking_id")
    items = [i for i in await table.all() if booking_id in (None, i.get("booking_id"))]
    return web.json_response(items)


def _empty(s3: Any, bucket: str) -> None:
    for found in s3.list_objects_v2(Bucket=bucket).get("Contents", []):
        s3.delete_object(Bucket=bucket, Key=found["Key"])
