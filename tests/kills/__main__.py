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

from sandbox.driver import start_sandbox
from tests.kills.judge import DOUBLED, LOST, broken, uncertain
from tests.kills.stream import IN_FLIGHT, RATE_SCALE, RETRY_SCALE, Stream
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
        stream = Stream(sandbox, asked.seed, in_flight=asked.in_flight, tell=tell)
        streamed = stream.through(asked.kills)
        found = broken(streamed.evidence)
        kinds = Counter(each.kind for each in found)
        rows = [
            ("Kills of the real process", asked.kills),
            ("... that met a request under way", streamed.met),
            ("Charters", len(streamed.evidence.stories)),
            ("Presses of a button", sum(p.times for p in streamed.evidence.presses)),
            ("Lost", kinds[LOST]),
            ("Doubled", kinds[DOUBLED]),
            ("Other violations", len(found) - kinds[LOST] - kinds[DOUBLED]),
            ("Uncertain outcomes, shown to a person and settled", uncertain(streamed.evidence)),
            ("Seconds", f"{time.monotonic() - begun:.0f}"),
            ("Seed", str(asked.seed)),
            ("Commit", commit()),
        ]
        print(table(rows))
        for each in found:
            print(f"\nSeed {asked.seed}: {each}")
        for booking_id in list(dict.fromkeys(each.booking_id for each in found))[:_SHOWN]:
            print(f"\n{booking_id.upper()}:\n{timeline(sandbox, streamed, booking_id)}")
    if found:
        print(f"\nThe log of every life, and the database, are in {root}.")
    else:
        shutil.rmtree(root)
    return 1 if found else 0


def _asked(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.kills", description=__doc__)
    parser.add_argument("kills", type=int, nargs="?", default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--in-flight", type=int, default=IN_FLIGHT, help="charters at once")
    parser.add_argument("--verbose", action="store_true", help="tell of each life")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
