"""How long the outside world takes."""

from collections.abc import Mapping
from types import MappingProxyType

INVALIDATION = "invalidation"

# Names that people use for what the calls are.
_MEANT = MappingProxyType(
    {
        "crew": "crew_service",
        "upload": "s3.PutObject",
        "live_check": "edge",
        "mail": "ses",
    }
)


class Latencies:
    """Seconds by target ("calendar", "s3") or operation ("calendar.create", "s3.PutObject").

    The narrower name wins. "invalidation" is how long CloudFront's stay in progress.
    """

    def __init__(self, seconds: Mapping[str, float] | None = None) -> None:
        self._seconds: dict[str, float] = {}
        self.set(seconds or {})

    def set(self, seconds: Mapping[str, float]) -> None:
        for name, value in seconds.items():
            if value < 0:
                raise ValueError(f"the latency of {name} cannot be negative")
            self._seconds[_MEANT.get(name, name)] = float(value)

    def clear(self) -> None:
        self._seconds.clear()

    def of(self, target: str, operation: str) -> float:
        return self._seconds.get(f"{target}.{operation}", self._seconds.get(target, 0.0))

    @property
    def invalidation(self) -> float:
        return self._seconds.get(INVALIDATION, 0.0)

    def described(self) -> dict[str, float]:
        return dict(self._seconds)
