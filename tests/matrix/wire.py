"""Each operation through each fault, by the bot's real clients over real sockets.

What comes of it is what the story of the cell is told with: the bot's error or the value, its
words, whether the effect happened, how many requests went out.
"""

import asyncio
from dataclasses import dataclass

from bot.domain.errors import NeedsPerson, Refused, Retriable, ServiceError, Unknown
from bot.services.http_errors import Unauthorised
from bot.services.ports import MessageGone
from tests.matrix.clients import CANARIES, NEW, Clients, Shared
from tests.matrix.dialects import error
from tests.matrix.faults import OF_THE_WIRE, Fault, senseless
from tests.matrix.operations import OPERATIONS, Operation
from tests.matrix.server import Cell, Server

VALUE, OTHER_VALUE, BROKE, NO_END = "the right answer", "another answer", "broke", "no end"
_AT_ONCE = 16
_NO_END_SECONDS = 8.0
_KINDS: dict[str, type[ServiceError]] = {
    kind.__name__: kind
    for kind in (Retriable, Unknown, NeedsPerson, Refused, Unauthorised, MessageGone)
}


@dataclass(frozen=True)
class Heard:
    """What a caller hears. `kind` is the error's name, or one of the words above.

    `waits`: the client itself waited and asked again, as it was told to. `leaks`: what reached the
    other host, or a secret that stood in the words.
    """

    kind: str
    effects: int
    requests: int
    what: str = ""
    hint: str = ""
    after: float | None = None
    waits: bool = False
    leaks: str = ""

    @property
    def error(self) -> ServiceError | None:
        """The error itself, made anew; None for a value."""
        kind = _KINDS.get(self.kind)
        if kind is None:
            return None
        if kind is Retriable:
            return Retriable(self.what, self.hint, self.after)
        return kind(self.what, self.hint)

    def __str__(self) -> str:
        effect = {0: "no effect", 1: "the effect"}.get(self.effects, f"{self.effects} effects")
        asked = "1 request" if self.requests == 1 else f"{self.requests} requests"
        after = "" if self.after is None else f", after {self.after:.0f} s"
        waits = ", which waits as it is told" if self.waits else ""
        said = " ".join(filter(None, (self.what, self.hint, self.leaks)))
        return f"{self.kind}{after}{waits}; {asked}, {effect}.{f' {said}' if said else ''}"


async def heard_by_all() -> dict[tuple[str, Fault], Heard]:
    """Every cell of the wire."""
    slots = asyncio.Semaphore(_AT_ONCE)
    async with Server() as server:
        shared = Shared.of(server.url)

        async def hear(operation: Operation, fault: Fault) -> Heard:
            async with slots:
                return await _heard(operation, fault, server, shared)

        cells = [
            (operation, fault)
            for operation in OPERATIONS
            for fault in OF_THE_WIRE
            if senseless(operation.name, operation.dialect, fault) is None
        ]
        found = await asyncio.gather(*(hear(*cell) for cell in cells))
    await shared.close()
    return {(op.name, fault): heard for (op, fault), heard in zip(cells, found, strict=True)}


async def _heard(operation: Operation, fault: Fault, server: Server, shared: Shared) -> Heard:
    rotated = fault is Fault.EXPIRED and operation.keyed
    waits = operation.dialect == "slack" and fault in {Fault.BUSY, Fault.BUSY_AFTER}
    number = len(server.cells)
    name = f"cell-{number}"
    reply = error(operation.dialect, fault, f"{server.other_url}/{name}")
    well = fault is Fault.CLOCK and reply.status == 200
    cell = Cell(
        None if well else fault,
        operation.good,
        reply,
        only_once=waits,
        accepts=NEW.encode() if rotated else b"",
    )
    server.cells.append(cell)
    astray = fault is Fault.DNS
    clients = Clients(shared, server.url, name, rotated=rotated, astray=astray)
    kind, what, hint, after = BROKE, "", "", None
    try:
        async with asyncio.timeout(_NO_END_SECONDS):
            value = await operation.ask(clients)
        kind = VALUE if value == operation.right else OTHER_VALUE
    except ServiceError as failure:
        kind, what, hint = type(failure).__name__, failure.what, failure.hint
        after = failure.after if isinstance(failure, Retriable) else None
    except TimeoutError:
        kind = NO_END
    except Exception as fault_of_ours:  # noqa: BLE001 - what it must never be is told in the table
        what = repr(fault_of_ours)
    finally:
        await clients.close()
    words = f"{what} {hint}"
    leaks = " ".join(f"It tells {canary}!" for canary in CANARIES if canary in words)
    if any(f"/{name}/".encode() in request for request in server.elsewhere):
        leaks += " Another host was sent the request!"
    words_of_no_cell = [text.replace(name, "it") for text in (what, hint)]
    return Heard(
        *(kind, cell.effects, len(cell.requests)),
        *words_of_no_cell,
        after=after,
        waits=waits,
        leaks=leaks,
    )
