"""A history, played against a bot of real parts and judged after each step."""

from dataclasses import dataclass, field
from functools import partial
from random import Random

from bot.store.queries import overviews
from bot.views.press import APPROVE, EDIT, REJECT
from tests.torture import laws
from tests.torture.clockwork import NeverAtRest
from tests.torture.drawing import History, Step
from tests.torture.outside import BOOKINGS, CALENDAR_TOKEN, CREW_KEY
from tests.torture.people import FORM_SECONDS, PAYOUTS, SLOW_FORM_SECONDS, People
from tests.torture.slack import CAPTAIN, MATE, OWNER
from tests.torture.weather import Fault
from tests.torture.world import World

_REST_SECONDS, _MOST_RESTS = 10.0, 240
# What is put off for longest is a Home: one that is looked at while a group's members are still
# remembered is looked at again a minute later.
_PUT_OFF_SECONDS = 30.0 + 60.0 + 5.0
_POINTS = 400
_STOPPED_SECONDS = 10.0


@dataclass
class Verdict:
    """What came of a history, or a race. `ended`: how, a sentence or a charter's state each."""

    broken: list[str] = field(default_factory=list)
    uncertain: int = 0
    crashes: int = 0
    points: int = 0
    met: dict[str, Fault] = field(default_factory=dict)
    at_step: int = 0
    ended: tuple[str, ...] = ()


def played(history: History) -> Verdict:
    """Play a history to its end, or to the first law that is broken."""
    world = World(history.seed, history.rate, history.sore, history.faults)
    verdict = Verdict()
    try:
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


def rest(world: World, *, begin: bool = True) -> None:
    """No more faults: the bot runs and comes to rest, as far as it does.

    `begin`: the processes that are missing, first; else those that are left come to rest by
    themselves.
    """
    world.weather.calm = True
    for _ in range(_MOST_RESTS):
        if begin:
            world.start()
        world.pass_time(_REST_SECONDS)
        if at_rest(world):
            world.pass_time(_PUT_OFF_SECONDS)
            if at_rest(world):
                return


def at_rest(world: World) -> bool:
    """Whether nothing is left to do."""
    busy = (
        world.disk.pending or world.wire.under_way or not all(world.systems.invalidations.values())
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

    def do(self, step: Step) -> None:  # noqa: C901, PLR0912 - one line a kind
        """Have a step happen."""
        world, people = self._world, self._people
        chance = Random(step.number)
        match step.kind:
            case "forward":
                people.forwards(step.who, step.booking)
            case "redeliver":
                people.redeliver(chance)
            case "press":
                people.presses(step.who, step.booking, step.what)
            case "press slowly":
                people.presses(step.who, step.booking, step.what, form_seconds=SLOW_FORM_SECONDS)
            case "press any":
                people.presses_any(step.who, step.booking, chance)
            case "stale press":
                people.presses(step.who, step.booking, step.what, stale=True)
            case "race":
                self._race(step, chance)
            case "type":
                rest_ = "" if step.what == "list" else step.booking
                people.types(step.who, f"{step.what} {rest_}".strip())
            case "crash":
                self._crash(chance)
            case "stop":
                self._stop(chance)
            case "dies upon":
                world.die_upon = step.what
            case "falls":
                world.crash()
            case "begins":
                world.start()
            case "hand":
                payout = PAYOUTS[BOOKINGS[step.booking]]
                fields = chance.random() < 0.5
                world.systems.write_by_hand(step.booking, payout, fields=fields)
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
        waits = chance.random() < 0.5
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
        if chance.random() < 0.9:
            world.start()
        return None

    def _stop(self, chance: Random) -> None:
        """The bot is told to stop, and does what it can; and begins again after a while."""
        world = self._world
        if world.process is not None:
            world.process.stop()
        world.pass_time(_STOPPED_SECONDS)
        world.crash()  # whatever is left of it by now its supervisor kills
        world.pass_time(chance.choice((0.1, 1.0, 40.0)))
        world.start()

    def _group(self, who: str) -> None:
        workspace = self._world.workspace
        members = workspace.members[-1][1]
        workspace.members.append((self._world.timeline.now, members ^ {who} - {CAPTAIN}))
