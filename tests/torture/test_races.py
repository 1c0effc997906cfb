"""A cut of `make torture SEEDS=races`, and that its laws see what they are there for."""

import pytest

from tests.torture.plant import planted
from tests.torture.races import CLICKS, Race, drawn_race, raced
from tests.torture.teeth import TEETH
from tests.torture.tooth import Tooth

_RACES, _AT_ONCE = 24, 8
BITTEN = [tooth for tooth in TEETH if tooth.race]


@pytest.mark.parametrize("first", range(1, _RACES, _AT_ONCE))
def test_fifty_clicks_of_one_moment_break_no_law(first: int) -> None:
    for seed in range(first, first + _AT_ONCE):
        race = drawn_race(seed)
        verdict = raced(race)
        assert not verdict.broken, f"{verdict.broken}\n{race}"


def test_a_race_is_the_same_each_time() -> None:
    race = drawn_race(8)
    assert race.replicas == 2
    assert raced(race) == raced(race)


def test_they_are_of_every_kind() -> None:
    races = [drawn_race(seed) for seed in range(1, 101)]
    assert {len(race.clicks) for race in races} == {CLICKS}
    assert {race.scene for race in races} == {
        *("card", "edited card", "run", "ended", "failed", "run again")
    }
    assert sum(_is_torn(race) for race in races) > 10


def _is_torn(race: Race) -> bool:
    return race.replicas > 1 and race.death is not None


@pytest.mark.parametrize("tooth", BITTEN, ids=lambda tooth: tooth.bug)
def test_a_race_catches_it(tooth: Tooth) -> None:
    race = drawn_race(tooth.race)
    assert not raced(race).broken
    with planted(*tooth.edits):
        assert raced(race).broken, f"nothing notices that {tooth.bug}"
