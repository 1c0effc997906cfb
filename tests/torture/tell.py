"""What is said of histories: a table of many, the story of one."""

import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.torture.drawing import History
from tests.torture.history import Verdict
from tests.torture.races import Race


@dataclass
class Sum:
    """Of many histories. `failing`: the seeds of those that broke a law, with the sentence."""

    histories: int = 0
    uncertain: int = 0
    crashes: int = 0
    faults: int = 0
    points: int = 0
    failing: tuple[tuple[int, str], ...] = ()

    def of(self, seed: int, verdict: Verdict) -> "Sum":
        """With one more."""
        broken = ((seed, verdict.broken[0]),) if verdict.broken else ()
        return Sum(
            self.histories + 1,
            self.uncertain + verdict.uncertain,
            self.crashes + verdict.crashes,
            self.faults + len(verdict.met),
            self.points + verdict.points,
            (*self.failing, *broken),
        )

    def plus(self, other: "Sum") -> "Sum":
        """Both together."""
        return Sum(
            self.histories + other.histories,
            self.uncertain + other.uncertain,
            self.crashes + other.crashes,
            self.faults + other.faults,
            self.points + other.points,
            (*self.failing, *other.failing),
        )


def commit() -> str:
    """The commit that was tortured; with a plus if the tree differs from it."""
    here = Path(__file__).parent

    def git(*words: str) -> str:
        told = subprocess.run(
            ["git", "-C", str(here), *words],
            capture_output=True,
            text=True,
            check=False,
        )
        return told.stdout.strip()

    changed = "+" if git("status", "--porcelain", "--", "../..") else ""
    return f"{git('rev-parse', '--short', 'HEAD') or 'unknown'}{changed}"


def table(rows: Iterable[tuple[str, object]]) -> str:
    """Two columns."""
    listed = [
        (name, f"{value:,}" if isinstance(value, int) else str(value)) for name, value in rows
    ]
    wide, wider = (max(len(row[column]) for row in listed) for column in (0, 1))
    rule = f"| {'-' * wide} | {'-' * wider} |"
    lines = [f"| {name:<{wide}} | {value:>{wider}} |" for name, value in listed]
    return "\n".join([lines[0], rule, *lines[1:]])


def story(history: History, verdict: Verdict) -> str:
    """One history in words."""
    faults = history.faults if history.faults is not None else verdict.met
    lines = [f"Seed {history.seed}: {len(history.steps)} steps, {len(faults)} faults."]
    for number, step in enumerate(history.steps):
        lines.append(f"  {step}")
        if verdict.broken and number == verdict.at_step:
            lines.append("           (by here, or at rest afterwards, a law is broken)")
    lines += [f"  The call {call} met: {fault}." for call, fault in faults.items()]
    return "\n".join([*lines, *_judged(verdict)])


def story_of_race(race: Race, verdict: Verdict) -> str:
    """One race in words, and how it ended."""
    lines = [str(race)]
    lines += [f"  The call {call} met: {fault}." for call, fault in verdict.met.items()]
    lines += ["How it ended:", *(f"  {said}" for said in verdict.ended)]
    return "\n".join([*lines, *_judged(verdict)])


def _judged(verdict: Verdict) -> list[str]:
    return [f"  {said}" for said in verdict.broken] or ["  No law is broken."]
