"""A charter that is, or is to be, cancelled: what is offered, warned of and left to do."""

from datetime import timedelta

import pytest
from as_seen import seen
from slack_limits import check_message
from view_samples import (
    NOW,
    called_off,
    called_off_in_trouble,
    done,
    in_trouble,
    overview,
    running,
    step,
)

from bot.domain.board import Deed
from bot.domain.booking import Kind
from bot.domain.charter import State
from bot.domain.progress import StepState
from bot.views import blocks, replies, status
from bot.views.checklist import checklist
from bot.views.closing import closing
from bot.views.deeds import deed
from bot.views.press import CANCEL, PUBLISHED_AGAIN, SCRUB, Press
from bot.views.terminal import status_json, status_text

STARTS = done().proposal.booking.starts_at
PHOTOS = "its guests can then send no more photos"
CALLS = ("needs a person", "Needs a person", "Retry", "Invalidate cache", "SERVICE_KEY_HASH")


def buttons(message) -> dict[str, dict]:
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return {button["text"]["text"]: button for row in rows for button in row}


def with_step(charter, name: str, **changes):
    steps = tuple(s.model_copy(update=changes) if s.name == name else s for s in charter.steps)
    return charter.model_copy(update={"steps": steps})


# The end of its thread


def test_a_cancelled_charters_thread_lists_what_is_left_and_offers_the_page_once_more():
    message = closing(called_off())
    check_message(message)
    told = seen(message)
    assert "Call off the crew, and take down [the crew event]" in told
    assert "Take the entry calendar-1 out of the calendar." in told
    found = buttons(message)
    assert list(found) == ["Publish the cancellation again", "Scrub revenue"]
    again = found["Publish the cancellation again"]
    assert again["action_id"] == CANCEL
    assert "confirm" not in again
    assert found["Scrub revenue"]["action_id"] == SCRUB


@pytest.mark.parametrize("name", ["calendar", "crew_event"])
def test_what_was_found_and_never_asked_for_is_left_to_do_all_the_same(name):
    told = seen(closing(with_step(called_off(), name, attempts=0)))
    assert "Call off the crew" in told
    assert "Take the entry calendar-1" in told


def test_a_page_that_was_found_and_never_asked_for_can_be_published_again():
    found = closing(with_step(called_off(), "guest_page", attempts=0))
    assert "Publish the cancellation again" in buttons(found)


def test_what_may_be_there_is_to_be_looked_for():
    unsure = with_step(called_off_in_trouble(StepState.UNKNOWN), "calendar", artefact=None)
    told = seen(closing(unsure))
    assert "Look whether the crew was called; if so, call them off" in told
    assert "Look whether its entry is in the calendar" in told


def test_where_nothing_was_begun_nothing_is_left_and_nothing_to_press():
    nothing = tuple(step(s.name, StepState.BLOCKED) for s in called_off().steps)
    message = closing(called_off().model_copy(update={"steps": nothing}))
    assert "Nothing is left to do by hand." in seen(message)
    assert buttons(message) == {}


@pytest.mark.parametrize("state", [StepState.FAILED, StepState.UNKNOWN, StepState.BLOCKED])
def test_nothing_calls_for_a_person_once_it_is_cancelled(state):
    charter = called_off_in_trouble(state)
    told = [
        *(seen(checklist(charter, rich=rich)) for rich in (True, False)),
        seen(closing(charter)),
        seen(status.status(charter, now=NOW)),
        status_text(charter),
    ]
    for text in told:
        assert not [call for call in CALLS if call in text]
    assert status_json(charter)["needs_person"] == []


def test_what_happened_is_still_told():
    told = seen(checklist(called_off_in_trouble(), rich=False))
    assert "*Crew event*: failed" in told
    assert "answered 401" in told


# Who, and when


