"""Races: fifty clicks of one moment at one charter, by two operators and others.

In most of them two replicas of the bot are at one database, now and then with a spare; in some one
dies in the middle.
"""

from dataclasses import dataclass
from functools import partial
from random import Random

from bot.views.press import APPROVE, CANCEL, EDIT, INVALIDATE, REJECT, RESEND, RETRY, SCRUB
from tests.torture import laws, laws_of_races
from tests.torture.clockwork import NeverAtRest
from tests.torture.endings import ending
from tests.torture.history import Verdict, rest
from tests.torture.people import FORM_SECONDS, People
from tests.torture.slack import CAPTAIN, MATE, STRANGER
from tests.torture.weather import Fault
from tests.torture.world import World

BOOKING = "xhqgmdh"
CLICKS = 50
_CREW = "U0CREW"
_OLD = "old "
_TYPED = "type "
_SCENES = {
    "card": {APPROVE: 8, REJECT: 3, EDIT: 3, "type cancel": 1, "type scrub": 1},
    "edited card": {APPROVE: 6, "old approve": 5, REJECT: 2, EDIT: 3, "old edit": 1},
    "run": {
        "old approve": 3,
        "old reject": 1,
        "type retry": 2,
        "type scrub": 2,
        "type resend": 3,
        "type invalidate": 2,
        "type cancel": 1,
        "type status": 1,
    },
    "ended": {
        SCRUB: 4,
        RESEND: 5,
        INVALIDATE: 3,
        CANCEL: 2,
        "type cancel": 1,
        "type retry": 1,
        "old approve": 1,
        "type resend": 2,
    },
    "failed": {RETRY: 8, CANCEL: 3, INVALIDATE: 2, "type retry": 3, "old approve": 1},
    "run again": {
        "old retry": 4,
        "old cancel_charter": 3,
        "old invalidate_cache": 3,
        "type scrub": 2,
        "type resend": 2,
        "type retry": 1,
    },
}
_FAILING = {"crew_service.create #1": Fault.FORBIDDEN}
_SET_UP_SECONDS = 75.0


@dataclass(frozen=True)
class Click:
    """`at`: seconds after the beginning. `again`: Slack tells of it twice, maybe another replica."""

    at: float
    who: str
    what: str
    again: bool = False


@dataclass(frozen=True)
class Race:
    """Of a seed. `death`: how many points after the beginning a process dies, if one does."""

    seed: int
    scene: str
    clicks: tuple[Click, ...]
    replicas: int = 1
    spares: int = 0
    rate: float = 0.0
    lead: float = 0.0
    death: int | None = None
    dead_for: float = 0.0

    def __str__(self) -> str:
        told = [f"Race {self.seed}: {self.scene}, at work {self.replicas}, spare {self.spares}"]
        if self.death is not None:
            told.append(f"a death at point {self.death}, for {self.dead_for} s")
        in_order = sorted(self.clicks, key=lambda each: each.at)
        clicks = [f"  at {each.at:.3f} s: {each.what} by {each.who}" for each in in_order]
        return "\n".join([", ".join(told), *clicks])


def drawn_race(seed: int) -> Race:
    """The race of a seed."""
    chance = Random(seed)
    scene = chance.choice((*_SCENES, "card", "card"))
    replicas = chance.choice((1, 2, 2))
    return Race(
        seed,
        scene,
        _clicks(chance, scene),
        replicas,
        spares=replicas - 1 if chance.random() < 0.25 else 0,
        rate=0.0 if scene in {"failed", "run again"} else chance.choice((0, 0, 0, 5, 15)),
        lead=chance.choice((0.0, 0.3, 1.0, 3.0, 8.0)) * chance.uniform(0.5, 1.5),
        death=chance.randint(1, 2500) if chance.random() < 0.3 else None,
        dead_for=chance.choice((0.2, 3.0, 40.0)),
    )


def _clicks(chance: Random, scene: str) -> tuple[Click, ...]:
    kinds = _SCENES[scene]
    spread = chance.choice((0.0, 0.0, 0.02, 0.3))
    return tuple(
        Click(
            at=chance.uniform(0.0, spread),
            who=chance.choices((CAPTAIN, MATE, STRANGER, _CREW), (9, 7, 2, 2))[0],
            what=chance.choices(list(kinds), list(kinds.values()))[0],
            again=chance.random() < 0.1,
        )
        for _ in range(CLICKS)
    )


def raced(race: Race) -> Verdict:
    """Have it run, and judge it."""
    script = _FAILING if race.scene in {"failed", "run again"} else None
    world = World(race.seed, race.rate, "", script, race.replicas, race.spares)
    verdict = Verdict()
    try:
        verdict.broken = _play(world, race)
        verdict.ended = ending(world)
        verdict.uncertain = laws.uncertain(world)
    except NeverAtRest:
        verdict.broken = ["Law 2: the bot goes round and round and comes to no end."]
    finally:
        verdict.crashes, verdict.points = len(world.deaths), world.points
        verdict.met = dict(world.weather.met)
        world.end()
    return verdict


def _play(world: World, race: Race) -> list[str]:
    people = People(world)
    _set(world, people, race)
    _take_aim(world, people, race.clicks)
    world.pass_time(FORM_SECONDS)
    world.die_at = race.death and world.points + race.death
    for seconds in (0.1, 1.0, race.dead_for):
        world.pass_time(seconds)
        if broken := laws.at_any_time(world):
            return broken
    if world.deaths and world.processes and (broken := _survived(world)):
        return broken
    rest(world)
    return laws.at_any_time(world) or laws.at_rest(world) or laws_of_races.broken(world)


def _survived(world: World) -> list[str]:
    """What a dead replica left behind, those that are alive bring to its end."""
    rest(world, begin=False)
    return laws.at_any_time(world) or laws.at_rest(world)


def _set(world: World, people: People, race: Race) -> None:
    """Come to where it begins."""
    world.weather.calm = True
    world.start()
    world.pass_time(2.0)
    people.forwards(CAPTAIN, BOOKING)
    world.pass_time(4.0)
    if race.scene == "edited card":
        people.presses(MATE, BOOKING, EDIT)
        world.pass_time(FORM_SECONDS + 3.0)
    elif race.scene != "card":
        world.weather.calm = race.rate > 0
        people.presses(CAPTAIN, BOOKING, APPROVE)
        world.pass_time(race.lead if race.scene == "run" else _SET_UP_SECONDS)
    if race.scene == "run again":
        people.presses(MATE, BOOKING, RETRY)
        world.pass_time(race.lead)
    world.weather.calm = False


def _take_aim(world: World, people: People, clicks: tuple[Click, ...]) -> None:
    """Everybody looks now, and presses at their time; forms are open by then, and are sent off."""
    for click in clicks:
        what, stale = click.what.removeprefix(_OLD), click.what.startswith(_OLD)
        waits = 0.0 if what in {EDIT, REJECT} else FORM_SECONDS
        if what.startswith(_TYPED):
            acts = partial(people.types, click.who, f"{what.removeprefix(_TYPED)} {BOOKING}")
        else:
            acts = people.aims(click.who, BOOKING, what, stale=stale)
        act = partial(_act, world, acts, again=click.again)
        world.timeline.at(world.timeline.now + waits + click.at, act)


def _act(world: World, acts: partial[None], *, again: bool) -> None:
    before = len(world.deliveries)
    acts()
    for delivery in world.deliveries[before:] if again else ():
        world.deliver(delivery, again=9)
