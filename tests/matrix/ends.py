"""How a story stands: its state, what the outside systems hold, and what a person reads."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.domain.charter import State
from bot.domain.message import Message
from bot.views.press import APPROVE, RETRY
from tests.matrix.scenes import BOOKING, REVENUE, Moment
from tests.torture.history import at_rest
from tests.torture.people import People
from tests.torture.slack import CAPTAIN, buttons, words
from tests.torture.world import World

CARD_SECONDS, RUN_SECONDS = 200.0, 1500.0
_LOOK_SECONDS = 5.0


@dataclass(frozen=True)
class End:
    """How a story stands: its state, what differs from a calm one, what a person reads."""

    state: str
    effects: str
    said: str

    def __str__(self) -> str:
        return f"{self.state}; {self.effects}.{f' “{self.said}”' if self.said else ''}"


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
    rest(world, CARD_SECONDS)
    people.presses(CAPTAIN, BOOKING, APPROVE)
    rest(world, RUN_SECONDS)
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
    said = (m for m in world.workspace.messages.values() if m.key.endswith((":answer", ":waits")))
    answers = list(said)
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
