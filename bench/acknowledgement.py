"""How soon clicks and commands are acknowledged while 100 runs are in flight.

In turn with them, the same clicks and commands are put to a bare Bolt app that makes one durable
commit before its ack: in a rehearsal of its own, on the same machine, with nothing else to do.

    python -m bench.acknowledgement
"""

import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import islice, product
from pathlib import Path
from typing import Any

from bot.domain.charter import State
from bot.look import overviews
from bot.settings import load_environment
from sandbox.bot_process import BotProcess
from sandbox.driver import Sandbox, start_sandbox
from sandbox.slack.seen import Message

RUNS, ASKED = 100, 200
PAUSE_SECONDS = 0.1  # after each click and each command, which never coincide: some eight a second
SAMPLE = Path(__file__).parents[1] / "sandbox" / "samples" / "1-xhqgmdh-instant-gmail.eml"
# Long enough that no run ends while the clicks are measured.
IN_FLIGHT = {"calendar": 10.0, "crew_service": 25.0, "invalidation": 120.0}
_SCREEN = {
    "ts": "1779000000.000100",
    "user": "U0CHARTERBOT",
    "text": "A card",
    "blocks": [
        {
            "type": "actions",
            "block_id": "choices",
            "elements": [
                {
                    "type": "button",
                    "action_id": "approve",
                    "value": "{}",
                    "text": {"type": "plain_text", "text": "Approve"},
                }
            ],
        }
    ],
}
OURS = (sys.executable, "-m", "bot.cli", "run")
BARE = (sys.executable, "-m", "bench.bare_app")


def main() -> None:
    """Print the p99 of both, and their ratio."""
    with (
        tempfile.TemporaryDirectory() as folder,
        _rehearsal(Path(folder) / "ours") as ours,
        _rehearsal(Path(folder) / "bare", BARE) as bare,
    ):
        cards = _cards(ours)
        ours.set_latencies(IN_FLIGHT)
        _approve(ours, cards)
        before = [len(each.slack.deliveries()) for each in (ours, bare)]
        for _ in range(ASKED):
            for act in (_click, _command):
                act(ours, cards[0])
                act(bare, Message(_SCREEN))
                time.sleep(PAUSE_SECONDS)
        if not _in_flight(ours):
            raise SystemExit("some runs ended while the clicks were measured")
        asked, base = (
            each.slack.deliveries()[since:]
            for each, since in zip((ours, bare), before, strict=True)
        )
    for kind, name in (("interactive", "click"), ("slash_commands", "command")):
        p99, bare_p99 = _p99(asked, kind), _p99(base, kind)
        print(
            f"{name}: p99 {p99 * 1000:.1f} ms with {RUNS} runs in flight; "
            f"bare app beside it p99 {bare_p99 * 1000:.1f} ms; ratio {p99 / bare_p99:.2f}"
        )


@contextmanager
def _rehearsal(root: Path, command: tuple[str, ...] = OURS) -> Iterator[Sandbox]:
    with start_sandbox(root, rate_scale=1000.0) as sandbox:
        env = {**sandbox.env, "PYTHONPATH": str(Path(__file__).parents[1])}
        with BotProcess(env, root, command=command) as bot:
            bot.wait_ready(60)
            yield sandbox


def _approve(sandbox: Sandbox, cards: list[Message]) -> None:
    """As many runs as there are cards, begun over twenty seconds."""
    captain = sandbox.slack.as_user("U0CAPTAIN")
    for card in cards:
        captain.clicks(card, "approve")
        time.sleep(20 / RUNS)
    sandbox.slack.wait_until(lambda _: _in_flight(sandbox), 10, f"{RUNS} runs in flight")


def _cards(sandbox: Sandbox) -> list[Message]:
    """A card for each of as many bookings, each on the screen."""
    ids = ["z" + "".join(letters) for letters in islice(product("bcdfgh", repeat=6), RUNS)]
    captain = sandbox.slack.as_user("U0CAPTAIN")
    for number, booking_id in enumerate(ids):
        captain.forwards(_mail(booking_id, date(2027, 1, 1) + timedelta(days=number)))
    return [sandbox.slack.wait_for_message(f"Booking: {i.upper()}", timeout=300) for i in ids]


def _mail(booking_id: str, day: date) -> bytes:
    """The sample on a day of its own, so that no card is in another's way."""
    text = SAMPLE.read_text("utf-8").replace("xhqgmdh", booking_id)
    return text.replace("May 30, 2026", f"{day:%b} {day.day}, {day.year}").encode()


def _in_flight(sandbox: Sandbox) -> bool:
    found = asyncio.run(overviews(load_environment(sandbox.env)))
    return Counter(each.state for each in found)[State.RUNNING] >= RUNS


def _click(sandbox: Sandbox, screen: Message) -> None:
    """Press a button of a card that a screen still shows."""
    sandbox.slack.as_user("U0CAPTAIN").stale_click(screen, "approve")


def _command(sandbox: Sandbox, _screen: Message) -> None:
    """Type a command that has something to do."""
    captain = sandbox.slack.as_user("U0CAPTAIN")
    captain.workspace.post("command", user=captain.user, text="/charter scrub zzzzzzz")


def _p99(deliveries: list[dict[str, Any]], kind: str) -> float:
    """Seconds, of those deliveries that were acknowledged; one that was not ends the bench."""
    asked = [each for each in deliveries if each["type"] == kind and each["attempt"] == 0]
    if len(asked) != ASKED or any(each["error"] for each in asked):
        raise SystemExit(f"{len(asked)} of {ASKED} {kind} delivered, some not acknowledged")
    return sorted(float(each["seconds"]) for each in asked)[round(ASKED * 0.99) - 1]


if __name__ == "__main__":
    main()
