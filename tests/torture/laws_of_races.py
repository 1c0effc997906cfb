"""What a race adds to the laws: one click wins each version of a card."""

from collections import Counter
from collections.abc import Iterator

from bot.views.press import APPROVE, EDIT_MODAL, REJECT_MODAL
from tests.torture.slack import CAPTAIN, MATE
from tests.torture.weather import Fault
from tests.torture.world import Delivery, World

_DECIDING = {APPROVE, EDIT_MODAL, REJECT_MODAL}
_FINAL = {Fault.REFUSED, Fault.FORBIDDEN, Fault.MALFORMED}
_DEEDS = "('approved', 'rejected', 'edited')"


def broken(world: World) -> list[str]:
    """At the end of a race."""
    return [
        *(f"Law 3: {said}" for said in _one_winner(world)),
        *(f"Law 2: {said}" for said in _answered_in_the_thread(world)),
    ]


def _one_winner(world: World) -> Iterator[str]:
    """Of all clicks upon one version of the card exactly one had its way."""
    by_key = {each.key: each for each in world.deliveries}
    winners = Counter(
        by_key[row["origin"]].version
        for row in world.rows(f"SELECT origin FROM audit WHERE what IN {_DEEDS}")
    )
    refused = {row["origin"] for row in world.rows(f"{_AUDIT} LIKE 'refused %'")}
    clicked = {each.version for each in _taken(world, _DECIDING) if each.key not in refused}
    for version in sorted(clicked | winners.keys()):
        if winners[version] != 1:
            yield f"{winners[version]} clicks won upon version {version} of the card."


_AUDIT = "SELECT origin, who FROM audit WHERE what"


def _taken(world: World, names: set[str]) -> Iterator[Delivery]:
    """What operators pressed and Slack was told is received."""
    for each in world.deliveries:
        taken = each.acked_at is not None and not (each.said or {}).get("response_action")
        if taken and each.name in names and each.who in {CAPTAIN, MATE}:
            yield each


def _answered_in_the_thread(world: World) -> Iterator[str]:
    """Unless Slack refused to: then the person is told aside, as far as it lets anybody."""
    met = world.weather.met.items()
    if any(call.startswith("chat.") and fault in _FINAL for call, fault in met):
        return
    posted = {shown.key for shown in world.workspace.messages.values()}
    for row in world.rows("SELECT key, outcome FROM follow_ups WHERE outcome != 'refused'"):
        if f"{row['key']}:answer" not in posted:
            yield f"nobody reads what came of {row['key']}: {row['outcome']}."
