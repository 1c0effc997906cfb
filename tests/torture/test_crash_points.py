"""A cut of `make torture SEEDS=points`: the bot dies at some points on the way of a charter."""

import pytest

from tests.torture.crash_points import SHORT, walked
from tests.torture.plant import planted
from tests.torture.teeth import TEETH

_ASKED = "what was under way at a crash becomes a question without a look"
_EACH = 12
_PAIRS_EACH = 50


@pytest.mark.parametrize("first", range(1, 1 + _EACH, 3))
def test_a_charter_survives_a_death_at_any_point(first: int) -> None:
    calm = walked()
    assert not calm.broken
    for point in range(first, calm.points + 1, _EACH):
        way = walked((point,))
        assert not way.broken, str(way)


def test_a_charter_survives_a_second_death_during_the_recovery() -> None:
    calm = walked(plan=SHORT)
    firsts = [walked((point,), SHORT) for point in calm.lives[::4]]
    pairs = [(*way.deaths, second) for way in firsts for second in way.lives]
    for deaths in pairs[:: _PAIRS_EACH // 4]:
        way = walked(deaths, SHORT)
        assert not way.broken, str(way)


def test_every_await_and_both_sides_of_every_commit_are_points() -> None:
    calm = walked()
    assert calm.points > 300
    assert 1 < len(calm.lives) < calm.points


def test_a_question_that_looking_would_have_settled_breaks_a_law_though_a_retry_mends_it() -> None:
    calm = walked(plan=SHORT)
    [bug] = [tooth for tooth in TEETH if tooth.bug == _ASKED]
    with planted(*bug.edits):
        said = [said for point in calm.lives[::6] for said in walked((point,), SHORT).broken]
    assert said
    assert all("bothered without need: XHQGMDH. Needs a person" in each for each in said)
