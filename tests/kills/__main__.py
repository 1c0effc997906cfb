"""`python -m tests.kills 200 [--seed N]`: so many kills of the real process, judged and counted.

What happens is drawn from the seed; when a kill meets what is the machine's business, so that a
seed repeats the plan and not the outcome. The logs of every life stay if a law was broken.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from sandbox.driver import Sandbox, start_sandbox
from tests.kills.judge import DOUBLED, LOST, Broken, broken, uncertain
from tests.kills.lives import EndedByItselfError
from tests.kills.stream import IN_FLIGHT, RATE_SCALE, RETRY_SCALE, Stream, Streamed
from tests.kills.timeline import timeline
from tests.torture.tell import commit, table

_SHOWN = 3


def main(arguments: list[str]) -> int:
    """Run what was asked for; 1 if a law was broken."""
    asked = _asked(arguments)
    root = Path(tempfile.mkdtemp(prefix="kills-"))
    begun = time.monotonic()

    def tell(words: str) -> None:
        if asked.verbose:
            print(f"{time.monotonic() - begun:7.1f} s  {words}", file=sys.stderr, flush=True)

    with start_sandbox(root, rate_scale=RATE_SCALE, retry_scale=RETRY_SCALE) as sandbox:
        try:
            stream = Stream(sandbox, asked.seed, in_flight=asked.in_flight, tell=tell)
            streamed = stream.through(asked.kills)
        except EndedByItselfError as error:
            print(f"Seed {asked.seed}: the bot ended before it was killed; see {root}.\n{error}")
            return 1
        seconds = time.monotonic() - begun
        found = broken(streamed.evidence)
        print(table(_rows(asked, streamed, found, seconds)))
        _account(asked.seed, sandbox, streamed, found)
    if found:
        print(f"\nThe log of every life, and the database, are in {root}.")
        return 1
    shutil.rmtree(root)
    return 0


def _rows(
    asked: argparse.Namespace, streamed: Streamed, found: list[Broken], seconds: float
) -> list[tuple[str, object]]:
    kinds = Counter(each.kind for each in found)
    return [
        ("Kills of the real process", asked.kills),
        ("... that met a request under way", streamed.met),
        ("Charters", len(streamed.evidence.stories)),
        ("Presses of a button", sum(press.times for press in streamed.evidence.presses)),
        ("Lost", kinds[LOST]),
        ("Doubled", kinds[DOUBLED]),
        ("Other violations", len(found) - kinds[LOST] - kinds[DOUBLED]),
        ("Uncertain outcomes, shown to a person and settled", uncertain(streamed.evidence)),
        ("Seconds", f"{seconds:.0f}"),
        ("Seed", str(asked.seed)),
        ("Commit", commit()),
    ]


def _account(seed: int, sandbox: Sandbox, streamed: Streamed, found: list[Broken]) -> None:
    """Tell what is broken, and the timelines of the first charters that it concerns."""
    for each in found:
        print(f"\nSeed {seed}: {each}")
    for booking_id in list(dict.fromkeys(each.booking_id for each in found))[:_SHOWN]:
        print(f"\n{booking_id.upper()}:\n{timeline(sandbox, streamed, booking_id)}")


def _asked(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.kills", description=__doc__)
    parser.add_argument("kills", type=int, nargs="?", default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--in-flight", type=int, default=IN_FLIGHT, help="charters at once")
    parser.add_argument("--verbose", action="store_true", help="tell of each life")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
