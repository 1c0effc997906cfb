"""Approve, Edit and Reject, as people press them and as other systems see what follows."""

import copy
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from booking_mails import free_day
from outcomes import (
    assert_nothing_happened,
    assert_one_of_each,
    assert_whole_story,
    audited,
    card_until,
    fresh,
    operations_mails,
    propose,
    replies,
    told,
)
from scenario_world import World

from sandbox.slack.seen import Message

PAYOUT, NET = "840.75", "289.41"


def test_one_click_of_a_group_member_sets_everything_up_once(world: World, booking_id: str) -> None:
    card = propose(world, booking_id)
    world.mate.clicks(card, "approve")
    world.said(card, "is set up")
    assert_one_of_each(world, booking_id)
    assert_whole_story(world, card)
    record = card_until(world, card, "Done: all 6 steps finished and read back.")
    assert "Approved by U0MATE on " in record.plain
    assert record.buttons == []
    assert audited(world, booking_id) == [
        ("mail", "proposed"),
        ("U0MATE", "approved"),
        ("bot", "run done"),
    ]


def test_ten_impatient_clicks_are_one_approval_and_no_reproach(
    world: World, booking_id: str
) -> None:
    card = propose(world, booking_id)
    pressed = world.captain.clicks(card, "approve", times=10)
    assert pressed.errors == ()
    world.said(card, "is set up")
    assert not any(booking_id.upper() in m.plain for m in world.slack.ephemerals("U0CAPTAIN"))
    assert_one_of_each(world, booking_id)
    assert_whole_story(world, card)
    assert audited(world, booking_id).count(("U0CAPTAIN", "approved")) == 1


def test_of_two_operators_at_once_one_wins_and_the_other_is_told(
    world: World, booking_id: str
) -> None:
    card = propose(world, booking_id)
    with ThreadPoolExecutor() as hands:
        for person in (world.captain, world.mate):
            hands.submit(person.stale_click, card, "approve")
    world.said(card, "is set up")
    [winner] = [who for who, what in audited(world, booking_id) if what == "approved"]
    loser = world.mate if winner == "U0CAPTAIN" else world.captain
    told(world, loser, f"{booking_id.upper()} was already approved by {winner} on ")
    assert_one_of_each(world, booking_id)


def test_money_is_nowhere_that_crew_may_look(world: World, booking_id: str) -> None:
    card = world.approved(booking_id)
    card = card_until(world, card, "Done: all 6 steps")
    story = replies(world, card)
    raw = json.dumps([card.metadata, *(m.raw for m in story)])
    buttons = json.dumps([b for b in card.blocks if b["type"] == "actions"])
    received = json.dumps(
        [
            world.sandbox.calendar_entries(booking_id),
            world.sandbox.crew_events(booking_id),
            world.crew_mails(booking_id),
        ]
    )
    page = world.sandbox.fetch(f"/g/{booking_id}").text
    for amount in (PAYOUT, "84075", NET):
        assert amount not in raw + buttons + received + page
    assert PAYOUT in card.plain  # only there, where the deployment lets operators see it


def test_who_may_not_act_is_refused_and_told_who_may(world: World, booking_id: str) -> None:
    card = propose(world, booking_id)
    for person in (world.stranger, world.crew):
        for action in ("approve", "reject", "edit"):
            person.clicks(card, action)
        for refusal in told(world, person, "Nothing was done.", times=3):
            assert "Only U0CAPTAIN, S0OPS may do this." in refusal.plain
        assert world.slack.modal(person.user) is None
        refused = [what for who, what in audited(world, booking_id) if who == person.user]
        assert sorted(refused) == ["refused approve", "refused open edit", "refused open reject"]
    assert fresh(world, card).plain == card.plain
    assert_nothing_happened(world, booking_id)


def test_when_the_group_cannot_be_asked_nobody_is_in_it(world: World, booking_id: str) -> None:
    card = propose(world, booking_id)
    world.bot.restart()  # it remembers a group's members for a while
    world.slack.fail_next("usergroups.users.list", "500")
    world.mate.clicks(card, "approve")
    told(world, world.mate, "Only U0CAPTAIN, S0OPS may do this. Nothing was done.")
    assert ("U0MATE", "refused approve") in audited(world, booking_id)
    assert_nothing_happened(world, booking_id)
    world.mate.clicks(card, "reject")
    assert world.mate.modal().title == f"Reject {booking_id.upper()}"
    world.mate.closes()


