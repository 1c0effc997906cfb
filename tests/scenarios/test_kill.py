"""The bot is killed at every kind of moment and started again: everything ends as if it had not."""

import json
from collections.abc import Callable, Mapping

import pytest
from booking_mails import booking_mail
from outcomes import (
    assert_one_of_each,
    assert_whole_story,
    operations_mails,
    propose,
    replies,
    shown_id,
    step_state,
    until,
    until_met,
)
from scenario_world import World

from sandbox.slack.seen import Message

AFTER_CLICK = "right after the click"
ON_THE_WAY_SECONDS = 6.0
ON_THE_WAY = "with the crew event on its way"
# What holds a step in flight when the bot is killed: before its effect, or after it.
HELD = {
    "before the calendar entry": ("calendar", "timeout_before", "create_entry"),
    "after the calendar entry": ("calendar", "timeout_after", "create_entry"),
    "before the crew event": ("crew_service", "timeout_before", "create_event"),
    "after the crew event": ("crew_service", "timeout_after", "create_event"),
    "before an upload": ("s3", "timeout_before", "PutObject"),
    "after an upload": ("s3", "timeout_after", "PutObject"),
    "after the invalidation": ("cloudfront", "timeout_after", "CreateInvalidation"),
}


@pytest.fixture(scope="module")
def survived(running: World, new_id: Callable[[], str]) -> Mapping[str, Message]:
    """Charters by the moment at which the bot was killed; it is running again."""
    cards = {moment: propose(running, new_id()) for moment in HELD}
    for moment in ON_THE_WAY, AFTER_CLICK:
        cards[moment] = propose(running, new_id())
    for moment, (target, kind, operation) in HELD.items():
        running.sandbox.faults.add(target, kind, operation=operation)
        running.captain.clicks(cards[moment], "approve")
        until_met(running)
        _let_the_rest_end(running, cards[moment], target)
    # This request takes its effect when the bot is back, and must not be made a second time.
    running.sandbox.set_latencies({"crew_service.create_event": ON_THE_WAY_SECONDS})
    running.captain.clicks(cards[ON_THE_WAY], "approve")
    until(lambda: _state(running, cards[ON_THE_WAY], "live_check") == "done", "live check")
    until(lambda: _state(running, cards[ON_THE_WAY], "crew_event") == "running", "crew event")
    running.captain.clicks(cards[AFTER_CLICK], "approve")
    running.bot.restart(kill=True)
    running.sandbox.clear_latencies()
    return cards


@pytest.mark.parametrize("moment", [AFTER_CLICK, *HELD, ON_THE_WAY])
def test_a_run_that_was_killed_ends_like_any_other(
    world: World, survived: Mapping[str, Message], moment: str
) -> None:
    card = survived[moment]
    until(lambda: _has_landed(world), "effect of the request that was on its way")
    world.said(card, "is set up")
    world.slack.wait_until(
        lambda _: any("Done: all 6 steps" in reply.plain for reply in replies(world, card))
    )
    assert_one_of_each(world, _id(card))
    assert_whole_story(world, card)


def test_a_mail_that_was_just_forwarded_becomes_one_card(world: World, booking_id: str) -> None:
    sent = world.captain.forwards(booking_mail(booking_id))
    until(lambda: _acknowledged(world, sent.event_id), "acknowledgement")
    world.bot.restart(kill=True)
    world.card(booking_id)
    assert len(_cards(world, booking_id)) == 1


def test_a_card_whose_posting_was_cut_off_is_not_posted_again(
    world: World, booking_id: str
) -> None:
    world.slack.fail_next("chat.getPermalink", "timeout_before")
    world.captain.forwards(booking_mail(booking_id))
    card = world.card(booking_id)  # it is there, and the bot does not know it yet
    world.bot.restart(kill=True)
    world.captain.clicks(card, "approve")
    world.said(card, "is set up")
    assert_whole_story(world, card)
    assert_one_of_each(world, booking_id)


def test_the_thread_goes_on_in_the_same_messages(world: World, booking_id: str) -> None:
    card = propose(world, booking_id)
    world.sandbox.faults.add("crew_service", "slow", operation="create_event", arg=5)
    world.captain.clicks(card, "approve")
    until_met(world)
    world.said(card, "Crew event: running")
    world.bot.restart(kill=True)
    world.said(card, "[Scrub revenue]")
    assert_whole_story(world, card)
    assert_one_of_each(world, booking_id)


def test_an_operations_mail_in_flight_is_a_person_s_question(world: World, booking_id: str) -> None:
    card = propose(world, booking_id)
    world.sandbox.faults.add("ses", "timeout_after", operation="SendEmail")
    world.captain.clicks(card, "approve")
    until_met(world)
    world.bot.restart(kill=True)
    closing = world.closing(card)
    assert "The bot stopped while this was under way" in closing.plain
    assert "First see with your own eyes whether this happened: Operations mail." in closing.plain
    assert len(operations_mails(world, booking_id)) == 1
    world.captain.clicks(closing, "retry")
    world.said(card, "is set up")
    assert_one_of_each(world, booking_id, operations=2)
    assert_whole_story(world, card)


def test_follow_ups_that_were_cut_off_are_answered_once(world: World, booking_id: str) -> None:
    card = world.approved(booking_id, **{"May 30, 2026": "Sep 27, 2032"})
    [event] = world.sandbox.crew_events(booking_id)
    notes = json.dumps({"owner_payout": "840.75", "dock": "B"})
    world.sandbox.write_event_by_hand(event["event_id"], notes=notes)
    closing, mails = world.closing(card), len(world.crew_mails(booking_id))
    world.sandbox.faults.add("dynamodb", "timeout_after", operation="UpdateItem")
    world.sandbox.faults.add("crew_service", "timeout_after", operation="resend_links")
    for button in ("scrub_revenue", "resend_crew_links"):
        world.captain.clicks(closing, button)
    until_met(world)
    world.captain.clicks(closing, "invalidate_cache")
    world.bot.restart(kill=True)
    scrubbed = world.said(card, "removed from the stored crew event")
    assert "owner_payout" in scrubbed.plain
    world.said(card, "The live page is what was published.")
    world.said(card, "they may or may not have gone out")
    [event] = world.sandbox.crew_events(booking_id)
    assert json.loads(event["notes"]) == {"dock": "B"}
    assert len(world.crew_mails(booking_id)) == mails + 3  # never a second time unasked
    answers = [r for r in replies(world, card) if r.plain.startswith(f"{shown_id(card)}: ")]
    assert len(answers) == 3


def _has_landed(world: World) -> bool:
    calls = world.sandbox.calls("crew_service")
    return any(each["fault"] is None and each["latency"] >= ON_THE_WAY_SECONDS for each in calls)


def _let_the_rest_end(world: World, card: Message, target: str) -> None:
    """So that nothing of this charter meets the next one's fault."""
    last = "live_check" if target in ("calendar", "crew_service") else "crew_event"
    until(lambda: _state(world, card, last) == "done", f"end of {last}")


def _state(world: World, card: Message, step: str) -> str | None:
    return step_state(world, _id(card), step)


def _acknowledged(world: World, event_id: str | None) -> bool:
    return any(each["name"] == event_id and not each["error"] for each in world.slack.deliveries())


def _cards(world: World, booking_id: str) -> list[Message]:
    return [m for m in world.slack.messages() if f"Booking: {booking_id.upper()} " in m.plain]


def _id(card: Message) -> str:
    return shown_id(card).lower()
