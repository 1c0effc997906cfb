"""A cut of `make torture`: some histories, and that what it says of them can be relied on."""

import pytest

from tests.torture.drawing import Step, drawn
from tests.torture.history import played
from tests.torture.plant import planted
from tests.torture.shrink import shrunk
from tests.torture.teeth import TEETH
from tests.torture.tell import story

_SEEDS, _AT_ONCE = 120, 20
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
