"""What a person reads when another system fails, and that pressing Retry then completes the work.

The troubles are all stirred up at once, each for a charter of its own, because most of them are
waiting: for a time-out, or for a request that may still have its effect.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import pytest
from outcomes import (
    asked,
    assert_completed,
    assert_page_is_live,
    audited,
    called_for_a_person,
    operations_mails,
    propose,
    retried,
    shown_id,
    step_state,
    until,
    until_met,
)
from scenario_world import World

from sandbox.slack.seen import Message

Fault = tuple[str, str, str]

# Faults by charter: (target, kind, operation), and what the mail says beside the usual.
MET: dict[str, list[Fault]] = {
    "both_doors_closed": [
        ("crew_service", "403", "create_event"),
        ("cloudfront", "403", "CreateInvalidation"),
    ],
    "crew_reset_before": [("crew_service", "reset_before", "create_event")],
    "lost_answers": [
        ("calendar", "reset_after", "create_entry"),
        ("crew_service", "500_after", "create_event"),
    ],
    "half_an_answer": [
        ("calendar", "malformed_json", "create_entry"),
        ("crew_service", "reset_after", "create_event"),
    ],
    "calendar_500": [("calendar", "500", "create_entry")],
    "bucket_denied": [("s3", "403", "PutObject")],
    "mail_denied": [("ses", "403", "SendEmail")],
    "mail_unanswered": [("ses", "reset_after", "SendEmail")],
    "mail_seen": [("ses", "reset_after", "SendEmail")],
}
# The last step that such a charter gets done by itself, at once.
_ENDS_WITH = {
    "crew_reset_before": "live_check",
    "lost_answers": "operations_mail",
    "half_an_answer": "operations_mail",
    "calendar_500": "live_check",
    "bucket_denied": "crew_event",
}


@pytest.fixture(scope="module")
def troubled(
    running: World, new_id: Callable[[], str], hung: Mapping[str, Message]
) -> Mapping[str, Message]:
    """The cards of approved charters, by the trouble that each of them met."""
    del hung  # these calls wait for half a minute, and need not be waited for here
    names = ["key_hash_unset", "nothing_stored", *MET]
    cards = {name: propose(running, new_id()) for name in names}
    cards["money"] = propose(running, new_id(), add_ons="$289.41 stays with us, 3 selected")
    with _without_key_hash(running, answer=401):
        running.captain.clicks(cards["key_hash_unset"], "approve")
        running.said(cards["key_hash_unset"], "[Retry]")
    with _without_key_hash(running, answer=200):
        before = asked(running, "crew_service", "create_event")
        running.captain.clicks(cards["nothing_stored"], "approve")
        until(lambda: asked(running, "crew_service", "create_event") > before, "a request")
        # Its other lane must not meet the next charter's faults.
        running.said(cards["nothing_stored"], "Live check: done")
    for name, faults in MET.items():
        for target, kind, operation in faults:
            running.sandbox.faults.add(target, kind, operation=operation)
        running.captain.clicks(cards[name], "approve")
        until_met(running)
        _let_the_rest_end(running, name, cards[name])
    running.captain.clicks(cards["money"], "approve")
    return cards


def test_a_crew_service_without_its_key_hash_is_said_with_the_remedy(
    world: World, troubled: Mapping[str, Message]
) -> None:
    card = troubled["key_hash_unset"]
    closing = _account(world, card)
    assert "Crew event: failed, needs a person." in closing.plain
    assert "does not accept our credential (401)" in closing.plain
    assert "SERVICE_KEY_HASH is not set on the Lambda function ShipCaptainCrew" in closing.plain
    assert "Operations mail: not begun, an earlier step is missing" in closing.plain
    retried(world, card)
    assert_completed(world, card)


def test_an_answer_without_an_event_is_not_taken_for_one(
    world: World, troubled: Mapping[str, Message]
) -> None:
    card = troubled["nothing_stored"]
    closing = _account(world, card)
    assert "Crew event: not known whether it happened" in closing.plain
    assert "answered without naming an event (200)" in closing.plain
    assert "SERVICE_KEY_HASH" in closing.plain
    assert "First see with your own eyes whether this happened: Crew event." in closing.plain
    assert world.sandbox.crew_events(_id(card)) == []
    retried(world, card)
    assert_completed(world, card)


def test_doors_that_stay_closed_are_said_each_with_its_remedy(
    world: World, troubled: Mapping[str, Message]
) -> None:
    card = troubled["both_doors_closed"]
    closing = _account(world, card)
    assert "forbids the request (403)" in closing.plain
    assert "went through CloudFront, which strips the key's header" in closing.plain
    assert "AWS does not allow cloudfront:CreateInvalidation" in closing.plain
    assert "the policies to copy are in deploy/" in closing.plain
    done, _, left = closing.plain.partition("Done, and read back")[2].partition("Not done")
    assert "Calendar entry: done" in done
    assert "Guest page: done" in done
    assert "Live check: not begun, an earlier step is missing" in left
    assert "Operations mail: not begun" in left
    assert "press Retry: it does only what is not done" in closing.plain
    retried(world, card)
    assert_completed(world, card)


def test_a_request_that_was_lost_is_a_question_and_retry_asks_only_once_more(
    world: World, troubled: Mapping[str, Message]
) -> None:
    card = troubled["crew_reset_before"]
    closing = _account(world, card)
    assert "Crew event: not known whether it happened" in closing.plain
    assert "broke the connection" in closing.plain
    assert world.crew_mails(_id(card)) == []
    retried(world, card)
    assert_completed(world, card)


@pytest.mark.parametrize("trouble", ["lost_answers", "half_an_answer"])
def test_an_effect_whose_answer_was_lost_is_found_and_not_repeated(
    world: World, troubled: Mapping[str, Message], trouble: str
) -> None:
    card = troubled[trouble]
    world.said(card, "is set up")
    assert_completed(world, card)


def test_a_failing_lane_leaves_the_other_running(
    world: World, troubled: Mapping[str, Message]
) -> None:
    card = troubled["calendar_500"]
    closing = _account(world, card)
    assert "Calendar entry: not known whether it happened" in closing.plain
    assert "Crew event: not begun, an earlier step is missing" in closing.plain
    assert "Live check: done" in closing.plain
    assert_page_is_live(world, _id(card))
    assert world.sandbox.calendar_entries(_id(card)) == []
    retried(world, card)
    assert_completed(world, card)


def test_a_bucket_that_may_not_be_written_stops_only_the_page(
    world: World, troubled: Mapping[str, Message]
) -> None:
    card = troubled["bucket_denied"]
    closing = _account(world, card)
    assert "AWS does not allow s3:PutObject" in closing.plain
    assert "Crew event: done" in closing.plain
    assert "CDN cache: not begun, an earlier step is missing" in closing.plain
    assert "[Scrub revenue] [Resend crew links] [Cancel charter] [Retry]" in closing.plain
    retried(world, card)
    assert_completed(world, card)


def test_a_refused_operations_mail_is_sent_by_retry_and_nothing_else_again(
    world: World, troubled: Mapping[str, Message]
) -> None:
    card = troubled["mail_denied"]
    closing = _account(world, card)
    assert "AWS does not allow ses:SendEmail" in closing.plain
    assert operations_mails(world, _id(card)) == []
    uploads = asked(world, "s3", "PutObject")
    retried(world, card)
    assert asked(world, "s3", "PutObject") == uploads
    assert_completed(world, card)


def test_whether_the_operations_mail_went_out_is_asked_of_a_person(
    world: World, troubled: Mapping[str, Message]
) -> None:
    card = troubled["mail_unanswered"]
    closing = _account(world, card)
    assert "Operations mail: not known whether it happened, needs a person." in closing.plain
    assert "First see with your own eyes whether this happened: Operations mail." in closing.plain
    assert len(operations_mails(world, _id(card))) == 1  # it is not sent again unasked
    retried(world, card)
    assert_completed(world, card, operations=2)


def test_who_has_seen_the_operations_mail_says_so_and_nothing_sends_it_again(
    world: World, troubled: Mapping[str, Message]
) -> None:
    card = troubled["mail_seen"]
    closing = _account(world, card)
    assert "If the operations mail arrived, press It arrived; if not, Retry" in closing.plain
    world.captain.clicks(closing, "mail_arrived", times=2)
    world.said(card, "the operations mail counts as sent, because")
    world.said(card, "is set up")
    assert_completed(world, card)
    assert ("U0CAPTAIN", "mail_arrived done") in audited(world, _id(card))


def test_an_amount_in_the_add_ons_stops_the_step_before_anything_leaves(
    world: World, troubled: Mapping[str, Message]
) -> None:
    card = troubled["money"]
    closing = _account(world, card)
    assert "The calendar entry was stopped before it left" in closing.plain
    assert "Take the amount out of the add-ons" in closing.plain
    assert "289.41" not in closing.plain + closing.text
    assert world.sandbox.calendar_entries(_id(card)) == []
    assert world.sandbox.crew_events(_id(card)) == []
    assert operations_mails(world, _id(card)) == []
    assert "289.41" not in world.sandbox.fetch(f"/g/{_id(card)}").text


def test_impatient_and_rotating_services_are_waited_for(world: World, booking_id: str) -> None:
    card = propose(world, booking_id)
    world.sandbox.rotate_dashboard_token()
    for target, operation in (
        ("s3", "PutObject"),
        ("cloudfront", "CreateInvalidation"),
        ("ses", "SendEmail"),
    ):
        world.sandbox.faults.add(target, "429", operation=operation)
    world.sandbox.faults.add("crew_service", "429", operation="create_event", arg=1)
    world.sandbox.faults.add("crew_service", "slow", operation="create_event", arg=1)
    world.captain.clicks(card, "approve")
    world.said(card, "is set up")
    assert_completed(world, card)
    refused, *others = [c["status"] for c in world.sandbox.calls("calendar")][-3:]
    # Without those of other scenarios that were never answered.
    calls = [c for c in world.sandbox.calls("crew_service") if c["status"] is not None]
    creations = [c for c in calls if c["operation"] == "create_event"]
    first, second = creations[-2:]
    assert (first["status"], second["status"]) == (429, 201)
    assert second["started"] - first["started"] >= 1.0  # as Retry-After asked
    assert 401 in {refused, *others, *(c["status"] for c in world.sandbox.calls("calendar"))}


def _let_the_rest_end(world: World, name: str, card: Message) -> None:
    """So that nothing of this charter meets the next one's fault."""
    last = _ENDS_WITH.get(name)
    if last:
        until(lambda: step_state(world, _id(card), last) == "done", f"end of {last} for {name}")


@contextmanager
def _without_key_hash(world: World, *, answer: int) -> Iterator[None]:
    world.sandbox.unset_key_hash(unset_answer=answer)
    yield
    world.sandbox.restore_key_hash()


def _account(world: World, card: Message) -> Message:
    """The closing reply that calls for a person: in the channel too, and with Retry."""
    closing = called_for_a_person(world, card)
    assert "Done, and read back" in closing.plain
    return closing


def _id(card: Message) -> str:
    return shown_id(card).lower()
