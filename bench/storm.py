"""The hourly ceiling of Slack's events, 30,000, in one minute: how soon each is acknowledged.

The bot serves HTTP as it does in production, with signatures, on the rehearsal's Slack at Slack's
own rates. Among the talk of a busy workspace come booking mails, each twice, and clicks: their runs
go on meanwhile, and so does the rehearsal of the outside world, on the same processors. It ends
with 1 if an event was not acknowledged in time, if anything was lost or doubled, if the bot grew by
50 MB, or, run by itself, if the p99 of the acknowledgement is over 100 ms.

    python -m bench.storm [--events 30000] [--seconds 60] [--profile FILE]
"""

import argparse
import json
import pickle
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import storm_judging as judging
from bench.processes import Memory, processor_seconds, resident
from bench.storm_events import CHANNEL, Storm
from bench.storm_sender import Orders
from sandbox.bot_process import BotProcess
from sandbox.driver import Sandbox, start_sandbox
from sandbox.ports import free_port
from sandbox.slack.cast import IDENTITY
from sandbox.slack.payloads import action_of
from sandbox.slack.presses import find_pressable
from sandbox.slack.seen import Message
from tests.scenarios.booking_mails import booking_mail

EVENTS, SECONDS, SEED = 30_000, 60.0, 1
MAILS, APPROVED, CLICKS_EACH = 40, 10, 3
_P99_SECONDS = 0.1
_SECRET = "storm-signing-secret"
_HOUSE = Path(__file__).parents[1]
_CONSONANTS = "bcdfghjklmnpqrst"


@dataclass(frozen=True)
class Asked:
    """A storm. `bot`: what Python runs as the bot; `rate_scale`: how much faster Slack's rates."""

    events: int = EVENTS
    seconds: float = SECONDS
    mails: int = MAILS
    approved: int = APPROVED
    bot: Sequence[str] = ("-m", "bot.cli")
    rate_scale: float = 1.0


@dataclass
class Told:
    """What came of it. `lost`: what broke a promise, whenever it was acknowledged."""

    sent: dict[str, Any]
    memory: Memory
    processor: float
    lost: list[str] = field(default_factory=list)
    settled_seconds: float = 0.0
    at_rest_mb: float = 0.0

    @property
    def answers(self) -> judging.Answers:
        """Of each event its kind, its status and its seconds."""
        return [(kind, status, seconds) for kind, status, seconds in self.sent["answers"]]

    @property
    def violations(self) -> list[str]:
        """Whatever must not be, but for a slow p99."""
        found = [*self.lost, *judging.late(self.answers)]
        if self.memory.grown_mb >= judging.GROWTH_MB:
            found.append(f"the bot grew by {self.memory.grown_mb:.0f} MB")
        return found


def main(arguments: Sequence[str] = (), *, by_itself: bool = False) -> int:
    """Print how soon what was acknowledged, what memory it took, what came of it; 1 if not well."""
    given = _arguments(arguments)
    profiled = ("-m", "cProfile", "-o", str(Path(given.profile).resolve())) if given.profile else ()
    asked = Asked(given.events, given.seconds, bot=(*profiled, "-m", "bot.cli"))
    with tempfile.TemporaryDirectory() as folder:
        told = played(Path(folder), asked)
    p99 = _report(told, asked)
    broken = told.violations
    if by_itself and p99 > _P99_SECONDS:
        broken.append(f"p99 is over {_P99_SECONDS * 1000:.0f} ms")
    for said in broken:
        print(f"  BROKEN: {said}")
    return 1 if broken else 0


def played(root: Path, asked: Asked) -> Told:
    """Play a storm until all of it has come to its end."""
    with _world(root, asked) as (sandbox, bot, port):
        cards = _cards(sandbox, port, root, asked.approved)
        waiting = [_booking_id("m", number) for number in range(asked.mails)]
        storm = Storm(SEED, vars(IDENTITY), now=time.time())
        events = storm.events(
            asked.events,
            asked.seconds,
            mails=[booking_mail(each) for each in waiting],
            clicks=[_click(c, number) for c in cards.values() for number in range(CLICKS_EACH)],
        )
        worked = processor_seconds(bot.pid)
        with Memory(bot.pid) as memory:
            sent = _sent(Orders(port, _SECRET, events), root)
        told = Told(sent, memory, processor_seconds(bot.pid) - worked)
        began = time.monotonic()
        wanted = judging.Wanted(waiting, list(cards), judging.homes_opened(events))
        judging.settle(sandbox, wanted)
        told.settled_seconds = time.monotonic() - began
        told.at_rest_mb = resident(bot.pid) / 1e6
        told.lost += judging.unacknowledged(told.answers)
        told.lost += judging.violations(sandbox, wanted)
        return told


