"""For every test: a log that is set up as it was before; and, at the end, what was not run, loudly."""

from collections import Counter
from collections.abc import Iterator

import pytest
import structlog

from tests.browser.missing import HOW_TO_GET, NOT_RUN


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    """Whoever sets up the log, or silences it, does so for one test: a worker runs many files."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)
    structlog.contextvars.clear_contextvars()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say for every program that was missing how many tests went without it, and what to do."""
    skipped = [report.longrepr for report in terminalreporter.stats.get("skipped", [])]
    reasons = [str(place[2]) for place in skipped if isinstance(place, tuple)]
    missing = Counter(reason.rpartition(NOT_RUN)[2] for reason in reasons if NOT_RUN in reason)
    for program, times in missing.items():
        terminalreporter.section(f"{times} TESTS WERE NOT RUN", sep="!", red=True, bold=True)
        terminalreporter.write_line(HOW_TO_GET[program])
