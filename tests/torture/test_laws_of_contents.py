"""What no bug of one edit leads to, and the law of what was made must see all the same."""

from collections.abc import Iterator

import pytest

from tests.torture.history import Players, rest
from tests.torture.laws_of_contents import as_approved
from tests.torture.ways import way
from tests.torture.world import World


@pytest.fixture
def world() -> Iterator[World]:
    """One in which a charter was approved and is set up."""
    made = World(1)
    players = Players(made)
    made.start()
    for step in way().steps:
        made.pass_time(step.after)
        players.do(step)
    rest(made)
    yield made
    made.end()


def test_what_was_made_before_it_was_approved_is_found(world: World) -> None:
    assert not [*as_approved(world)]
    world.systems.entries[0].at = 0.5
    assert [*as_approved(world)] == ["entry-0 of xhqgmdh was made at 0.50 s, before its approval."]