def test_status_says_who_cancelled_it_here_in_a_terminal_and_as_json():
    shown = "on Wed 20 May 2026, 10:05 PDT"
    assert f"*Cancelled by* @U0MATE {shown}" in seen(status.status(called_off(), now=NOW))
    assert f"  Cancelled:   by U0MATE {shown}" in status_text(called_off())
    assert status_json(called_off())["cancelled"] == {
        "user": "U0MATE",
        "at": "2026-05-20T17:05:00Z",
    }
    assert status_json(done())["cancelled"] is None
    assert "Cancelled" not in seen(status.status(done(), now=NOW)) + status_text(done())


@pytest.mark.parametrize(
    ("what", "told"),
    [
        (f"{CANCEL} done", "XHQGMDH cancelled by @U0MATE"),
        (f"{CANCEL} partly", "XHQGMDH cancelled (the guest page does not say so yet) by @U0MATE"),
        (f"{PUBLISHED_AGAIN} done", "XHQGMDH cancellation published again by @U0MATE"),
        (f"{PUBLISHED_AGAIN} failed", "publishing the cancellation again failed, asked for by "),
    ],
)
def test_home_never_says_that_cancelling_failed_once_it_is_cancelled(what, told):
    line = deed(Deed(at=NOW, who="U0MATE", what=what, booking_id="xhqgmdh"))
    assert told in seen(blocks.message("", [blocks.rich([line])]))


# Before it


def test_the_typed_wish_shows_the_charter_and_the_button_with_its_dialog():
    message = replies.ask_to_cancel(done(), now=NOW, here=True)
    check_message(message)
    told = seen(message)
    for shown in ("Cancel XHQGMDH?", "*Boat*: JADA", "Sat 30 May 2026, 10:00", "*Guests*: 4"):
        assert shown in told
    assert "Warning" not in told
    (button,) = buttons(message).values()
    assert button["action_id"] == CANCEL
    assert "This cannot be undone." in button["confirm"]["text"]["text"]
    assert Press.decode(button["value"]).booking_id == "xhqgmdh"


@pytest.mark.parametrize(("after", "when"), [(1, "it is under way"), (100, "it is over")])
def test_what_guests_lose_is_said_where_the_charter_has_begun(after, when):
    now = STARTS + timedelta(hours=after)
    told = seen(replies.ask_to_cancel(done(), now=now, here=True))
    assert f"*Warning*: {when}; {PHOTOS}" in told


@pytest.mark.parametrize("charter", [done(), in_trouble()])
def test_the_dialog_in_the_thread_warns_of_it_too_and_is_not_cut_off(charter):
    text = buttons(closing(charter))["Cancel charter"]["confirm"]["text"]["text"]
    assert f"If it is under way or over, {PHOTOS}" in text
    assert text.endswith("This cannot be undone.")


def test_where_buttons_do_not_count_none_is_shown():
    message = replies.ask_to_cancel(done(), now=NOW, here=False)
    assert buttons(message) == {}
    assert "Press Cancel charter in the [charter's thread](https://x.slack.com" in seen(message)


def test_a_second_wish_offers_only_the_page():
    message = replies.ask_to_cancel(called_off(), now=NOW, here=True)
    assert "XHQGMDH is cancelled already." in seen(message)
    assert list(buttons(message)) == ["Publish the cancellation again"]


# News by mail


@pytest.mark.parametrize(
    ("kind", "charter", "advice"),
    [
        (Kind.CANCELLED, done(), "Press Cancel charter in the charter's thread"),
        (Kind.CANCELLED, in_trouble(), "Press Cancel charter in the charter's thread"),
        (Kind.CANCELLED, running(), "When the run has ended, press Cancel charter"),
        (Kind.CANCELLED, called_off(), "It is cancelled here already"),
        (Kind.CANCELLED, overview(state=State.REJECTED), "there is nothing to do"),
        (Kind.CHANGED, overview(state=State.REJECTED), "there is nothing to do"),
        (Kind.CHANGED, called_off(), "there is nothing to change. Only check"),
        (Kind.CHANGED, done(), "change calendar, crew event and guest page by hand"),
    ],
)
def test_the_advice_about_a_mail_fits_how_the_charter_stands(kind, charter, advice):
    told = seen(replies.recognised(kind, charter))
    assert advice in told
    offers = "ress Cancel charter" in told
    assert offers is ("Cancel charter" in advice)
