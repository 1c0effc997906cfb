"""A charter that was set up is cancelled: the guests are told, and people what is left to do."""

from collections.abc import Callable
from datetime import date

from outcomes import card_until, fresh, propose, replies
from scenario_world import World

from sandbox.slack.seen import Message

DAY = {"May 30, 2026": "Oct 9, 2033"}
SAYS_SO = "This charter is cancelled"


def test_the_guest_page_says_so_and_the_thread_lists_what_is_left(
    world: World, booking_id: str
) -> None:
    card = world.approved(booking_id, **DAY)
    click = world.captain.clicks(world.closing(card), "Cancel charter")
    assert f"Cancel {booking_id.upper()}?" in click.dialog
    answer = world.said(card, "is cancelled. The guest page says so.")
    (entry,) = world.sandbox.calendar_entries(booking_id)
    assert entry["id"] in answer.plain
    assert "Call off the crew" in answer.plain
    for spelling in (booking_id, booking_id.upper()):
        page = world.sandbox.fetch(f"/g/{spelling}")
        assert page.status_code == 200
        assert SAYS_SO in page.text
        assert "<form" not in page.text
    card_until(world, card, "Cancelled by")
    closing = world.slack.wait_until(lambda _: _closing(world, card, booking_id), what="closing")
    assert closing.buttons == ["Scrub revenue"]
    (told,) = world.captain.types(f"/charter status {booking_id}")
    assert f"{booking_id.upper()}: cancelled" in told


def test_whoever_may_not_is_refused_and_the_page_stays(world: World, booking_id: str) -> None:
    card = world.approved(booking_id, **{"May 30, 2026": "Oct 12, 2033"})
    before = world.sandbox.fetch(f"/g/{booking_id}").content
    world.stranger.clicks(world.closing(card), "Cancel charter")
    world.whispered(world.stranger, "Nothing was done.")
    assert world.sandbox.fetch(f"/g/{booking_id}").content == before
    assert "Cancelled" not in fresh(world, card).plain


def test_a_cancelled_charter_takes_no_other_button_and_its_day_is_free(
    world: World, booking_id: str, new_id: Callable[[], str]
) -> None:
    card = world.approved(booking_id, **{"May 30, 2026": "Oct 15, 2033"})
    old = world.closing(card)
    world.captain.clicks(old, "Cancel charter")
    world.said(card, "is cancelled. The guest page says so.")
    mails = len(world.crew_mails(booking_id))
    world.mate.stale_click(old, "Resend crew links")
    assert "was cancelled by" in world.whispered(world.mate, booking_id.upper()).plain
    assert len(world.crew_mails(booking_id)) == mails
    other = propose(world, new_id(), day=date(2033, 10, 15))
    assert booking_id.upper() not in other.plain


def test_a_page_that_cannot_be_replaced_is_said_and_asking_again_does_it(
    world: World, booking_id: str
) -> None:
    card = world.approved(booking_id, **{"May 30, 2026": "Oct 18, 2033"})
    world.sandbox.faults.add("s3", "403", operation="PutObject", times=None)
    world.captain.clicks(world.closing(card), "Cancel charter")
    card_until(world, card, "Cancelled by")
    world.slack.wait_until(lambda _: len(replies(world, card)) > 2, what="an answer")
    assert SAYS_SO not in world.sandbox.fetch(f"/g/{booking_id}").text
    world.sandbox.faults.clear()
    world.captain.types(f"/charter cancel {booking_id}")
    world.said(card, "is cancelled. The guest page says so.")
    assert SAYS_SO in world.sandbox.fetch(f"/g/{booking_id}").text


def test_what_still_runs_is_not_cancelled(world: World, booking_id: str) -> None:
    card = world.proposed(booking_id, **{"May 30, 2026": "Oct 21, 2033"})
    world.sandbox.set_latencies({"crew_service.create_event": 3.0})
    world.captain.clicks(card, "approve")
    world.said(card, "Live check: done")
    world.captain.types(f"/charter cancel {booking_id}")
    world.said(card, "is still being set up")
    world.said(card, "is set up")
    assert "Cancelled" not in fresh(world, card).plain


def _closing(world: World, card: Message, booking_id: str) -> Message | None:
    titled = f"{booking_id.upper()} is cancelled"
    return next((m for m in replies(world, card) if m.plain.startswith(titled) and m.buttons), None)
