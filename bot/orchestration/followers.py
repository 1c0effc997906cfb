import asyncio
import contextvars
from collections.abc import Awaitable, Callable


class Followers:
    """`touch` something, and it is drawn soon: one task each, and the latest state wins.

    Args:
        draw: shows it and gives the seconds to wait before it may be drawn again. To have it
            drawn again whatever happens, it touches it itself. Raises nothing.
        after_seconds: how long a drawing lets the work that touched it go on first; a person does
            not see the difference, a run does.
    """

    def __init__(self, draw: Callable[[str], Awaitable[float]], *, after_seconds: float) -> None:
        self._draw = draw
        self._after_seconds = after_seconds
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._closed = False

    def touch(self, name: str) -> None:
        """It has changed; returns at once. After `close` nothing is drawn any more."""
        if self._closed:
            return
        self._again.add(name)
        if name not in self._tasks:
            # A context of its own: what it logs is not of the job that happened to touch first.
            following = self._follow(name)
            self._tasks[name] = asyncio.create_task(following, context=contextvars.Context())

    async def close(self) -> None:
        """Stop drawing."""
        self._closed = True
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _follow(self, name: str) -> None:
        try:
            while name in self._again:
                await asyncio.sleep(self._after_seconds)
                self._again.discard(name)
                await asyncio.sleep(await self._draw(name))
        finally:
            # Nothing is awaited since the last look at `_again`, so no touch falls in between.
            self._tasks.pop(name, None)
