"""One server on loopback that misbehaves as each request's cell says, and keeps what it did.

A request belongs to the cell whose number stands in it as `cell-17`, wherever that may be: in a
path, a bucket, a table. Raw sockets, because no library will cut off an answer in the middle.
"""

import asyncio
import re
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Self

from tests.matrix.faults import AFTER_THE_EFFECT, Fault

DRIP_SECONDS = 0.2
_CELL = re.compile(rb"cell-(\d+)")
_LENGTH = re.compile(rb"^content-length: *(\d+)", re.IGNORECASE | re.MULTILINE)
_EXPECTS = re.compile(rb"^expect: *100-continue", re.IGNORECASE | re.MULTILINE)
_SILENT = {Fault.TIMEOUT_BEFORE, Fault.TIMEOUT_AFTER}
_RESET = {Fault.RESET_BEFORE, Fault.RESET_AFTER}
PAGE = b"<!doctype html><title>Sign in</title><p>Welcome to the harbour's network.</p>"


@dataclass(frozen=True)
class Reply:
    """An HTTP answer."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()

    def head(self, length: int | None = None) -> bytes:
        """Status and headers; `length` where another than the body's is to be claimed."""
        claimed = len(self.body) if length is None else length
        lines = [f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        lines += [f"content-length: {claimed}", "connection: close", "", ""]
        return "\r\n".join(lines).encode()


@dataclass
class Cell:
    """What one cell's requests meet. `error`: the reply for what is not misbehaviour of the wire.

    `only_once`: the first request alone meets the fault. `accepts`: a credential without which a
    request is answered with `error`, fault or none.
    """

    fault: Fault | None
    good: Reply
    error: Reply
    only_once: bool = False
    accepts: bytes = b""
    requests: list[bytes] = field(default_factory=list)
    effects: int = 0


class Server:
    """Where every client is sent."""

    def __init__(self) -> None:
        self.cells: list[Cell] = []
        self.elsewhere: list[bytes] = []
        self.url = ""
        self.other_url = ""
        self._servers: list[asyncio.Server] = []
        self._open: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self.url = await self._listen(self._serve)
        self.other_url = await self._listen(self._overhear)
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        for server in self._servers:
            server.close()

    async def _listen(self, serve: Callable[..., object]) -> str:
        def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.get_running_loop().create_task(serve(reader, writer))  # type: ignore[arg-type]
            self._open.add(task)
            task.add_done_callback(self._open.discard)

        server = await asyncio.start_server(accept, "127.0.0.1", 0)
        self._servers.append(server)
        return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                request = await _request(reader, writer)
                found = _CELL.search(request)
                assert found, request
                await self._answer(self.cells[int(found[1])], request, writer)
        finally:
            writer.close()

    async def _answer(self, cell: Cell, request: bytes, writer: asyncio.StreamWriter) -> None:
        cell.requests.append(request)
        fault = None if cell.only_once and len(cell.requests) > 1 else cell.fault
        if fault is Fault.EXPIRED and cell.accepts:
            fault = None if cell.accepts in request else Fault.UNAUTHORISED
        cell.effects += fault is None or fault in AFTER_THE_EFFECT
        if fault in _SILENT:
            await asyncio.Event().wait()
        elif fault in _RESET:
            _reset(writer)
        elif fault is Fault.DRIP:
            await _drip(cell.good, writer)
        else:
            writer.write(_said(fault, cell))
            await writer.drain()

    async def _overhear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """The other host: whatever comes here should have gone nowhere."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            self.elsewhere.append(await _request(reader, writer))
            body = b'{"ok": true, "ts": "1.000001", "id": "elsewhere", "event_id": "elsewhere"}'
            writer.write(Reply(200, body, (("content-type", "application/json"),)).head() + body)
            await writer.drain()
        writer.close()


def _said(fault: Fault | None, cell: Cell) -> bytes:
    reply = cell.error
    match fault:
        case None:
            reply = cell.good
        case Fault.TRUNCATED:
            reply = cell.good
            return reply.head() + reply.body[: len(reply.body) * 2 // 3]
        case Fault.MALFORMED:
            body = cell.good.body[: len(cell.good.body) * 2 // 3]
            reply = Reply(cell.good.status, body, cell.good.headers)
        case Fault.HTML:
            reply = Reply(200, PAGE, (("content-type", "text/html; charset=utf-8"),))
    return reply.head() + reply.body


async def _request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    if _EXPECTS.search(head):
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        await writer.drain()
    length = _LENGTH.search(head)
    return head + (await reader.readexactly(int(length[1])) if length else b"")


async def _drip(reply: Reply, writer: asyncio.StreamWriter) -> None:
    """The right answer, a byte at a time, for longer than anybody should wait."""
    whole = reply.head() + reply.body
    for at in range(len(whole)):
        writer.write(whole[at : at + 1])
        await writer.drain()
        await asyncio.sleep(DRIP_SECONDS)


def _reset(writer: asyncio.StreamWriter) -> None:
    peer: socket.socket = writer.get_extra_info("socket")
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
