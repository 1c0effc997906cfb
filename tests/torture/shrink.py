"""Makes a failing history as short as it can be and still fail: fewer steps, fewer faults."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from tests.torture.drawing import History
from tests.torture.history import Verdict, played

T = TypeVar("T")
_MOST_PLAYS = 300


def shrunk(
    history: History, verdict: Verdict, play: Callable[[History], Verdict] = played
) -> tuple[History, Verdict]:
    """A shorter history that breaks the same law, and what came of it."""
    law, left = _law(verdict), [_MOST_PLAYS]
    best, found = replace(history, faults=verdict.met), verdict

    def fails(shorter: History) -> bool:
        nonlocal best, found
        if left[0] <= 0:
            return False
        left[0] -= 1
        came = play(shorter)
        if not came.broken or _law(came) != law:
            return False
        best, found = shorter, came
        return True

    if not fails(best):
        return history, verdict
    before = None
    while before != best:
        before = best
        _fewer(best.steps, lambda steps: fails(replace(best, steps=tuple(steps))))
        _fewer(
            tuple((best.faults or {}).items()),
            lambda faults: fails(replace(best, faults=dict(faults))),
        )
    return best, found


def _law(verdict: Verdict) -> str:
    return verdict.broken[0].partition(":")[0]


def _fewer(things: Sequence[T], fails: Callable[[Sequence[T]], bool]) -> None:
    """Leave out as much as goes: first halves, then less and less, in the end one by one."""
    size = max(1, len(things) // 2)
    while True:
        begin = 0
        while begin < len(things):
            fewer = [*things[:begin], *things[begin + size :]]
            if fails(fewer):
                things = fewer
            else:
                begin += size
        if size == 1:
            return
        size = max(1, size // 2)
