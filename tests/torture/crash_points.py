"""Every point at which the process may die on the way of one charter, and every ordered pair.

The points are counted by the loop itself: one before each callback that it runs, which is every
resumption of every task, so that no `await` can be forgotten, and one on either side of each
commit. The process dies at each; then again at each point of the recovery from each.

A crash forgets all that is in memory. Where nothing was written, sent, taken in elsewhere or
acknowledged between two points, and no time passed, it leaves the very same world behind: then
their recoveries are the same, and one of them is played for both.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from bot import app
from bot.domain.charter import State
from bot.steps.base import Step
from bot.steps.registry import STEPS
from bot.views.press import APPROVE, RETRY
from tests.torture import laws
from tests.torture.clockwork import NeverAtRest
from tests.torture.history import at_rest
from tests.torture.people import People
from tests.torture.slack import CAPTAIN, buttons
from tests.torture.world import World

BOOKING = "xhqgmdh"
SHORT = ("calendar", "crew_event")
_MAIL_ALONE = "Needs a person: Operations mail. "
_LOOK_SECONDS, _MOST_LOOKS = 4.0, 60


@dataclass(frozen=True)
class Way:
    """The way of one charter, with a crash at each of `deaths`.

    `points`: how many were passed after the last death, and `lives`: the first of each that leave
    different worlds behind.
    """

    deaths: tuple[int, ...]
    points: int
    lives: tuple[int, ...]
    uncertain: int
    broken: tuple[str, ...]

    def __str__(self) -> str:
        where = " and then at point ".join(map(str, self.deaths))
        return f"{f'Death at point {where}' if where else 'No death'}: {self.broken[0] if self.broken else 'no law is broken'}"


def walked(deaths: tuple[int, ...] = (), plan: tuple[str, ...] = ()) -> Way:
    """Play it. `plan`: the steps of a shortened charter."""
    whole = app.STEPS
    app.STEPS = tuple(step for step in STEPS if not plan or step.name in plan)
    try:
        return _walked(deaths, app.STEPS)
    finally:
        app.STEPS = whole


def _walked(deaths: tuple[int, ...], steps: Sequence[Step]) -> Way:
    world = World(1)
    world.noise = None
    begun, lives, seen = 0, iter(deaths), dict[tuple[float, ...], int]()
    world.at_point = lambda: seen.setdefault(world.left, world.points - begun)
    people, broken, uncertain = People(world), list[str](), 0
    try:
        for look in range(_MOST_LOOKS):
            if world.process is None:
                begun = world.points
                seen.clear()
                death = next(lives, None)
                world.start()
                world.die_at = death and begun + death
            if look == 0:
                people.forwards(CAPTAIN, BOOKING)
            world.pass_time(_LOOK_SECONDS)
            _press(world, people)
            if broken := laws.at_any_time(world):
                break
            if look > 0 and world.process and _is_done(world) and at_rest(world):
                break
        points = world.points - begun
        broken = broken or [
            *laws.at_rest(world),
            *_not_done(world, steps),
            *_needless_questions(world),
        ]
        uncertain = len(world.systems.mails) - 1 if len(steps) == len(STEPS) else 0
    except NeverAtRest:
        points, broken = 0, ["Law 2: it comes to no end."]
    finally:
        world.end()
    return Way(deaths, points, tuple(seen.values()), uncertain, tuple(broken))


def _press(world: World, people: People) -> None:
    """The captain approves what can be approved, and tries again what needs a person."""
    for action in (APPROVE, RETRY):
        people.presses(CAPTAIN, BOOKING, action)


def _is_done(world: World) -> bool:
    charter = world.overview(BOOKING)
    return charter is not None and charter.state is State.DONE


def _not_done(world: World, steps: Sequence[Step]) -> list[str]:
    """In a calm world every way ends well, each effect there once, and no answer open."""
    found = [] if _is_done(world) else ["Law 2: the charter is never set up."]
    made = {"calendar": world.systems.entries, "crew_event": world.systems.events}
    return found + [
        f"Law 1: {len(effects)} of {name} instead of 1."
        for name, effects in made.items()
        if name in {step.name for step in steps} and len(effects) != 1
    ]


def _needless_questions(world: World) -> list[str]:
    """Where everything answers, nothing fails, and all but a mail is settled by looking."""
    asked = {
        message.text
        for shown in world.workspace.messages.values()
        for _, message in shown.versions
        if RETRY in buttons(message) and _MAIL_ALONE not in message.text
    }
    return [f"Law 2: a person is bothered without need: {said}" for said in sorted(asked)]


@dataclass(frozen=True)
class Found:
    """All ways together."""

    points: int
    recoveries: int
    pairs: int
    played: int
    uncertain: int
    failing: tuple[str, ...]

    def rows(self) -> list[tuple[str, object]]:
        """For a table."""
        return [
            ("Crash points on the way of a charter, each died at", self.points),
            ("Ordered pairs of such points", self.pairs),
            ("of which leave different worlds behind, each died at", self.recoveries),
            ("Ways played", self.played),
            ("Violations", len(self.failing)),
            ("Questions to a person (operations mail), answered by Retry", self.uncertain),
        ]


def everywhere(plan: tuple[str, ...] = ()) -> Found:
    """Die at each point of a charter, and at each ordered pair of its points.

    `plan`: the steps of a shortened charter, of which there are a quarter as many pairs.
    """
    calm = walked(plan=plan)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        points = [((point,), plan) for point in range(1, calm.points + 1)]
        once = list(pool.map(_way, points, chunksize=8))
        distinct = [way for way in once if way.deaths[0] in calm.lives]
        pairs = [((*way.deaths, second), plan) for way in distinct for second in way.lives]
        twice = list(pool.map(_way, pairs, chunksize=16))
    ways = [calm, *once, *twice]
    return Found(
        points=len(once),
        recoveries=len(twice),
        pairs=sum(way.points for way in once),
        played=len(ways),
        uncertain=sum(way.uncertain for way in ways),
        failing=tuple(str(way) for way in ways if way.broken),
    )


def _way(asked: tuple[tuple[int, ...], tuple[str, ...]]) -> Way:
    return walked(*asked)
