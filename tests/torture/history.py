"""A history: what people and misfortune do, drawn from a seed, played, and judged after each step."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from random import Random

from bot.orchestration.follow_ups import ACTIONS
from bot.store.queries import overviews
from bot.views.press import APPROVE, EDIT, REJECT, RETRY
from tests.torture import laws
from tests.torture.clockwork import NeverAtRest
from tests.torture.outside import BOOKINGS, CALENDAR_TOKEN, CREW_KEY
from tests.torture.people import FORM_SECONDS, People
from tests.torture.slack import CAPTAIN, MATE, OWNER, STRANGER
from tests.torture.weather import Fault
from tests.torture.world import World

_REST_SECONDS, _MOST_RESTS = 10.0, 240
_RATES = (0, 0, 2, 5, 10, 20, 35)
_FOLLOW_UPS = tuple(action.name for action in ACTIONS)
_SOME = 100_000
_CRASHED_AT_ONCE = 0.4
_POINTS = 400
_SORE = (
    *("", "", "calendar.create", "calendar", "crew_service.create", "crew_service.create"),
    *("crew_service", "ses", "ses", "s3", "cloudfront", "site", "dynamodb", "secrets"),
    *("chat", "chat.post", "chat.find", "chat.group"),
)


@dataclass(frozen=True)
class Step:
    """One thing that happens, `after` so many seconds. `number`: what chance it takes."""

    kind: str
    after: float
    who: str = ""
    booking: str = ""
    what: str = ""
    number: int = 0

    def __str__(self) -> str:
        told = [self.kind, self.what, self.booking.upper(), f"by {self.who}" if self.who else ""]
        return f"{self.after:7.2f} s later: {' '.join(filter(None, told))}"


@dataclass(frozen=True)
class History:
    """Of a seed. `rate`, `sore` and `faults` are the weather's."""

    seed: int
    rate: float
    sore: str
    steps: tuple[Step, ...]
    faults: Mapping[str, Fault] | None = None


@dataclass
class Verdict:
    """What came of a history."""

    broken: list[str] = field(default_factory=list)
    uncertain: int = 0
    crashes: int = 0
    points: int = 0
    met: dict[str, Fault] = field(default_factory=dict)
    at_step: int = 0
    ended: tuple[str, ...] = ()


def drawn(seed: int) -> History:
    """The history of a seed."""
    chance = Random(seed)  # noqa: S311
    rate, sore = chance.choice(_RATES), chance.choice(_SORE)
    bookings = list(BOOKINGS)[: chance.choice((1, 1, 1, 1, 2, 3))]
    steps = []
    for booking in bookings:
        steps.append(Step("forward", 0.5, who=CAPTAIN, booking=booking))
        steps += _opening(chance, booking)
        if chance.random() < _CRASHED_AT_ONCE:
            steps.append(Step("crash", 0.0, number=chance.randrange(_SOME)))
    for _ in range(chance.randint(1, 8)):
        steps.append(_step(chance, bookings))
    return History(seed, rate, sore, tuple(steps))


def _opening(chance: Random, booking: str) -> list[Step]:
    """How people most often begin, so that much follows."""

    def press(after: float, who: str, what: str, kind: str = "press") -> Step:
        return Step(kind, after, who, booking, what, chance.randrange(_SOME))

    soon, who = chance.uniform(0.5, 4.0), chance.choice((CAPTAIN, CAPTAIN, MATE))
    openings = {
        (): 2,
        (press(soon, who, APPROVE),): 10,
        (press(soon, CAPTAIN, APPROVE, "race"),): 3,
        (press(soon, who, EDIT), press(4.0, MATE, APPROVE, "stale press")): 2,
        (press(soon, who, EDIT), press(2.0, MATE, APPROVE, "race")): 1,
        (
            press(soon, MATE, EDIT),
            Step("group", 0.0, MATE),
            press(chance.choice((2.0, 45.0)), MATE, APPROVE),
        ): 1,
    }
    return list(chance.choices(list(openings), list(openings.values()))[0])


def _step(chance: Random, bookings: list[str]) -> Step:
    kinds = {
        **{"forward": 1, "redeliver": 2, "press": 12, "race": 3, "stale press": 2, "type": 2},
        **{"crash": 4, "wait": 5, "rotate": 1, "delete": 1, "group": 1, "home": 1, "weather": 1},
    }
    kind = chance.choices(list(kinds), list(kinds.values()))[0]
    after = chance.choice((0.0, 0.05, 0.5, 2.0, 5.0, 20.0)) * chance.uniform(0.5, 1.5)
    who = chance.choices((CAPTAIN, MATE, OWNER, STRANGER), (5, 3, 2, 1))[0]
    number, booking = chance.randrange(_SOME), chance.choice(bookings)
    if kind in {"press", "race", "stale press"}:
        what = chance.choices(
            (APPROVE, EDIT, REJECT, RETRY, *_FOLLOW_UPS),
            (12, 3, 1, 6, *[2] * len(_FOLLOW_UPS)),
        )[0]
        return Step(kind, after, who, booking, what, number)
    if kind == "type":
        words = ("status", "scrub", "resend", "invalidate", "retry", "cancel", "list")
        return Step(kind, after, who, booking, chance.choice(words), number)
    if kind == "wait":
        return Step(kind, chance.choice((1.0, 10.0, 45.0, 200.0)), number=number)
    if kind in {"delete", "forward"}:
        return Step(kind, after, who, booking, number=number)
    if kind in {"home", "group"}:
        return Step(kind, after, who, number=number)
    return Step(kind, after, number=number)


