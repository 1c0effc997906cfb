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
          PUT /names/{name} ({"records": [TXT, …]})
By hand:  PATCH /crew/events/{id}
Slack's own control is under /slack.
"""

import asyncio
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Protocol

import aiohttp
from aiohttp import hdrs, web
from aiohttp.typedefs import Handler
from botocore.exceptions import ClientError
from yarl import URL

from sandbox.aws import accounts
from sandbox.aws.tables import NoSuchItemError
from sandbox.hosting import application
from sandbox.legacy import legacy_event
from sandbox.mistakes import (
    BadRequestError,
    NotThereError,
    body_of,
    query_of,
    reading,
    tell_mistakes,
)
from sandbox.switchboard import Switchboard
from sandbox.workspace.guard import guard
from sandbox.workspace.objects import OWNERS, listed
from sandbox.workspace.routes import Workspace
from sandbox.world import World


class Control:
    """The control server of one rehearsal.

    Args:
        world: what it shows and switches.
        wish: told what a person wants of the bot, "kill" or "restart".
    """

    def __init__(self, world: World, wish: Callable[[str], None]) -> None:
        self._world = world
        self._wish = wish

    def application(self) -> web.Application:
        app = application(middlewares=[guard, tell_mistakes, self._spread_word])
        Workspace(self._world, self._wish).register(app)
        app.add_subapp("/slack", self._world.slack.control_app())
        app.add_routes(Switchboard(self._world).routes())
        app.add_routes(
            [
                web.get("/info", self.info),
                web.get("/calendar/entries", self.calendar_entries),
                web.get("/crew/events", self.crew_events),
                web.post("/crew/events", self.put_legacy_event),
                web.patch("/crew/events/{event_id}", self.write_by_hand),
                web.put("/names/{name}", self.publish),
                web.get("/mails", self.mails),
                web.get("/objects", self.objects),
                web.get("/object", self.object),
                web.get("/edge/cache", self.edge_cache),
                web.get("/fetch", self.fetch),
                web.get("/calls", self.calls),
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
        asked = await body_of(request)
        with reading(ClientError):
            item = legacy_event(**asked)
            await self._world.crew.table.put(item)
        return web.json_response(item, status=201)

    async def write_by_hand(self, request: web.Request) -> web.Response:
        """Change attributes of a stored event, as somebody with a console would."""
        asked = await body_of(request)
        with reading(ClientError):
            try:
                await self._world.crew.table.set(request.match_info["event_id"], asked)
            except NoSuchItemError:
                raise web.HTTPNotFound from None
        return web.Response(status=204)

    async def publish(self, request: web.Request) -> web.Response:
        """Have the name servers know a domain's TXT records."""
        asked = await body_of(request)
        records = [str(record).encode() for record in asked.get("records", ())]
        self._world.names.publish(request.match_info["name"], *records)
        return web.Response(status=204)

    async def mails(self, request: web.Request) -> web.Response:
        letters = await self._world.mailbox.letters(request.query.get("to"))
        return web.json_response([letter.model_dump() for letter in letters])

    async def objects(self, request: web.Request) -> web.Response:
        bucket, prefix = _bucket(request), request.query.get("prefix", "")
        found = await asyncio.to_thread(lambda: list(listed(self._s3(bucket), bucket, prefix)))
        return web.json_response([each["Key"] for each in found])

    async def object(self, request: web.Request) -> web.Response:
        bucket, key = _bucket(request), query_of(request, "key")
        s3 = self._s3(bucket)
        try:
            answer = await asyncio.to_thread(s3.get_object, Bucket=bucket, Key=key)
        except s3.exceptions.NoSuchKey:
            raise web.HTTPNotFound from None
        body = await asyncio.to_thread(answer["Body"].read)
        return web.Response(body=body, headers={"Content-Type": answer["ContentType"]})

    async def edge_cache(self, _: web.Request) -> web.Response:
        return web.json_response(self._world.edge.cached())

    async def fetch(self, request: web.Request) -> web.Response:
        """A page as the public gets it, through the edge."""
        path = query_of(request, "path")
        if not path.startswith("/") or path.startswith("//"):
            raise BadRequestError("path begins with one /")
        # Joined as it is, so that an encoded way up arrives as one; it cannot name a host.
        url = URL(self._world.addresses.edge).join(URL(path, encoded=True))
        async with (
            aiohttp.ClientSession() as session,
            session.get(url, allow_redirects=False) as answer,
        ):
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


def _bucket(request: web.Request) -> str:
    bucket = request.query.get("bucket", accounts.GUEST_BUCKET)
    if bucket not in OWNERS:
        raise NotThereError(f"There is no bucket {bucket}.")
    return bucket
