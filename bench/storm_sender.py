"""Sends a storm over HTTP as Slack does, in a process of its own, and tells when each was answered.

Plain sockets that are kept open, and whole requests made beforehand: on two processors, what sends
must leave nearly all of them to what is measured. Sent at their instants, however slow the answers.
"""

import asyncio
import hashlib
import hmac
import json
import pickle
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench.storm_events import Event

_END = b"\r\n\r\n"
_PATIENCE_SECONDS = 10.0
_BEGINS_IN_SECONDS = 1.0


@dataclass(frozen=True)
class Orders:
    """What is to be sent, and where; the file of pickled orders is the sender's only argument."""

    port: int
    secret: str
    events: list[Event]


class _Line(asyncio.Protocol):
    """One connection; one request at a time on it."""

    def __init__(self, idle: list["_Line"]) -> None:
        self._idle = idle
        self._got = b""
        self._answer: asyncio.Future[int] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def ask(self, request: bytes, answer: "asyncio.Future[int]") -> None:
        assert self._transport is not None
        self._answer = answer
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._got += data
        head, end, body = self._got.partition(_END)
        if not end or len(body) < _length(head):
            return
        self._got = b""
        self._settle(int(head[9:12]))
        self._idle.append(self)

    def connection_lost(self, _error: Exception | None) -> None:
        if self in self._idle:
            self._idle.remove(self)
        self._settle(0)

    def _settle(self, status: int) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(status)
        self._answer = None


class Sender:
    """`answers`: for each event its status (0 for none), and seconds until the answer came."""

    def __init__(self, orders: Orders) -> None:
        self._port = orders.port
        self._events = orders.events
        signed_at = str(int(time.time()))
        self._requests = [_request(each, orders, signed_at) for each in orders.events]
        self.answers: list[tuple[int, float]] = [(0, _PATIENCE_SECONDS)] * len(orders.events)
        self.late: list[float] = []
        self.lines = 0
        self._idle: list[_Line] = []
        self._under_way: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Send all of it; returns when all are answered, or were given up."""
        loop = asyncio.get_running_loop()
        begin = loop.time() + _BEGINS_IN_SECONDS
        for number, event in enumerate(self._events):
            if (pause := begin + event.at - loop.time()) > 0:
                await asyncio.sleep(pause)
            self.late.append(loop.time() - begin - event.at)
            task = asyncio.create_task(self._send(number))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        await asyncio.gather(*self._under_way)

    async def _send(self, number: int) -> None:
        loop = asyncio.get_running_loop()
        line = self._idle.pop() if self._idle else await self._connect()
        answer: asyncio.Future[int] = loop.create_future()
        began = loop.time()
        line.ask(self._requests[number], answer)
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                status = await answer
        except TimeoutError:
            status = 0
        self.answers[number] = status, loop.time() - began

    async def _connect(self) -> _Line:
        self.lines += 1
        loop = asyncio.get_running_loop()
        _, line = await loop.create_connection(lambda: _Line(self._idle), "127.0.0.1", self._port)
        return line


def _request(event: Event, orders: Orders, signed_at: str) -> bytes:
    signed = hmac.new(
        orders.secret.encode(), f"v0:{signed_at}:".encode() + event.body, hashlib.sha256
    )
    headers = {
        "Host": f"127.0.0.1:{orders.port}",
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "Accept": "*/*",
        "Content-Type": event.content_type,
        "Content-Length": str(len(event.body)),
        "X-Slack-Request-Timestamp": signed_at,
        "X-Slack-Signature": f"v0={signed.hexdigest()}",
    }
    if event.attempt:
        headers |= {"X-Slack-Retry-Num": str(event.attempt), "X-Slack-Retry-Reason": "http_timeout"}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST /slack/events HTTP/1.1\r\n{lines}\r\n".encode() + event.body


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def main() -> None:
    """Send what the orders say; print each event's kind, status and seconds as one JSON object."""
    orders = pickle.loads(Path(sys.argv[1]).read_bytes())
    sender = Sender(orders)
    began = time.monotonic()
    asyncio.run(sender.run())
    took = time.monotonic() - began - _BEGINS_IN_SECONDS
    answers = [
        (event.kind, *answer) for event, answer in zip(orders.events, sender.answers, strict=True)
    ]
    cpu = time.process_time()
    told = {"answers": answers, "late": sender.late, "seconds": took, "lines": sender.lines}
    json.dump({**told, "cpu": cpu}, sys.stdout)


if __name__ == "__main__":
    main()
