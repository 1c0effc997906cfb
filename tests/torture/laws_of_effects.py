"""The laws that count: once each, and nothing that was taken without an end."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from bot.domain.charter import State
from bot.domain.progress import Overview, StepState
from bot.views.press import APPROVE, RETRY
from tests.torture.outside import BOOKINGS, by_booking
from tests.torture.slack import CHANNEL, buttons, words
from tests.torture.world import Delivery, World

_QUESTIONS = {"status", "list", "cancel"}


def once(world: World) -> Iterator[str]:
    """Law 1."""
    systems = world.systems
    for what, made in (("calendar entries", systems.entries), ("crew events", systems.events)):
        for booking_id, several in by_booking(made).items():
            if len(several) > 1:
                times = ", ".join(f"{each.at:.2f} s" for each in several)
                yield f"{booking_id} has {len(several)} {what}, made at {times}."
    for booking_id, mails in by_booking(systems.mails).items():
        asked = 1 + _questions(world, booking_id, "Operations mail")
        if len(mails) > asked:
            times = ", ".join(f"{each.at:.2f} s" for each in mails)
            yield f"{booking_id}: {len(mails)} operations mails, at {times}; asked for {asked}."
    for booking_id, resends in by_booking(systems.resends).items():
        asked = _clicks(world, booking_id, "resend")
        if len(resends) > asked:
            yield f"{booking_id}: crew links mailed {len(resends)} times on {asked} clicks."
    for booking_id in BOOKINGS:
        asked = 1 + _clicks(world, booking_id, "invalidate") + _clicks(world, booking_id, "cancel")
        made = [each for each in systems.invalidations if each.startswith(booking_id)]
        if len(made) > asked:
            yield f"{booking_id}: {len(made)} invalidations; asked for {asked}."
    yield from _posted_once(world)


def _questions(world: World, booking_id: str, label: str) -> int:
    """In how many runs a person was asked about a step and shown a button."""
    runs = {
        shown.key
        for shown in world.workspace.messages.values()
        if shown.key.startswith(f"{booking_id}:closing:")
        for _, message in shown.versions
        if RETRY in buttons(message)
        and "First see with your own eyes" in (said := words(message))
        and label in said.partition("First see with your own eyes")[2].partition("Then press")[0]
    }
    return len(runs)


def _clicks(world: World, booking_id: str, action: str) -> int:
    """How many of a kind people asked for, by button or command."""
    return sum(
        1
        for each in world.deliveries
        if (each.name.startswith(action) and booking_id in each.written)
        or (each.kind == "command" and each.seen == f"{action} {booking_id}")
    )


def _posted_once(world: World) -> Iterator[str]:
    standing = Counter(s.key for s in world.workspace.messages.values() if not s.deleted)
    for key, times in standing.items():
        if times > 1:
            yield f"the message {key} stands {times} times in Slack."


def visible(world: World, charters: list[Overview]) -> Iterator[str]:
    """Law 2."""
    if world.disk.pending:
        yield f"jobs never end: {', '.join(world.disk.pending)}."
    posted = {shown.key for shown in world.workspace.messages.values()}
    for charter in charters:
        if charter.state is State.RUNNING:
            yield f"{charter.booking_id} runs for ever."
        if f"{charter.booking_id}:card" not in posted:
            yield f"{charter.booking_id} has no card."
    for row in world.rows("SELECT booking_id FROM charters WHERE changed > shown"):
        yield f"{row['booking_id']}: the thread never follows the last change."
    if not world.weather.met:
        yield from _needless(world, charters)
    yield from _mails_answered(world, charters, posted)
    yield from _clicks_answered(world)


def _needless(world: World, charters: list[Overview]) -> Iterator[str]:
    """Where everything answered, nobody is bothered but with what a crash has left open."""
    for charter in charters:
        for step in charter.steps:
            open_ = step.state is StepState.UNKNOWN and not world.deaths
            if step.state is StepState.FAILED or open_:
                yield f"{charter.booking_id}: {step.label} is {step.state} without a cause."


def _mails_answered(world: World, charters: list[Overview], posted: set[str]) -> Iterator[str]:
    proposed = {charter.mail.ts for charter in charters if charter.mail}
    for mail in world.workspace.mails:
        key = f"mail:{CHANNEL}:{mail['ts']}:{mail['files'][0]['id']}"
        if mail["ts"] not in proposed and f"{key}:answer" not in posted:
            yield f"the mail of {mail['ts']} has neither card nor answer."


def _clicks_answered(world: World) -> Iterator[str]:
    deeds = {row["origin"] for row in world.rows("SELECT origin FROM audit")}
    ended = {row["key"] for row in world.rows("SELECT key FROM follow_ups WHERE ended_at NOTNULL")}
    heard = defaultdict[str, list[float]](list)
    for at, who, _ in world.workspace.whispers:
        heard[who].append(at)
    for each in world.deliveries:
        if each.acked_at is None or each.kind == "event":
            continue
        if each.name in {"edit", "reject"} or (each.said or {}).get("response_action"):
            continue  # a form opened, or said what is wrong
        if each.key in deeds | ended or any(at >= each.at for at in heard[each.who]):
            continue
        if _asked_for_again(world, each) or _was_hushed(world, each) or _died_with(world, each):
            continue
        yield f"nobody ever heard what came of {each.name} by {each.who} at {each.at:.2f} s."


def _asked_for_again(world: World, click: Delivery) -> bool:
    """One more of the clicks with which somebody approved just now: the card tells them."""
    return click.name == APPROVE and any(
        row["who"] == click.who
        for row in world.rows("SELECT who FROM audit WHERE what = 'approved'")
    )


def _was_hushed(world: World, click: Delivery) -> bool:
    """Slack would not show the answer to a whisper, and nothing may depend on one."""
    return any(call.startswith(("chat.whisper", "chat.respond")) for call in world.weather.met)


def _died_with(world: World, asked: Delivery) -> bool:
    """A question, to which nothing but the answer hung, of a process that died over it."""
    question = asked.kind == "command" and asked.seen.split()[0] in _QUESTIONS
    return question and any(asked.at <= death < asked.at + 60 for death in world.deaths)