def _arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--profile", help="where to write the bot's profile; it slows it down")
    return parser.parse_args(given)


@contextmanager
def _world(root: Path, asked: Asked) -> Iterator[tuple[Sandbox, BotProcess, int]]:
    port = free_port()
    command = (sys.executable, *asked.bot, "run", "--http", str(port))
    with start_sandbox(root, rate_scale=asked.rate_scale) as sandbox:
        env = {**sandbox.env, "SLACK_SIGNING_SECRET": _SECRET}
        with BotProcess(env, root, command=command) as bot:
            bot.wait_ready(60)
            yield sandbox, bot, port


def _cards(sandbox: Sandbox, port: int, folder: Path, number: int) -> dict[str, Message]:
    """Cards that stand before the storm comes, from mails of their own, by their bookings."""
    ids = [_booking_id("c", each) for each in range(number)]
    storm = Storm(0, vars(IDENTITY), now=time.time() - 60)
    events = storm.events(2 * number, 1.0, mails=[booking_mail(i) for i in ids], clicks=[])
    _sent(Orders(port, _SECRET, events), folder)
    return {i: sandbox.slack.wait_for_message(f"Booking: {i.upper()}", timeout=120) for i in ids}


def _booking_id(first: str, number: int) -> str:
    tens, ones = divmod(number, len(_CONSONANTS))
    return f"z{first}xwv{_CONSONANTS[tens]}{_CONSONANTS[ones]}"


def _click(card: Message, number: int) -> dict[str, Any]:
    """An operator's press on Approve, as Slack puts it."""
    block, button = find_pressable(card.raw, "approve")
    who = {"id": "U0CAPTAIN", "username": "captain", "team_id": IDENTITY.team_id}
    return {
        "type": "block_actions",
        "user": who,
        "api_app_id": IDENTITY.app_id,
        "token": IDENTITY.verification_token,
        "team": {"id": IDENTITY.team_id, "domain": IDENTITY.team_domain},
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": f"{card.ts}.{number}",
        "container": {"type": "message", "message_ts": card.ts, "channel_id": CHANNEL},
        "channel": {"id": CHANNEL, "name": "charters"},
        "message": card.raw,
        "state": {"values": {}},
        "response_url": "",
        "actions": [{**action_of(block, button, None), "action_ts": f"{card.ts}{number}"}],
    }


def _sent(orders: Orders, folder: Path) -> dict[str, Any]:
    """What the sender tells."""
    file = folder / "orders.pickle"
    file.write_bytes(pickle.dumps(orders))
    command = [sys.executable, "-m", "bench.storm_sender", str(file)]
    done = subprocess.run(command, cwd=_HOUSE, stdout=subprocess.PIPE, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _report(told: Told, asked: Asked) -> float:
    """Print it; the p99 of the acknowledgements in seconds."""
    answers, sent = told.answers, told.sent
    taken = [seconds for _, status, seconds in answers if status == 200]
    missed = len(answers) - sum(each <= judging.ACK_SECONDS for each in taken)
    print(
        f"{len(answers)} events in {sent['seconds']:.1f} s "
        f"({len(answers) / sent['seconds']:.0f} a second); not acknowledged in time: {missed}; "
        f"acknowledged after {_percentiles(taken)}"
    )
    for kind, number in Counter(kind for kind, *_ in answers).most_common():
        of_kind = [seconds for each, status, seconds in answers if each == kind and status == 200]
        print(f"  {kind}: {number}, {_percentiles(of_kind)}")
    print(
        f"  the sender itself: {_percentiles(sent['late'])} behind, {sent['lines']} connections, "
        f"{sent['cpu']:.1f} s of a processor\n"
        f"memory in MB: {told.memory}; grown by at most {told.memory.grown_mb:.0f}; "
        f"{told.at_rest_mb:.0f} when all had come to its end\n"
        f"the bot took {told.processor:.1f} s of a processor for it\n"
        f"{asked.mails} mails, each delivered twice, {asked.approved} charters approved by "
        f"{CLICKS_EACH} clicks each: {len(told.lost)} lost or doubled; "
        f"settled {told.settled_seconds:.0f} s afterwards"
    )
    return sorted(taken)[int(len(taken) * 0.99)] if taken else 0.0


def _percentiles(seconds: list[float]) -> str:
    if not seconds:
        return "none"
    ordered = sorted(seconds)
    at = {"p50": 0.50, "p99": 0.99, "p99.9": 0.999}
    said = [f"{name} {ordered[int(len(ordered) * p)] * 1000:.1f}" for name, p in at.items()]
    return f"{', '.join(said)}, longest {ordered[-1] * 1000:.1f} ms"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], by_itself=True))
