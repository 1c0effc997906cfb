"""Plays one cell as a charter: mail, card, approval, run, thread; and says what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache, partial

from bot.views.press import APPROVE, RETRY
from tests.matrix.ends import CARD_SECONDS, RUN_SECONDS, End, calm_contents, end_of, rest
from tests.matrix.faults import Fault
from tests.matrix.operations import OPERATIONS
from tests.matrix.scenes import BOOKING, OTHER_VALUES, REVENUE, Moment, drops_a_file
from tests.matrix.scripted import FOR_EVER, Script, ScriptedWire
from tests.matrix.wire import Heard
from tests.torture import laws
from tests.torture.people import People
from tests.torture.slack import CAPTAIN
from tests.torture.world import World

TIMES = {"once": 1, "twice": 2, "for ever": FOR_EVER}
# Slack is asked again for ever, so that there is no rest to wait for.
_SLACK_SECONDS = 200.0
_OFF = timedelta(minutes=10)
_CALL = {operation.name: operation.call for operation in OPERATIONS}
_READS = frozenset(
    {
        *("chat.download", "calendar.find", "crew_service.find", "s3.get", "cloudfront.status"),
        *("site.fetch", "dynamodb.get", "secrets.get"),
    }
)
SPECIAL = frozenset({Fault.CLOCK, Fault.EXPIRED})
"""Faults that are more than what is heard of them."""


@dataclass(frozen=True)
class Told:
    """A cell's story. `healed`: how it stands once the fault is gone and Retry was pressed."""

    end: End
    healed: End | None
    broken: tuple[str, ...]
    uncertain: int

    def __str__(self) -> str:
        asks = " A question is left to a person." if self.uncertain else ""
        healed = f" HEALED: {self.healed}" if self.healed else ""
        broken = "".join(f" BROKEN: {each}" for each in self.broken)
        return f"{self.end}{asks}{healed}{broken}"


def told(moment: Moment, fault: Fault, times: str, wire: Mapping[tuple[str, Fault], Heard]) -> Told:
    """The story of a cell. Those in which nobody could tell the difference are played once."""
    heard, refused = wire[moment.operation, fault], None
    if fault is Fault.EXPIRED:
        refused = wire[moment.operation, Fault.UNAUTHORISED]
    call = _CALL[moment.operation]
    effects = 0 if call in _READS else min(heard.effects, 1)
    same = replace(heard, effects=effects, requests=1)
    if fault not in SPECIAL:
        fault = Fault.TIMEOUT_BEFORE if fault is Fault.TIMEOUT_AFTER else fault
        fault = fault if fault in {Fault.TIMEOUT_BEFORE, Fault.DRIP} else Fault.FAILED
    return _told(moment, fault, times, same, refused)


@cache
def _told(moment: Moment, fault: Fault, times: str, heard: Heard, refused: Heard | None) -> Told:
    calm_contents()  # now, because a process has one database, which each world makes anew
    call = _CALL[moment.operation]
    script = Script(call, moment.first, TIMES[times], fault, heard, refused=refused)
    script.other_value = OTHER_VALUES.get(call)
    world = World(1, wired=partial(ScriptedWire, script=script))
    world.noise = None
    script.rotate = world.systems.rotate
    if fault is Fault.CLOCK:
        _set_wrong(world)
    try:
        return _played(world, moment, script)
    finally:
        world.end()


def _set_wrong(world: World) -> None:
    right = world.timeline.clock
    world.timeline.clock = lambda: right() + _OFF  # type: ignore[method-assign]


def _played(world: World, moment: Moment, script: Script) -> Told:
    people = People(world)
    world.start()
    world.pass_time(1.0)
    if moment.by_file:
        drops_a_file(world)
    else:
        people.forwards(CAPTAIN, BOOKING)
    rest(world, CARD_SECONDS)
    _approve_and_press(world, people, moment)
    end, healed = end_of(world, moment), None
    uncertain = laws.uncertain(world)
    broken = laws.at_any_time(world)
    if script.times == FOR_EVER and script.calls >= script.first:
        script.healed = True
        rest(world, RUN_SECONDS)
        _approve_and_press(world, people, moment, again=end)
        healed = end_of(world, moment)
        if healed == end:
            healed = None
    assert script.calls >= script.first, f"{moment.name}: the fault was never met"
    rest(world, RUN_SECONDS)
    broken += [*laws.at_any_time(world), *laws.at_rest(world)]
    return Told(end, healed, tuple(dict.fromkeys(broken)), uncertain)


def _approve_and_press(
    world: World, people: People, moment: Moment, again: End | None = None
) -> None:
    """The captain does what can be done: approves, tries again, presses the button."""
    people.presses(CAPTAIN, BOOKING, APPROVE)
    if again is not None:
        people.presses(CAPTAIN, BOOKING, RETRY)
    rest(world, _SLACK_SECONDS if moment.operation.startswith("Slack") else RUN_SECONDS)
    if not moment.button or (again is not None and again.state != "answered: failed"):
        return
    if again is None:
        world.systems.notes["event-0"] = REVENUE
        people.presses(CAPTAIN, BOOKING, moment.button)
    elif "event-0" in world.systems.notes:
        world.pass_time(61.0)
        people.presses(CAPTAIN, BOOKING, moment.button)
    rest(world, RUN_SECONDS)
