"""Whose word a field is: what the mail says, what a person says, and what is doubtful between."""

import json
import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from as_seen import seen
from slack_limits import check_message, check_view, width
from test_edit_modal import BOATS, NAMES, submitted
from view_samples import APPROVED, CLASH, JADA, NOW, READ, corrected, overview, proposal, running

from bot.domain.charter import Proposal
from bot.domain.progress import Overview
from bot.mail import values
from bot.mail.moments import LocalZone, moment
from bot.views import status
from bot.views.card import card
from bot.views.corrections import TITLE
from bot.views.edits import Edits, parse_edit
from bot.views.modals import edit_modal
from bot.views.sight import LABELS
from bot.views.terminal import status_json, status_text

WORDS = {name: words for name, (words, _) in READ.items()}
PLACES = {name: place for name, (_, place) in READ.items()}
LONG = "\u202eevil <!channel> \x1b[31m " + "x'\"" * 100


def drawn(charter: Overview, **options) -> str:
    message = card(charter, **{"now": NOW, "show_payout": True} | options)
    check_message(message)
    return seen(message)


def saved(charter: Overview, user: str, **typed: str) -> Overview:
    """The charter after somebody's Edit."""
    values_typed = submitted(edit_modal(charter, NAMES, False), **typed)
    edits = parse_edit(values_typed, overview=charter, boats=BOATS, user=user)
    assert isinstance(edits, Edits)
    return overview(proposal=edits.proposal)


def read(**changes) -> Overview:
    return overview(proposal=proposal(**{"words": WORDS, "places": PLACES} | changes))


def test_what_was_edited_stands_as_the_operators_word_beside_the_mails():
    told = drawn(saved(read(), "U0MATE", start_time="11:00"))
    assert (
        "- *Start*: Sat 30 May 2026, 11:00 PDT (@U0MATE's word; "
        "the mail says “May 30, 2026 • 10:00 AM”, text, line 14)"
    ) in told
    assert "- *Guests*" not in told


def test_what_was_confirmed_unchanged_is_the_operators_word_too():
    doubtful = read(unsure={"passengers": "'4 or so' is not a plain number of passengers."})
    assert TITLE not in drawn(doubtful)
    told = drawn(saved(doubtful, "U0CAPTAIN"))
    assert "- *Guests*: 4 (@U0CAPTAIN's word; the mail says “4 or so”, HTML, line 20)" in told
    assert "not sure" not in told


def test_of_two_operators_each_keeps_the_word_that_was_theirs_last():
    first = saved(read(), "U0CAPTAIN", passengers="5", renter="Ana")
    told = drawn(saved(first, "U0MATE", passengers="6"))
    assert "- *Guests*: 6 (@U0MATE's word;" in told
    assert "- *Renter*: Ana (@U0CAPTAIN's word; the mail says “Marisol”" in told


def test_what_no_mail_says_and_what_was_emptied_are_told_as_that():
    told = drawn(saved(read(), "U0MATE", location="", crew="captain"))
    assert "- *Location*: left empty (@U0MATE's word; the mail does not say)" in told
    assert "- *Crew to be called*: captain (@U0MATE's word)" in told


def test_whose_word_it_is_outlasts_the_decision_and_is_told_everywhere():
    decided = running().model_copy(update={"proposal": corrected()})
    said = "the mail says “May 30, 2026 • 10:00 AM”, text, line 14"
    assert said in drawn(decided)
    assert said in seen(status.status(decided, now=NOW))
    row = f"  - Start: Sat 30 May 2026, 11:00 PDT (U0CAPTAIN's word; {said})"
    assert row in status_text(decided).splitlines()
    [start] = [one for one in status_json(decided)["by_hand"] if one["field"] == "starts_at"]
    assert (start["by"], start["the_mail_says"]) == ("U0CAPTAIN", "May 30, 2026 • 10:00 AM")


def test_an_edit_of_before_it_was_kept_whose_it_was_is_an_operators():
    stored = {**proposal().model_dump(mode="json"), "edited": ["passengers"]}
    told = drawn(overview(proposal=Proposal.model_validate(stored)))
    assert "- *Guests*: 4 (an operator's word; the mail does not say)" in told


