"""The app's Home: for operators what waits, is stuck, comes and was done; for others what comes."""

# ruff: noqa: RUF001 - people read en dashes

import json
from datetime import timedelta

import pytest
from as_seen import seen
from slack_limits import check_view, texts
from view_samples import (
    CLASH,
    JADA,
    NOW,
    QUEEN,
    busy_board,
    called_off,
    done,
    in_trouble,
    overview,
    proposal,
    running,
    shelf,
    step,
)

from bot.domain.board import Board, Deed, Resent
from bot.domain.charter import State
from bot.domain.progress import StepState
from bot.views import replies
from bot.views.home import home
from bot.views.press import OPEN_CARD, RETRY, Press

CARD = "https://x.slack.com/archives/C0/p12"


def operators(board: Board, **how) -> dict:
    view = home(board, now=NOW, operator=True, **how)
    check_view(view)
    return view


def everybodys(board: Board, **how) -> dict:
    view = home(board, now=NOW, operator=False, **how)
    check_view(view)
    return view


def buttons(view) -> list[dict]:
    return [e for block in view["blocks"] if block["type"] == "actions" for e in block["elements"]]


def test_a_home_without_charters_says_so_in_words():
    told = seen(operators(Board()))
    for words in (
        "Nothing waits for approval.",
        "Nothing needs a person.",
        "No charter is to come.",
        "Nothing was done yet.",
    ):
        assert words in told
    assert seen(everybodys(Board())) == "[home]\n# Next charters\nNo charter is to come."


def test_what_waits_says_how_long_what_is_to_be_settled_and_what_to_be_known():
    undecided = overview(proposal=proposal({"passengers": None}), conflicts=(CLASH,))
    board = Board(waiting=shelf(undecided), since={"xhqgmdh": NOW - timedelta(hours=50)})
    view = operators(board)
    told = seen(view)
    assert f"[XHQGMDH]({CARD}): JADA, Sat 30 May 2026, 10:00–13:00 PDT (3 h)" in told
    assert "Waiting for 2 days, since Mon 18 May 2026, 08:05 PDT." in told
    assert "- *To settle*: The number of guests was not in the mail." in told
    assert "- *Warning*: BPZMZVW is on the same boat too close to it." in told
    (opened,) = buttons(view)
    assert (opened["action_id"], opened["url"]) == (OPEN_CARD, CARD)
    assert opened["accessibility_label"] == "Open the card XHQGMDH"


@pytest.mark.parametrize(
    ("waited", "words"),
    [
        (timedelta(0), "less than an hour"),
        (timedelta(minutes=59), "less than an hour"),
        (timedelta(minutes=61), "1 hour"),
        (timedelta(hours=47), "47 hours"),
        (timedelta(hours=49), "2 days"),
    ],
)
def test_waiting_is_told_so_coarsely_that_it_does_not_change_each_minute(waited, words):
    board = Board(waiting=shelf(overview()), since={"xhqgmdh": NOW - waited})
    assert f"Waiting for {words}, since" in seen(operators(board))


@pytest.mark.parametrize("state", [StepState.FAILED, StepState.UNKNOWN])
def test_what_needs_a_person_says_what_happened_what_to_do_and_has_retry(state):
    view = operators(Board(troubled=shelf(in_trouble(state))))
    told = seen(view)
    assert "The crew service answered 401" in told
    assert "Set SERVICE_KEY_HASH" in told
    assert ("First see with your own eyes" in told) is (state is StepState.UNKNOWN)
    retry, opened = buttons(view)
    assert (retry["action_id"], opened["url"]) == (RETRY, CARD)
    assert Press.decode(retry["value"]) == Press(booking_id="xhqgmdh", version=3, run=1)


def test_a_run_that_still_goes_on_offers_no_retry_yet():
    stuck = in_trouble().model_copy(update={"state": State.RUNNING})
    view = operators(Board(troubled=shelf(stuck)))
    assert [button["action_id"] for button in buttons(view)] == [OPEN_CARD]
    assert "It is still running" in seen(view)


def test_charters_to_come_stand_below_their_boat_in_its_own_time():
    queens = done().model_copy(update={"proposal": proposal(boat=QUEEN)})
    told = seen(operators(Board(to_come=shelf(done(), queens))))
    jada, queen = told.index("*JADA*"), told.index("*Queen*")
    assert jada < told.index("10:00–13:00 PDT") < queen < told.index("13:00–16:00 EDT")
    assert "4 guests" in told
    assert "[Guest page](https://queenofsandiego.com/g/xhqgmdh)" in told


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (StepState.WAITING, "crew not called yet"),
        (StepState.RUNNING, "crew is being called"),
        (StepState.DONE, "crew called"),
        (StepState.FAILED, "calling the crew failed"),
        (StepState.UNKNOWN, "not known whether the crew was called"),
        (StepState.BLOCKED, "crew not called"),
    ],
)
def test_the_crew_is_called_when_their_event_was_read_back_and_not_before(state, words):
    charter = running().model_copy(update={"steps": (step("crew_event", state),)})
    assert f" · {words} · " in seen(operators(Board(to_come=shelf(charter))))


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("done", "crew called, fresh links mailed Wed 20 May 2026, 10:05 PDT"),
        ("failed", "crew called, fresh links could not be mailed Wed"),
        ("unknown", "crew called, not known whether fresh links were mailed Wed"),
    ],
)
def test_fresh_links_are_told_as_they_went(outcome, words):
    board = Board(to_come=shelf(done()), resent={"xhqgmdh": Resent(at=NOW, outcome=outcome)})
    assert words in seen(operators(board))


