"""The durable engine without its database: the same promises, measured, and nothing besides.

The same key is accepted once; a job is done at least once, and from its beginning after a crash;
each has a context of its own. Everything about an attempt is the real engine's.
"""

import asyncio
import contextvars
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog

from bot.engine import _HEAD_START_SECONDS, Engine, Payload
from tests.torture.places import Places


@dataclass
class Kept:
    """A job on disk."""

    job: str
    payload: str
    place: str
    ended: bool = False
    attempts: int = 0


@dataclass
class Disk:
    """What is on disk of the engine; it outlives each process."""

    jobs: dict[str, Kept] = field(default_factory=dict)
    changes: int = 0

    @property
    def pending(self) -> list[str]:
        """The keys of jobs that have not ended."""
        return [key for key, kept in self.jobs.items() if not kept.ended]


class SimulatedEngine(Engine):
    """One process's engine. `owner`: that process, as `places` knows it."""

    def __init__(self, disk: Disk, places: Places, owner: object) -> None:
        super().__init__("sqlite://")
        self._disk = disk
        self._places = places
        self._owner = owner

    async def hold(self) -> None:
        """Take a place; while there is none, wait as a spare."""
        self._slot = await self._places.one_for(self._owner)

    async def launch(self) -> None:
        """Go on with what a dead process left in this place."""
        self._recover(self.slot.name)

    async def adopt(self) -> None:
        """Take over the jobs of places that nobody holds."""
        await self._look()
        pending = {self._disk.jobs[key].place for key in self._disk.pending}
        for name in sorted(pending - {self.slot.name}):
            if await self.slot.borrow(name):
                await self._taking_over()
                self._recover(name)
                await self.slot.return_(name)

    def _recover(self, place: str) -> None:
        for key in self._disk.pending:
            kept = self._disk.jobs[key]
            if kept.place == place:
                kept.place = self.slot.name
                self._set_out(key, json.loads(kept.payload))

    async def ended(self, key: str) -> bool:
        await self._look()
        kept = self._disk.jobs.get(key)
        return kept is not None and kept.ended

    async def pending_elsewhere(self) -> int:
        """There is one version."""
        return 0

    async def tidy(self, *, before: datetime) -> None:
        await self._look()
        for key in [key for key, kept in self._disk.jobs.items() if kept.ended]:
            del self._disk.jobs[key]

    async def _start(self, job: str, key: str, payload: Payload) -> None:
        given = dict(payload)
        written = json.dumps(given)

        def keep() -> bool:
            new = key not in self._disk.jobs
            self._disk.jobs.setdefault(key, Kept(job, written, self.slot.name))
            self._disk.changes += 1
            return new

        if await asyncio.to_thread(keep):
            self._set_out(key, given)

    def _set_out(self, key: str, payload: dict[str, Any]) -> None:
        carried = self._carry(key, payload)
        asyncio.get_running_loop().create_task(carried, context=contextvars.Context())

    async def _carry(self, key: str, payload: dict[str, Any]) -> None:
        kept = self._disk.jobs[key]
        await asyncio.sleep(_HEAD_START_SECONDS)
        if self._closing:
            return
        kept.attempts += 1
        context = contextvars.Context()
        # For the laws: what each call of the job came of.
        context.run(structlog.contextvars.bind_contextvars, delivery=payload.get("key") or "")
        task = asyncio.create_task(self._attempt(kept.job, payload), context=context)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        await task
        await asyncio.to_thread(self._end, kept)

    def _end(self, kept: Kept) -> None:
        kept.ended = True
        self._disk.changes += 1

    async def _look(self) -> None:
        await asyncio.to_thread(lambda: None)
