"""`python -m tests.kills 200 [--seed N]`: so many kills of the real process, judged and counted.

Several streams of charters flow at once, each in a world of its own with a bot of its own, and the
seeds follow each other. What happens is drawn from the seed; when a kill meets what is the machine's
business, so that a seed repeats the plan and not the outcome. The logs of every life stay if a law
was broken.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sandbox.driver import Sandbox, start_sandbox
from tests.kills.judge import DOUBLED, LOST, Broken, broken, uncertain
from tests.kills.lives import EndedByItselfError
from tests.kills.stream import IN_FLIGHT, RATE_SCALE, RETRY_SCALE, Stream, Streamed
from tests.kills.timeline import timeline
from tests.torture.tell import commit, table

_SHOWN = 3
_STREAMS = 2


@dataclass(frozen=True)
class Outcome:
    """What came of one stream. `account`: what is broken in it, told with what led to it."""

    seed: int
    met: int = 0
    charters: int = 0
    presses: int = 0
    uncertain: int = 0
    found: tuple[Broken, ...] = ()
    account: str = ""


def main(arguments: list[str]) -> int:
    """Run what was asked for; 1 if a law was broken, or a bot ended before it was killed."""
    asked, begun = _asked(arguments), time.monotonic()
    seeds = range(asked.seed, asked.seed + asked.streams)
    each, over = divmod(asked.kills, asked.streams)
    kills = [each + (number < over) for number in range(asked.streams)]
    flow = partial(_flowed, in_flight=asked.in_flight, verbose=asked.verbose)
    with ProcessPoolExecutor(asked.streams) as pool:
        outcomes = list(pool.map(flow, seeds, kills))
    print(table(_rows(asked, outcomes, time.monotonic() - begun)))
    accounts = [each.account for each in outcomes if each.account]
    print("".join(f"\n{account}" for account in accounts), end="")
    return 1 if accounts else 0


def _flowed(seed: int, kills: int, *, in_flight: int, verbose: bool) -> Outcome:
    root, begun = Path(tempfile.mkdtemp(prefix=f"kills-{seed}-")), time.monotonic()

    def tell(words: str) -> None:
        if verbose:
            said = f"{time.monotonic() - begun:7.1f} s  seed {seed}, {words}"
            print(said, file=sys.stderr, flush=True)

    with start_sandbox(root, rate_scale=RATE_SCALE, retry_scale=RETRY_SCALE) as sandbox:
        try:
            stream = Stream(sandbox, seed, in_flight=in_flight, tell=tell)
            outcome = _judged(seed, root, sandbox, stream.through(kills))
        except EndedByItselfError as error:
            said = f"Seed {seed}: the bot ended before it was killed; see {root}.\n{error}\n"
            return Outcome(seed, account=said)
    if not outcome.found:
        shutil.rmtree(root)
    return outcome


def _judged(seed: int, root: Path, sandbox: Sandbox, streamed: Streamed) -> Outcome:
    found, evidence = broken(streamed.evidence), streamed.evidence
    return Outcome(
        seed,
        met=streamed.met,
        charters=len(evidence.stories),
        presses=sum(press.times for press in evidence.presses),
        uncertain=uncertain(evidence),
        found=tuple(found),
        account="\n".join(_account(seed, root, sandbox, streamed, found)) if found else "",
    )


def _account(
    seed: int, root: Path, sandbox: Sandbox, streamed: Streamed, found: list[Broken]
) -> Iterator[str]:
    """What is broken, and the timelines of the first charters that it concerns."""
    for each in found:
        yield f"Seed {seed}: {each}"
    for booking_id in list(dict.fromkeys(each.booking_id for each in found))[:_SHOWN]:
        yield f"\n{booking_id.upper()}:\n{timeline(sandbox, streamed, booking_id)}"
    yield f"\nThe log of every life, and the database, are in {root}.\n"


def _rows(
    asked: argparse.Namespace, outcomes: list[Outcome], seconds: float
) -> list[tuple[str, object]]:
    kinds = Counter(broken.kind for each in outcomes for broken in each.found)
    return [
        ("Kills of the real process", asked.kills),
        ("... that met a request under way", sum(each.met for each in outcomes)),
        ("Charters", sum(each.charters for each in outcomes)),
        ("Presses of a button", sum(each.presses for each in outcomes)),
        ("Lost", kinds[LOST]),
        ("Doubled", kinds[DOUBLED]),
        ("Other violations", kinds.total() - kinds[LOST] - kinds[DOUBLED]),
        (
            "Uncertain outcomes, shown to a person and settled",
            sum(each.uncertain for each in outcomes),
        ),
        ("Seconds", f"{seconds:.0f}"),
        ("Seeds", ", ".join(str(each.seed) for each in outcomes)),
        ("Commit", commit()),
    ]


def _asked(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.kills", description=__doc__)
    parser.add_argument("kills", type=int, nargs="?", default=200)
    parser.add_argument("--seed", type=int, default=1, help="of the first stream")
    parser.add_argument("--streams", type=int, default=_STREAMS, help="worlds at once")
    parser.add_argument("--in-flight", type=int, default=IN_FLIGHT, help="charters at once in each")
    parser.add_argument("--verbose", action="store_true", help="tell of each life")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
