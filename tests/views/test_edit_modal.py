"""The edit modal as an operator fills it in."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from slack_limits import check_view
from view_samples import JADA, PROPOSAL, QUEEN, overview, proposal

from bot.domain.progress import Overview
from bot.views.edits import Edits, parse_edit, parse_reject
from bot.views.modals import edit_modal, reject_modal
from bot.views.press import EDIT_MODAL, REJECT_MODAL, Press

BOATS = (JADA, QUEEN)
NAMES = ["JADA", "Queen"]


def submitted(view: Mapping[str, Any], **typed: Any) -> dict[str, dict[str, Any]]:
    """The state that Slack sends when a person types `typed` and leaves the rest as it stands."""
    values = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element, name = block["element"], block["block_id"]
            held = _held(element)
            if name in typed:
                held = _set(element["type"], typed[name])
            values[name] = {"value": {"type": element["type"], **held}}
    return values


def _held(element: Mapping[str, Any]) -> dict[str, Any]:
    kinds = {
        "datepicker": ("selected_date", "initial_date"),
        "timepicker": ("selected_time", "initial_time"),
        "static_select": ("selected_option", "initial_option"),
        "checkboxes": ("selected_options", "initial_options"),
    }
    state, initial = kinds.get(element["type"], ("value", "initial_value"))
    return {state: element.get(initial, [] if element["type"] == "checkboxes" else None)}


def _set(kind: str, value: Any) -> dict[str, Any]:
    match kind:
        case "datepicker":
            return {"selected_date": value}
        case "timepicker":
            return {"selected_time": value}
        case "static_select":
            return {"selected_option": value and {"value": value}}
        case "checkboxes":
            return {"selected_options": [{"value": one} for one in value]}
    return {"value": value}


def edit(seen: Overview, *, unknown: bool = False, **typed: Any) -> Any:
    view = edit_modal(seen, NAMES, unknown)
    check_view(view)
    return parse_edit(submitted(view, **typed), overview=seen, boats=BOATS, user="U0CAPTAIN")


def edited(seen: Overview, **typed: Any) -> Edits:
    result = edit(seen, **typed)
    assert isinstance(result, Edits), result
    return result


def test_saving_without_a_change_changes_nothing():
    assert edited(overview()).proposal == PROPOSAL


def test_the_modal_remembers_only_which_card_it_belongs_to():
    for view, callback in (
        (edit_modal(overview(), NAMES, False), EDIT_MODAL),
        (reject_modal(overview()), REJECT_MODAL),
    ):
        assert view["callback_id"] == callback
        assert Press.decode(view["private_metadata"]) == Press(booking_id="xhqgmdh", version=3)


def test_every_field_of_a_booking_can_be_edited():
    result = edited(
        overview(),
        booking_id="BPZMZVW",
        listing="Another",
        renter="Ana",
        renter_email="ana@example.org",
        start_date="2026-06-01",
        start_time="09:00",
        end_date="2026-06-01",
        end_time="11:30",
        passengers="5",
        location="Pier 1",
        captain="bareboat",
        add_ons="Snacks\nDrinks",
        owner_payout="$900.5",
        currency="eur",
        cancellation_policy="flexible",
        crew="captain\n\n deckhand ",
        crew_tasks="",
    ).proposal
    booking = result.booking
    assert booking.booking_id == "bpzmzvw"
    assert booking.starts_at == datetime.fromisoformat("2026-06-01T09:00:00-07:00")
    assert booking.ends_at == datetime.fromisoformat("2026-06-01T11:30:00-07:00")
    assert booking.duration_minutes == 150
    assert (booking.passengers, booking.captain) == (5, "bareboat")
    assert booking.add_ons == "Snacks\nDrinks"
    assert (booking.owner_payout, booking.currency) == (Decimal("900.5"), "EUR")
    assert (result.crew, result.crew_tasks) == (("captain", "deckhand"), ())
    assert {"listing", "renter", "crew", "crew_tasks", "starts_at"} <= result.edited.keys()
    assert "boat" not in result.edited


@pytest.mark.parametrize(
    ("block", "typed", "sentence"),
    [
        ("booking_id", "../x", "such as XHQGMDH or BR-1437096751"),
        ("boat", None, "Choose the boat"),
        ("boat", "Titanic", "no longer in the settings"),
        ("passengers", "0", "whole number from 1"),
        ("passengers", "4.5", "whole number from 1"),
        ("passengers", "9" * 5000, "whole number from 1"),
        ("duration_minutes", "-5", "whole number from 1"),
        ("renter_email", "nobody", "no e-mail address"),
        ("owner_payout", "plenty", "amount in figures"),
        ("owner_payout", "NaN", "amount in figures"),
        ("owner_payout", "1E+99", "amount in figures"),
        ("owner_payout", "8.407", "amount in figures"),
        ("currency", "dollars", "Three letters"),
        ("captain", "pirate", "captained or bareboat"),
        ("start_date", None, "go together"),
        ("start_time", "", "go together"),
        ("start_date", "someday", "no date"),
        ("end_time", "25:99", "no time"),
        ("end_time", "09:00", "must be after the start"),
        ("crew", "x\n" * 51, "At most 50"),
    ],
)
def test_what_cannot_be_is_said_under_its_own_input(block, typed, sentence):
    errors = edit(overview(), **{block: typed})
    assert list(errors) == [block]
    assert sentence in errors[block]


def test_every_fault_is_named_at_once():
    errors = edit(overview(), boat=None, passengers="0", currency="x")
    assert set(errors) == {"boat", "passengers", "currency"}


def test_a_time_that_the_clocks_skip_is_refused():
    errors = edit(overview(), start_date="2026-03-08", start_time="02:30")
    assert "does not exist" in errors["start_time"]


def test_an_empty_end_follows_from_the_duration():
    result = edited(overview(), end_date=None, end_time=None, duration_minutes="90")
    assert result.proposal.booking.ends_at == datetime.fromisoformat("2026-05-30T11:30:00-07:00")


def test_the_duration_is_in_true_minutes_when_the_clocks_go_back():
    result = edited(
        overview(),
        start_date="2026-11-01",
        start_time="00:30",
        end_date="2026-11-01",
        end_time="03:00",
    )
    assert result.proposal.booking.duration_minutes == 210


def test_an_end_without_a_date_is_the_next_one_that_the_clock_reaches():
    result = edited(overview(), start_time="22:00", end_date=None, end_time="02:00")
    assert result.proposal.booking.ends_at == datetime.fromisoformat("2026-05-31T02:00:00-07:00")


def test_choosing_the_boat_of_an_unknown_listing_brings_its_crew_and_its_clock():
    seen = overview(proposal=proposal(boat=None, crew=(), crew_tasks=()))
    result = edited(seen, unknown=True, boat="Queen", remember_listing=["remember_listing"])
    assert result.remember_listing
    assert result.proposal.boat == QUEEN
    assert result.proposal.crew == ("skipper",)
    assert result.proposal.booking.starts_at == datetime.fromisoformat("2026-05-30T10:00:00-04:00")
    assert not result.proposal.blockers()


def test_a_crew_typed_for_another_boat_is_kept():
    result = edited(overview(), boat="Queen", crew="me")
    assert result.proposal.crew == ("me",)


def test_a_listing_is_remembered_only_when_asked_for():
    seen = overview(proposal=proposal(boat=None))
    assert not edited(seen, unknown=True, boat="Queen").remember_listing


def test_the_question_to_remember_is_put_only_where_the_listing_is_unknown():
    names = {block.get("block_id") for block in edit_modal(overview(), NAMES, False)["blocks"]}
    assert "remember_listing" not in names


def test_saving_confirms_what_was_unsure_and_nothing_that_is_still_missing():
    unsure = {"starts_at": "03/04 may be 3 April.", "renter": "two names"}
    seen = overview(proposal=proposal({"renter": None}, unsure=unsure))
    result = edited(seen).proposal
    assert result.unsure == {"renter": "two names"}
    assert "starts_at" in result.edited
    assert not result.blockers()


def test_a_doubt_stands_under_the_input_with_the_mails_own_words():
    unsure = {"starts_at": "03/04 may be 3 April."}
    seen = overview(proposal=proposal(unsure=unsure, words={"starts_at": "03/04/2026"}))
    [start] = [
        b for b in edit_modal(seen, NAMES, False)["blocks"] if b.get("block_id") == "start_date"
    ]
    assert start["hint"]["text"] == "Not sure: 03/04 may be 3 April. The mail: “03/04/2026”"


def test_a_card_may_be_saved_half_settled():
    seen = overview(proposal=proposal({"passengers": None}))
    assert edited(seen, renter="Ana").proposal.blockers() == (
        "The number of guests was not in the mail.",
    )


def test_a_text_longer_than_an_input_survives_when_it_is_left_alone():
    long = "word " * 1000
    seen = overview(proposal=proposal({"add_ons": long}))
    assert edited(seen, renter="Ana").proposal.booking.add_ons == long


@pytest.mark.parametrize("values", [{}, {"boat": {}}, {"boat": {"value": {}}}])
def test_a_submission_without_its_inputs_is_refused(values):
    assert "boat" in parse_edit(values, overview=overview(), boats=BOATS, user="U0CAPTAIN")


def test_a_reason_to_reject_is_one_line_and_may_be_empty():
    view = reject_modal(overview())
    check_view(view)
    assert parse_reject(submitted(view, reason=" in the\nyard ")) == "in the yard"
    assert parse_reject(submitted(view)) == ""
