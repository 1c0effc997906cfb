"""Whoever asked for an effect may still do so just before it, and is refused for no other reason."""

from collections.abc import Iterator
from typing import Any

from bot.domain.progress import Overview, StepProgress
from bot.views.press import RESEND
from tests.torture.clockwork import BEGIN
from tests.torture.laws_of_truth import seconds
from tests.torture.world import World

LOST = "is no operator any more"
"""What a step says that was refused."""
_REMEMBERED_SECONDS = 31.0
# Two fetches of a secret and two calls, each as slow as it can be, the first of them refused.
_UNDER_WAY_SECONDS = 2 * (14.0 + 29.0)


def given(world: World) -> Iterator[str]:
    """Law 3: what nobody stands for any more, a run or a press of Resend, has no further effect."""
    systems, since = world.systems, _REMEMBERED_SECONDS + _UNDER_WAY_SECONDS
    for made in (*systems.entries, *systems.events, *systems.mails):
        operators = world.workspace.operators_between(made.at - since, made.at)
        began = [row["who"] for row in _begun(world, made.booking_id, until=made.at)]
        if began and not operators & {*began}:
            yield f"{made.id} of {made.booking_id} was made for {began[-1]}, who {LOST}."
    for mailed in systems.resends:
        operators = world.workspace.operators_between(mailed.at - since, mailed.at)
        asked = _asked_to_mail(world, mailed.booking_id, at=mailed.at)
        if asked and not operators & {*asked}:
            yield f"{mailed.booking_id}: crew links were mailed for {asked[-1]}, who {LOST}."


def is_lost(world: World, charter: Overview, step: StepProgress) -> bool:
    """Whether the step rightly says that who began its run is no operator any more."""
    if LOST not in step.what or step.ended_at is None:
        return False
    at = (step.ended_at - BEGIN).total_seconds()
    *_, last = _begun(world, charter.booking_id, until=at)
    return last["who"] in world.workspace.strangers_between(at - _REMEMBERED_SECONDS, at)


def _asked_to_mail(world: World, booking_id: str, *, at: float) -> list[str]:
    """Whose wish to have a crew's links mailed was under way then; the latest last."""
    rows = world.rows(
        f"SELECT user_id, started_at, ended_at FROM follow_ups WHERE action = '{RESEND}' "
        "AND booking_id = :booking_id ORDER BY started_at",
        booking_id=booking_id,
    )
    return [
        row["user_id"]
        for row in rows
        if seconds(row["started_at"]) <= at
        and (row["ended_at"] is None or at <= seconds(row["ended_at"]))
    ]


def _begun(world: World, booking_id: str, *, until: float) -> list[Any]:
    """Who began the runs of a charter by then, by an approval or by Retry; the latest last."""
    rows = world.rows(
        "SELECT who, at FROM audit WHERE booking_id = :booking_id "
        "AND (what = 'approved' OR what LIKE 'run % begun') ORDER BY id",
        booking_id=booking_id,
    )
    return [row for row in rows if seconds(row["at"]) <= until]
