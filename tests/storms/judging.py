"""What must hold after a storm, in sentences for those who broke it."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from bot.domain.charter import State
from bot.domain.message import Message
from bot.domain.progress import Overview, StepState
from bot.views.checklist import checklist
from bot.views.closing import closing
from tests.storms.storm_world import StormWorld
from tests.torture.slack import Shown

_ACK_SECONDS = 3.0
_RANKS = {"pending": 0, "in_progress": 1, "complete": 2, "error": 2}
_RUN = {State.RUNNING, State.DONE, State.NEEDS_PERSON}
_TOLD = {State.DONE, State.NEEDS_PERSON}


def violations(storm: StormWorld, wanted: Iterable[str]) -> list[str]:
    """Of each booking in turn, and of what came from Slack."""
    found = [said for booking in wanted for said in _of_booking(storm, booking)]
    return [*found, *_of_deliveries(storm), *_of_refused(storm), *storm.world.broken]


def _of_booking(storm: StormWorld, booking: str) -> Iterator[str]:
    overview = storm.world.overview(booking)
    if overview is None:
        yield f"{booking}: its mail was lost"
        return
    yield from _once(storm, f"{booking}:card")
    if overview.state in _RUN:
        yield from _shows(storm, f"{booking}:checklist", checklist(overview, rich=True))
        yield from _goes_forward(storm, f"{booking}:checklist")
    if overview.state in _TOLD:
        yield from _shows(storm, f"{booking}:closing:{overview.run}", closing(overview))
    yield from _card_tells(storm, overview)


def _once(storm: StormWorld, key: str) -> Iterator[str]:
    if (number := len(storm.world.workspace.of_key(key))) != 1:
        yield f"{key}: posted {number} times"


def _shows(storm: StormWorld, key: str, last: Message) -> Iterator[str]:
    """A message stands there once, and shows what the journal has."""
    yield from _once(storm, key)
    shown = storm.world.workspace.standing(key)
    if shown is not None and _plain(shown.message) != _plain(last):
        yield f"{key}: shows {shown.message.text!r}, but the journal has {last.text!r}"


def _card_tells(storm: StormWorld, overview: Overview) -> Iterator[str]:
    """A card that was decided has no Approve any more; one that waits has."""
    shown = storm.world.workspace.standing(f"{overview.booking_id}:card")
    waits = overview.state is State.PROPOSED
    if shown is not None and ("'approve'" in str(shown.message.blocks)) != waits:
        yield f"{overview.booking_id}: the card does not show that it is {overview.state}"


def _goes_forward(storm: StormWorld, key: str) -> Iterator[str]:
    for shown in storm.world.workspace.of_key(key):
        for before, after in pairwise(_stages(shown)):
            if any(after[name] < rank for name, rank in before.items()):
                yield f"{key}: went back from {before} to {after}"


def _stages(shown: Shown) -> list[dict[str, int]]:
    return [
        {task["task_id"]: _RANKS[task["status"]] for task in message.blocks[0]["tasks"]}
        for _, message in shown.versions
    ]


def _of_deliveries(storm: StormWorld) -> Iterator[str]:
    for each in storm.world.deliveries:
        if each.acked_at is None:
            yield f"{each.name} of {each.at:.1f} s was not acknowledged"
        elif each.acked_at - each.at > _ACK_SECONDS:
            yield f"{each.name} was acknowledged after {each.acked_at - each.at:.1f} s"


def _of_refused(storm: StormWorld) -> Iterator[str]:
    """What got a 429 is shown later."""
    for refused in storm.slack.refused:
        if refused.key and not any(
            at >= refused.at
            for shown in storm.world.workspace.of_key(refused.key)
            for at, _ in shown.versions
        ):
            yield f"{refused.key}: refused at {refused.at:.1f} s, and never shown since"


def _plain(message: Message) -> dict[str, object]:
    return message.model_dump(mode="json")


def changes(storm: StormWorld) -> int:
    """How often anything about a charter changed that its messages tell."""
    return int(storm.world.rows("SELECT sum(changed) AS number FROM charters")[0]["number"])


def unfinished_steps(storm: StormWorld, wanted: Iterable[str]) -> int:
    """Steps that did not end well, and say so."""
    overviews = filter(None, (storm.world.overview(booking) for booking in wanted))
    return sum(step.state is not StepState.DONE for each in overviews for step in each.steps)
