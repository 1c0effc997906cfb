"""A wire between the bot and its PostgreSQL server, on which the answer to a COMMIT can be lost.

It speaks as much of the protocol as is needed to tell one message from the next: a letter, a length
that counts itself, and content. A transaction is what was said since its BEGIN; psycopg sends that,
and its end, as simple queries.
"""

import asyncio
import re
import socket
import struct
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

import sqlalchemy as sa

_CANCEL, _SSL, _GSS = 80877102, 80877103, 80877104
_NO_SUCH_THING = b"N"
_QUERY, _PARSE, _BIND, _READY, _ERROR = b"Q", b"P", b"B", b"Z", b"E"
_IDLE = _READY + struct.pack("!I", 5) + b"I"
_DRIP_SECONDS = 0.03
_HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>Sign in</html>"


class Broken(StrEnum):
    """What becomes of a COMMIT, or of a question over the connection that holds a place."""

    SILENT_BEFORE = "silent before"
    SILENT_AFTER = "silent after"
    RESET_BEFORE = "reset before"
    RESET_AFTER = "reset after"
    DRIP = "drip"
    CUT_OFF = "cut off"
    HTML = "HTML"
    ERROR_BEFORE = "error before"
    ERROR_AFTER = "error after"


class Message(NamedTuple):
    """One of the protocol's."""

    kind: bytes
    content: bytes

    @property
    def raw(self) -> bytes:
        return self.kind + struct.pack("!I", len(self.content) + 4) + self.content


@dataclass
class Trouble:
    """Of transactions that say all of `about`, met so many times; `code` is the server's of errors.

    `about`: regular expressions, of words in statements or of parameters.
    """

    broken: Broken
    about: tuple[bytes, ...]
    times: float
    code: str = ""
    words: str = ""
    met: int = 0

    def concerns(self, said: bytes) -> bool:
        return self.met < self.times and all(re.search(each, said) for each in self.about)


@dataclass
class Refusal:
    """Of new connections: in the server's words if it has a code, else by a reset."""

    times: float
    code: str = ""
    words: str = ""
    met: int = 0


@dataclass
class Wire:
    """Listens on 127.0.0.1 at `port`; everything else may be changed while it runs."""

    behind: str
    port: int = 0
    troubles: list[Trouble] = field(default_factory=list)
    refusal: Refusal | None = None
    _calls: "set[_Call]" = field(default_factory=set)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    def url(self, database: str) -> str:
        """Where a database of the server is, by way of this wire. `database`: its URL there."""
        at = {"host": "127.0.0.1", "port": self.port}
        url = sa.make_url(database).set(query={}, **at)
        return url.render_as_string(hide_password=False)

    def add(self, trouble: Trouble) -> Trouble:
        self.troubles.append(trouble)
        return trouble

    def heal(self) -> None:
        """From now on nothing is in the way."""
        self.troubles.clear()
        self.refusal = None

    def cut(self, which: "Callable[[_Call], bool]") -> None:
        """Reset connections that stand."""
        self._each(which, _Call.reset)

    def mute(self, which: "Callable[[_Call], bool]") -> None:
        """Have the server hear and say nothing more on connections that stand."""
        self._each(which, _Call.mute)

    def _each(self, which: "Callable[[_Call], bool]", do: "Callable[[_Call], None]") -> None:
        async def all_of_them() -> None:
            for call in [call for call in self._calls if which(call)]:
                do(call)

        asyncio.run_coroutine_threadsafe(all_of_them(), self._loop).result()

    # What runs in the loop

    async def listen(self) -> asyncio.Server:
        server = await asyncio.start_server(self._answer, "127.0.0.1", self.port)
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        call = _Call(self, reader, writer)
        self._calls.add(call)
        try:
            await call.go_on()
        except (OSError, asyncio.IncompleteReadError):
            pass  # one of the two has hung up
        finally:
            self._calls.discard(call)
            call.end()


