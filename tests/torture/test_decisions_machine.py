"""Decisions, retries and mailings on a real file, drawn by Hypothesis, the same ones each time."""

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy.exc import IntegrityError

from tests.torture.decisions_machine import DecisionsMachine
from tests.torture.plant import planted
from tests.torture.teeth import TEETH

# Hypothesis collects garbage, and with it what tests of other files left behind in this worker.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
_SUITE = settings(
    max_examples=25,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    database=None,
)
_FIRST_FAILURE = settings(_SUITE, phases=[Phase.generate], report_multiple_bugs=False)
_BITTEN = {
    "an approval does not claim the card: two at once both win",
    "a rejection does not claim the card",
    "an edit leaves the card's version as it was",
}


def test_the_file_agrees_with_the_model_whatever_is_clicked_and_whenever_it_dies() -> None:
    run_state_machine_as_test(DecisionsMachine, settings=_SUITE)


@pytest.mark.parametrize("bug", sorted(_BITTEN))
def test_the_model_disagrees_with_a_bug(bug: str) -> None:
    [tooth] = [tooth for tooth in TEETH if tooth.bug == bug]
    with planted(*tooth.edits), pytest.raises((AssertionError, IntegrityError)):
        run_state_machine_as_test(DecisionsMachine, settings=_FIRST_FAILURE)
