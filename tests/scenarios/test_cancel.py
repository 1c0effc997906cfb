"""A charter that was set up is cancelled: the guests are told, and people what is left to do."""

from collections.abc import Callable
from datetime import date

from outcomes import asked, audited, card_until, fresh, propose, replies
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
    assert "no more photos on the guest page" in click.dialog
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
    assert closing.buttons == ["Publish the cancellation again", "Scrub revenue"]
    assert entry["id"] in closing.plain
    assert "Call off the crew" in closing.plain
    (told,) = world.captain.types(f"/charter status {booking_id}")
    assert f"{booking_id.upper()}: cancelled" in told
    assert "Cancelled by U0CAPTAIN" in told


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


def test_a_typed_wish_shows_the_charter_and_only_its_button_acts(
    world: World, booking_id: str
) -> None:
    card = world.approved(booking_id, **{"May 30, 2026": "Oct 24, 2033"})
    name = booking_id.upper()
    (told,) = world.captain.types(f"/charter cancel {booking_id}")
    for shown in (f"Cancel {name}?", "Boat: JADA", "Oct 2033", "Guests: 4", "[Cancel charter]"):
        assert shown in told
    asked = world.whispered(world.captain, f"Cancel {name}?")
    assert world.captain.clicks(asked, "Cancel charter", confirm=False).dismissed
    assert SAYS_SO not in world.sandbox.fetch(f"/g/{booking_id}").text
    click = world.captain.clicks(asked, "Cancel charter")
    assert "This cannot be undone." in click.dialog
    world.said(card, "is cancelled. The guest page says so.")
    world.whispered(world.captain, f"{name} is cancelled. The guest page says so.")
    assert SAYS_SO in world.sandbox.fetch(f"/g/{booking_id}").text


def test_a_page_that_cannot_be_replaced_is_said_with_what_is_left_and_a_button_does_it(
    world: World, booking_id: str
) -> None:
    card = world.approved(booking_id, **{"May 30, 2026": "Oct 18, 2033"})
    world.sandbox.faults.add("s3", "403", operation="PutObject", times=None)
    world.captain.clicks(world.closing(card), "Cancel charter")
    answer = world.said(card, "is cancelled; the guest page does not say so yet: ")
    (entry,) = world.sandbox.calendar_entries(booking_id)
    assert entry["id"] in answer.plain
    assert "Retry" not in answer.plain
    assert SAYS_SO not in world.sandbox.fetch(f"/g/{booking_id}").text
    assert ("U0CAPTAIN", "cancel_charter partly") in audited(world, booking_id)
    world.sandbox.faults.clear()
    closing = world.slack.wait_until(lambda _: _closing(world, card, booking_id), what="closing")
    assert not world.mate.clicks(closing, "Publish the cancellation again").dialog
    world.said(card, "is cancelled. The guest page says so.")
    assert SAYS_SO in world.sandbox.fetch(f"/g/{booking_id}").text
    card_until(world, card, "Cancelled by U0CAPTAIN")


def test_an_edge_that_kept_the_old_page_forgets_it_when_asked_again(
    world: World, booking_id: str
) -> None:
    card = world.approved(booking_id, **{"May 30, 2026": "Oct 27, 2033"})
    world.sandbox.faults.add("edge", "html_200", operation="fetch")
    world.captain.clicks(world.closing(card), "Cancel charter")
    answer = world.said(card, "is cancelled; the guest page does not say so yet: ")
    assert "Then press Publish the cancellation again" in answer.plain
    closing = world.slack.wait_until(lambda _: _closing(world, card, booking_id), what="closing")
    before = asked(world, "cloudfront", "CreateInvalidation")
    world.captain.clicks(closing, "Publish the cancellation again")
    world.said(card, "is cancelled. The guest page says so.")
    assert asked(world, "cloudfront", "CreateInvalidation") == before + 1


def test_what_still_runs_is_not_cancelled(world: World, booking_id: str) -> None:
    card = world.proposed(booking_id, **{"May 30, 2026": "Oct 21, 2033"})
    world.sandbox.set_latencies({"crew_service.create_event": 3.0})
    world.captain.clicks(card, "approve")
    world.said(card, "Live check: done")
    (told,) = world.captain.types(f"/charter cancel {booking_id}")
    assert "is still being set up, so nothing was cancelled." in told
    world.said(card, "is set up")
    assert "Cancelled" not in fresh(world, card).plain


def _closing(world: World, card: Message, booking_id: str) -> Message | None:
    titled = f"{booking_id.upper()} is cancelled"
    return next((m for m in replies(world, card) if m.plain.startswith(titled) and m.buttons), None)
