"""What was asked of the stand-ins, in order."""

import time
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

_KEPT = 20_000


@dataclass(frozen=True)
class Call:
    """One call. `status` is None where no answer was given; times in seconds, `started` epoch."""

    target: str
    operation: str
    method: str
    path: str
    status: int | None
    started: float
    latency: float
    fault: str | None = None
    account: str | None = None


class CallLog:
    """The latest calls; never a header or a body."""

    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=_KEPT)

    def add(self, call: Call) -> None:
        self._calls.append(call)

    def clear(self) -> None:
        self._calls.clear()

    def described(self, target: str | None = None) -> list[dict[str, Any]]:
        return [asdict(call) for call in self._calls if target in (None, call.target)]


class Stopwatch:
    """When a call began and how long it has taken."""

    def __init__(self) -> None:
        self.started = time.time()
        self._began = time.perf_counter()

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self._began
