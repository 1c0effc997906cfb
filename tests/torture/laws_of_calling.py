"""Whatever needs a person calls one: loudly enough, with what is known, and a button that settles it.

The words are written down here once more, so that the bot's own tables of words are judged, too.
"""

import re
from collections.abc import Iterator, Mapping
from math import inf

from bot.domain.charter import State
from bot.domain.progress import Overview, StepState
from bot.views.press import ARRIVED, RETRY
from tests.torture.laws_of_truth import seconds
from tests.torture.reading import read
from tests.torture.slack import Shown, buttons
from tests.torture.world import World

_SAID: Mapping[StepState, str] = {
    StepState.WAITING: "waiting",
    StepState.RUNNING: "running",
    StepState.DONE: "done",
    StepState.FAILED: "failed, needs a person",
    StepState.UNKNOWN: "not known whether it happened, needs a person",
    StepState.BLOCKED: "not begun, an earlier step is missing",
}
_AFTER_ALL: Mapping[StepState, str] = {
    StepState.WAITING: "not done",
    StepState.RUNNING: "broken off",
    StepState.DONE: "done",
    StepState.FAILED: "failed",
    StepState.UNKNOWN: "not known whether it happened",
    StepState.BLOCKED: "not done",
}
_RUN = re.compile(r":closing:(\d+)$")


def asked(world: World, charters: list[Overview]) -> Iterator[str]:
    """Law 1, at rest: each question stands with what happened, and Retry."""
    for charter in charters:
        shown = world.workspace.standing(f"{charter.booking_id}:closing:{charter.run}")
        if charter.state is not State.NEEDS_PERSON or shown is None:
            continue
        said = read(shown.message)
        if RETRY not in buttons(shown.message):
            yield f"{charter.booking_id} needs a person, who is given no button that settles it."
        mail = charter.step("operations_mail")
        unsettled = mail is not None and mail.state is StepState.UNKNOWN
        if unsettled is not (ARRIVED in buttons(shown.message)):
            yield f"{charter.booking_id}: whether its mail arrived can be said: {not unsettled}."
        for step in charter.troubled:
            known = f"{step.label}: {_SAID[step.state]}. {step.what}"
            if not step.what or known[:200] not in said:
                yield f"{charter.booking_id}: nobody is told what is known of {step.label}."


def called(world: World) -> Iterator[str]:
    """Law 1: who is needed is told in the channel, and the channel is told of nothing else."""
    ended = {
        (row["booking_id"], row["origin"]): row["what"]
        for row in world.rows("SELECT booking_id, origin, what FROM audit WHERE what LIKE 'run %'")
    }
    for shown in world.workspace.messages.values():
        run = _RUN.search(shown.key)
        if run is None or _cancelled_before(world, shown) or _settled_before(world, shown):
            continue
        booking_id = shown.key.partition(":")[0]
        needed = ended.get((booking_id, f"run {run[1]}")) == "run needs_person"
        if needed and not shown.broadcast:
            yield f"{booking_id} needs a person, and the channel is not told."
        if shown.broadcast and not needed:
            yield f"{booking_id} needs nobody, and the whole channel is told."


def _cancelled_before(world: World, shown: Shown) -> bool:
    """Whether it may tell of a cancellation instead."""
    booking_id, _, _ = shown.key.partition(":")
    return world.cancelled.get(booking_id, inf) <= shown.versions[0][0]


def _settled_before(world: World, shown: Shown) -> bool:
    """Whether a person had said that the mail arrived when it was posted, perhaps once more."""
    booking_id, _, _ = shown.key.partition(":")
    said = world.rows(f"SELECT booking_id, at FROM audit WHERE what = '{ARRIVED} done'")
    return any(
        row["booking_id"] == booking_id and seconds(row["at"]) <= shown.versions[0][0]
        for row in said
    )


def listed(world: World, charters: list[Overview]) -> Iterator[str]:
    """Law 4, at rest: the checklist calls each step what it is."""
    for charter in charters:
        shown = world.workspace.standing(f"{charter.booking_id}:checklist")
        if shown is None or not charter.run:
            continue
        said = read(shown.message).replace("*", "")
        meant = _AFTER_ALL if charter.state is State.CANCELLED else _SAID
        for step in charter.steps:
            if f"{step.label}: {meant[step.state]}" not in said:
                yield f"{charter.booking_id}: {step.label} is {step.state}; its line does not say so."
