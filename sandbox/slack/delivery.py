"""Envelopes to the app: sent over any live connection, acknowledged in time or sent again."""

import asyncio
import itertools
import uuid
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Protocol

from sandbox.slack.journal import Journal
from sandbox.slack.timings import Timings

Json = dict[str, Any]


class Connection(Protocol):
    id: int

    async def send(self, message: Json) -> bool:
        """False if the message could not be written."""


@dataclass(frozen=True)
class Answer:
    """What became of one envelope. `error` is as a person would be told, "" for none."""

    error: str = ""
    payload: Json = field(default_factory=dict)
    seconds: float = 0.0

    def to_json(self) -> Json:
        return {"error": self.error, "payload": self.payload, "seconds": round(self.seconds, 4)}


class Delivery:
    def __init__(self, journal: Journal, timings: Timings, clock: Callable[[], float]) -> None:
        self._journal = journal
        self._timings = timings
        self._clock = clock
        self._turns = itertools.count()
        self._waiting: dict[str, asyncio.Future[Json]] = {}
        self._overdue: set[str] = set()
        self._tasks: set[asyncio.Task[object]] = set()
        self.connections: list[Connection] = []
        self.late_acks = 0
        self.log: list[Json] = []

    def deliver_event(self, payload: Json) -> None:
        """Sends an event until it is acknowledged or Slack gives up."""
        self._start(self._insist(payload))

    def repeat_event(self, payload: Json, attempt: int) -> None:
        """Sends an event one more time, whatever became of it before."""
        self._start(self._try(payload, attempt))

    def _start(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def ask(self, kind: str, payload: Json, *, accepts_payload: bool) -> Answer:
        """Sends what a person did, once; nobody connected or no answer is an error."""
        extra: Json = {"accepts_response_payload": accepts_payload}
        return await self._send(kind, payload, extra, str(payload.get("type", "command")))

    def acknowledge(self, envelope_id: str, payload: Json) -> None:
        if envelope_id in self._overdue:
            self._overdue.discard(envelope_id)
            self.late_acks += 1
            self._journal.note("late_ack", envelope=envelope_id)
        elif (waiting := self._waiting.get(envelope_id)) and not waiting.done():
            waiting.set_result(payload)

    def lost(self, connection: Connection) -> None:
        """Forgets a connection; what it had not acknowledged waits for its time-out."""
        if connection in self.connections:
            self.connections.remove(connection)
            self._journal.note("disconnected", connection=connection.id)

    def found(self, connection: Connection) -> None:
        self.connections.append(connection)
        self._journal.note("connected", connection=connection.id)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _insist(self, payload: Json) -> None:
        for attempt, pause in enumerate((0.0, *self._timings.retries)):
            if pause:
                await asyncio.sleep(pause)
            if not (await self._try(payload, attempt)).error:
                return
        self._journal.note("event_given_up", event_id=payload["event_id"])

    async def _try(self, payload: Json, attempt: int) -> Answer:
        extra: Json = {
            "accepts_response_payload": False,
            "retry_attempt": attempt,
            "retry_reason": "timeout" if attempt else "",
        }
        return await self._send("events_api", payload, extra, payload["event_id"])

    async def _send(self, kind: str, payload: Json, extra: Json, name: str) -> Answer:
        envelope_id = str(uuid.uuid4())
        started = self._clock()
        envelope = {"envelope_id": envelope_id, "type": kind, "payload": payload, **extra}
        waiting = self._waiting[envelope_id] = asyncio.get_running_loop().create_future()
        try:
            if not await self._write(envelope):
                answer = Answer("not_connected")
            else:
                acked = await asyncio.wait_for(waiting, self._timings.ack)
                answer = Answer(payload=acked, seconds=self._clock() - started)
        except TimeoutError:
            self._overdue.add(envelope_id)
            answer = Answer("operation_timeout", seconds=self._clock() - started)
        finally:
            del self._waiting[envelope_id]
        attempt = extra.get("retry_attempt", 0)
        about = {"name": name, "type": kind, "attempt": attempt, "envelope": envelope_id}
        self.log.append({**about, "at": started, **answer.to_json()})
        self._journal.note("delivery", **about, error=answer.error)
        return answer

    async def _write(self, envelope: Json) -> bool:
        for _ in range(len(self.connections)):
            connection = self.connections[next(self._turns) % len(self.connections)]
            if await connection.send(envelope):
                return True
            self.lost(connection)
            if not self.connections:
                break
        return False