def played(history: History, *, at_start: Callable[[World], None] = lambda _: None) -> Verdict:
    """Play a history to its end, or to the first law that is broken."""
    world = World(history.seed, history.rate, history.sore, history.faults)
    verdict = Verdict()
    try:
        at_start(world)
        verdict.broken = _play(world, history.steps, verdict)
    except NeverAtRest:
        verdict.broken = ["Law 2: the bot goes round and round and comes to no end."]
    finally:
        verdict.crashes, verdict.points = len(world.deaths), world.points
        verdict.met = dict(world.weather.met)
        world.end()
    return verdict


def _play(world: World, steps: tuple[Step, ...], verdict: Verdict) -> list[str]:
    players = Players(world)
    world.start()
    world.pass_time(1.0)
    for verdict.at_step, step in enumerate(steps):
        world.pass_time(step.after)
        players.do(step)
        if broken := laws.at_any_time(world):
            return broken
    rest(world)
    verdict.uncertain = laws.uncertain(world)
    verdict.ended = tuple(f"{each.booking_id} {each.state}" for each in world.charters())
    return laws.at_any_time(world) or laws.at_rest(world)


def rest(world: World) -> None:
    """No more faults: the bot runs and comes to rest, as far as it does."""
    world.weather.calm = True
    world.start()
    for _ in range(_MOST_RESTS):
        world.pass_time(_REST_SECONDS)
        world.start()
        if at_rest(world):
            # What has been put off for longest: a thread that was blocked, a Home.
            world.pass_time(6 * _REST_SECONDS + 5)
            if at_rest(world):
                return


def at_rest(world: World) -> bool:
    """Whether nothing is left to do."""
    busy = world.disk.pending or world.wire.under_way or not all(
        world.systems.invalidations.values()
    )
    if busy:
        return False
    with world.database.engine.connect().execution_options(reading=True) as connection:
        return not overviews.unshown(connection) and not overviews.unfinished(connection)


class Players:
    """Everybody and everything that acts in a history."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._people = People(world)

    def do(self, step: Step) -> None:
        """Have a step happen."""
        world, people = self._world, self._people
        chance = Random(step.number)  # noqa: S311
        match step.kind:
            case "forward":
                people.forwards(step.who, step.booking)
            case "redeliver":
                people.redeliver(chance)
            case "press":
                people.presses(step.who, step.booking, step.what)
            case "stale press":
                people.presses(step.who, step.booking, step.what, stale=True)
            case "race":
                self._race(step, chance)
            case "type":
                rest_ = "" if step.what == "list" else step.booking
                people.types(step.who, f"{step.what} {rest_}".strip())
            case "crash":
                self._crash(chance)
            case "rotate":
                world.systems.rotate(chance.choice((CALENDAR_TOKEN, CREW_KEY)))
            case "delete":
                people.deletes(step.booking, chance)
            case "group":
                self._group(step.who)
            case "home":
                people.opens_home(step.who)
            case "weather":
                world.weather.calm = not world.weather.calm

    def _race(self, step: Step, chance: Random) -> None:
        """Several people at once, each for themselves; often the same one more than once.

        Now and then those who press wait for those who fill in a form.
        """
        waits = chance.random() < 0.5  # noqa: PLR2004 - one way as often as the other
        now = self._world.timeline.now
        for _ in range(chance.randint(2, 5)):
            who = chance.choice((step.who, CAPTAIN, MATE, OWNER))
            what = chance.choice((step.what, step.what, APPROVE, REJECT, EDIT))
            press = partial(self._people.presses, who, step.booking, what)
            late = FORM_SECONDS if waits and what not in {EDIT, REJECT} else 0.0
            self._world.timeline.at(now + late, press)

    def _crash(self, chance: Random) -> None:
        """Die at some point from now on, soon; and begin again after a while, or a long one."""
        world = self._world
        if world.process is None:
            return world.start()
        world.die_at = world.points + 1 + int(chance.random() ** 2 * _POINTS)
        world.pass_time(chance.choice((0.5, 3.0, 10.0)))
        world.crash()
        world.pass_time(chance.choice((0.1, 1.0, 5.0, 40.0, 400.0)))
        if chance.random() < 0.9:  # noqa: PLR2004 - now and then it stays down for the next steps
            world.start()
        return None

    def _group(self, who: str) -> None:
        workspace = self._world.workspace
        members = workspace.members[-1][1]
        workspace.members.append((self._world.timeline.now, members ^ {who} - {CAPTAIN}))
