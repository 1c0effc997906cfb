"""Somebody approves a charter while a storm of mails is worked on: the thread follows at once."""

from collections.abc import Iterator

import pytest

from tests.storms.judging import violations
from tests.storms.storm_world import StormWorld, bookings

_MAILS = 120
# A burst of Slack's turns in the channel, which new cards may just have used up, and the calls.
_SOON_SECONDS = 6.0


@pytest.fixture
def storm() -> Iterator[StormWorld]:
    world = StormWorld(6)
    world.start()
    yield world
    world.end()


def test_the_thread_of_a_charter_that_is_approved_in_a_storm_of_mails_is_told_at_once(storm):
    approved, *new = bookings(_MAILS + 1)
    storm.forward_all([approved])
    storm.rest()
    storm.forward_all(new, within=1.0)
    storm.pass_time(25.0)
    pressed_at = storm.world.timeline.now
    storm.approve_all([approved], within=0.0)
    storm.rest()
    workspace = storm.world.workspace
    last_card = max(workspace.of_key(f"{each}:card")[0].versions[0][0] for each in new)
    assert last_card > pressed_at + 60.0, "cards were waiting for their turns all the while"
    (checklist,) = workspace.of_key(f"{approved}:checklist")
    (closing,) = workspace.of_key(f"{approved}:closing:1")
    assert checklist.versions[0][0] - pressed_at < _SOON_SECONDS
    assert closing.versions[0][0] - checklist.versions[-1][0] < _SOON_SECONDS
    assert violations(storm, [approved, *new]) == []
