"""`python -m tests.storms`: every storm whole, judged, and told in rows for a table.

The storms in virtual time keep to Slack's own rates; those upon the real process are played at
fifty times Slack's rates, and the status changes at five times, of which the bot believes fifty.
How soon events are acknowledged at Slack's hourly ceiling, `python -m bench.storm` measures and
judges.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.storms import real, simulated
from tests.storms.simulated import MailStorm, StatusStorm
from tests.torture.tell import commit, table

_MAILS, _CHARTERS, _REAL_CHARTERS = 1_000, 200, 40
_SHOWN = 5

Rows = Sequence[tuple[str, object]]


def main() -> int:
    """Play all; 1 if anything was lost, doubled, dropped, or shown out of order."""
    begun, broken = time.monotonic(), list[str]()
    for name, storm in _STORMS:
        began = time.monotonic()
        rows, violations = storm()
        broken += [f"{name}: {said}" for said in violations]
        took = f"{time.monotonic() - began:.0f}"
        told = [(name, ""), *rows, ("Violations", len(violations)), ("Seconds", took)]
        print(table(told), end="\n\n", flush=True)
    whole = ("Violations", len(broken)), ("Seconds", f"{time.monotonic() - begun:.0f}")
    print(table([("Storms", len(_STORMS)), *whole, ("Commit", commit())]))
    for said in broken[:_SHOWN]:
        print(said)
    return 1 if broken else 0


def _mails(storm: MailStorm) -> tuple[Rows, list[str]]:
    told = simulated.played_mails(storm)
    rows = [("Mails", storm.mails), ("Cards", told.cards), *_asked(told)]
    return rows, told.violations


def _statuses(storm: StatusStorm) -> tuple[Rows, list[str]]:
    told = simulated.played_statuses(storm)
    return [("Status changes", told.changes), *_asked(told)], told.violations


def _asked(told: simulated.Told) -> Rows:
    return [
        ("Requests to Slack", told.asked),
        ("of them answered 429", told.refused),
        ("Seconds of Slack's until all was shown", f"{told.seconds:.0f}"),
    ]


def _real_mails() -> tuple[Rows, list[str]]:
    with tempfile.TemporaryDirectory() as folder:
        told = real.real_mails(Path(folder), _MAILS)
    rows = [
        ("Mails", _MAILS),
        ("Cards", told.cards),
        ("Deliveries not acknowledged in 3 s, and so made again", told.late),
        ("Slowest acknowledgement, seconds", f"{told.slowest_ack:.2f}"),
    ]
    return rows, told.violations


def _real_statuses() -> tuple[Rows, list[str]]:
    with tempfile.TemporaryDirectory() as folder:
        told = real.real_statuses(Path(folder), _REAL_CHARTERS, rate_scale=5.0)
    asked = ("Requests to Slack", told.asked), ("of them answered 429", told.refused)
    return [("Status changes", told.changes), *asked], told.violations


_STORMS: Sequence[tuple[str, Callable[[], tuple[Rows, list[str]]]]] = (
    ("Mails at once, Slack's rates", lambda: _mails(MailStorm(seed=1, mails=_MAILS))),
    (
        "Mails at once, 429s besides, 5 kills",
        lambda: _mails(MailStorm(seed=2, mails=_MAILS // 5, moods=10.0, kills=5)),
    ),
    (
        "Status changes, Slack's rates",
        lambda: _statuses(StatusStorm(seed=1, charters=_CHARTERS)),
    ),
    (
        "Status changes, 429s and faults besides, 3 kills",
        lambda: _statuses(StatusStorm(seed=2, charters=_CHARTERS, moods=5.0, rate=3.0, kills=3)),
    ),
    ("Mails at once, the real process", _real_mails),
    ("Status changes, the real process", _real_statuses),
)

if __name__ == "__main__":
    sys.exit(main())
