"""Virtual time: one heap of moments for the outside world and for the bot's event loop.

Nothing here waits. When the loop has nothing ready, time jumps to the next moment. Whatever a bot
does in threads runs on this one thread too, at an instant drawn from the seed, so that a history is
the same each time it is played.
"""

import asyncio
import heapq
from asyncio import events
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from typing import Any

BEGIN = datetime(2026, 5, 14, 18, tzinfo=UTC)
_THREAD_SECONDS = 0.003
_MOST_TICKS = 400_000


class Crash(SystemExit):
    """The process is gone, here and now. A SystemExit, because nothing in Python holds one up."""


class NeverAtRest(Exception):  # noqa: N818
    """The bot went round and round, far longer than any history takes."""


class Timeline:
    """The world's time, in seconds since its beginning, and all that is to happen in it.

    `lives`: the processes that are alive. `noise` decides which of those that are ready goes on.
    """

    def __init__(self, noise: Random | None = None) -> None:
        self.now = 0.0
        self.ticks = 0
        self.lives: list[Life] = []
        self.running: Life | None = None
        self._noise = noise
        self._heap: list[tuple[float, int, Any, Life | None]] = []
        self._order = 0

    def clock(self) -> datetime:
        """The time of day, in UTC."""
        return datetime.fromtimestamp(BEGIN.timestamp() + self.now, UTC)

    def at(self, when: float, happens: Any, life: "Life | None" = None) -> None:
        """Have something happen; what belongs to a life does not outlast it."""
        self._order += 1
        heapq.heappush(self._heap, (max(when, self.now), self._order, happens, life))

    def run_until(self, when: float, until: Callable[[], bool] | None = None) -> "Life | None":
        """Let time pass; gives the life that crashed on the way. `until`: may end it earlier."""
        while True:
            life = self._next()
            if life is not None:
                if self._crashes(life):
                    return life
            elif until is not None and until():
                return None
            elif self._heap and self._heap[0][0] <= when:
                self._happen()
            else:
                self.now = max(self.now, when)
                return None

    def _next(self) -> "Life | None":
        """One that has something to do now; of several any one, as with processes."""
        ready = [life for life in self.lives if life.ready]
        if len(ready) > 1 and self._noise is not None:
            return self._noise.choice(ready)
        return ready[0] if ready else None

    def _crashes(self, life: "Life") -> bool:
        self.ticks += 1
        if self.ticks > _MOST_TICKS:
            raise NeverAtRest
        events._set_running_loop(life)
        self.running = life
        try:
            life.tick()
        except Crash:
            self.lives.remove(life)
            return True
        finally:
            self.running = None
            events._set_running_loop(None)
        return False

    def _happen(self) -> None:
        self.now, _, happens, life = heapq.heappop(self._heap)
        if life is None:
            happens()
        elif life in self.lives:
            life.ready.append(happens)


class Life(asyncio.AbstractEventLoop):
    """The event loop of one process, from its start to its death.

    `noise` decides how long a thread takes; without it, no time. `at_point` is told of every point
    at which the process may die: before each callback that the loop runs, which is every resumption
    of every task, and on both sides of each commit. It raises `Crash` where it shall.
    """

    def __init__(
        self, timeline: Timeline, noise: Random | None, at_point: Callable[[str], None]
    ) -> None:
        self.ready: deque[events.Handle] = deque()
        self.broken: list[str] = []
        self.at_point = at_point
        self._timeline = timeline
        self._noise = noise
        self._tasks: list[asyncio.Task[Any]] = []
        self._threads_free: dict[int, float] = {}

    def tick(self) -> None:
        """Run one callback."""
        handle = self.ready.popleft()
        if not handle._cancelled:
            self.at_point("await")
            handle._run()

    def bury(self) -> None:
        """Let go of what the dead process had in hand. Its cleanup runs where nobody hears it."""
        for task in self._tasks:
            task._log_destroy_pending = False
            if not task.done():
                try:
                    task.get_coro().close()
                except BaseException:  # noqa: BLE001 - the last words of a process long dead
                    continue
        self._tasks.clear()
        self.ready.clear()

    def time(self) -> float:
        return self._timeline.now

    def call_soon(self, callback: Any, *args: Any, context: Any = None) -> events.Handle:
        handle = events.Handle(callback, args, self, context)
        self.ready.append(handle)
        return handle

    call_soon_threadsafe = call_soon

    def call_at(
        self, when: float, callback: Any, *args: Any, context: Any = None
    ) -> events.TimerHandle:
        handle = events.TimerHandle(when, callback, args, self, context)
        self._timeline.at(when, handle, self)
        return handle

    def call_later(
        self, delay: float, callback: Any, *args: Any, context: Any = None
    ) -> events.TimerHandle:
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def create_future(self) -> "asyncio.Future[Any]":
        return asyncio.Future(loop=self)

    def create_task(self, coro: Any, *, name: Any = None, context: Any = None) -> Any:
        task: asyncio.Task[Any] = asyncio.Task(coro, loop=self, name=name, context=context)
        # Held, so that a task of a dead process is not cleaned up by the garbage collector.
        self._tasks.append(task)
        return task

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> "asyncio.Future[Any]":
        """As a thread would, but here, a moment later; one that has one thread does one at a time."""
        future = self.create_future()

        def run() -> None:
            try:
                result = func(*args)
            except Crash:
                raise
            except BaseException as error:  # noqa: BLE001 - as the real one, for whoever awaits it
                if not future.done():
                    future.set_exception(error)
            else:
                if not future.done():
                    future.set_result(result)

        begins = self.time()
        if self._noise is not None:
            begins += max(0.0, self._noise.uniform(-_THREAD_SECONDS, _THREAD_SECONDS))
        if getattr(executor, "_max_workers", 0) == 1:
            begins = max(begins, self._threads_free.get(id(executor), 0.0))
            self._threads_free[id(executor)] = begins
        self.call_at(begins, run)
        return future

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        error = context.get("exception")
        self.broken.append(f"{context['message']}: {error!r}")

    def get_debug(self) -> bool:
        return False

    def is_running(self) -> bool:
        return True

    def is_closed(self) -> bool:
        return False

    def _timer_handle_cancelled(self, handle: events.TimerHandle) -> None:
        """Its place in the heap stays; it is passed over when its time comes."""