def test_a_rejection_keeps_its_reason_and_answers_a_stale_click(
    world: World, booking_id: str
) -> None:
    card = propose(world, booking_id)
    world.captain.clicks(card, "reject")
    assert world.captain.fills({"reason": "The boat is in the yard"}).submits() is None
    record = card_until(world, card, "Rejected by U0CAPTAIN on ")
    assert "Reason: The boat is in the yard" in record.plain
    assert record.buttons == []

    before = _updates(world, card)
    world.mate.stale_click(card, "approve")
    name = booking_id.upper()
    [whisper] = told(world, world.mate, f"{name} was already rejected by U0CAPTAIN on ")
    assert "Nothing was set up." in whisper.plain
    world.slack.wait_until(lambda _: _updates(world, card) > before, what="refreshed card")
    assert_nothing_happened(world, booking_id)


def test_a_click_on_an_approved_card_that_still_shows_its_buttons_does_nothing(
    world: World, booking_id: str
) -> None:
    shown = propose(world, booking_id)
    world.captain.clicks(shown, "approve")
    world.said(shown, "is set up")
    for action in ("approve", "edit", "reject"):
        world.mate.stale_click(shown, action)
    for whisper in told(world, world.mate, f"{booking_id.upper()} was already approved", times=3):
        assert "by U0CAPTAIN on " in whisper.plain
        assert "Done: all 6 steps finished" in whisper.plain
    assert world.slack.modal("U0MATE") is None
    assert_one_of_each(world, booking_id)


def test_an_edit_between_showing_and_click_makes_the_click_stale(
    world: World, booking_id: str
) -> None:
    shown = propose(world, booking_id)
    world.mate.clicks(shown, "edit")
    assert world.mate.fills({"passengers": "5"}).submits() is None
    card_until(world, shown, "Guests: 5")
    world.captain.stale_click(shown, "approve")
    told(world, world.captain, f"The card of {booking_id.upper()} has changed since")
    assert_nothing_happened(world, booking_id)


def test_every_field_can_be_edited_and_reaches_whom_it_concerns(
    world: World, booking_id: str
) -> None:
    card, day = propose(world, booking_id), free_day()
    world.captain.clicks(card, "edit")
    modal = world.captain.modal("Edit")
    assert modal.values["crew"] == "captain\ncrew_1\ncrew_2"
    edited = {
        "boat": "JADA",
        "listing": "JADA at sunset",
        "start_date": day.isoformat(),
        "start_time": "17:30",
        "end_date": day.isoformat(),
        "end_time": "20:00",
        "passengers": "6",
        "renter": "Ana Surname",
        "renter_email": "ana@example.com",
        "location": "Shelter Island",
        "captain": "bareboat",
        "add_ons": "Ice",
        "owner_payout": "912.40",
        "currency": "EUR",
        "cancellation_policy": "flexible",
        "crew": "captain\ncrew_3",
        "crew_tasks": "Check fuel\nRig the lights",
    }
    assert {*modal.values} == {*edited, "booking_id", "duration_minutes"}
    assert world.captain.fills(edited).submits() is None
    card = card_until(world, card, "Shelter Island")
    for shown in (
        f"{day:%a} {day.day} {day:%b %Y}, 17:30\N{EN DASH}20:00",
        "(2 h 30 min)",
        "Guests: 6",
        "Renter: Ana Surname",
        "Captain: bareboat",
        "Listing: JADA at sunset",
        "Add-ons: Ice",
        "Cancellation policy: flexible",
        "€912.40",
        "Crew to be called: captain, crew_3",
        "Their tasks: Check fuel, Rig the lights",
    ):
        assert shown in card.plain
    by_hand = (
        "Guests: 6 (U0CAPTAIN's word; the mail says “4”, text, line ",
        "Location: Shelter Island (U0CAPTAIN's word; the mail says “San Diego, CA”, text, line ",
        "Crew to be called: captain, crew_3 (U0CAPTAIN's word)",
    )
    for said in by_hand:
        assert said in card.plain

    world.captain.clicks(card, "approve")
    world.said(card, "is set up")
    record = card_until(world, card, "Done: all 6 steps finished and read back.")
    assert not [said for said in by_hand if said not in record.plain]
    assert "ana@example.com" not in record.plain
    assert_one_of_each(world, booking_id, crew=("captain@example.com", "crew.three@example.com"))
    [event] = world.sandbox.crew_events(booking_id)
    assert event["crew_tasks"] == ["Check fuel", "Rig the lights"]
    assert event["start_time"].startswith(f"{day}T17:30:00-0")
    assert (event["guest_count"], event["duration_hours"]) == (6, 2.5)
    assert "Ana" in event["notes"]
    assert "Surname" not in json.dumps(event)
    [entry] = world.sandbox.calendar_entries(booking_id)
    assert (entry["charter_date"], entry["charter_start"]) == (str(day), "17:30")
    assert ("U0CAPTAIN", "edited") in audited(world, booking_id)


