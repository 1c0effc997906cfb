"""A follow-up that is pressed on a Home: the same checks and effect, answered where one looks."""

import pytest
from follow_up_world import ID, FollowUpWorld, approved

from bot.domain.charter import State
from bot.store.queries import overviews
from bot.store.store import Store


@pytest.fixture
async def world(store: Store) -> FollowUpWorld:
    """A charter whose run needs a person."""
    made = await approved(store)
    await made.fails()
    return made


async def state(world: FollowUpWorld) -> tuple[State, int]:
    found = await world.store.read(overviews.overview, ID)
    assert found is not None
    return found.state, found.run


async def test_retry_on_home_begins_a_run_and_is_answered_in_the_thread_and_on_home(world):
    await world.press("retry", channel="home")
    assert await state(world) == (State.RUNNING, 2)
    assert world.jobs.keys == [f"charter:{ID}:v2"]
    assert "trying again what is not done" in world.answer()
    assert world.at_home == [("U0CAPTAIN", world.answer())]
    assert world.chat.whispers == []


async def test_a_click_in_the_channel_is_not_answered_on_home(world):
    await world.press("retry")
    await world.press("retry", key="click:2", user="U0STRANGER")
    assert world.at_home == []


async def test_a_stranger_on_an_operators_home_is_refused_there_and_written_down(world):
    await world.press("retry", channel="home", user="U0STRANGER")
    assert await state(world) == (State.NEEDS_PERSON, 1)
    assert await world.audited() == ["refused retry"]
    ((user, told),) = world.at_home
    assert user == "U0STRANGER"
    assert told.startswith("Only <@U0CAPTAIN>")
    assert world.chat.whispers == []


@pytest.mark.parametrize("channel", ["home", "C0"])
async def test_a_button_of_an_older_version_does_nothing_and_says_so(world, channel):
    await world.press("retry", channel=channel, version=1)
    assert await state(world) == (State.NEEDS_PERSON, 1)
    ((user, told),) = [*world.at_home, *world.chat.whispers]
    assert user == "U0CAPTAIN"
    assert "XHQGMDH was already approved by <@U0CAPTAIN>" in told
    assert bool(world.at_home) is (channel == "home")


async def test_a_retry_that_has_begun_goes_on_whatever_its_version(world):
    await world.press("retry", channel="home")
    await world.press("retry", channel="home", version=1)
    assert len(world.at_home) == 1, "its end was on disk"
    assert await state(world) == (State.RUNNING, 2)


async def test_a_second_retry_from_a_home_that_was_behind_is_told_that_it_runs(world):
    await world.press("retry")
    await world.press("retry", channel="home", key="click:2")
    ((_, told),) = world.at_home
    assert "nothing to retry, it is still running" in told
    assert await state(world) == (State.RUNNING, 2)


@pytest.mark.parametrize("action", ["resend_crew_links", "scrub_revenue"])
async def test_what_a_follow_up_did_is_news(world, action):
    await world.press(action)
    assert world.touched == [ID]