def test_a_charter_without_crew_calls_nobody():
    charter = done().model_copy(update={"proposal": proposal(crew=())})
    assert "no crew to call" in seen(operators(Board(to_come=shelf(charter))))


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("approved", "approved by @U0MATE"),
        ("scrub_revenue done", "scrubbed of revenue by @U0MATE"),
        ("resend_crew_links failed", "mailing fresh crew links failed, asked for by @U0MATE"),
        (
            "invalidate_cache unknown",
            "invalidating the cache: not known whether it happened, asked for by @U0MATE",
        ),
        ("run 2 begun", "retried by @U0MATE"),
        ("something_new done", "something new done by @U0MATE"),
    ],
)
def test_what_was_done_lately_says_who_and_when(what, words):
    deed = Deed(at=NOW, who="U0MATE", what=what, booking_id="xhqgmdh", boat=JADA, card=CARD)
    told = seen(operators(Board(deeds=(deed,))))
    assert f"- [XHQGMDH]({CARD}) {words}, Wed 20 May 2026, 10:05 PDT" in told


def test_others_see_no_button_no_card_no_trouble_and_nothing_that_waits():
    view = everybodys(busy_board())
    told = seen(view)
    assert buttons(view) == []
    assert "10:00–13:00 PDT (3 h) · XHQGMDH · 4 guests · crew called" in told
    for kept in ("slack.com", "needs a person", "401", "edited", "Waiting", "U0MATE", "BPZMZVW"):
        assert kept not in json.dumps(view)


@pytest.mark.parametrize("draw", [operators, everybodys])
def test_no_home_tells_the_payout_the_renter_or_how_to_reach_them(draw):
    told = {"renter": "Marisol Quintero", "renter_email": "m@example.org"}
    why = {"starts_at": "it may be 840.75, said m@example.org"}
    board = busy_board()
    doubtful = overview(proposal=proposal(told, unsure=why))
    board = board.model_copy(update={"waiting": shelf(doubtful)})
    whole = " ".join(texts(draw(board)["blocks"]))
    for kept in ("840", "Marisol", "Quintero", "example.org"):
        assert kept not in whole


def test_a_doubt_says_what_is_to_be_settled_and_leaves_the_mails_words_on_the_card():
    quoted = "The mail says both '4' and '4, total $1,200.00, ask Olga at +1 619 555 0100'."
    unread = {"owner_payout": None}
    doubtful = overview(proposal=proposal(unread, unsure={"passengers": quoted}))
    view = operators(Board(waiting=shelf(doubtful)))
    assert "- *To settle*: The number of guests must be confirmed: see the card." in seen(view)
    for kept in ("1,200", "total", "Olga", "555", "mail says"):
        assert kept not in json.dumps(view)


@pytest.mark.parametrize("draw", [operators, everybodys])
def test_an_answer_to_a_click_stands_on_top(draw):
    told = seen(draw(busy_board(), notice=replies.refusal(["U0CAPTAIN"])))
    assert told.startswith(
        "[home]\n*About your last click here*\nOnly @U0CAPTAIN may do this. Nothing was done.\n#"
    )


def test_more_than_fits_is_counted_and_slack_takes_it():
    many = tuple(
        done().model_copy(update={"proposal": proposal(boat=JADA.model_copy(update={"name": n}))})
        for n in map("Boat {}".format, range(30))
    )
    deed = Deed(at=NOW, who="U0MATE", what="approved", booking_id="xhqgmdh", card=CARD)
    board = Board(
        waiting=shelf(*[overview(conflicts=(CLASH,) * 9)] * 10, total=31),
        troubled=shelf(*[in_trouble()] * 10, total=12),
        to_come=shelf(*many, total=1000),
        deeds=(deed,) * 8,
    )
    told = seen(operators(board, notice=replies.stale(called_off())))
    assert "# Waiting for approval: 31" in told
    assert "(and 21 more)" in told
    assert "(and 2 more)" in told
    assert "(and 970 more)" in told
    assert told.count("approved by @U0MATE") == 8, "what was done lately still fits"
    everybodys(board)
