"""Plays one cell as a charter: mail, card, approval, run, thread; and says what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache, partial
from typing import Any

from bot.domain.charter import State
from bot.domain.message import Message
from bot.views.press import APPROVE, RETRY
from tests.matrix.faults import Fault
from tests.matrix.operations import OPERATIONS
from tests.matrix.scenes import BOOKING, OTHER_VALUES, REVENUE, Moment, drops_a_file
from tests.matrix.scripted import FOR_EVER, Script, ScriptedWire
from tests.matrix.wire import Heard
from tests.torture import laws
from tests.torture.history import at_rest
from tests.torture.people import People
from tests.torture.slack import CAPTAIN, buttons, words
from tests.torture.world import World

TIMES = {"once": 1, "twice": 2, "for ever": FOR_EVER}
_LOOK_SECONDS = 5.0
_CARD_SECONDS, _RUN_SECONDS = 200.0, 1500.0
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
class End:
    """How a story stands: its state, what differs from a calm one, what a person reads."""

    state: str
    effects: str
    said: str

    def __str__(self) -> str:
        return f"{self.state}; {self.effects}.{f' “{self.said}”' if self.said else ''}"


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
    rest(world, _CARD_SECONDS)
    _approve_and_press(world, people, moment)
    end, healed = end_of(world, moment), None
    uncertain = laws.uncertain(world)
    broken = laws.at_any_time(world)
    if script.times == FOR_EVER and script.calls >= script.first:
        script.healed = True
        rest(world, _RUN_SECONDS)
        _approve_and_press(world, people, moment, again=end)
        healed = end_of(world, moment)
        if healed == end:
            healed = None
    assert script.calls >= script.first, f"{moment.name}: the fault was never met"
    rest(world, _RUN_SECONDS)
    broken += [*laws.at_any_time(world), *laws.at_rest(world)]
    return Told(end, healed, tuple(dict.fromkeys(broken)), uncertain)


def _approve_and_press(
    world: World, people: People, moment: Moment, again: End | None = None
) -> None:
    """The captain does what can be done: approves, tries again, presses the button."""
    people.presses(CAPTAIN, BOOKING, APPROVE)
    if again is not None:
        people.presses(CAPTAIN, BOOKING, RETRY)
    rest(world, _SLACK_SECONDS if moment.operation.startswith("Slack") else _RUN_SECONDS)
    if not moment.button or (again is not None and again.state.startswith("answered")):
        return
    if again is None:
        world.systems.notes["event-0"] = REVENUE
        people.presses(CAPTAIN, BOOKING, moment.button)
    elif "event-0" in world.systems.notes:
        world.pass_time(61.0)
        people.presses(CAPTAIN, BOOKING, moment.button)
    rest(world, _RUN_SECONDS)


def rest(world: World, seconds: float) -> None:
    """Until nothing is left to do, or so long."""
    until = world.timeline.now + seconds
    while world.timeline.now < until:
        world.pass_time(_LOOK_SECONDS)
        if at_rest(world):
            return


# What is there


def end_of(world: World, moment: Moment) -> End:
    there, due = _there(world), _due(moment)
    differs = [_many(there[what], what) for what in due if there[what] != due[what]]
    differs += _wrong(world)
    effects = ", ".join(differs) if differs else "everything there once"
    return End(_state(world, moment), effects, _said(world, moment))


def _many(times: int, what: str) -> str:
    return f"{what} {times} times" if times else f"no {what}"


def _there(world: World) -> dict[str, int]:
    systems, standing = world.systems, world.workspace.standing
    return {
        "calendar entry": len(systems.entries),
        "crew event": len(systems.events),
        "guest page object": len(systems.objects),
        "invalidation": len(systems.invalidations),
        "operations mail": len(systems.mails),
        "crew links mailed": len(systems.resends),
        "notes scrubbed": int(systems.notes.get("event-0", REVENUE) != REVENUE),
        "card": int(standing(f"{BOOKING}:card") is not None),
        "checklist": int(standing(f"{BOOKING}:checklist") is not None),
    }


def _due(moment: Moment) -> dict[str, int]:
    due = {
        "calendar entry": 1,
        "crew event": 1,
        "guest page object": 2,
        "invalidation": 1,
        "operations mail": 1,
        "card": 1,
        "checklist": 1,
    }
    if moment.operation == "crew service resend":
        due["crew links mailed"] = 1
    elif moment.button:
        due["notes scrubbed"] = 1
    return due


def _wrong(world: World) -> list[str]:
    """Contents that are not what a calm story leaves."""
    calm, found = calm_contents(), _contents(world)
    return [f"another {what} than it should be" for what in found if found[what] != calm[what]]


def _contents(world: World) -> dict[str, Any]:
    systems = world.systems
    contents: dict[str, Any] = {}
    for what, made in (("calendar entry", systems.entries), ("crew event", systems.events)):
        if made:
            contents[what] = made[0].sent
    if len(systems.objects) > 1:
        contents["guest page"] = systems.objects
    if systems.mails:
        contents["operations mail"] = systems.mails[0].sent["subject"]
    return contents


@cache
def calm_contents() -> dict[str, Any]:
    world = World(1)
    world.noise = None
    people = People(world)
    world.start()
    world.pass_time(1.0)
    people.forwards(CAPTAIN, BOOKING)
    rest(world, _CARD_SECONDS)
    people.presses(CAPTAIN, BOOKING, APPROVE)
    rest(world, _RUN_SECONDS)
    contents = _contents(world)
    world.end()
    return contents


# What is said


def _state(world: World, moment: Moment) -> str:
    charter = world.overview(BOOKING)
    if charter is None:
        return "no charter"
    if moment.button and charter.state is State.DONE:
        row = world.rows("SELECT outcome FROM follow_ups ORDER BY started_at DESC LIMIT 1")
        return f"answered: {row[0]['outcome']}" if row else "set up"
    words_for = {State.DONE: "set up", State.NEEDS_PERSON: "needs a person"}
    return words_for.get(charter.state, str(charter.state))


def _said(world: World, moment: Moment) -> str:
    """What stands in Slack where a person looks; without that, what `/charter status` tells."""
    charter = world.overview(BOOKING)
    answers = [m for m in world.workspace.messages.values() if m.key.endswith(":answer")]
    if answers and (moment.button or charter is None):
        return _plain(answers[-1].message)
    if charter is not None and charter.run:
        closing = world.workspace.standing(f"{BOOKING}:closing:{charter.run}")
        if closing is not None:
            return "" if charter.state is State.DONE else _account(closing.message)
    People(world).types(CAPTAIN, f"status {BOOKING}")
    heard = len(world.workspace.whispers)
    world.pass_time(2.0)
    told_aside = world.workspace.whispers[heard:]
    return f"/charter status: {_briefly(told_aside[-1][2])}" if told_aside else "nothing"


def _account(message: Message) -> str:
    """What happened and what to press, without what is done and the buttons."""
    text = _plain(message)
    before, _, after = text.partition("Done, and read back")
    rest = after[after.find("First see") :] if "First see" in after else ""
    rest = rest or after[after.find("Once the cause") :] if after else ""
    happened = before.partition("What happened")[2].strip() or before
    retry = " [Retry]" if RETRY in buttons(message) else ""
    return f"{happened} {rest}".strip() + retry


def _briefly(status: Message) -> str:
    """The first line of a status, and its steps."""
    first, _, booking = _plain(status).partition(" Boat:")
    _, named, steps = booking.partition(" Steps ")
    return f"{first}.{named}{steps.partition(' As of')[0]}" if booking else first


def _plain(message: Message) -> str:
    shown = [block for block in message.blocks if block["type"] != "actions"]
    text = " ".join(words(Message(text="", blocks=shown)).split()) or message.text
    return text.replace(" : ", ": ").replace(" ,", ",").replace(" .", ".")
