"""What the views offer, hide and promise, in each state of a charter."""

# ruff: noqa: RUF001 - people read en dashes

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from as_seen import seen
from slack_limits import check_message, texts
from view_samples import (
    APPROVED,
    CLASH,
    CREW_URL,
    JADA,
    LABELS,
    NOW,
    QUEEN,
    called_off,
    done,
    in_trouble,
    overview,
    proposal,
    running,
    step,
)

from bot.domain.booking import Kind
from bot.domain.charter import State
from bot.domain.progress import StepState
from bot.views import replies, status
from bot.views.card import card
from bot.views.checklist import checklist
from bot.views.closing import closing
from bot.views.press import APPROVE, CANCEL, EDIT, INVALIDATE, REJECT, RESEND, RETRY, SCRUB, Press
from bot.views.terminal import list_text, status_json, status_text


def buttons(message) -> dict[str, dict]:
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return {button["action_id"]: button for row in rows for button in row}


def shown_card(charter, **options):
    return card(charter, **{"now": NOW, "show_payout": True} | options)


def test_a_complete_card_can_be_approved_edited_or_rejected():
    found = buttons(shown_card(overview()))
    assert list(found) == [APPROVE, EDIT, REJECT]
    assert {Press.decode(button["value"]).version for button in found.values()} == {3}
    assert "confirm" in found[APPROVE]


def test_approving_says_who_is_mailed_and_repeats_every_warning():
    past = overview(conflicts=(CLASH,), proposal=proposal({"passengers": 9}))
    later = NOW + timedelta(days=30)
    text = buttons(shown_card(past, now=later))[APPROVE]["confirm"]["text"]["text"]
    assert "3 crew members will be mailed at once" in text
    assert "in the past" in text
    assert "9 guests, but JADA holds 6" in text
    assert "BPZMZVW" in text


def test_the_question_before_approval_fits_however_much_there_is_to_warn_of():
    many = tuple(CLASH.model_copy(update={"booking_id": f"bpzmzv{n}"}) for n in range(9))
    check_message(shown_card(overview(conflicts=many)))


def test_a_card_with_an_open_question_cannot_be_approved():
    message = shown_card(overview(proposal=proposal({"passengers": None})))
    found = buttons(message)
    assert list(found) == [EDIT, REJECT]
    assert found[EDIT]["style"] == "primary"
    assert "The number of guests was not in the mail." in seen(message)


@pytest.mark.parametrize(
    ("other", "card_says", "dialog_says"),
    [
        ({}, "Too close to ", "too close to it"),
        ({"starts_at": CLASH.starts_at - timedelta(hours=1)}, "Double booking", "at the same time"),
    ],
)
def test_two_at_the_same_time_are_told_from_two_too_close(other, card_says, dialog_says):
    message = shown_card(overview(conflicts=(CLASH.model_copy(update=other),)))
    assert card_says in seen(message)
    assert ("needed in between" in seen(message)) is not bool(other)
    assert dialog_says in buttons(message)[APPROVE]["confirm"]["text"]["text"]


@pytest.mark.parametrize(
    ("kind", "press"), [(Kind.CHANGED, "press Edit"), (Kind.CANCELLED, "Press Reject")]
)
def test_news_before_approval_names_the_button_and_nothing_to_take_down(kind, press):
    told = seen(replies.recognised(kind, overview()))
    assert press in told
    assert "nothing is set up yet" in told
    assert "by hand" not in told


def test_a_warning_does_not_stand_in_the_way():
    assert APPROVE in buttons(shown_card(overview(conflicts=(CLASH,))))


def test_edit_can_be_left_out():
    assert list(buttons(shown_card(overview(), can_edit=False))) == [APPROVE, REJECT]


@pytest.mark.parametrize("charter", [running(), done(), in_trouble()])
def test_a_decided_card_has_no_buttons_and_says_who_and_when(charter):
    message = shown_card(charter)
    assert buttons(message) == {}
    assert "*Approved by* @U0CAPTAIN on Wed 20 May 2026, 10:05 PDT." in seen(message)


