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

from bot.engine import _HEAD_START_SECONDS, Engine, Payload
from bot.slot import FileSlot


@dataclass
class Kept:
    """A job on disk."""

    job: str
    payload: str
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


class OnlyPlace(FileSlot):
    """The place at a database that no other process knows of."""

    def __init__(self) -> None:
        """There is no file to lock."""

    def release(self) -> None:
        """There is nothing to let go."""


class SimulatedEngine(Engine):
    """One process's engine."""

    def __init__(self, disk: Disk) -> None:
        super().__init__("sqlite://")
        self._disk = disk

    async def hold(self) -> None:
        """There is nobody else."""
        self._slot = OnlyPlace()

    async def launch(self) -> None:
        """Go on with what a dead process left."""
        for key in self._disk.pending:
            self._set_out(key, json.loads(self._disk.jobs[key].payload))

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
            self._disk.jobs.setdefault(key, Kept(job, written))
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
        attempt = self._attempt(kept.job, payload)
        task = asyncio.create_task(attempt, context=contextvars.Context())
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        await task
        await asyncio.to_thread(self._end, kept)

    def _end(self, kept: Kept) -> None:
        kept.ended = True
        self._disk.changes += 1

    async def _look(self) -> None:
        await asyncio.to_thread(lambda: None)
