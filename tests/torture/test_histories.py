"""A cut of `make torture`: some histories, and that what it says of them can be relied on."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.torture.drawing import Step, drawn
from tests.torture.history import played
from tests.torture.plant import planted
from tests.torture.shrink import shrunk
from tests.torture.slack import CAPTAIN, MATE, OWNER, STRANGER
from tests.torture.teeth import TEETH
from tests.torture.tell import story
from tests.torture.ways import begins, dies_upon, presses, waits, way
from tests.torture.weather import Fault

ROOT = Path(__file__).parents[2]
_SEEDS, _AT_ONCE = 120, 20
_OPENED = [Step("home", 1.0, who) for who in (CAPTAIN, MATE, OWNER, STRANGER)]
_RUN = (presses("approve"), waits(60.0), presses("cancel_charter"))
WATCHED = replace(way(*_OPENED, *_RUN, approved=False), rate=10, faults=None)
"""Of one charter and four Homes that follow it."""
BUG = next(tooth for tooth in TEETH if tooth.bug == "who clicked is not asked for")


@pytest.mark.parametrize("first", range(1, _SEEDS, _AT_ONCE))
def test_no_history_breaks_a_law(first: int) -> None:
    for seed in range(first, first + _AT_ONCE):
        history = drawn(seed)
        verdict = played(history)
        assert not verdict.broken, story(history, verdict)


def test_a_seed_is_the_same_history_each_time() -> None:
    assert drawn(7) == drawn(7)
    one, other = played(drawn(7)), played(drawn(7))
    assert one == other
    assert one.points > 100


def test_a_seed_is_the_same_history_in_each_process() -> None:
    """However Python orders its sets in one."""
    code = (
        "from tests.torture.test_histories import WATCHED\n"
        "from tests.torture.history import played\n"
        "print(played(WATCHED))"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": number},
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in ("1", "2")
    ]
    one, other = (process.communicate()[0] for process in running)
    assert one.startswith("Verdict(")
    assert one == other


def test_a_failing_history_is_shrunk_to_what_matters() -> None:
    with planted(*BUG.edits):
        seed = next(seed for seed in range(1, 100) if played(drawn(seed)).broken)
        history = drawn(seed)
        shorter, verdict = shrunk(history, played(history))
    assert verdict.broken[0].startswith("Law 3")
    assert len(shorter.steps) < len(history.steps)
    assert not shorter.faults
    assert len(shorter.steps) <= 4
    assert "who is no operator" in story(shorter, verdict)


def test_a_history_is_told_in_words() -> None:
    assert str(Step("press", 2.0, "U0MATE", "xhqgmdh", "approve")) == (
        "   2.00 s later: press approve XHQGMDH by U0MATE"
    )


def test_whoever_died_before_the_answer_came_heard_of_no_pause() -> None:
    died = (dies_upon("asked s3.get", after=2.0), presses("approve", after=0.5), begins(after=0.3))
    history = way(*died, waits(30.0), faults={"s3.get #1": Fault.BUSY}, approved=False)
    assert played(history).crashes == 1
    assert not played(history).broken