class _Call:
    """One connection of the bot's, and the one to the server behind it."""

    def __init__(
        self, wire: Wire, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._wire, self._reader, self._writer = wire, reader, writer
        self._server: asyncio.StreamWriter | None = None
        self._said = bytearray()
        self._prepared: dict[bytes, bytes] = {}
        self._trouble: Trouble | None = None
        self._answer = bytearray()
        self.holds_a_place = False

    def reset(self) -> None:
        """Hang up as a machine does that knows nothing of the connection."""
        sock = self._writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()

    def mute(self) -> None:
        self._trouble = Trouble(Broken.SILENT_AFTER, (), 1)

    def end(self) -> None:
        for writer in (self._writer, self._server):
            if writer is not None:
                writer.close()

    async def go_on(self) -> None:
        first = await self._startup()
        refusal = self._wire.refusal
        (code,) = struct.unpack("!I", first[4:8])
        if code != _CANCEL and refusal is not None and refusal.met < refusal.times:
            return self._refuse(refusal)
        answers, self._server = await asyncio.open_unix_connection(self._wire.behind)
        self._server.write(first)
        pumps = [asyncio.create_task(self._asks()), asyncio.create_task(self._answers(answers))]
        await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        for pump in pumps:
            pump.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)
        return None

    def _refuse(self, refusal: Refusal) -> None:
        refusal.met += 1
        if refusal.code:
            self._writer.write(_error("FATAL", refusal.code, refusal.words).raw)
        else:
            self.reset()

    async def _startup(self) -> bytes:
        """What it begins with, once it has heard that there is no encryption here."""
        while True:
            head = await self._reader.readexactly(8)
            length, code = struct.unpack("!II", head)
            if code not in (_SSL, _GSS):
                return head + await self._reader.readexactly(length - 8)
            self._writer.write(_NO_SUCH_THING)

    # From the bot

    async def _asks(self) -> None:
        async for message in _messages(self._reader):
            if self._trouble is None:
                await self._pass_on(message)
            # Else nobody is there any more to hear it.

    async def _pass_on(self, message: Message) -> None:
        assert self._server is not None
        if message.kind == _QUERY and message.content.startswith(b"BEGIN"):
            self._said.clear()
        self._said += message.content + self._prepared_for(message)
        self.holds_a_place |= b"pg_try_advisory_lock(" in message.content
        ends = message == Message(_QUERY, b"COMMIT\0")
        trouble = self._met() if ends else None
        if trouble is None:
            return self._server.write(message.raw)
        trouble.met += 1
        match trouble.broken:
            case Broken.SILENT_BEFORE:
                self._trouble = trouble
            case Broken.RESET_BEFORE:
                self.reset()
            case Broken.ERROR_BEFORE:
                self._trouble = trouble
                self._server.write(Message(_QUERY, b"ROLLBACK\0").raw)
            case _:
                self._trouble = trouble
                self._server.write(message.raw)
        return None

    def _prepared_for(self, message: Message) -> bytes:
        """The statement that is meant, where it was said before and has had a name since."""
        name, _, rest = message.content.partition(b"\0")
        if message.kind == _PARSE and name:
            self._prepared[name] = rest
        if message.kind == _BIND:
            return self._prepared.get(rest.partition(b"\0")[0], b"")
        return b""

    def _met(self) -> Trouble | None:
        return next((t for t in self._wire.troubles if t.concerns(bytes(self._said))), None)

    # From the server

    async def _answers(self, reader: asyncio.StreamReader) -> None:
        async for message in _messages(reader):
            if self._trouble is None:
                self._writer.write(message.raw)
                continue
            self._answer += message.raw
            if message.kind == _READY:
                answer, self._answer = bytes(self._answer), bytearray()
                await self._answer_badly(self._trouble, answer)

    async def _answer_badly(self, trouble: Trouble, answer: bytes) -> None:
        match trouble.broken:
            case Broken.SILENT_BEFORE | Broken.SILENT_AFTER:
                return
            case Broken.DRIP:
                for byte in answer[:-1]:
                    self._writer.write(bytes([byte]))
                    await asyncio.sleep(_DRIP_SECONDS)
                self._trouble = None  # before the last: what is asked then is to be heard
                self._writer.write(answer[-1:])
            case Broken.CUT_OFF:
                self._writer.write(answer[: len(answer) // 2])
                self._writer.close()
            case Broken.HTML:
                self._writer.write(_HTML)
            case Broken.ERROR_BEFORE:
                self._trouble = None
                self._writer.write(_error("ERROR", trouble.code, trouble.words).raw + _IDLE)
            case Broken.ERROR_AFTER:
                self._writer.write(_error("FATAL", trouble.code, trouble.words).raw)
                self._writer.close()
            case _:
                self.reset()


async def _messages(reader: asyncio.StreamReader) -> AsyncIterator[Message]:
    while kind := await reader.read(1):
        (length,) = struct.unpack("!I", await reader.readexactly(4))
        yield Message(kind, await reader.readexactly(length - 4))


def _error(severity: str, code: str, words: str) -> Message:
    fields = (f"S{severity}", f"V{severity}", f"C{code}", f"M{words}", "")
    return Message(_ERROR, b"".join(each.encode() + b"\0" for each in fields))


@contextmanager
def wire_to(folder: str) -> Iterator[Wire]:
    """A wire to the server whose socket lies in that folder, for as long as the block runs."""
    wire = Wire(f"{folder}/.s.PGSQL.5432")
    thread = threading.Thread(target=wire._loop.run_forever, name="wire")
    thread.start()
    listening = asyncio.run_coroutine_threadsafe(wire.listen(), wire._loop).result()
    try:
        yield wire
    finally:
        asyncio.run_coroutine_threadsafe(_stop(listening, wire), wire._loop).result()
        wire._loop.call_soon_threadsafe(wire._loop.stop)
        thread.join()
        wire._loop.close()


async def _stop(listening: asyncio.Server, wire: Wire) -> None:
    listening.close()
    for call in list(wire._calls):
        call.end()
    own = asyncio.current_task()
    others = [task for task in asyncio.all_tasks() if task is not own]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
