"""Switches faults of a running rehearsal on and off."""

from collections.abc import Callable
from typing import Any

import httpx


class FaultSwitches:
    """What goes wrong, as `sandbox.faults` describes it."""

    def __init__(self, ask: Callable[..., httpx.Response]) -> None:
        self._ask = ask

    def add(
        self,
        target: str,
        kind: str,
        *,
        operation: str = "*",
        times: int | None = 1,
        arg: float | None = None,
    ) -> int:
        """Switch a fault on; its id."""
        fault = {"target": target, "kind": kind, "operation": operation, "times": times, "arg": arg}
        found: int = self._ask("POST", "/faults", json=fault).json()["id"]
        return found

    def remove(self, fault_id: int) -> None:
        self._ask("DELETE", f"/faults/{fault_id}")

    def clear(self) -> None:
        self._ask("DELETE", "/faults")

    def all(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._ask("GET", "/faults").json()
        return found
