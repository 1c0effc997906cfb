"""What was asked of the stand-ins, in order."""

import itertools
import time
from collections import deque
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

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
    """The latest calls; never a header or a body.

    Attributes:
        added: told after each, and as soon as what it did can be seen if its answer is held.
    """

    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=_KEPT)
        self.added: Callable[[], None] = lambda: None

    def add(self, call: Call) -> None:
        self._calls.append(call)
        self.added()

    def clear(self) -> None:
        self._calls.clear()

    def described(self, target: str | None = None) -> list[dict[str, Any]]:
        return [asdict(call) for call in self._calls if target in (None, call.target)]

    def last(self, count: int) -> list[dict[str, Any]]:
        """The latest `count` calls, the newest last."""
        found = itertools.islice(reversed(self._calls), count)
        return [asdict(call) for call in found][::-1]


class Stopwatch:
    """When a call began and how long it has taken."""

    def __init__(self) -> None:
        self.started = time.time()
        self._began = time.perf_counter()

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self._began