def test_neither_amount_nor_the_mails_own_is_shown_where_crew_read_along():
    repeats = {**WORDS, "listing": "JADA, for $840.75 you sail", "location": "pay 912,40 there"}
    sold = corrected().model_copy(
        update={"words": repeats, "edited": dict.fromkeys(LABELS, "U0MATE")}
    )
    for state in (overview(proposal=sold), running().model_copy(update={"proposal": sold})):
        assert "840.75" in drawn(state)
        told = [
            json.dumps(card(state, now=NOW, show_payout=False).model_dump(mode="json")),
            json.dumps(status.status(state, now=NOW).model_dump(mode="json")),
            status_text(state),
            json.dumps(status_json(state)),
        ]
        amounts = ("840.75", "840,75", "912.40", "912,40")
        assert not [(amount, text) for text in told for amount in amounts if amount in text]
        assert all("it names an amount" in text for text in told)


def test_how_to_reach_the_renter_is_told_nobody_whoever_doubts_or_enters_it():
    address = "mia@example.org"
    why = f"{address!r} is not an e-mail address alone."
    contact = {"words": {"renter_email": address}, "edited": {"renter_email": "U0MATE"}}
    doubtful = overview(
        proposal=proposal({"renter_email": address}, unsure={"renter_email": why}, **contact)
    )
    told = [drawn(doubtful), seen(status.status(doubtful, now=NOW)), status_text(doubtful)]
    assert not [text for text in [*told, json.dumps(status_json(doubtful))] if "example" in text]
    assert "*Renter's e-mail*: press Edit to look at it." in told[0]
    hints = [block.get("hint", {}) for block in edit_modal(doubtful, NAMES, False)["blocks"]]
    assert any(address in hint.get("text", "") for hint in hints)


def test_outside_the_card_a_renter_has_no_surname():
    told = saved(read(), "U0MATE", renter="Ana Surname")
    assert "Ana Surname" in drawn(told)
    for text in (seen(status.status(told, now=NOW)), status_text(told)):
        assert "Ana" in text
        assert "Surname" not in text


DOUBTS = {
    "booking_id": values.booking_id(LONG, re.compile("[b-d]{7}")),
    "renter_email": values.email(LONG),
    "passengers": values.people(LONG),
    "captain": values.captain(LONG),
    "duration_minutes": values.minutes(LONG),
    "starts_at": moment(LONG, LocalZone(ZoneInfo("America/Los_Angeles"))),
    "ends_at": moment("03/04/2026 10:00 XYZ", LocalZone(JADA.zone, "The boat is not known.")),
    "owner_payout": values.amount(LONG),
    "currency": values.currency(LONG, "USD"),
}


@pytest.mark.parametrize("field", DOUBTS)
def test_every_doubt_of_the_readers_is_told_to_its_end_with_the_words_cut_and_inert(field):
    why = DOUBTS[field].why or ""
    assert why
    words = {field: LONG}
    doubtful = overview(proposal=proposal(unsure={field: why}, words=words, places=PLACES))
    message, modal = card(doubtful, now=NOW, show_payout=True), edit_modal(doubtful, NAMES, False)
    check_message(message)
    check_view(modal)
    [hint] = [
        text
        for block in modal["blocks"]
        if "Not sure" in (text := block.get("hint", {}).get("text", ""))
    ]
    end = why[-25:]
    assert end in hint
    if field != "renter_email":
        assert end in seen(message)
        assert f"{LABELS[field]}*: " in seen(message)
    whole = json.dumps([message.model_dump(mode="json"), modal], ensure_ascii=False)
    assert not {"\u202e", "\x1b"} & set(whole)


def test_an_unsure_field_is_prefilled_with_the_guess_and_says_its_doubt_where_it_was_read():
    why = "'4 or so' is not a plain number of passengers."
    blocks = edit_modal(read(unsure={"passengers": why}), NAMES, False)["blocks"]
    [guests] = [block for block in blocks if block.get("block_id") == "passengers"]
    assert guests["element"]["initial_value"] == "4"
    assert guests["hint"]["text"] == f"Not sure: {why} The mail: “4 or so” (HTML, line 20)"