def test_what_cannot_be_is_said_under_its_input(world: World, booking_id: str) -> None:
    card = propose(world, booking_id)
    world.captain.clicks(card, "edit")
    wrong = {
        "renter_email": "nobody",
        "owner_payout": "much",
        "currency": "dollars",
        "end_time": "09:00",
        "passengers": "2000",
    }
    errors = world.captain.fills(wrong).submits()
    assert errors == {
        "renter_email": "That is no e-mail address.",
        "owner_payout": "An amount in figures, such as 840.75.",
        "currency": "Three letters, such as USD.",
        "end_time": "The end must be after the start.",
        "passengers": "A whole number from 1 to 1000.",
    }
    world.captain.closes()
    assert fresh(world, card).plain == card.plain


def test_what_is_missing_blocks_approval_until_it_is_filled_in(
    world: World, booking_id: str
) -> None:
    card = propose(world, booking_id, passengers=None)
    assert "To be settled before it can be approved" in card.plain
    assert "The number of guests was not in the mail." in card.plain
    assert card.buttons == ["Edit", "Reject"]

    world.captain.stale_click(_with_approve_button(card), "approve")
    [whisper] = told(world, world.captain, f"{booking_id.upper()} cannot be approved yet.")
    assert "The number of guests was not in the mail." in whisper.plain
    assert_nothing_happened(world, booking_id)

    world.captain.clicks(card, "edit")
    world.captain.fills({"passengers": "2"}).submits()
    assert card_until(world, card, "Guests: 2").buttons == ["Approve", "Edit", "Reject"]


def test_an_id_outside_the_alphabet_is_confirmed_by_saving(world: World) -> None:
    card = propose(world, "mercury")
    assert "The booking id must be confirmed" in card.plain
    assert "Approve" not in card.buttons
    world.captain.clicks(card, "edit")
    assert "Not sure" in str(world.captain.modal().raw)
    assert world.captain.submits() is None
    card = card_until(world, card, "[Approve]")
    assert "must be confirmed" not in card.plain


def test_a_misread_id_is_corrected_and_the_card_goes_on_under_the_right_one(
    world: World, booking_id: str
) -> None:
    taken, right = propose(world, booking_id), booking_id[:-1] + "y"
    card = propose(world, "verado")
    world.captain.clicks(card, "edit")
    errors = world.captain.fills({"booking_id": booking_id.upper()}).submits()
    assert errors == {"booking_id": f"{booking_id.upper()} has a card of its own."}
    assert world.captain.fills({"booking_id": right.upper()}).submits() is None
    card = card_until(world, card, f"Booking: {right.upper()}")
    assert card.buttons == ["Approve", "Edit", "Reject"]
    assert fresh(world, taken).plain == taken.plain
    assert world.slack.find("Booking: VERADO") is None
    world.captain.clicks(card, "reject")
    world.captain.fills({"reason": "a test"}).submits()
    card_until(world, card, "Rejected by U0CAPTAIN")


