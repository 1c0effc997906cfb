"""`make torture SEEDS=…`: what was asked for is played, judged and counted, for the README's table.

make torture                       200 histories
make torture SEEDS=20000           so many, by their seeds from 1; a failing one is shrunk
make torture SEEDS=101-200         these
make torture SEEDS=137-137         one, told in words
make torture SEEDS=points          a charter dies at every point, and at every ordered pair of points
make torture SEEDS=points:short    the same of a charter of two steps, in a quarter of the time
make torture SEEDS=races           1,000 races of 50 clicks
make torture SEEDS=races:7         one of them, told in words
make torture SEEDS=matrix          every outside call through every fault
make torture SEEDS=kills           200 kills of the real process
make torture SEEDS=storms          1,000 mails, 3,000 status changes
make torture SEEDS=events          30,000 events of Slack's in a minute
make torture SEEDS=all             all of these, one after another
"""

import os
import re
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor

from tests.kills import __main__ as kills
from tests.matrix import __main__ as matrix
from tests.storms import __main__ as storms
from tests.torture import crash_points
from tests.torture.drawing import drawn
from tests.torture.history import played
from tests.torture.races import CLICKS, drawn_race, raced
from tests.torture.shrink import shrunk
from tests.torture.tell import Sum, commit, story, story_of_race, table

_SEEDS = re.compile(r"[1-9]\d*(-[1-9]\d*)?")
_WITH = {"races": re.compile(r"[1-9]\d*"), "points": re.compile("short")}
_AT_ONCE = 50
_TOLD_EACH = 20
_SHOWN = 3
_RACES = 1_000
_ALL = ("20000", "points", "races", "matrix", "kills", "storms", "events")


def main(arguments: list[str]) -> int:
    """Run what was asked for; 1 if a law was broken, 2 if it is not known what was asked for."""
    asked = arguments[0] if arguments else "200"
    name, colon, only = asked.partition(":")
    if asked == "help":
        print(__doc__)
        return 0
    if asked == "all":
        return max([_told(each) for each in _ALL])
    if name in _OTHERS and (not colon or (name in _WITH and _WITH[name].fullmatch(only))):
        return _OTHERS[name](only)
    if seeds := _seeds(asked):
        return _histories(seeds)
    print(f"make torture SEEDS={asked}: what is that?\n\n{__doc__}", file=sys.stderr)
    return 2


def _seeds(asked: str) -> range:
    """What a count or a range means; empty if it is neither."""
    if not _SEEDS.fullmatch(asked):
        return range(0)
    first, _, last = asked.partition("-")
    return range(int(first), int(last) + 1) if last else range(1, int(first) + 1)


def _told(name: str) -> int:
    print(f"\n{name}", flush=True)
    return main([name])


def _histories(seeds: range) -> int:
    begun = time.monotonic()
    if len(seeds) == 1:
        history = drawn(seeds[0])
        print(story(history, played(history)), end="\n\n")
    found = _spread(_some, [seeds[at : at + _AT_ONCE] for at in range(0, len(seeds), _AT_ONCE)])
    print(
        table(
            [
                ("Histories", found.histories),
                ("Violations", len(found.failing)),
                ("Uncertain outcomes, shown to a person", found.uncertain),
                ("Crashes", found.crashes),
                ("Faults met", found.faults),
                ("Points passed at which it could crash", found.points),
                ("Seeds", f"{seeds[0]}-{seeds[-1]}"),
                ("Seconds", f"{time.monotonic() - begun:.1f}"),
                ("Commit", commit()),
            ]
        )
    )
    _conclude(found)
    for seed, said in found.failing:
        print(f"\nmake torture SEEDS={seed}-{seed}  breaks: {said}")
    for seed, _ in found.failing[:_SHOWN]:
        history = drawn(seed)
        print(f"\nShrunk: {story(*shrunk(history, played(history)))}")
    return 1 if found.failing else 0


def _conclude(found: Sum) -> None:
    broken = "A law was broken: that is a bug, of the bot or of the law. Please report it with:"
    print(f"\n{broken if found.failing else 'No law was broken.'}")


def _races(only: str) -> int:
    begun = time.monotonic()
    first, last = (int(only), int(only)) if only else (1, _RACES)
    if only:
        race = drawn_race(first)
        print(story_of_race(race, raced(race)), end="\n\n")
    parts = [range(at, min(at + _AT_ONCE, last + 1)) for at in range(first, last + 1, _AT_ONCE)]
    found = _spread(_some_races, parts)
    rows = [
        ("Races", found.histories),
        ("Clicks", found.histories * CLICKS),
        ("Violations", len(found.failing)),
        ("Uncertain outcomes, shown to a person", found.uncertain),
        ("Crashes in the middle", found.crashes),
        ("Faults met", found.faults),
        ("Seconds", f"{time.monotonic() - begun:.1f}"),
        ("Commit", commit()),
    ]
    print(table(rows))
    _conclude(found)
    for seed, said in found.failing:
        print(f"\nmake torture SEEDS=races:{seed}  breaks: {said}")
    return 1 if found.failing else 0


def _some_races(seeds: range) -> Sum:
    total = Sum()
    for seed in seeds:
        total = total.of(seed, raced(drawn_race(seed)))
    return total


def _some(seeds: range) -> Sum:
    total = Sum()
    for seed in seeds:
        total = total.of(seed, played(drawn(seed)))
    return total


def _spread(work: Callable[[range], Sum], parts: Iterable[range]) -> Sum:
    """One process a core, but never more than there is work for; on stderr, how far it is.

    What breaks a law is said at once: whoever watches 20,000 histories need not await the last.
    """
    parts = list(parts)
    total = Sum()
    workers = min(len(parts), os.cpu_count() or 1)
    if workers == 1:
        return work(parts[0])
    with ProcessPoolExecutor(workers) as pool:
        for done, found in enumerate(pool.map(work, parts), start=1):
            total = total.plus(found)
            for seed, said in found.failing:
                print(f"seed {seed} breaks: {said}", file=sys.stderr, flush=True)
            if done % _TOLD_EACH == 0:
                print(f"{total.histories} played", file=sys.stderr, flush=True)
    return total


def _points(only: str) -> int:
    begun = time.monotonic()
    found = crash_points.everywhere(crash_points.SHORT if only else ())
    rows = [*found.rows(), ("Seconds", f"{time.monotonic() - begun:.1f}"), ("Commit", commit())]
    print(table(rows))
    for said in found.failing[:_SHOWN]:
        print(f"\n{said}")
    return 1 if found.failing else 0


def _events(_only: str) -> int:
    from bench import storm  # noqa: PLC0415 - its scenes bring the whole rehearsal

    return storm.main()


_OTHERS: dict[str, Callable[[str], int]] = {
    "points": _points,
    "races": _races,
    "matrix": lambda _: matrix.main([]),
    "kills": lambda _: kills.main([]),
    "storms": lambda _: storms.main(),
    "events": _events,
}

if __name__ == "__main__":
    if "PYTHONHASHSEED" not in os.environ:
        # A seed is to be the same history each time, whatever the order of a set may come to decide.
        again = [sys.executable, "-m", "tests.torture", *sys.argv[1:]]
        os.execve(sys.executable, again, {**os.environ, "PYTHONHASHSEED": "0"})
    sys.exit(main(sys.argv[1:]))
