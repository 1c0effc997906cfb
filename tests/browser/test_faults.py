"""Every switch of the world's faults: what then stands in the thread, and that it can be mended."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from sandbox.keeper import Keeper
from tests.browser.photos import photo
from tests.browser.workspace_page import RUN_SECONDS, Workspace

SATURDAY = "Next Saturday, 10:00 AM"
A_RUN = RUN_SECONDS * 1000  # milliseconds
TOLD = {
    "Crew service: key hash missing": ("Crew event", "SERVICE_KEY_HASH"),
    "Crew service: down": ("Crew event", "crew service"),
    "Calendar: down": ("Calendar entry", "calendar"),
}
TRIED = {
    "crew_timeout_after",
    "calendar_timeout_after",
    "crew_slow",
    "cdn_slow",
    "slack_429",
    "slack_down",
    "no_lookup",
    "presign_put",
    "task_cards_refused",
    "key_hash_missing",
    "crew_down",
    "calendar_down",
}


def test_every_switch_is_tried_here(rehearsal: Keeper) -> None:
    there = rehearsal.sandbox.ask("GET", "/workspace/faults").json()
    assert {fault["id"] for fault in there} == TRIED


@pytest.mark.parametrize("fault", TOLD)
def test_what_needs_a_person_is_told_and_goes_on_once_it_is_mended(
    captain: Workspace, rehearsal: Keeper, fault: str
) -> None:
    captain.turn(fault)
    booking_id = _approved(captain)
    closing = captain.thread.get_by_role("article").filter(has_text="needs a person").last
    expect(closing).to_be_visible(timeout=A_RUN)
    step, words = TOLD[fault]
    expect(closing).to_contain_text(re.compile(words, re.IGNORECASE))
    expect(_step(captain, step).get_by_role("img", name="Failed")).to_be_visible()
    expect(_step(captain, "Guest page").get_by_role("img", name="Done")).to_be_visible()
    captain.turn(fault, on=False)
    captain.press(closing, "Retry")
    captain.wait_until_set_up(booking_id)
    _assert_one_of_each(rehearsal, booking_id)


@pytest.mark.parametrize("fault", ["Crew service: answer lost", "Calendar: answer lost"])
def test_an_answer_that_was_lost_makes_nothing_twice(
    captain: Workspace, rehearsal: Keeper, fault: str
) -> None:
    captain.arm(fault)
    booking_id = _approved(captain)
    captain.wait_until_set_up(booking_id)
    row = captain.tab("Faults").get_by_role("listitem").filter(has_text=fault)
    expect(row).to_contain_text(re.compile("It was used|Used: "))
    _assert_one_of_each(rehearsal, booking_id)


def test_a_slow_crew_service_is_waited_for_while_the_other_lane_ends(captain: Workspace) -> None:
    captain.turn("Crew service: slow")
    booking_id = _approved(captain)
    expect(_step(captain, "Live check").get_by_role("img", name="Done")).to_be_visible()
    expect(_step(captain, "Crew event").get_by_role("img", name="Running")).to_be_visible()
    captain.turn("Crew service: slow", on=False)
    captain.wait_until_set_up(booking_id)


def test_a_slow_cdn_is_waited_for(captain: Workspace) -> None:
    captain.turn("CDN: slow")
    booking_id = _approved(captain)
    expect(_step(captain, "Operations mail").get_by_role("img")).to_be_visible()
    expect(_step(captain, "Live check").get_by_role("img", name="Running")).to_be_visible()
    captain.turn("CDN: slow", on=False)
    captain.wait_until_set_up(booking_id)


def test_too_many_posts_are_tried_again(captain: Workspace, rehearsal: Keeper) -> None:
    captain.arm("Slack: too many posts")
    booking_id = _approved(captain)
    captain.wait_until_set_up(booking_id)
    asked = rehearsal.sandbox.slack.calls()
    assert sum(call["error"] == "ratelimited" for call in asked) >= 1


def test_when_slack_is_away_the_run_goes_on_and_is_told_afterwards(captain: Workspace) -> None:
    booking_id = captain.forward(SATURDAY)
    expect(captain.card(booking_id)).to_be_visible()
    captain.arm("Slack: down")
    expect(captain.page.locator("#bot-state")).to_have_text("Charter is away")
    _bot_is_back(captain)
    captain.approve(booking_id)
    captain.open_thread(booking_id)
    captain.wait_until_set_up(booking_id)


def test_without_a_look_up_by_booking_nothing_is_made_twice(
    captain: Workspace, rehearsal: Keeper
) -> None:
    captain.turn("Services: no look-up by booking")
    booking_id = _approved(captain)
    captain.wait_until_set_up(booking_id)
    _assert_one_of_each(rehearsal, booking_id)


def test_photos_are_put_where_the_service_signs_a_put(
    captain: Workspace, rehearsal: Keeper, visit: Callable[..., Page], tmp_path: Path
) -> None:
    booking_id = captain.set_up("Ended an hour ago")
    captain.turn("Photos: uploaded by PUT")
    taken = photo(tmp_path, "sunset.jpg", 50_000)
    page = visit(f"{rehearsal.sandbox.urls['edge']}/g/{booking_id}")
    page.get_by_label("Choose photos").set_input_files(taken)
    expect(captain.tab("S3")).to_contain_text(re.compile(rf"uploads/{booking_id}/\S+sunset\.jpg"))
    [key] = rehearsal.sandbox.objects(f"uploads/{booking_id}/")
    assert rehearsal.sandbox.object(key) == taken.read_bytes()


@pytest.mark.parametrize("how", ["Kill the bot", "Restart the bot"])
def test_a_bot_that_ends_in_mid_run_goes_on_where_it_was(
    captain: Workspace, rehearsal: Keeper, how: str
) -> None:
    captain.turn("Crew service: slow")
    booking_id = _approved(captain)
    expect(_step(captain, "Crew event").get_by_role("img", name="Running")).to_be_visible()
    _end_bot(captain, how)
    captain.turn("Crew service: slow", on=False)
    _bot_is_back(captain)
    captain.wait_until_set_up(booking_id)
    _assert_one_of_each(rehearsal, booking_id)


def test_refused_task_cards_are_told_in_plain_text_until_the_bot_starts_anew(
    captain: Workspace,
) -> None:
    captain.turn("Slack: task cards refused")
    booking_id = _approved(captain)
    captain.wait_until_set_up(booking_id)
    checklist = captain.reply(f"Charter {booking_id.upper()}")
    expect(checklist).to_contain_text("Live check")
    expect(checklist.get_by_role("img", name="Done")).to_have_count(0)
    captain.turn("Slack: task cards refused", on=False)
    _end_bot(captain, "Restart the bot")
    _bot_is_back(captain)


def _approved(captain: Workspace) -> str:
    """A booking that was just approved, its thread open."""
    booking_id = captain.forward(SATURDAY)
    captain.approve(booking_id)
    captain.open_thread(booking_id)
    return booking_id


def _end_bot(captain: Workspace, how: str) -> None:
    """By a button of the world panel, until the page says that it is not there."""
    captain.press(captain.tab("Faults"), how)
    expect(captain.page.locator("#bot-state")).not_to_have_text("Charter is ready", timeout=A_RUN)


def _bot_is_back(captain: Workspace) -> None:
    expect(captain.page.locator("#bot-state")).to_have_text("Charter is ready", timeout=A_RUN)


def _step(captain: Workspace, name: str) -> Locator:
    """A step's line in the checklist of the open thread."""
    return captain.thread.get_by_role("listitem").filter(has_text=re.compile(f"^{name}"))


def _assert_one_of_each(rehearsal: Keeper, booking_id: str) -> None:
    assert len(rehearsal.sandbox.calendar_entries(booking_id)) == 1
    [event] = rehearsal.sandbox.crew_events(booking_id)
    called = [m for m in rehearsal.sandbox.mails() if event["event_id"] in (m["text"] or "")]
    crew = [mail for mail in called if "magic_link" in mail["text"]]
    assert len(crew) == len(event["crew"])
