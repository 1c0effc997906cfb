"""What a race adds to the laws: one click wins each version of a card, and every other is told."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from bot.views.press import APPROVE, EDIT, EDIT_MODAL, REJECT, REJECT_MODAL
from tests.torture.slack import CAPTAIN, MATE
from tests.torture.weather import Fault
from tests.torture.world import Delivery, World

_DECIDING = {APPROVE, EDIT_MODAL, REJECT_MODAL}
_FINAL = {Fault.REFUSED, Fault.FORBIDDEN, Fault.MALFORMED}
_OPENING_SECONDS = 15.0
_DEEDS = "('approved', 'rejected', 'edited')"


def broken(world: World) -> list[str]:
    """At the end of a race."""
    return [
        *(f"Law 3: {said}" for said in _one_winner(world)),
        *(f"Law 2: {said}" for said in _everybody_told(world)),
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


def _everybody_told(world: World) -> Iterator[str]:
    """Each click that had no effect is answered, however many the same person made."""
    if any(call.startswith(("chat.whisper", "chat.respond")) for call in world.weather.met):
        return
    lost: dict[str, list[Delivery]] = defaultdict(list)
    for each in _unheeded(world):
        lost[each.who].append(each)
    heard = Counter(who for _, who, _ in world.workspace.whispers)
    for who, clicks in lost.items():
        if heard[who] < len(clicks):
            yield f"{who} clicked {len(clicks)} times in vain, and was told {heard[who]} times."


def _unheeded(world: World) -> Iterator[Delivery]:
    """Clicks that were taken and neither had their way nor are answered in the thread.

    Whoever approves is not reproached for doing so twice, and a form that opened was the answer.
    """
    heeded = {row["origin"] for row in world.rows(f"{_AUDIT} NOT LIKE 'refused %'")}
    approvers = {row["who"] for row in world.rows(f"{_AUDIT} = 'approved'")}
    for each in world.deliveries:
        if each.acked_at is None or each.kind in {"event", "command"} or each.key in heeded:
            continue
        impatient = each.name == APPROVE and each.who in approvers
        if impatient or (each.name in {EDIT, REJECT} and _seen(world, each)):
            continue
        if not (each.said or {}).get("response_action"):
            yield each


def _seen(world: World, click: Delivery) -> bool:
    """Whether a form opened; or the process that was opening it died, and nothing hung on it."""
    died = any(click.at <= death < click.at + _OPENING_SECONDS for death in world.deaths)
    return died or click.body["trigger_id"] in world.workspace.modals


def _answered_in_the_thread(world: World) -> Iterator[str]:
    """Unless Slack refused to: then the person is told aside, as far as it lets anybody."""
    met = world.weather.met.items()
    if any(call.startswith("chat.") and fault in _FINAL for call, fault in met):
        return
    posted = {shown.key for shown in world.workspace.messages.values()}
    for row in world.rows("SELECT key, outcome FROM follow_ups WHERE outcome != 'refused'"):
        if f"{row['key']}:answer" not in posted:
            yield f"nobody reads what came of {row['key']}: {row['outcome']}."
