"""Two people at one charter: a Cancel in between, and a Retry of a run that is not the last."""

from typing import Any

import pytest
import sqlalchemy as sa
from cancel_world import SET_UP, failing, set_up
from follow_up_world import ID, NOW, FollowUpWorld, approved

from bot.domain.charter import State
from bot.domain.errors import NeedsPerson, Retriable
from bot.domain.progress import Cancelled
from bot.store.queries import charters, follow_ups, overviews
from bot.store.store import Store

AWAY, BUSY = Retriable("Slack asked for patience."), Retriable("The crew service is too busy.")
GONE = Cancelled(user="U0MATE", at=NOW)
SAID = "XHQGMDH was cancelled by <@U0MATE> on "


@pytest.fixture
async def world(store: Store) -> FollowUpWorld:
    """A charter whose run needs a person."""
    made = await approved(store)
    await made.fails()
    return made


async def cancel(world: FollowUpWorld) -> None:
    assert await world.store.write(charters.cancel, ID, cancelled=GONE)


def cancelled_before(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str) -> None:
    """Somebody's Cancel is on disk just before that query runs."""
    real = getattr(owner, name)

    def late(connection: sa.Connection, *args: Any, **kwargs: Any) -> Any:
        charters.cancel(connection, ID, cancelled=GONE)
        return real(connection, *args, **kwargs)

    monkeypatch.setattr(owner, name, late)


async def run_of(world: FollowUpWorld) -> tuple[State, int]:
    overview = await world.store.read(overviews.overview, ID)
    assert overview is not None
    return overview.state, overview.run


# Cancel against Resend


async def test_a_cancel_before_a_resend_begins_keeps_the_crew_from_being_mailed(world, monkeypatch):
    cancelled_before(monkeypatch, follow_ups, "begin")
    await world.press("resend_crew_links")
    assert world.links.mailed == 0
    ((_, told),) = world.chat.whispers
    assert told.startswith(SAID)
    assert await world.audited() == []


async def test_a_cancel_between_the_click_and_its_effect_keeps_the_crew_from_it(world, monkeypatch):
    cancelled_before(monkeypatch, follow_ups, "note_unless_cancelled")
    await world.press("resend_crew_links")
    assert world.links.mailed == 0
    assert world.answer().endswith("It was cancelled meanwhile, so no crew links were mailed.")
    assert await world.audited() == ["resend_crew_links failed"]


async def test_a_resend_that_came_to_nothing_yet_is_let_go_once_it_is_cancelled(world):
    world.links.fail = [BUSY]
    with pytest.raises(Retriable):
        await world.press("resend_crew_links")
    await cancel(world)
    await world.press("resend_crew_links")
    assert world.links.mailed == 0
    ((_, told),) = world.chat.whispers
    assert told.startswith(SAID)


async def test_links_that_were_mailed_are_said_although_it_is_cancelled_by_then(world):
    world.chat.lose = [AWAY]
    with pytest.raises(Retriable):
        await world.press("resend_crew_links")
    await cancel(world)
    await world.press("resend_crew_links")
    assert world.chat.whispers == []
    assert world.answer() == "XHQGMDH: 3 fresh crew links mailed."


async def test_links_that_may_have_been_mailed_are_asked_about_although_it_is_cancelled(world):
    class KilledError(BaseException):
        pass

    world.links.fail = [KilledError()]
    with pytest.raises(KilledError):
        await world.press("resend_crew_links")
    await cancel(world)
    await world.press("resend_crew_links")
    assert "may or may not have gone out" in world.answer()


# Cancel against Retry and Invalidate


async def test_a_retry_that_loses_to_a_cancel_says_so_and_begins_nothing(world, monkeypatch):
    cancelled_before(monkeypatch, charters, "restart")
    await world.press("retry")
    assert world.answer() == "XHQGMDH: nothing to retry, it is cancelled."
    assert world.jobs.keys == []
    assert await run_of(world) == (State.CANCELLED, 1)


async def test_a_cancel_that_loses_to_a_retry_says_so(world):
    await world.press("retry")
    await world.press("cancel_charter", key="click:2")
    assert "still being set up" in world.answer("click:2")
    assert await run_of(world) == (State.RUNNING, 2)


async def test_an_invalidation_that_meets_the_cancelled_page_does_not_advise_another(store: Store):
    world, web = await set_up(store)
    web.stored = web.shown = b"the page that says so"
    digest = {"id": "p", "facts": {"sha256": "of the other page"}}
    await world.store.write(charters.set_step, ID, "guest_page", artefact=digest)

    def fails(name: str) -> None:
        if name == "fetch":
            with world.store._engine.begin() as db:
                charters.cancel(db, ID, cancelled=GONE)

    web.fails = fails
    await world.press("invalidate_cache")
    assert world.answer() == "XHQGMDH: It was cancelled meanwhile; its thread says more."


# Retry against Retry


async def test_a_retry_of_a_run_that_is_not_the_last_decides_nothing(world):
    await world.press("retry", run=1)
    await world.fails()
    await world.press("retry", key="click:2", run=1, channel="home")
    assert await run_of(world) == (State.NEEDS_PERSON, 2)
    assert world.jobs.keys == [f"charter:{ID}:v2"]
    ((_, told),) = world.at_home
    assert "was retried since that button was drawn. Nothing was done" in told
    await world.press("retry", key="click:3", run=2)
    assert await run_of(world) == (State.RUNNING, 3)


@pytest.mark.parametrize("key", ["command:1", "click:2"])
async def test_what_was_typed_or_drawn_by_an_older_bot_means_the_latest_run(world, key):
    await world.press("retry", run=1)
    await world.fails()
    await world.press("retry", key=key, run=None)
    assert await run_of(world) == (State.RUNNING, 3)


async def test_other_buttons_need_no_run(store: Store):
    world, web = await set_up(store, state=State.NEEDS_PERSON)
    await world.press("retry", run=1)
    await world.fails()
    web.fails = failing("put", NeedsPerson("No."))
    for number, action in enumerate(("scrub_revenue", "resend_crew_links", "cancel_charter")):
        await world.press(action, key=f"old:{number}", run=1)
    assert await run_of(world) == (State.CANCELLED, 2)
    assert world.links.mailed == 1
    assert web.stored == SET_UP
