"""Whoever pressed or typed something, and saw Slack take it, hears what came of it: each time."""

from collections import defaultdict
from collections.abc import Iterator
from math import inf

from bot.views.press import APPROVE, EDIT, REJECT
from tests.torture.laws_of_truth import seconds
from tests.torture.weather import Fault
from tests.torture.wire import Call
from tests.torture.world import Delivery, World

_QUESTIONS = {"status", "list", "cancel"}
_IMPATIENCE_SECONDS = 5.0
_DECIDING_SECONDS = 60.0
_OPENING_SECONDS = 15.0
_DEEDS = "('approved', 'rejected', 'edited')"
_ASIDE = {"chat.whisper", "chat.respond"}
_FINAL = {Fault.NEVER, Fault.FORBIDDEN, Fault.REFUSED, Fault.MALFORMED}
_SLACK_WAITS_SECONDS = 3.0
_STOPPING_SECONDS = 3.0


def answered(world: World) -> Iterator[str]:
    """Each click that is answered nowhere else has an answer of its own, told to its person aside.

    One that Slack would not show counts as heard: nothing may depend on it.
    """
    heard = _heard(world)
    for each in _unanswered(world):
        if (each.key, each.who) not in heard:
            yield f"nobody ever heard what came of {each.name} by {each.who} at {each.at:.2f} s."


def _heard(world: World) -> set[tuple[str, str]]:
    """Of which click each person was told something aside, or Slack kept it from them.

    What a job cannot say now it says later; what is no job's is said once.
    """
    wire = world.wire
    kept = [each for each in wire.calls if each.fault in _FINAL or (each.fault and not each.job)]
    return {(each.key, each.to) for each in (*wire.took, *kept) if each.name in _ASIDE}


def told_once(world: World) -> Iterator[str]:
    """Nobody is told twice what came of a click, but where nobody knew whether they had heard."""
    told = defaultdict[tuple[str, str], list[Call]](list)
    for call in world.wire.took:
        if call.name in _ASIDE:
            told[call.key, call.to].append(call)
    given = {each.key: len(each.given) for each in world.deliveries}
    for (key, who), calls in told.items():
        lost = sum(call.fault not in {None, Fault.SLOW} for call in calls)
        # What a dead process had on its way may arrive after what its successor says.
        asked_first = min(call.at for call in calls)
        died = sum(asked_first <= death for death in world.deaths)
        if len(calls) > max(1, given.get(key, 1)) + lost + died:
            yield f"{who} was told {len(calls)} times what came of {key}."


def acknowledged(world: World) -> Iterator[str]:
    """What a process is given Slack hears to be received, within its three seconds."""
    for each in world.deliveries:
        acked = inf if each.acked_at is None else each.acked_at
        for at in each.given:
            late = min(acked, world.timeline.now) > at + _SLACK_WAITS_SECONDS
            if late and not any(at <= death <= at + _STOPPING_SECONDS for death in world.deaths):
                yield f"{each.name} by {each.who} at {at:.2f} s was acknowledged at {acked:.2f} s."


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
            # What is pressed while the bot is away comes to it later.
            came = click.given[0]
            since = seconds(row["at"]) - came
            waited = any(came <= death for death in world.deaths)
            if since > -_IMPATIENCE_SECONDS and (waited or since < _DECIDING_SECONDS):
                return True
    return False


def _died_with(world: World, asked: Delivery) -> bool:
    """What nothing hung on but the answer, or the form, of a process that died over it."""
    if asked.name in {EDIT, REJECT}:
        return any(asked.at <= death < asked.at + _OPENING_SECONDS for death in world.deaths)
    question = asked.kind == "command" and asked.seen.split()[0] in _QUESTIONS
    return question and any(asked.at <= death < asked.at + 60 for death in world.deaths)
