"""A follow-up that a stopped bot goes on with: whoever asked for it is looked up again."""

from typing import Any

import pytest
from cancel_world import GONE, SET_UP, failing, set_up
from follow_up_world import ID, NOW, FollowUpWorld, Submitted, approved

from bot.domain.charter import State
from bot.domain.errors import Retriable
from bot.orchestration.authority import Authority, Verdict
from bot.orchestration.follow_ups import ACTIONS
from bot.store.queries import follow_ups, overviews
from bot.store.queries.follow_ups import FollowUp
from bot.store.store import Store

MATE, NOBODY = "U0MATE", frozenset[str]()
REFUSED = "Whoever asked for this is no operator any more, so it was not done."
AGAIN = "If it is still wanted, an operator asks for it again."
REVENUE = "Total: $1,250.00"


class Full(Submitted):
    """Takes no job."""

    async def submit(self, _job: str, _key: str, _payload: Any) -> None:
        raise Retriable("The disk is full.")


class Scripted(Authority):
    """Says as it is told to, then yes."""

    def __init__(self, *verdicts: Verdict) -> None:
        self._left = list(verdicts)

    async def verdict(self, _user: str) -> Verdict:
        return self._left.pop(0) if self._left else Verdict(may=True)


async def stopped(world: FollowUpWorld, action: str) -> None:
    """The bot stopped when the mate's click had been let in, and before it did anything."""
    begun = FollowUp(key="click:1", booking_id=ID, action=action, user_id=MATE, started_at=NOW)
    kept = await world.store.write(follow_ups.begin, begun, not_within=None, on_cancelled=True)
    assert kept is None


@pytest.mark.parametrize("action", [action.name for action in ACTIONS])
async def test_nothing_is_done_for_who_is_no_operator_any_more(store: Store, action: str) -> None:
    world, web = await set_up(store)
    world.table.notes = REVENUE
    await stopped(world, action)
    world.chat.groups = [NOBODY]
    await world.press(action, user=MATE)
    assert REFUSED in world.answer()
    assert AGAIN in world.answer()
    now = await store.read(overviews.overview, ID)
    assert now is not None
    assert (world.links.mailed, world.table.notes, web.stored, web.asked) == (
        0,
        REVENUE,
        SET_UP,
        [],
    )
    assert (now.state is State.CANCELLED, now.run, world.jobs.keys) == (False, 1, [])
    assert await world.audited() == [f"{action} failed"]


async def test_what_slack_cannot_say_is_asked_again_and_then_done(store: Store) -> None:
    world = await approved(store)
    await stopped(world, "resend_crew_links")
    world.chat.groups = [Retriable("Slack is away.")]
    with pytest.raises(Retriable, match="Slack could not say whether whoever asked for this"):
        await world.press("resend_crew_links", user=MATE)
    assert world.links.mailed == 0
    await world.press("resend_crew_links", user=MATE)
    assert "3 fresh crew links mailed" in world.answer()


async def test_a_cancellation_stands_and_its_page_waits_for_an_operator(store: Store) -> None:
    world, web = await set_up(store)
    web.fails = failing("put", Retriable("S3 is too busy."))
    with pytest.raises(Retriable):
        await world.press("cancel_charter", user=MATE)
    world.chat.groups = [NOBODY]
    await world.press("cancel_charter", user=MATE)
    assert world.answer() == (
        "XHQGMDH is cancelled; the guest page does not say so yet: Whoever cancelled it is no "
        "operator any more, so its page was left alone. Then press Publish the cancellation again "
        "in its thread."
    )
    assert await world.audited() == ["cancel_charter partly"]
    assert web.stored == SET_UP
    now = await store.read(overviews.overview, ID)
    assert now is not None
    assert now.state is State.CANCELLED
    await world.press("cancel_charter", key="click:2")
    assert web.stored == GONE


async def test_a_retry_whose_run_has_begun_leaves_it_to_that_run_to_ask(store: Store) -> None:
    world = await approved(store)
    await world.fails()
    taken, world.jobs = world.jobs, Full()
    with pytest.raises(Retriable):
        await world.press("retry", user=MATE, run=1)
    world.jobs, world.chat.groups = taken, [NOBODY]
    await world.press("retry", user=MATE, run=1)
    assert world.jobs.keys == [f"charter:{ID}:v2"]
    assert REFUSED not in world.answer()


FIELD, PROSE = '{"owner_payout": 950, "dock": 7}', "Owner payout: $950.00, dock 7"


async def test_what_a_scrub_removed_is_told_though_it_may_not_go_on(store: Store) -> None:
    world = await approved(store)
    world.table.notes, world.table.then = FIELD, [PROSE]
    await stopped(world, "scrub_revenue")
    world.authority = Scripted(Verdict(may=True), Verdict(may=False))
    await world.press("scrub_revenue", user=MATE)
    assert "removed owner_payout, but revenue was written again, and whoever" in world.answer()
    assert world.table.notes == PROSE


async def test_what_a_scrub_removed_is_told_although_slack_was_silent_in_between(
    store: Store,
) -> None:
    world = await approved(store)
    world.table.notes, world.table.then = FIELD, [PROSE]
    await stopped(world, "scrub_revenue")
    world.authority = Scripted(Verdict(may=True), Verdict(may=False, asked=False))
    with pytest.raises(Retriable):
        await world.press("scrub_revenue", user=MATE)
    await world.press("scrub_revenue", user=MATE)
    assert "read back: owner_payout, an amount with a currency" in world.answer()
    assert "950" not in world.table.notes
