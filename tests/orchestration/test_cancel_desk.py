"""Cancel: whatever meets it on its way, what is said is true and what is left is not lost."""

from datetime import timedelta

import pytest
from cancel_world import GONE, SET_UP, URL, Web, failing, set_up
from follow_up_world import ID, NOW, FollowUpWorld, proposal

from bot.domain.charter import State
from bot.domain.errors import MoneyLeak, NeedsPerson, Retriable, Unknown
from bot.domain.progress import Cancelled, Overview
from bot.store.queries import charters, overviews
from bot.store.store import Store
from bot.views.closing import closing

AGAIN = "Then press Publish the cancellation again in its thread."
NOT_YET = "XHQGMDH is cancelled; the guest page does not say so yet: "
SLOW = "The CDN has not forgotten the old page after 180 seconds."
NOT_FOR_IT = ("Retry", "Invalidate cache")


class KilledError(BaseException):
    """The process ends here."""


@pytest.fixture
async def made(store: Store) -> tuple[FollowUpWorld, Web]:
    return await set_up(store)


async def found(world: FollowUpWorld) -> Overview:
    overview = await world.store.read(overviews.overview, ID)
    assert overview is not None
    return overview


def bullets(message) -> str:
    return str([block for block in message.blocks if block["type"] == "rich_text"])


async def test_the_public_is_told_and_so_is_who_did_it(made):
    world, web = made
    await world.press("cancel_charter", user="U0MATE")
    assert web.shown == GONE
    assert world.answer() == "XHQGMDH is cancelled. The guest page says so."
    assert (await found(world)).cancelled == Cancelled(user="U0MATE", at=NOW)
    assert await world.audited() == ["cancel_charter done"]


@pytest.mark.parametrize(
    ("name", "error", "said"),
    [
        ("put", NeedsPerson("S3 answered 403.", "Allow s3:PutObject."), "S3 answered 403. Allow "),
        ("put", Unknown("S3 did not answer in time."), "S3 did not answer in time. "),
        ("draw", MoneyLeak("It holds an amount.", "Take it out, then press Retry."), "It holds an"),
        ("invalidate", NeedsPerson("CloudFront answered 403.", "Allow it."), "CloudFront answered"),
        ("fetch", NeedsPerson("The site answered 403."), f"{URL} does not show the page: The site"),
        ("draw", RuntimeError("hunter2"), "The bot itself broke off; its log says why. "),
    ],
)
async def test_a_page_that_cannot_be_published_is_said_with_all_that_is_left(
    made, name, error, said
):
    world, web = made
    web.fails = failing(name, error)
    await world.press("cancel_charter", channel="home")
    told = world.answer()
    assert told.replace("\u2060", "").startswith(NOT_YET + said)
    assert told.endswith(AGAIN)
    assert not [words for words in (*NOT_FOR_IT, "hunter2") if words in told]
    whole = bullets(world.chat.posted["click:1:answer"])
    assert "Call off the crew" in whole
    assert "Take the entry calendar-1 out" in whole
    assert world.at_home == [("U0CAPTAIN", told)]
    now = await found(world)
    assert now.state is State.CANCELLED
    assert "Take the entry calendar-1 out" in bullets(closing(now))
    assert await world.audited() == ["cancel_charter partly"]


async def test_a_cdn_that_takes_its_time_is_waited_for_a_minute_and_then_said(made):
    world, web = made
    slow = Retriable(SLOW, "Guests may see an old page. Press Retry in a few minutes.")
    web.fails = failing("invalidate", slow, slow)
    with pytest.raises(Retriable):
        await world.press("cancel_charter")
    assert (await found(world)).state is State.CANCELLED
    world.now += timedelta(minutes=1)
    await world.press("cancel_charter")
    assert world.answer() == f"{NOT_YET}{SLOW} Wait a few minutes. {AGAIN}"
    assert await world.audited() == ["cancel_charter partly"]


async def test_a_cdn_that_is_slow_once_is_asked_the_same_again(made):
    world, web = made
    web.fails = failing("fetch", Retriable("The site is busy."))
    with pytest.raises(Retriable):
        await world.press("cancel_charter")
    await world.press("cancel_charter")
    assert world.answer().endswith("The guest page says so.")
    assert len(web.asked) == 1
    assert await world.audited() == ["cancel_charter done"]