def test_an_ambiguous_date_is_asked_never_guessed(world: World, booking_id: str) -> None:
    card = propose(world, booking_id, start="03/04/2031 10:00 AM")
    assert "Approve" not in card.buttons
    assert "03/04/2031 10:00 AM" in card.plain
    world.captain.clicks(card, "edit")
    day = date(2031, 4, 3)
    when = {"start_date": str(day), "start_time": "10:00", "end_date": str(day)}
    assert world.captain.fills({**when, "end_time": "13:00"}).submits() is None
    card = card_until(world, card, "3 Apr 2031, 10:00\N{EN DASH}13:00")
    assert "Approve" in card.buttons


def test_too_little_time_between_two_charters_is_shown_on_both_cards(
    world: World, new_id: Callable[[], str]
) -> None:
    day = free_day()
    first, second, third = new_id(), new_id(), new_id()
    one = propose(world, first, day=day)
    two = propose(world, second, day=day, starts="1:30 PM", ends="3:00 PM", duration="1.5 hours")
    assert f"Too close to {first.upper()} on the same boat" in two.plain
    assert "60 min are needed in between." in two.plain
    assert _links_to(two, one)
    one = card_until(world, one, f"Too close to {second.upper()} on the same boat")
    assert _links_to(one, two)
    # With the whole turnaround in between there is nothing to say.
    three = propose(world, third, day=day, starts="4:00 PM", ends="6:00 PM", duration="2 hours")
    assert "Too close" not in three.plain

    warning = f"{first.upper()} is on the same boat too close to it."
    dialog = world.captain.clicks(two, "approve", confirm=False).dialog
    assert warning in dialog
    assert "Approve" in two.buttons
    # Neither card goes on warning of a charter that will not be.
    world.captain.clicks(one, "reject")
    world.captain.fills({"reason": "The other one was first"}).submits()
    world.slack.wait_until(lambda _: "Too close" not in fresh(world, two).plain)


def test_warnings_stand_in_the_card_and_the_dialog_and_do_not_block(
    world: World, booking_id: str
) -> None:
    card = propose(world, booking_id, day=date(2020, 2, 3), passengers="9")
    for warning in ("The date is in the past.", "9 guests, but JADA holds 6."):
        assert warning in card.plain
        dismissed = world.captain.clicks(card, "approve", confirm=False)
        assert dismissed.dismissed
        assert warning in dismissed.dialog
        assert "3 crew members will be mailed at once" in dismissed.dialog
    assert ("U0CAPTAIN", "approved") not in audited(world, booking_id)
    assert_nothing_happened(world, booking_id)
    world.captain.clicks(card, "approve")
    world.said(card, "is set up")
    assert len(operations_mails(world, booking_id)) == 1


def test_where_crew_read_the_channel_the_card_can_keep_money_to_itself(
    discreet: World, booking_id: str
) -> None:
    card = propose(discreet, booking_id, add_ons=f"${PAYOUT} already paid")
    assert "Payout" not in card.plain
    for amount in (PAYOUT, NET):
        assert amount not in json.dumps(card.raw)
    assert "name the payout" in card.plain  # and would reach the crew, so it must be edited first
    assert [button for button in card.buttons if "approve" in str(button).lower()] == []


def _updates(world: World, card: Message) -> int:
    return sum(c["arguments"].get("ts") == card.ts for c in world.slack.calls("chat.update"))


def _with_approve_button(card: Message) -> Message:
    """The card as a forger would have it."""
    raw = copy.deepcopy(card.raw)
    [row] = [block for block in raw["blocks"] if block["type"] == "actions"]
    [edit] = [each for each in row["elements"] if each["action_id"] == "edit"]
    row["elements"].append({**edit, "action_id": "approve"})
    return Message(raw)


def _links_to(card: Message, other: Message) -> bool:
    return f"p{other.ts.replace('.', '')}" in json.dumps(card.blocks)


@pytest.fixture(autouse=True)
def _no_modal_stays_open(world: World) -> None:
    """A modal that a failed test left open is nobody else's."""
    for person in (world.captain, world.mate):
        while world.slack.modal(person.user):
            person.closes()
