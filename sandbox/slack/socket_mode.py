"""Socket Mode's websocket: hello, envelopes out, acks in, pings answered, goodbyes."""

import asyncio
import contextlib
import itertools
import json
import secrets
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.slack.delivery import Delivery
from sandbox.slack.state import Workspace
from sandbox.slack.timings import Timings

Json = dict[str, Any]
MOST_CONNECTIONS = 10
HOST = "applink-sandbox"
PATH = "/link/"


class Socket:
    """One websocket of the app. Deaf: open, but nothing is sent and no ping answered."""

    def __init__(self, number: int, websocket: web.WebSocketResponse, request: web.Request) -> None:
        self.id = number
        self.websocket = websocket
        self._request = request
        self.deaf = False
        self.answers_pings = True

    async def send(self, message: Json) -> bool:
        if self.websocket.closed:
            return False
        if self.deaf:
            return True
        try:
            await self.websocket.send_str(json.dumps(message))
        except ConnectionError:
            return False
        return True

    async def say_goodbye(self, reason: str) -> None:
        await self.send({"type": "disconnect", "reason": reason, "debug_info": {"host": HOST}})

    def drop(self) -> None:
        """Ends the connection as a broken network does."""
        if self._request.transport is not None:
            self._request.transport.abort()


class SocketMode:
    def __init__(self, workspace: Workspace, delivery: Delivery, timings: Timings) -> None:
        self._workspace = workspace
        self._delivery = delivery
        self._timings = timings
        self._tickets: set[str] = set()
        self._numbers = itertools.count(1)
        self._farewells: set[asyncio.Task[None]] = set()
        self.sockets: list[Socket] = []

    def new_url(self) -> str:
        """A websocket address that admits one connection."""
        ticket = secrets.token_urlsafe(16)
        self._tickets.add(ticket)
        origin = self._workspace.origin.replace("http", "ws", 1)
        return f"{origin}{PATH}?ticket={ticket}&app_id={self._workspace.identity.app_id}"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403, text="invalid ticket")
        self._tickets.discard(ticket)
        websocket = web.WebSocketResponse(autoping=False)
        await websocket.prepare(request)
        socket = Socket(next(self._numbers), websocket, request)
        if len(self.sockets) >= MOST_CONNECTIONS:
            await socket.say_goodbye("too_many_websockets")
            await websocket.close()
            return websocket
        self.sockets.append(socket)
        try:
            await socket.send(self._hello())
            self._delivery.found(socket)
            await self._listen(socket)
        finally:
            self.sockets.remove(socket)
            self._delivery.lost(socket)
        return websocket

    def drop_all(self) -> None:
        for socket in list(self.sockets):
            self._delivery.lost(socket)
            socket.drop()

    def go_deaf(self, *, answer_pings: bool) -> None:
        for socket in self.sockets:
            socket.deaf = True
            socket.answers_pings = answer_pings

    async def refresh_all(self) -> None:
        """Announces the end of every connection, as Slack does every few hours."""
        for socket in list(self.sockets):
            await socket.say_goodbye("refresh_requested")
            self._delivery.lost(socket)
            task = asyncio.get_running_loop().create_task(self._close_later(socket))
            self._farewells.add(task)
            task.add_done_callback(self._farewells.discard)

    async def stop(self) -> None:
        for task in self._farewells:
            task.cancel()
        await asyncio.gather(*self._farewells, return_exceptions=True)
        for socket in list(self.sockets):
            await socket.websocket.close()

    async def _close_later(self, socket: Socket) -> None:
        await asyncio.sleep(self._timings.goodbye)
        await socket.websocket.close()

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.sockets),
            "debug_info": {
                "host": HOST,
                "build_number": 1,
                "approximate_connection_time": 18_060,
            },
            "connection_info": {"app_id": self._workspace.identity.app_id},
        }

    async def _listen(self, socket: Socket) -> None:
        async for message in socket.websocket:
            if message.type is WSMsgType.PING:
                if socket.answers_pings:
                    with contextlib.suppress(ConnectionError):
                        await socket.websocket.pong(message.data)
            elif message.type is WSMsgType.TEXT and not socket.deaf:
                self._read(message.data)

    def _read(self, text: str) -> None:
        try:
            said = json.loads(text)
        except json.JSONDecodeError:
            return  # Slack ignores what it cannot read
        if isinstance(said, dict) and "envelope_id" in said:
            self._delivery.acknowledge(str(said["envelope_id"]), said.get("payload") or {})
