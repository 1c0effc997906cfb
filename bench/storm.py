"""The hourly ceiling of Slack's events, 30,000, in one minute: how soon each is acknowledged.

The bot serves HTTP as it does in production, with signatures, on the rehearsal's Slack at Slack's
own rates. Among the talk of a busy workspace come booking mails, each twice, and clicks: their runs
go on meanwhile, and so does the rehearsal of the outside world, on the same processors.

    python -m bench.storm [--events 30000] [--seconds 60] [--profile FILE]
"""

import argparse
import json
import os
import pickle
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

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
_SECRET = "storm-signing-secret"
_LOOKS_EVERY_SECONDS = 0.25
_ACK_SECONDS = 3.0
_SETTLED_WITHIN_SECONDS = 400.0
_HOUSE = Path(__file__).parents[1]
_CONSONANTS = "bcdfghjklmnpqrst"


def main() -> None:
    """Print how soon what was acknowledged, what memory it took, and what came of it."""
    asked = _arguments()
    with tempfile.TemporaryDirectory() as folder, _world(Path(folder), asked.profile) as world:
        sandbox, bot, port = world
        cards = _cards(sandbox, port, Path(folder))
        wanted = [_booking_id("m", number) for number in range(MAILS)]
        storm = Storm(SEED, vars(IDENTITY), now=time.time())
        events = storm.events(
            asked.events,
            asked.seconds,
            mails=[booking_mail(each) for each in wanted],
            clicks=[_click(card, number) for card in cards for number in range(CLICKS_EACH)],
        )
        worked = _processor_seconds(bot.pid)
        with _Memory(bot.pid) as memory:
            told = _sent(Orders(port, _SECRET, events), Path(folder))
        _report(told, memory)
        print(f"the bot took {_processor_seconds(bot.pid) - worked:.1f} s of a processor for it")
        _settled(sandbox, wanted, cards)
        print(f"memory when all had come to its end: {_resident(bot.pid) / 1e6:.0f} MB")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--profile", help="where to write the bot's profile; it slows it down")
    return parser.parse_args()


@contextmanager
def _world(root: Path, profile: str | None) -> Iterator[tuple[Sandbox, BotProcess, int]]:
    port = free_port()
    profiled = ("-m", "cProfile", "-o", str(Path(profile).resolve())) if profile else ()
    command = (sys.executable, *profiled, "-m", "bot.cli", "run", "--http", str(port))
    with start_sandbox(root) as sandbox:
        env = {**sandbox.env, "SLACK_SIGNING_SECRET": _SECRET}
        with BotProcess(env, root, command=command) as bot:
            bot.wait_ready(60)
            yield sandbox, bot, port


def _cards(sandbox: Sandbox, port: int, folder: Path) -> list[Message]:
    """Cards that stand before the storm comes, from mails of their own."""
    ids = [_booking_id("c", number) for number in range(APPROVED)]
    storm = Storm(0, vars(IDENTITY), now=time.time() - 60)
    events = storm.events(2 * APPROVED, 1.0, mails=[booking_mail(i) for i in ids], clicks=[])
    _sent(Orders(port, _SECRET, events), folder)
    return [sandbox.slack.wait_for_message(f"Booking: {i.upper()}", timeout=120) for i in ids]


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


class _Memory:
    """Resident bytes of a process with all that it has started, looked at while the block runs."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._ended = threading.Event()
        self._looking = threading.Thread(target=self._look)
        self.before = self.after = self.peak = _resident(pid)

    def __enter__(self) -> Self:
        self._looking.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._looking.join()
        self.after = _resident(self._pid)

    def _look(self) -> None:
        while not self._ended.wait(_LOOKS_EVERY_SECONDS):
            self.peak = max(self.peak, _resident(self._pid))


def _resident(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        tasks = Path(f"/proc/{pid}/task").iterdir()
        children = [int(c) for task in tasks for c in (task / "children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") + sum(_resident(child) for child in children)


def _processor_seconds(pid: int) -> float:
    """What a process has used up by now: however busy the machine is, about the same."""
    used = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(int(ticks) for ticks in used) / os.sysconf("SC_CLK_TCK")


def _report(told: dict[str, Any], memory: _Memory) -> None:
    answers = told["answers"]
    taken = [seconds for _, status, seconds in answers if status == 200]
    missed = len(answers) - sum(each <= _ACK_SECONDS for each in taken)
    print(
        f"{len(answers)} events in {told['seconds']:.1f} s "
        f"({len(answers) / told['seconds']:.0f} a second); not acknowledged in time: {missed}; "
        f"acknowledged after {_percentiles(taken)}"
    )
    for kind, number in Counter(kind for kind, *_ in answers).most_common():
        of_kind = [seconds for each, status, seconds in answers if each == kind and status == 200]
        print(f"  {kind}: {number}, {_percentiles(of_kind)}")
    print(
        f"  the sender itself: {_percentiles(told['late'])} behind, {told['lines']} connections, "
        f"{told['cpu']:.1f} s of a processor"
    )
    mb = [f"{name} {of / 1e6:.0f}" for name, of in vars(memory).items() if isinstance(of, int)][1:]
    grown = (max(memory.peak, memory.after) - memory.before) / 1e6
    print(f"memory in MB: {', '.join(mb)}; grown by at most {grown:.0f}")


def _percentiles(seconds: list[float]) -> str:
    if not seconds:
        return "none"
    ordered = sorted(seconds)
    at = {"p50": 0.50, "p99": 0.99, "p99.9": 0.999}
    said = [f"{name} {ordered[int(len(ordered) * p)] * 1000:.1f}" for name, p in at.items()]
    return f"{', '.join(said)}, longest {ordered[-1] * 1000:.1f} ms"


def _settled(sandbox: Sandbox, wanted: list[str], cards: list[Message]) -> None:
    """Wait until every mail has its card and every approved charter is set up; count them."""
    began = time.monotonic()
    for card in cards:
        left = began + _SETTLED_WITHIN_SECONDS - time.monotonic()
        sandbox.slack.wait_for_message("is set up", thread=card.ts, timeout=max(left, 1))
    for each in wanted:
        left = began + _SETTLED_WITHIN_SECONDS - time.monotonic()
        sandbox.slack.wait_for_message(f"Booking: {each.upper()}", timeout=max(left, 1))
    shown = [message.plain for message in sandbox.slack.messages()]
    doubled = [each for each in wanted if sum(f"Booking: {each.upper()} " in t for t in shown) > 1]
    refused = Counter(call["error"] for call in sandbox.slack.calls() if call["error"])
    print(
        f"{len(wanted)} mails, each delivered twice: a card each, {len(doubled)} doubled; "
        f"{len(cards)} charters set up after {CLICKS_EACH} clicks each; "
        f"Slack refused {dict(refused)}; settled {time.monotonic() - began:.0f} s afterwards"
    )


if __name__ == "__main__":
    main()
