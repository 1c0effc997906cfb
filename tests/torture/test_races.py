"""A cut of `make torture SEEDS=races`, and that its laws see what they are there for."""

import pytest

from bot.views.press import APPROVE
from tests.torture import laws
from tests.torture.history import rest
from tests.torture.people import People
from tests.torture.plant import Edit, planted
from tests.torture.races import BOOKING, CLICKS, Race, drawn_race, raced
from tests.torture.slack import CAPTAIN
from tests.torture.teeth import TEETH
from tests.torture.tooth import Tooth
from tests.torture.world import World

_RACES, _AT_ONCE = 24, 8
_BEHIND = "SELECT * FROM charters WHERE changed > shown"
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


def test_a_thread_that_a_dead_replica_left_behind_is_brought_up_to_date_by_another() -> None:
    """Although no job of it is left that somebody might take over."""
    assert not survived(0) + survived(1)
    blind = Edit("bot.orchestration.narrator:Narrator.forever", "await self.catch_up()", "pass")
    with planted(blind):
        behind = "Law 2: xhqgmdh: the thread never follows the last change."
        assert behind in survived(0) + survived(1)


def survived(dead: int) -> list[str]:
    """What is broken once a replica died when all was done, and the thread did not show it yet."""
    world = World(1, replicas=2)
    try:
        world.start()
        world.pass_time(2.0)
        people = People(world)
        people.forwards(CAPTAIN, BOOKING)
        world.pass_time(4.0)
        people.presses(CAPTAIN, BOOKING, APPROVE)
        while not world.rows(f"{_BEHIND} AND state = 'done'") or world.disk.pending:
            world.pass_time(0.01)
        world.kill(world.processes[dead])
        assert world.rows(_BEHIND)
        rest(world, begin=False)
        return laws.at_any_time(world) + laws.at_rest(world)
    finally:
        world.end()