def test_the_payout_can_be_kept_off_the_card_wherever_the_mail_repeats_it():
    words = {"owner_payout": "earn $840.75", "add_ons": "you get 840.75 for it"}
    unsure = {"owner_payout": "840.75 or 804.75", "renter": "is it 840,75 USD?"}
    talkative = proposal(
        {"add_ons": "Snacks, payout $840.75", "listing": "JADA for $840.75"},
        unsure=unsure,
        words=words,
    )
    charter = overview(proposal=talkative)
    assert "840.75" in seen(shown_card(charter, sums={"Net": "$240.75"}))
    hidden = shown_card(charter, show_payout=False, sums={"Net": "$240.75"})
    whole = json.dumps(hidden.model_dump(mode="json"), ensure_ascii=False)
    assert not [amount for amount in ("840.75", "840,75", "804.75", "240.75") if amount in whole]


@pytest.mark.parametrize("charter", [overview(), running(), done(), in_trouble()])
def test_nothing_but_the_card_tells_the_payout_or_how_to_reach_the_renter(charter):
    charter = charter.model_copy(update={"proposal": proposal({"renter_email": "m@example.org"})})
    told = [
        *(texts(checklist(charter, rich=rich).blocks) for rich in (True, False)),
        texts(closing(charter).blocks),
        texts(status.status(charter, now=NOW).blocks),
        texts(status.listing([charter]).blocks),
        [status_text(charter, colour=True), list_text([charter], colour=True)],
        [json.dumps(status_json(charter))],
    ]
    whole = " ".join(text for part in told for text in part)
    assert "840" not in whole
    assert "example.org" not in whole


def test_an_operator_may_ask_for_the_payout():
    assert "$840.75" in seen(status.status(overview(), now=NOW, audience_sees_money=True))


def test_a_run_that_ended_well_offers_no_retry():
    assert list(buttons(closing(done()))) == [SCRUB, RESEND, INVALIDATE, CANCEL]


def test_a_button_is_offered_only_for_what_is_there():
    assert list(buttons(closing(in_trouble()))) == [INVALIDATE, CANCEL, RETRY]


def test_resending_says_how_many_are_mailed_before_it_is_done():
    text = buttons(closing(done()))[RESEND]["confirm"]["text"]["text"]
    assert text == "3 crew members will be mailed a fresh link at once."


def test_an_unknown_outcome_is_to_be_looked_at_before_retry():
    told = seen(closing(in_trouble(StepState.UNKNOWN)))
    assert "First see with your own eyes whether this happened: Crew event." in told


def test_every_state_of_a_step_is_told_in_words():
    states = dict(zip(LABELS, StepState, strict=True))
    charter = running().model_copy(update={"steps": tuple(step(n, s) for n, s in states.items())})
    for rich in (True, False):
        told = seen(checklist(charter, rich=rich))
        for word in ("waiting", "running", "done", "failed", "not known whether", "not begun"):
            assert word in told


def test_a_fifth_step_needs_no_view_of_its_own():
    steps = tuple(step("cache", StepState.DONE, name=f"s{n}", label=f"Step {n}") for n in range(60))
    charter = done().model_copy(update={"steps": steps})
    for message in (
        checklist(charter, rich=True),
        checklist(charter, rich=False),
        closing(charter),
    ):
        check_message(message)


def test_six_steps_that_fail_at_length_fit_into_one_message():
    steps = tuple(
        step(name, StepState.FAILED, what="It failed. " * 400, hint="Do this. " * 400)
        for name in LABELS
    )
    charter = in_trouble().model_copy(update={"steps": steps})
    for message in (
        checklist(charter, rich=True),
        checklist(charter, rich=False),
        closing(charter),
    ):
        check_message(message)


def test_a_stale_click_on_an_edited_card_is_told_to_look_again():
    assert "has changed since" in seen(replies.stale(overview()))


def test_a_refusal_without_operators_says_so():
    assert "slack.operators names nobody" in seen(replies.refusal([]))


