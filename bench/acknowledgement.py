"""How soon clicks and commands are acknowledged while 100 runs are in flight.

In the same run, the same clicks and commands are put to a bare Bolt app that makes one durable
commit before its ack, in a rehearsal of its own and with nothing else to do.

    python -m bench.acknowledgement
"""

import asyncio
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from itertools import islice, product
from pathlib import Path
from typing import Any

from bot.domain.charter import State
from bot.settings import load_environment
from bot.wiring import overviews
from sandbox.bot_process import BotProcess
from sandbox.driver import Sandbox, start_sandbox
from sandbox.slack.seen import Message

RUNS, ASKED = 100, 200
SAMPLE = Path(__file__).parents[1] / "sandbox" / "samples" / "1-xhqgmdh-instant-gmail.eml"
# Long enough that no run ends while the clicks are measured.
IN_FLIGHT = {"calendar": 14.0, "crew_service": 14.0, "invalidation": 60.0}
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
BARE = (sys.executable, "-m", "bench.bare_app")


def main() -> None:
    """Print the p99 of both, and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        ours = _ours(Path(folder) / "ours")
        bare = _bare(Path(folder) / "bare")
    for kind, name in (("block_actions", "click"), ("command", "command")):
        p99, base = _p99(ours, kind), _p99(bare, kind)
        print(
            f"{name}: p99 {p99 * 1000:.1f} ms with {RUNS} runs in flight; "
            f"bare app p99 {base * 1000:.1f} ms; ratio {p99 / base:.2f}"
        )


def _ours(root: Path) -> list[dict[str, Any]]:
    with (
        start_sandbox(root, rate_scale=1000.0) as sandbox,
        BotProcess(sandbox.env, root) as bot,
    ):
        bot.wait_ready(60)
        cards = _cards(sandbox)
        sandbox.set_latencies(IN_FLIGHT)
        captain = sandbox.slack.as_user("U0CAPTAIN")
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda card: captain.clicks(card, "approve"), cards))
        _check_in_flight(sandbox)
        before = len(sandbox.slack.deliveries())
        _ask(sandbox, cards[0])
        _check_in_flight(sandbox)
        return sandbox.slack.deliveries()[before:]


def _bare(root: Path) -> list[dict[str, Any]]:
    with start_sandbox(root, rate_scale=1000.0) as sandbox:
        here = {**sandbox.env, "PYTHONPATH": str(Path(__file__).parents[1])}
        with BotProcess(here, root, command=BARE) as bot:
            bot.wait_ready(60)
            before = len(sandbox.slack.deliveries())
            _ask(sandbox, Message(_SCREEN))
            return sandbox.slack.deliveries()[before:]


def _cards(sandbox: Sandbox) -> list[Message]:
    """A card for each of as many bookings, each on the screen."""
    ids = ["z" + "".join(letters) for letters in islice(product("bcdfgh", repeat=6), RUNS)]
    captain = sandbox.slack.as_user("U0CAPTAIN")
    for booking_id in ids:
        captain.forwards(SAMPLE.read_bytes().replace(b"xhqgmdh", booking_id.encode()))
    return [sandbox.slack.wait_for_message(f"Booking: {i.upper()}", timeout=300) for i in ids]


def _check_in_flight(sandbox: Sandbox) -> None:
    found = asyncio.run(overviews(load_environment(sandbox.env)))
    running = sum(each.state is State.RUNNING for each in found)
    if running < RUNS:
        raise SystemExit(f"only {running} of {RUNS} runs are in flight")


def _ask(sandbox: Sandbox, screen: Message) -> None:
    """Click a button of a card that a screen still shows, and type a command, again and again."""
    captain = sandbox.slack.as_user("U0CAPTAIN")
    for _ in range(ASKED):
        captain.stale_click(screen, "approve")
        captain.workspace.post("command", user=captain.user, text="/charter scrub zzzzzzz")


def _p99(deliveries: list[dict[str, Any]], kind: str) -> float:
    """Seconds, of those deliveries that were acknowledged; one that was not ends the bench."""
    asked = [each for each in deliveries if each["type"] == kind and each["attempt"] == 0]
    if len(asked) != ASKED or any(each["error"] for each in asked):
        raise SystemExit(f"{len(asked)} of {ASKED} {kind} delivered, some not acknowledged")
    return sorted(float(each["seconds"]) for each in asked)[round(ASKED * 0.99) - 1]


if __name__ == "__main__":
    main()
