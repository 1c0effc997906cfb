"""What goes wrong, switched on by whoever rehearses it: one mechanism for every stand-in.

| kind | what the client sees | effect |
| --- | --- | --- |
| timeout_before, timeout_after | no answer until it gives up, or `arg` seconds | none, happened |
| reset_before, reset_after | a connection reset | none, happened |
| slow | the answer, `arg` seconds late | happened |
| 401 403 429 500 502 503 504 | that status; 429 and 503 with `arg` as Retry-After | none |
| 500_after 502_after 504_after | that status | happened |
| empty_200, html_200 | 200 with an empty object, with a page | none |
| malformed_json | 200 with half an answer | happened |
"""

import itertools
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

STATUSES = ("401", "403", "429", "500", "502", "503", "504")
LATE_STATUSES = ("500_after", "502_after", "504_after")
BODIES = ("empty_200", "html_200", "malformed_json")
KINDS = (
    *("timeout_before", "timeout_after", "reset_before", "reset_after", "slow"),
    *STATUSES,
    *LATE_STATUSES,
    *BODIES,
)
# Names that people use for targets.
_MEANT = MappingProxyType({"crew": "crew_service", "sesv2": "ses"})


@dataclass
class Fault:
    """One thing that goes wrong. `times` counts down; None is until cleared."""

    id: int
    target: str
    operation: str
    kind: str
    times: int | None = 1
    arg: float | None = None

    @property
    def after(self) -> bool:
        """Whether the effect happens before it goes wrong."""
        return self.kind.endswith("_after") or self.kind in ("slow", "malformed_json")

    def concerns(self, target: str, operation: str) -> bool:
        return self.target in (target, "*") and self.operation in (operation, "*")


class Faults:
    """The faults that are switched on, the oldest first."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._ids = itertools.count(1)

    def add(
        self,
        *,
        target: str,
        kind: str,
        operation: str = "*",
        times: int | None = 1,
        arg: float | None = None,
    ) -> Fault:
        if kind not in KINDS:
            raise ValueError(f"kind is one of {', '.join(KINDS)}")
        if times is not None and times < 1:
            raise ValueError("times is at least 1, or null for every time")
        meant = _MEANT.get(target, target)
        fault = Fault(next(self._ids), meant, operation, kind, times, arg)
        self._faults.append(fault)
        return fault

    def take(self, target: str, operation: str, *, use_up: bool = True) -> Fault | None:
        """The fault that this call meets, if any; a counted one is used up by it.

        A call that is to use up none meets only those that last, and what names its operation.
        """
        for fault in self._faults:
            spared = not use_up and fault.times is not None and fault.operation != operation
            if fault.concerns(target, operation) and not spared:
                if fault.times is not None:
                    fault.times -= 1
                    if not fault.times:
                        self._faults.remove(fault)
                return fault
        return None

    def remove(self, fault_id: int) -> None:
        self._faults = [fault for fault in self._faults if fault.id != fault_id]

    def clear(self) -> None:
        self._faults.clear()

    def described(self) -> Sequence[dict[str, Any]]:
        return [asdict(fault) for fault in self._faults]