@pytest.mark.parametrize("asked", ["../../etc", "*", "x\nhqgmdh", "<!channel>", ""])
def test_what_is_no_id_is_never_repeated(asked):
    message = replies.no_such_charter(asked, [])
    assert not asked or asked not in seen(message)
    assert "letters and digits, such as XHQGMDH or BR-1437096751" in message.text


@pytest.mark.parametrize(
    ("charter", "why"),
    [
        (running(), "it is still running"),
        (done(), "every step is done"),
        (overview(), "it was never approved"),
        (called_off(), "it is cancelled"),
    ],
)
def test_a_retry_of_nothing_says_why(charter, why):
    assert why in replies.nothing_to_retry(charter).text


@dataclass(frozen=True)
class Checked:
    name: str
    ok: bool
    what: str
    hint: str = ""


def test_the_doctor_tells_failures_first_each_with_its_remedy():
    found = [
        Checked("Database", True, "migrated"),
        Checked("Crew key", False, "SERVICE_KEY_HASH is not set.", "Set it on the Lambda."),
        Checked("Clock", True, "2 s off.", "Let NTP run."),
    ]
    message = status.doctor(found)
    check_message(message)
    assert seen(message).splitlines() == [
        "~ 1 of 3 checks failed.",
        "# 1 of 3 checks failed",
        "*Failed*",
        "- *Crew key*: SERVICE_KEY_HASH is not set. Set it on the Lambda.",
        "*Worth a look*",
        "- *Clock*: 2 s off. Let NTP run.",
        "*Passed*",
        "- *Database*: migrated",
    ]


def test_a_very_long_examination_still_fits():
    long = [
        Checked("name " * 40, n % 3 > 0, "what " * 90, "hint " * 90 if n % 3 < 2 else "")
        for n in range(300)
    ]
    check_message(status.doctor(long))


def test_json_for_programs_says_what_a_person_would_ask():
    told = status_json(in_trouble())
    assert (told["booking_id"], told["state"]) == ("xhqgmdh", "needs_person")
    assert told["starts_at"] == "2026-05-30T10:00:00-07:00"
    assert told["needs_person"] == ["crew_event"]
    assert told["decision"]["user"] == "U0CAPTAIN"
    assert [line["state"] for line in told["steps"]][:2] == ["done", "failed"]
    assert status_json(done())["crew_url"] == CREW_URL
    json.dumps(told)


def test_a_terminal_gets_colour_only_when_asked():
    assert "\x1b[31m" in status_text(in_trouble(), colour=True)
    assert "\x1b" not in status_text(in_trouble(), colour=False) + list_text([done()], colour=False)


def test_a_boat_elsewhere_is_told_on_its_own_clock():
    charter = overview(proposal=proposal(boat=QUEEN))
    assert "13:00–16:00 EDT" in seen(shown_card(charter))


def test_an_approval_across_the_date_line_is_told_on_the_boats_clock():
    early = APPROVED.model_copy(update={"at": datetime.fromisoformat("2026-05-21T06:30:00+00:00")})
    charter = running().model_copy(update={"decision": early})
    assert "on Wed 20 May 2026, 23:30 PDT" in seen(shown_card(charter))


def test_a_rejected_card_says_that_nothing_was_set_up():
    rejected = APPROVED.model_copy(update={"approved": False, "reason": "in the yard"})
    told = seen(shown_card(overview(state=State.REJECTED, decision=rejected)))
    assert "*Rejected by* @U0CAPTAIN" in told
    assert "*Reason*: in the yard" in told
    assert "Nothing was set up." in told


def test_a_card_of_an_unknown_boat_lists_what_the_mail_called_it():
    told = seen(shown_card(overview(proposal=proposal({"listing": "Mystery"}, boat=None, crew=()))))
    assert "*Listing*: Mystery" in told
    assert "Which boat is it?" in told
    assert JADA.name not in told


def test_a_long_list_tells_how_many_more_there_are():
    assert "And 21 more." in seen(status.listing([overview()] * 61))