def test_a_card_of_nothing_but_long_words_still_fits():
    for edited in ({}, dict.fromkeys([*LABELS, "boat", "crew", "crew_tasks"], "U0MATE")):
        texts = ("listing", "renter", "location", "add_ons", "cancellation_policy", "currency")
        sold = proposal(
            dict.fromkeys(texts, LONG * 9),
            unsure={} if edited else dict.fromkeys(LABELS, LONG),
            words=dict.fromkeys(LABELS, LONG),
            places=dict.fromkeys(LABELS, LONG),
            edited=edited,
            crew=(LONG,) * 30,
            crew_tasks=(LONG,) * 30,
        )
        drawn(overview(proposal=sold, conflicts=(CLASH,) * 9), sums={"Net": "$1"})
        check_message(status.status(overview(proposal=sold), now=NOW))
        check_view(edit_modal(overview(proposal=sold), NAMES, True))


SET_UP = "the calendar, the guest page and the operations mail are set up."


def asked(charter: Overview, **options) -> dict:
    message = card(charter, **{"now": NOW, "show_payout": True} | options)
    [buttons] = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return buttons[0]["confirm"]


def test_the_question_before_approval_begins_with_every_warning():
    sold = proposal({"passengers": 9}, crew=("captain", "stranger"))
    question = asked(overview(proposal=sold, conflicts=(CLASH,)), now=NOW + timedelta(days=30))
    assert question["style"] == "danger"
    assert question["text"]["text"].splitlines() == [
        "Warning: The date is in the past.",
        "Warning: 9 guests, but JADA holds 6.",
        "Warning: Not of JADA's usual crew: stranger.",
        "Warning: BPZMZVW is on the same boat too close to it.",
        f"2 crew members will be mailed at once, and {SET_UP}",
    ]
    assert asked(overview())["style"] == "primary"


def test_warnings_that_do_not_fit_into_the_question_are_counted_and_none_is_cut():
    boat = JADA.model_copy(update={"name": "Queen of San Diego " * 20})
    many = tuple(CLASH.model_copy(update={"booking_id": f"bpzmzv{n}"}) for n in range(9))
    crowded = overview(proposal=proposal({"passengers": 9}, boat=boat), conflicts=many)
    text = asked(crowded, now=NOW + timedelta(days=30))["text"]["text"]
    assert width(text) <= 300
    first, *_, more, mailed = text.splitlines()
    assert first == "Warning: The date is in the past."
    shown = sum(line.startswith("Warning: ") for line in text.splitlines())
    assert more == f"And {11 - shown} more warnings on the card."
    assert mailed.endswith("the operations mail are set up.")


def test_a_decided_card_keeps_what_was_warned_of_then_and_nothing_that_came_to_be_since():
    sold = proposal({"passengers": 9})
    record = running().model_copy(update={"proposal": sold, "decision": APPROVED})
    told = drawn(record, now=NOW + timedelta(days=300))
    assert "*Warnings at the decision*\n- 9 guests, but JADA holds 6." in told
    assert "in the past" not in told
    late = APPROVED.model_copy(update={"at": NOW + timedelta(days=20)})
    told = drawn(record.model_copy(update={"decision": late}), now=NOW)
    assert "*Warnings at the decision*\n- The date is in the past." in told


def test_crew_that_nobody_knows_is_warned_of_and_does_not_block():
    told = drawn(overview(proposal=proposal(crew=("captian", "crew_1"))))
    assert "- Not of JADA's usual crew: captian." in told
    assert "<Approve!>" in told
    many = proposal(crew=tuple(f"mate_{n}" for n in range(7)))
    assert "mate_0, mate_1, mate_2 and 4 more." in drawn(overview(proposal=many))


def test_a_corrected_payout_is_beside_the_mails_for_who_may_see_it():
    told = drawn(saved(read(), "U0MATE", owner_payout="912.40"))
    assert "- *Payout*: $912.40 (@U0MATE's word; the mail says “$840.75”, text, line 27)" in told
