import asyncio
from collections.abc import Awaitable, Iterable
from typing import TypeVar

from bot.domain.errors import Retriable

T = TypeVar("T")


async def together(calls: Iterable[Awaitable[T]]) -> list[T]:
    """All at once and all to their end, so that no effect goes on behind a failure.

    Raises:
        BaseException: the first failure, in the order of `calls`; of several that may pass, the one
            that asked for the longest pause.
    """
    results = await asyncio.gather(*calls, return_exceptions=True)
    if failures := [result for result in results if isinstance(result, BaseException)]:
        raise max(failures, key=_pause) if isinstance(failures[0], Retriable) else failures[0]
    return [result for result in results if not isinstance(result, BaseException)]


def _pause(failure: BaseException) -> float:
    """The seconds that a failure asked to be left alone; less than none where it may not pass."""
    return failure.after or 0.0 if isinstance(failure, Retriable) else -1.0
