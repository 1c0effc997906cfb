"""The buttons under a charter that is set up: each answers with what it read back."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from outcomes import (
    asked,
    assert_page_is_live,
    audited,
    propose,
    replies,
    shown_id,
    told,
    until,
    until_met,
)
from scenario_world import World, words

from sandbox.slack.seen import Message

HARMLESS = {"guest": "Marisol", "dock": "Gate B, code 4711"}
REVENUE = {"owner_payout": "840.75", "captain_fee": "150.00"}


@pytest.fixture(scope="module")
def sailing(running: World, new_id: Callable[[], str]) -> Message:
    """The card of a charter that is set up."""
    return running.approved(new_id(), **{"May 30, 2026": "Aug 30, 2032"})


@pytest.mark.parametrize("shape", ["map", "json"])
def test_revenue_is_scrubbed_from_structured_notes_and_all_else_stays(
    world: World, sailing: Message, shape: str
) -> None:
    notes = {**HARMLESS, **REVENUE, "money": {"net": 289.41, "tip": "none"}}
    _write_notes(world, sailing, notes if shape == "map" else json.dumps(notes))
    answer = _scrub(world, sailing)
    for name in REVENUE:
        assert name in answer.plain
    for value in ("840.75", "150", "289"):
        assert value not in answer.plain + answer.text
    left = _notes(world, sailing)
    kept = left if shape == "map" else json.loads(left)
    assert {name: kept[name] for name in HARMLESS} == HARMLESS
    assert "289.41" not in str(left)
    assert not {*REVENUE} & {*kept}


def test_revenue_is_scrubbed_from_prose_and_the_rest_of_the_words_stay(
    world: World, sailing: Message
) -> None:
    _write_notes(world, sailing, "Gate B, code 4711. Payout $840.75 to the owner. Bring water.")
    answer = _scrub(world, sailing)
    assert "840" not in answer.plain + answer.text
    left = _notes(world, sailing)
    assert "840" not in left
    assert "Gate B, code 4711." in left
    assert "Bring water." in left


def test_scrubbing_twice_is_harmless_and_nothing_to_scrub_is_said(
    world: World, sailing: Message
) -> None:
    _write_notes(world, sailing, json.dumps(HARMLESS))
    for _ in range(2):
        assert "nothing to scrub" in _scrub(world, sailing).plain
    assert _notes(world, sailing) == json.dumps(HARMLESS)


def test_a_scrub_that_loses_a_race_is_tried_again_on_what_is_there_by_then(
    world: World, sailing: Message
) -> None:
    _write_notes(world, sailing, json.dumps({**HARMLESS, "owner_payout": "840.75"}))
    before = len(replies(world, sailing))
    world.sandbox.faults.add("dynamodb", "slow", operation="GetItem", arg=1.0)
    world.captain.clicks(world.closing(sailing), "scrub_revenue")
    until_met(world)  # the bot's read has happened; its answer is on the way
    until(lambda: "owner_payout" in _notes(world, sailing), "the notes as they were")
    _write_notes(world, sailing, json.dumps({**HARMLESS, "payout": "912.40", "by": "the crew"}))
    answer = _answer(world, sailing, before)
    assert "payout" in answer.plain
    assert json.loads(_notes(world, sailing)) == {**HARMLESS, "by": "the crew"}


def test_links_are_resent_once_and_not_again_within_a_minute(
    world: World, sailing: Message
) -> None:
    before, mails = len(replies(world, sailing)), len(_links_mailed(world, sailing))
    closing = world.closing(sailing)
    dismissed = world.captain.clicks(closing, "resend_crew_links", confirm=False)
    assert dismissed.dismissed
    assert "3 crew members will be mailed a fresh link at once." in dismissed.dialog
    # One press that Slack tells of three times, and an impatient second one.
    world.captain.clicks(closing, "resend_crew_links", times=3, redelivered=True)
    answer = _answer(world, sailing, before)
    assert "3 fresh crew links mailed" in answer.plain
    world.mate.clicks(closing, "resend_crew_links")
    told(
        world,
        world.mate,
        "crew links were asked for less than a minute ago, so none were mailed now",
    )
    assert len(_links_mailed(world, sailing)) == mails + 3
    assert len(replies(world, sailing)) == before + 1
    _assert_links_open(world, sailing, _links_mailed(world, sailing)[-3:])


def test_links_go_out_once_and_are_said_so_when_crew_service_and_slack_are_shaky(
    world: World, booking_id: str
) -> None:
    card = world.approved(booking_id)
    closing = world.closing(card)
    before, mails = len(replies(world, card)), len(_links_mailed(world, card))
    world.sandbox.faults.add("crew_service", "429", operation="resend_links")
    world.slack.fail_next("chat.postMessage", "500")
    world.captain.clicks(closing, "resend_crew_links")
    assert "3 fresh crew links mailed" in _answer(world, card, before).plain
    assert not world.sandbox.faults.all()
    assert len(_links_mailed(world, card)) == mails + 3


def test_links_minted_here_are_mailed_by_ses_and_the_crew_service_takes_them(
    discreet: World, booking_id: str
) -> None:
    card = propose(discreet, booking_id)
    discreet.captain.clicks(card, "approve")
    discreet.said(card, "is set up")
    before = len(_links_mailed(discreet, card))
    discreet.captain.clicks(discreet.closing(card), "resend_crew_links")
    assert "3 fresh crew links mailed" in discreet.said(card, "fresh crew links").plain
    assert asked(discreet, "crew_service", "resend_links") == 0
    fresh = _links_mailed(discreet, card)[before:]
    assert {to for mail in fresh for to in mail["to"]} == {
        "captain@example.com",
        "crew.one@example.com",
        "crew.two@example.com",
    }
    assert {mail["sender"] for mail in fresh} == {"charters@sailjada.com"}
    _assert_links_open(discreet, card, fresh)


def test_an_invalidation_is_waited_for_and_then_compared(world: World, sailing: Message) -> None:
    before = len(replies(world, sailing))
    world.sandbox.set_latency(invalidation=1.0)
    world.captain.clicks(world.closing(sailing), "invalidate_cache")
    answer = _answer(world, sailing, before)
    assert "The live page is what was published." in words(answer.plain)
    polls = asked(world, "cloudfront", "GetInvalidation")
    assert polls >= 1
    assert_page_is_live(world, _id(sailing))


def test_a_live_page_that_is_not_the_published_one_is_said(world: World, sailing: Message) -> None:
    before = len(replies(world, sailing))
    world.sandbox.faults.add("edge", "html_200", operation="fetch")
    world.captain.clicks(world.closing(sailing), "invalidate_cache")
    answer = _answer(world, sailing, before)
    assert "The live page is not seen as it was published" in answer.plain
    assert "shows another page than the one uploaded" in answer.plain
    assert "press Invalidate cache again" in answer.plain


def test_a_stranger_is_refused_at_every_button(world: World, sailing: Message) -> None:
    closing, before = world.closing(sailing), len(replies(world, sailing))
    notes, mails = _notes(world, sailing), len(_links_mailed(world, sailing))
    buttons = ("scrub_revenue", "resend_crew_links", "invalidate_cache")
    for button in buttons:
        world.stranger.clicks(closing, button)
    told(world, world.stranger, "Only U0CAPTAIN, S0OPS may do this.", times=len(buttons))
    refused = {what for who, what in audited(world, _id(sailing)) if who == "U0STRANGER"}
    assert refused == {f"refused {button}" for button in buttons}
    assert _notes(world, sailing) == notes
    assert len(_links_mailed(world, sailing)) == mails
    assert len(replies(world, sailing)) == before


def test_only_an_operator_may_retry_and_two_retries_are_one(world: World, booking_id: str) -> None:
    card = propose(world, booking_id)
    world.sandbox.faults.add("ses", "403", operation="SendEmail")
    world.captain.clicks(card, "approve")
    closing = world.closing(card)
    world.stranger.clicks(closing, "retry")
    told(world, world.stranger, "Only U0CAPTAIN, S0OPS may do this.")
    with ThreadPoolExecutor() as hands:
        for person in (world.captain, world.mate):
            hands.submit(person.clicks, closing, "retry")
    world.said(card, "is set up")
    answer = world.said(card, "trying again what is not done: Operations mail")
    assert "Calendar entry" not in answer.plain
    world.said(card, "nothing to retry")
    mails = [m for m in world.sandbox.mails("ops@sailjada.com") if shown_id(card) in m["subject"]]
    assert len(mails) == 1
    assert len(world.crew_mails(booking_id)) == 3


def _scrub(world: World, card: Message) -> Message:
    before = len(replies(world, card))
    world.captain.clicks(world.closing(card), "scrub_revenue")
    return _answer(world, card, before)


def _answer(world: World, card: Message, before: int) -> Message:
    """The reply after the `before` first ones."""

    def said(_: object) -> Message | None:
        return next(iter(replies(world, card)[before:]), None)

    return world.slack.wait_until(said, what="answer in the thread")


def _id(card: Message) -> str:
    return shown_id(card).lower()


def _event(world: World, card: Message) -> dict:
    [event] = world.sandbox.crew_events(_id(card))
    return event


def _notes(world: World, card: Message) -> object:
    return _event(world, card)["notes"]


def _write_notes(world: World, card: Message, notes: object) -> None:
    world.sandbox.write_event_by_hand(_event(world, card)["event_id"], notes=notes)


def _links_mailed(world: World, card: Message) -> list[dict]:
    event_id = _event(world, card)["event_id"]
    return [m for m in world.sandbox.mails() if f"{event_id}?magic_link=" in (m["text"] or "")]


def _assert_links_open(world: World, card: Message, mails: list[dict]) -> None:
    """Each mail's link shows its reader the event."""
    assert len(mails) == 3
    for mail in mails:
        [link] = [word for word in mail["text"].split() if "magic_link=" in word]
        answer = httpx.get(link, trust_env=False)
        assert answer.status_code == 200
        assert answer.json()["event_id"] == _event(world, card)["event_id"]
