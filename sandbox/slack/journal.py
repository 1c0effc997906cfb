"""Everything that changes in the workspace, numbered, so that a watcher never has to guess."""

import asyncio
import itertools
from collections import deque
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
KEPT_CHANGES = 5_000
_NUMBERS_A_SECOND = 1_000_000


class Journal:
    """A sequence of changes that can be read from any point and waited for.

    It begins at a number that no earlier rehearsal reached, so that a page which was left open
    from that one is found out.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._changes: deque[Json] = deque(maxlen=KEPT_CHANGES)
        self._news = asyncio.Event()
        self._start = self.seq = int(clock()) * _NUMBERS_A_SECOND

    def note(self, kind: str, **facts: Any) -> None:
        self.seq += 1
        self._changes.append({"seq": self.seq, "at": self._clock(), "kind": kind, **facts})
        self._news.set()
        self._news = asyncio.Event()

    def since(self, seq: int) -> list[Json]:
        found = itertools.takewhile(lambda change: change["seq"] > seq, reversed(self._changes))
        return list(found)[::-1]

    def reaches(self, seq: int) -> bool:
        """Whether every change after `seq` is still known, and `seq` is of this sequence."""
        oldest = self._changes[0]["seq"] if self._changes else self.seq + 1
        return oldest - 1 <= seq <= self.seq

    async def wait(self, after: int, timeout: float) -> list[Json]:  # noqa: ASYNC109 (a long poll)
        """The changes after `after`; empty when nothing came within `timeout` seconds.

        A number that is not of this sequence, such as 0, means now.
        """
        if not self._start <= after <= self.seq:
            after = self.seq
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        while self.seq <= after:
            left = deadline - loop.time()
            if left <= 0:
                return []
            try:
                await asyncio.wait_for(self._news.wait(), left)
            except TimeoutError:
                return []
        return self.since(after)
