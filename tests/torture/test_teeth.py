"""Each planted bug is caught: by a law in the history it names, or by the test."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.torture.drawing import History, drawn
from tests.torture.history import played
from tests.torture.plant import planted
from tests.torture.teeth import TEETH
from tests.torture.tooth import Tooth

ROOT = Path(__file__).parents[2]
_MOST_SEEDS = 400
BY_LAW = [tooth for tooth in TEETH if not (tooth.test or tooth.race)]
BY_TEST = [tooth for tooth in TEETH if tooth.test]


def _named(tooth: Tooth) -> str:
    return tooth.bug


def test_there_are_enough_of_them_and_each_is_another() -> None:
    assert len({tooth.bug for tooth in TEETH}) == len(TEETH) >= 30


@pytest.mark.timeout(300)
@pytest.mark.parametrize("tooth", BY_LAW, ids=_named)
def test_a_law_catches_it(tooth: Tooth) -> None:
    history = tooth.history or drawn(tooth.seed)
    with planted(*tooth.edits):
        caught = _caught(tooth, history)
        instead = "" if caught or tooth.history else _another(tooth)
    assert caught, f"nothing notices that {tooth.bug}{instead}"
    assert not played(history).broken, "without the bug, too"


def _caught(tooth: Tooth, history: History) -> bool:
    return any(said.startswith(tooth.law) for said in played(history).broken)


def _another(tooth: Tooth) -> str:
    """In words, for whoever mends the list: histories may be drawn anew, and bugs not come back."""
    seeds = range(1, _MOST_SEEDS + 1)
    found = next((seed for seed in seeds if _caught(tooth, drawn(seed))), None)
    return (
        f"; seed {found} would, not {tooth.seed}" if found else f", in seeds 1-{_MOST_SEEDS} either"
    )


@pytest.mark.timeout(300)
def test_a_named_test_catches_it() -> None:
    """All at once, each in a process of its own: they take longer to start than to run."""
    running = {tooth: _tested(tooth) for tooth in BY_TEST}
    for tooth, process in running.items():
        said, _ = process.communicate()
        assert process.returncode == pytest.ExitCode.TESTS_FAILED, f"{tooth.bug}: {said}"
        # A bug that could not be planted is an error, and ends with that same code.
        summary = said.strip().splitlines()[-1]
        assert " failed" in summary, f"{tooth.bug}: {said}"
        assert " error" not in summary, f"{tooth.bug}: {said}"


def _tested(tooth: Tooth) -> "subprocess.Popen[str]":
    plugins = ("-p", "tests.torture.bitten", "-p", "no:cacheprovider")
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", "-q", *plugins, f"tests/{tooth.test}"],
        cwd=ROOT,
        env={**ours, "BITTEN_BY": str(TEETH.index(tooth))},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
