"""The laws that count: once each, and nothing that was taken without an end."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise

from bot.domain.charter import State
from bot.domain.progress import Overview
from bot.views.press import ARRIVED, RESEND, RETRY
from tests.torture.laws_of_answers import answered
from tests.torture.laws_of_looking import settled
from tests.torture.laws_of_truth import seconds
from tests.torture.outside import BOOKINGS, by_booking
from tests.torture.slack import CHANNEL, buttons, words
from tests.torture.world import Delivery, World

_LEFT_ALONE_SECONDS = 60.0


def once(world: World) -> Iterator[str]:
    """Law 1."""
    systems = world.systems
    for what, made in (("calendar entries", systems.entries), ("crew events", systems.events)):
        for booking_id, several in by_booking(made).items():
            if len(several) > 1:
                times = ", ".join(f"{each.at:.2f} s" for each in several)
                yield f"{booking_id} has {len(several)} {what}, made at {times}."
    for booking_id, mails in by_booking(systems.mails).items():
        asked = 1 + _asked_and_retried(world, booking_id, "Operations mail")
        if len(mails) > asked:
            times = ", ".join(f"{each.at:.2f} s" for each in mails)
            yield f"{booking_id}: {len(mails)} operations mails, at {times}; asked for {asked}."
    for booking_id, resends in by_booking(systems.resends).items():
        asked = _clicks(world, booking_id, "resend")
        if len(resends) > asked:
            yield f"{booking_id}: crew links mailed {len(resends)} times on {asked} clicks."
    yield from _sent_though_seen(world)
    yield from _resent(world)
    yield from _begun_by_retry(world)
    for booking_id in BOOKINGS:
        asked = 1 + _clicks(world, booking_id, "invalidate") + _clicks(world, booking_id, "cancel")
        made = [each for each in systems.invalidations if each.startswith(booking_id)]
        if len(made) > asked:
            yield f"{booking_id}: {len(made)} invalidations; asked for {asked}."
    yield from _posted_once(world)


def _sent_though_seen(world: World) -> Iterator[str]:
    """A mail that somebody has said to have arrived is not sent once more."""
    for row in world.rows(f"SELECT booking_id, at FROM audit WHERE what = '{ARRIVED} done'"):
        for call in world.wire.calls:
            sent = (call.name, call.booking_id) == ("ses.send", row["booking_id"])
            if sent and call.at > seconds(row["at"]):
                yield f"{call.booking_id}: a mail that somebody has seen is sent at {call.at:.2f} s."


def _resent(world: World) -> Iterator[str]:
    """Whoever is mailed is left alone for a minute: of clicks closer together one has its way."""
    mailing: dict[str, list[float]] = defaultdict(list)
    for row in world.rows(
        f"SELECT booking_id, started_at FROM follow_ups WHERE action = '{RESEND}' "
        "AND outcome NOT IN ('refused', 'failed') ORDER BY started_at"
    ):
        mailing[row["booking_id"]].append(seconds(row["started_at"]))
    for booking_id, resends in by_booking(world.systems.resends).items():
        begun = mailing[booking_id]
        if len(resends) > len(begun):
            yield f"{booking_id}: crew links mailed {len(resends)} times in {len(begun)} attempts."
        for one, other in pairwise(begun):
            if other - one < _LEFT_ALONE_SECONDS:
                yield f"{booking_id}: crew links mailed again after {other - one:.2f} s."


def _begun_by_retry(world: World) -> Iterator[str]:
    """Each run but the first, which an approval begins, is one that somebody asked for."""
    retries = {each.key for each in _retries(world)}
    begun = world.rows("SELECT booking_id, what, origin FROM audit WHERE what LIKE 'run % begun'")
    asked = {(row["booking_id"], row["what"]) for row in begun if row["origin"] in retries}
    for row in world.rows("SELECT booking_id, run FROM charters"):
        for run in range(2, row["run"] + 1):
            if (row["booking_id"], f"run {run} begun") not in asked:
                yield f"{row['booking_id']}: nobody asked for run {run}."


def _retries(world: World) -> Iterator[Delivery]:
    """Every Retry, pressed or typed."""
    for each in world.deliveries:
        if each.name == RETRY or (each.kind == "command" and each.seen.startswith("retry ")):
            yield each


def _asked_and_retried(world: World, booking_id: str, label: str) -> int:
    """How often a person was asked about a step, and began a run with that question before them."""
    runs = {
        shown.key
        for shown in world.workspace.messages.values()
        if shown.key.startswith(f"{booking_id}:closing:")
        for _, message in shown.versions
        if RETRY in buttons(message) and label in asked_about(words(message))
    }
    begun = {
        row["origin"]
        for row in world.rows("SELECT origin, booking_id FROM audit WHERE what LIKE 'run % begun'")
        if row["booking_id"] == booking_id
    }
    retried = [
        each
        for each in _retries(world)
        if each.key in begun and (each.kind == "command" or label in asked_about(each.seen))
    ]
    return min(len(runs), len(retried))


def asked_about(said: str) -> str:
    """The steps of which a closing reply asks a person whether they happened; "" for none."""
    return said.partition("First see with your own eyes")[2].partition("Then press")[0]


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
    yield from settled(world, charters)
    yield from _mails_answered(world, charters, posted)
    yield from answered(world)


def _mails_answered(world: World, charters: list[Overview], posted: set[str]) -> Iterator[str]:
    proposed = {charter.mail.ts for charter in charters if charter.mail}
    for mail in world.workspace.mails:
        key = f"mail:{CHANNEL}:{mail['ts']}:{mail['files'][0]['id']}"
        if mail["ts"] not in proposed and f"{key}:answer" not in posted:
            yield f"the mail of {mail['ts']} has neither card nor answer."
