"""Outages and broken calls, switched on by whoever rehearses them."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.mistakes import BadRequestError

KINDS = ("ratelimited", "500", "timeout_before", "timeout_after", "invalid_blocks")
OUTAGES = ("mixed", "503", "dropped", "refused")


@dataclass(frozen=True)
class Fault:
    kind: str
    retry_after: int = 1


@dataclass(frozen=True)
class _Due:
    """A fault that the next call of any of these methods meets."""

    methods: tuple[str, ...]
    fault: Fault


class Faults:
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._due: list[_Due] = []
        self._requests = itertools.count()
        self._down_until = 0.0
        self._outage = "mixed"

    def fail_next(self, *methods: str, kind: str, times: int = 1, retry_after: int = 1) -> None:
        """The next `times` calls of `methods` ("*" is any) go wrong in the way of `kind`."""
        if kind not in KINDS:
            raise BadRequestError(f"kind is one of {', '.join(KINDS)}")
        self._due.extend([_Due(methods, Fault(kind, retry_after))] * times)

    def take(self, method: str) -> Fault | None:
        for name in (method, "*"):
            for due in self._due:
                if name in due.methods:
                    self._due.remove(due)
                    return due.fault
        return None

    def is_due(self, *methods: str, kind: str) -> bool:
        """Whether such calls are still to go wrong."""
        return any(due.methods == methods and due.fault.kind == kind for due in self._due)

    def forget(self, *methods: str, kind: str) -> None:
        self._due = [due for due in self._due if due.methods != methods or due.fault.kind != kind]

    def go_down(self, seconds: float, outage: str) -> None:
        if outage not in OUTAGES:
            raise BadRequestError(f"how is one of {', '.join(OUTAGES)}")
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