async def test_pressed_again_the_cdn_forgets_again_and_nobody_is_said_to_have_cancelled_twice(made):
    world, web = made
    web.fails = failing("fetch", NeedsPerson("No answer."))
    await world.press("cancel_charter")
    web.shown = SET_UP  # an edge that still had the old page
    await world.press("cancel_charter", key="click:2", user="U0MATE")
    assert web.shown == GONE
    assert world.answer("click:2") == "XHQGMDH is cancelled. The guest page says so."
    assert (await found(world)).cancelled == Cancelled(user="U0CAPTAIN", at=NOW)
    assert await world.audited() == ["cancel_charter partly", "cancellation_published_again done"]


async def test_what_fails_again_is_no_failed_cancellation(made):
    world, web = made
    no = NeedsPerson("S3 answered 403.")
    web.fails = failing("put", no, no)
    await world.press("cancel_charter")
    await world.press("cancel_charter", key="click:2")
    assert world.answer("click:2").startswith(f"{NOT_YET}S3 answered 403.")
    assert (await world.audited())[1] == "cancellation_published_again failed"


@pytest.mark.parametrize("name", ["draw", "put", "invalidate", "fetch"])
async def test_a_kill_after_it_was_cancelled_loses_nothing(made, name):
    world, web = made
    web.fails = failing(name, KilledError())
    with pytest.raises(KilledError):
        await world.press("cancel_charter")
    assert (await found(world)).state is State.CANCELLED
    world.now += timedelta(minutes=5)
    await world.press("cancel_charter")
    assert web.shown == GONE
    assert world.answer() == "XHQGMDH is cancelled. The guest page says so."
    assert await world.audited() == ["cancel_charter done"]
    assert len(web.asked) == 1


async def test_a_page_that_was_found_and_never_asked_for_is_replaced(made):
    world, web = made
    for name in ("guest_page", "calendar", "crew_event"):
        await world.store.write(charters.set_step, ID, name, attempts=0)
    await world.press("cancel_charter")
    assert web.shown == GONE
    assert "Take the entry calendar-1 out" in bullets(world.chat.posted["click:1:answer"])


async def test_where_there_never_was_a_page_none_is_made(made):
    world, web = made
    await world.store.write(charters.set_step, ID, "guest_page", attempts=0, artefact=None)
    await world.press("cancel_charter")
    assert world.answer() == "XHQGMDH is cancelled. There is no guest page."
    assert (web.stored, web.asked) == (SET_UP, [])


async def test_cards_that_warned_of_it_are_drawn_again(made):
    world, _ = made
    near, far = proposal("nearone"), proposal("farawayx")
    later = {"starts_at": NOW + timedelta(days=40), "ends_at": NOW + timedelta(days=40, hours=3)}
    far = far.model_copy(update={"booking": far.booking.model_copy(update=later)})
    for each in (near, far):
        await world.store.write(charters.propose, each, mail=None, at=NOW)
        await world.store.write(charters.shown, each.booking_id, 1)
    assert [c.booking_id for c in await world.store.read(overviews.colliding, near)] == [ID]
    await world.press("cancel_charter")
    assert "nearone" in world.touched
    assert "farawayx" not in world.touched
    assert "nearone" in await world.store.read(overviews.unshown)
    assert await world.store.read(overviews.colliding, near) == ()


async def test_a_charter_whose_run_goes_on_is_not_cancelled(store: Store):
    world, web = await set_up(store, state=State.NEEDS_PERSON)
    await world.press("retry")
    await world.press("cancel_charter", key="click:2")
    assert "still being set up, so nothing was cancelled" in world.answer("click:2")
    assert web.stored == SET_UP
    assert await world.audited() == ["run 2 begun", "retry done", "cancel_charter failed"]


async def test_a_bug_behind_the_answer_does_not_take_it_back(made):
    world, web = made
    web.fails = failing("put", NeedsPerson("S3 answered 403."))
    world.chat.lose = [RuntimeError("hunter2")]
    with pytest.raises(RuntimeError):
        await world.press("cancel_charter")
    asked = {"key": "click:1", "action": "cancel_charter", "booking_id": ID}
    await world.desk().give_up({**asked, "user": "U0CAPTAIN", "channel": "C0"})
    ((_, told),) = world.chat.whispers
    assert told.startswith(f"{NOT_YET}S3 answered 403.")
