"""Word that something outside of Slack may have changed, for whoever shows it."""

import asyncio
from collections.abc import Callable

_SECONDS_BETWEEN = 0.2


class News:
    """Passes word on to `tell` at most five times a second; the last word always gets through."""

    def __init__(self, tell: Callable[[], None]) -> None:
        self._tell = tell
        self._next = 0.0
        self._waiting: asyncio.TimerHandle | None = None

    def changed(self) -> None:
        """Something may have changed. To be called on the event loop."""
        if self._waiting is not None:
            return
        loop = asyncio.get_running_loop()
        self._waiting = loop.call_at(max(loop.time(), self._next), self._pass_on)

    def _pass_on(self) -> None:
        self._waiting = None
        self._next = asyncio.get_running_loop().time() + _SECONDS_BETWEEN
        self._tell()
