"""Slack's rate limits: so many calls in a window, per method and, for posting, per channel."""

import math
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Rate:
    limit: int
    seconds: float
    per_channel: bool = False


TIER_1 = Rate(10, 60)  # Slack promises 1 a minute and allows short bursts
TIER_2 = Rate(20, 60)
TIER_3 = Rate(50, 60)
TIER_4 = Rate(100, 60)
POSTING = Rate(4, 4, per_channel=True)
UNLIMITED = Rate(1_000, 1)


class RateKeeper:
    """`scale` multiplies how many calls fit in a window: larger is looser."""

    def __init__(self, clock: Callable[[], float], scale: float) -> None:
        self._clock = clock
        self._calls: defaultdict[tuple[str, str], deque[float]] = defaultdict(deque)
        self.scale = scale

    def wait_for(self, method: str, rate: Rate, channel: str) -> int:
        """Seconds until the next call is allowed; 0 counts this call as made."""
        calls = self._calls[method, channel if rate.per_channel else ""]
        now = self._clock()
        while calls and calls[0] <= now - rate.seconds:
            calls.popleft()
        if len(calls) < max(1, math.floor(rate.limit * self.scale)):
            calls.append(now)
            return 0
        return max(1, math.ceil(calls[0] + rate.seconds - now))
