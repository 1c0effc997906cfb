"""Outages and broken calls, switched on by whoever rehearses them."""

import itertools
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass

KINDS = ("ratelimited", "500", "timeout_before", "timeout_after", "invalid_blocks")
OUTAGES = ("mixed", "503", "dropped", "refused")


@dataclass(frozen=True)
class Fault:
    kind: str
    retry_after: int = 1


class Faults:
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._next: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._requests = itertools.count()
        self._down_until = 0.0
        self._outage = "mixed"

    def fail_next(self, method: str, kind: str, times: int = 1, retry_after: int = 1) -> None:
        """The next `times` calls of `method` ("*" is any) go wrong in the way of `kind`."""
        if kind not in KINDS:
            raise ValueError(f"kind is one of {', '.join(KINDS)}")
        self._next[method].extend([Fault(kind, retry_after)] * times)

    def take(self, method: str) -> Fault | None:
        for name in (method, "*"):
            if self._next[name]:
                return self._next[name].popleft()
        return None

    def go_down(self, seconds: float, outage: str) -> None:
        if outage not in OUTAGES:
            raise ValueError(f"how is one of {', '.join(OUTAGES)}")
        self._down_until = self._clock() + seconds
        self._outage = outage

    def come_back(self) -> None:
        self._down_until = 0.0

    @property
    def down(self) -> bool:
        return self._clock() < self._down_until

    def outage_drops(self) -> bool:
        """Whether this request is dropped without an answer; otherwise it gets 503."""
        if self._outage == "mixed":
            return next(self._requests) % 2 == 0
        return self._outage in ("dropped", "refused")
