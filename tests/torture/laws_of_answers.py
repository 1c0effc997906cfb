"""Whoever pressed or typed something, and saw Slack take it, hears what came of it: each time."""

from collections import defaultdict
from collections.abc import Iterator

from bot.views.press import APPROVE, EDIT, REJECT
from tests.torture.laws_of_truth import seconds
from tests.torture.weather import Fault
from tests.torture.world import Delivery, World

_QUESTIONS = {"status", "list", "cancel"}
_IMPATIENCE_SECONDS = 5.0
_DECIDING_SECONDS = 60.0
_OPENING_SECONDS = 15.0
_DEEDS = "('approved', 'rejected', 'edited')"
_ASIDE = {"chat.whisper", "chat.respond"}


def answered(world: World) -> Iterator[str]:
    """Each click that is answered nowhere else takes one of the answers that its person heard aside.

    One that Slack would not show counts as heard: nothing may depend on it.
    """
    heard = _heard(world)
    for each in _unanswered(world):
        after = [at for at in heard[each.who] if at >= each.at]
        if after:
            heard[each.who].remove(min(after))
        else:
            yield f"nobody ever heard what came of {each.name} by {each.who} at {each.at:.2f} s."


def _heard(world: World) -> dict[str, list[float]]:
    """When each person was told something aside, or Slack kept it from them."""
    heard = defaultdict[str, list[float]](list)
    for at, who, _ in world.workspace.whispers:
        heard[who].append(at)
    for call in world.wire.calls:
        if call.name in _ASIDE and call.fault not in {None, Fault.SLOW}:
            heard[call.to].append(call.at)
    return heard


def _unanswered(world: World) -> Iterator[Delivery]:
    """What was taken, and neither had its way nor is answered in the thread or by a form."""
    deeds = {
        row["origin"] for row in world.rows(f"SELECT origin FROM audit WHERE what IN {_DEEDS}")
    }
    posted = {shown.key for shown in world.workspace.messages.values()}
    for each in world.deliveries:
        if each.acked_at is None or each.kind == "event":
            continue
        if (each.said or {}).get("response_action"):
            continue  # a form that said what is wrong
        if each.key in deeds or f"{each.key}:answer" in posted:
            continue
        if not (_opened(world, each) or _asked_for_again(world, each) or _died_with(world, each)):
            yield each


def _opened(world: World, click: Delivery) -> bool:
    """Whether its form opened."""
    return click.name in {EDIT, REJECT} and click.body["trigger_id"] in world.workspace.modals


def _asked_for_again(world: World, click: Delivery) -> bool:
    """One more of the clicks with which the same person approved this: the card tells them."""
    if click.name != APPROVE:
        return False
    for row in world.rows("SELECT who, booking_id, at FROM audit WHERE what = 'approved'"):
        if row["who"] == click.who and row["booking_id"] in click.written:
            since = seconds(row["at"]) - click.at
            waited = any(click.at <= death for death in world.deaths)
            if since > -_IMPATIENCE_SECONDS and (waited or since < _DECIDING_SECONDS):
                return True
    return False


def _died_with(world: World, asked: Delivery) -> bool:
    """What nothing hung on but the answer, or the form, of a process that died over it."""
    if asked.name in {EDIT, REJECT}:
        return any(asked.at <= death < asked.at + _OPENING_SECONDS for death in world.deaths)
    question = asked.kind == "command" and asked.seen.split()[0] in _QUESTIONS
    return question and any(asked.at <= death < asked.at + 60 for death in world.deaths)
