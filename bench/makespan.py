"""A run's makespan against the critical path of the very calls it makes, in one rehearsal.

Beside it, the same against one person's script that does the bare calls one after another. Twice:
in the first table only what changes something takes its time; in the second every look-up of the
calendar and the crew service takes as long as its effect does.

    python -m bench.makespan
"""

import asyncio
import statistics
import tempfile
from itertools import product
from pathlib import Path

from bot.look import overview
from bot.settings import load_environment
from sandbox.bot_process import BotProcess
from sandbox.driver import Sandbox, start_sandbox

RUNS = 20
SAMPLE = Path(__file__).parents[1] / "sandbox" / "samples" / "1-xhqgmdh-instant-gmail.eml"
CALENDAR, CREW, UPLOAD, INVALIDATION, LIVE_CHECK, MAIL = 0.2, 0.6, 0.06, 0.3, 0.05, 0.12
EFFECTS = {
    "calendar.create_entry": CALENDAR,
    "crew_service.create_event": CREW,
    "s3.PutObject": UPLOAD,
    "invalidation": INVALIDATION,
    "edge": LIVE_CHECK,
    "ses": MAIL,
}
ALL = EFFECTS | {"calendar": CALENDAR, "crew_service": CREW}
SCRIPT = CALENDAR + CREW + UPLOAD + INVALIDATION + LIVE_CHECK + MAIL
# Calendar, then the crew event that names its entry, then the mail that names both.
EFFECTS_PATH = CALENDAR + CREW + MAIL
# The longest chain is the crew service's own: look, create, look.
ALL_PATH = 3 * CREW


def main() -> None:
    """Print both tables' rows."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        with (
            start_sandbox(root, rate_scale=1000.0) as sandbox,
            BotProcess(sandbox.env, root) as bot,
        ):
            bot.wait_ready(60)
            ids = ("z" + "".join(letters) for letters in product("bcdfgh", repeat=6))
            _makespan(sandbox, next(ids))  # the first run opens the connections
            for name, latencies, path in (
                ("effects take their time", EFFECTS, EFFECTS_PATH),
                ("look-ups take it, too", ALL, ALL_PATH),
            ):
                sandbox.clear_latencies()
                sandbox.set_latencies(latencies)
                seconds = sorted(_makespan(sandbox, next(ids)) for _ in range(RUNS))
                median = statistics.median(seconds)
                print(
                    f"{name}: median {median:.3f} s, worst {seconds[-1]:.3f} s of {RUNS}; "
                    f"critical path {path:.2f} s, ratio {median / path:.2f}; "
                    f"script {SCRIPT:.2f} s, ratio {median / SCRIPT:.2f}"
                )


def _makespan(sandbox: Sandbox, booking_id: str) -> float:
    """Seconds from the decision, as written down, to the end of the last step."""
    captain = sandbox.slack.as_user("U0CAPTAIN")
    captain.forwards(SAMPLE.read_bytes().replace(b"xhqgmdh", booking_id.encode()))
    card = sandbox.slack.wait_for_message(f"Booking: {booking_id.upper()}")
    captain.clicks(card, "approve")
    sandbox.slack.wait_for_message("is set up", thread=card.ts)
    found = asyncio.run(overview(load_environment(sandbox.env), booking_id))
    if found is None or found.decision is None:
        raise SystemExit(f"{booking_id} is not in the bot's tables")
    ended = [step.ended_at for step in found.steps if step.ended_at]
    return (max(ended) - found.decision.at).total_seconds()


if __name__ == "__main__":
    main()
