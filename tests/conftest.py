"""What is said at the end, and loudly: tests that were not run for want of a program."""

from collections import Counter

import pytest

from tests.browser.missing import HOW_TO_GET, NOT_RUN


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say for every program that was missing how many tests went without it, and what to do."""
    skipped = [report.longrepr for report in terminalreporter.stats.get("skipped", [])]
    reasons = [str(place[2]) for place in skipped if isinstance(place, tuple)]
    missing = Counter(reason.rpartition(NOT_RUN)[2] for reason in reasons if NOT_RUN in reason)
    for program, times in missing.items():
        terminalreporter.section(f"{times} TESTS WERE NOT RUN", sep="!", red=True, bold=True)
        terminalreporter.write_line(HOW_TO_GET[program])
