"""Slack's rates: whoever calls waits for a turn, and longer where Slack asks for it."""

import asyncio
from collections import defaultdict
from collections.abc import Callable

# So many calls in any stretch of so many seconds: Slack's tiers, per method and workspace, and one
# message a second for each channel, in short bursts that Slack allows. The seconds are a little
# more than Slack's, because calls take now longer and now less long on their way.
# https://docs.slack.dev/apis/web-api/rate-limits
RATES = {
    "chat.postMessage": (4, 4.4),
    "chat.update": (5, 6.2),
    "chat.getPermalink": (50, 10.2),
    "conversations.history": (10, 12.4),
    "conversations.replies": (10, 12.4),
    "usergroups.users.list": (10, 30.4),
    # Each URL takes five answers, and they are in no tier.
    "response_url": (50, 5.0),
}
DEFAULT_RATE = (20, 15.4)


class Turns:
    """Turns of one client, in the order in which they are asked for.

    They are counted as Slack counts. The limiters of libraries count a bucket that leaks: it lets a
    burst through and its steady rate besides, so that every burst ended in a 429.

    Args:
        clock: gives seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._places: dict[tuple[str, str], asyncio.Semaphore] = {}
        self._paused_until: dict[str, float] = defaultdict(float)

    async def wait(self, method: str, lane: str = "") -> None:
        """Wait until `method` may be called; each lane (a channel) has turns of its own."""
        most, seconds = RATES.get(method, DEFAULT_RATE)
        places = self._places.get((method, lane))
        if places is None:
            places = self._places[method, lane] = asyncio.Semaphore(most)
        await places.acquire()
        try:
            # Whoever waits may find that Slack has asked for more patience meanwhile.
            while (pause := self._paused_until[method] - self._clock()) > 0:  # noqa: ASYNC110
                await asyncio.sleep(pause)
        finally:
            # Counted from here: those who were patient must not all go at once.
            asyncio.get_running_loop().call_later(seconds, places.release)

    def pause(self, method: str, seconds: float) -> None:
        """Let nobody call `method` for at least so long; what was asked for before stands."""
        until = self._clock() + seconds
        self._paused_until[method] = max(self._paused_until[method], until)
