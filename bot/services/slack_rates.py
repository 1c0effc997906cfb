"""Slack's rates: whoever calls waits for a turn, and longer where Slack asks for it."""

import asyncio
from collections import defaultdict
from collections.abc import Callable

from aiolimiter import AsyncLimiter

# Slack's tiers, per method and workspace, in short bursts that Slack allows; one message a
# second for each channel. https://docs.slack.dev/apis/web-api/rate-limits
RATES = {
    "chat.postMessage": (4, 4.0),
    "chat.update": (5, 6.0),
    "conversations.history": (10, 12.0),
    "conversations.replies": (10, 12.0),
    "usergroups.users.list": (10, 30.0),
    # Each URL takes five answers, and they are in no tier.
    "response_url": (50, 5.0),
}
DEFAULT_RATE = (20, 15.0)


class Turns:
    """Turns of one client. `clock` gives seconds that only grow."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._limits: dict[tuple[str, str], AsyncLimiter] = {}
        self._paused_until: dict[str, float] = defaultdict(float)

    async def wait(self, method: str, lane: str = "") -> None:
        """Wait until `method` may be called; each lane (a channel) has turns of its own."""
        limiter = self._limits.get((method, lane))
        if limiter is None:
            limiter = self._limits[method, lane] = AsyncLimiter(*RATES.get(method, DEFAULT_RATE))
        await limiter.acquire()
        # Whoever waits may find that Slack has asked for more patience meanwhile.
        while (pause := self._paused_until[method] - self._clock()) > 0:  # noqa: ASYNC110
            await asyncio.sleep(pause)

    def pause(self, method: str, seconds: float) -> None:
        """Let nobody call `method` for so long."""
        self._paused_until[method] = self._clock() + seconds
