"""The whole story in a browser, from the forwarded mail to the last button of the thread."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from sandbox.keeper import Keeper
from tests.browser.photos import photo
from tests.browser.workspace_page import Workspace

STEPS = ("Calendar entry", "Crew event", "Guest page", "CDN cache", "Live check", "Operations mail")
TASKS = ("Check fuel", "Stock cooler", "Inspect sails", "Safety briefing")


def test_one_click_sets_everything_up_and_everything_can_be_seen(
    captain: Workspace, rehearsal: Keeper, visit: Callable[..., Page], tmp_path: Path
) -> None:
    booking_id = captain.forward("Ended an hour ago")
    shown = booking_id.upper()
    card = captain.card(booking_id)
    expect(card).to_contain_text("$464.62")
    captain.approve(booking_id)
    expect(card).to_contain_text("Approved by")
    expect(card.get_by_role("button", name="Approve")).to_have_count(0)

    thread = captain.open_thread(booking_id)
    captain.wait_until_set_up(booking_id)
    checklist = thread.get_by_role("group", name=re.compile(f"Charter {shown}"))
    for step in STEPS:
        line = checklist.get_by_role("listitem").filter(has_text=step)
        expect(line.get_by_role("img", name="Done")).to_be_visible()
    expect(captain.tab("Calendar")).to_contain_text(shown)

    _guest_sends_photos(captain, rehearsal, booking_id, tmp_path)
    _crew_ticks(captain, booking_id, visit)
    _revenue_is_scrubbed(captain, booking_id)
    _links_are_sent_again(captain, booking_id)
    _cache_is_invalidated(captain)


def _guest_sends_photos(
    captain: Workspace, rehearsal: Keeper, booking_id: str, folder: Path
) -> None:
    """From the link in the thread; the bytes in S3 are those of the files."""
    with captain.page.expect_popup() as opened:
        captain.reply("is set up").get_by_role("link", name=f"/g/{booking_id}").click()
    page = opened.value
    expect(page.get_by_role("heading", level=1)).to_have_text("Sailing aboard JADA")
    photos = [photo(folder, "sails.jpg", 300_000), photo(folder, "the crew.jpg", 2_000)]
    page.get_by_label("Choose photos").set_input_files(photos)
    for each in photos:
        line = page.locator("#files").get_by_role("listitem").filter(has_text=each.name)
        expect(line).to_contain_text(re.compile("sent|thank", re.IGNORECASE))
    prefix = f"uploads/{booking_id}/"
    expect(captain.tab("S3")).to_contain_text(re.compile(rf"{prefix}\S+sails\.jpg"))
    keys = rehearsal.sandbox.objects(prefix)
    assert sorted(filter(None, map(rehearsal.sandbox.object, keys))) == sorted(
        each.read_bytes() for each in photos
    )
    page.close()


def _crew_ticks(captain: Workspace, booking_id: str, visit: Callable[..., Page]) -> None:
    """By the link in a member's mail, in a browser of her own."""
    mailbox = captain.tab("Mailbox")
    mailbox.get_by_label("Recipient").select_option("crew.one@example.com")
    mailbox.get_by_role("button", name=re.compile("^Crew call")).first.click()
    mailbox.get_by_role("button", name="Text").click()
    link = mailbox.get_by_role("link", name=re.compile("magic_link=")).first
    crew = visit(link.get_attribute("href"))
    expect(crew.get_by_role("listitem").filter(has_text="Crew One (you)")).to_be_visible()
    for task in TASKS[:2]:
        crew.get_by_role("checkbox", name=task).click()
    expect(crew.get_by_role("progressbar")).to_have_accessible_name("2 of 4 done")
    crew.reload()
    for task in TASKS:
        box = crew.get_by_role("checkbox", name=task)
        expect(box).to_be_checked(checked=task in TASKS[:2])
    event = captain.crew_event(booking_id)
    for task in TASKS[:2]:
        expect(event.get_by_role("listitem").filter(has_text=task)).to_contain_text("Crew One")
    mailbox = captain.tab("Mailbox")
    mailbox.get_by_role("button", name="All mails").click()
    mailbox.get_by_label("Recipient").select_option("")


def _revenue_is_scrubbed(captain: Workspace, booking_id: str) -> None:
    event = captain.crew_event(booking_id)
    event.get_by_role("button", name=re.compile("Write revenue")).click()
    notes = event.get_by_role("region", name="Notes, before and after")
    expect(notes).to_contain_text("$840.75")
    captain.press(captain.reply("is set up"), "Scrub revenue", confirm="Scrub")
    expect(captain.reply("removed from the stored crew event")).to_be_visible()
    now = notes.locator("div").filter(has_text="Notes now").last
    expect(now).to_contain_text("Notes now")
    expect(now).not_to_contain_text("840")


def _links_are_sent_again(captain: Workspace, booking_id: str) -> None:
    mailbox = captain.tab("Mailbox")
    calls = mailbox.get_by_role("button", name=re.compile("^Crew call, your fresh link"))
    before = calls.count()
    captain.press(captain.reply("is set up"), "Resend crew links", confirm="Resend")
    expect(captain.reply("3 fresh crew links mailed")).to_be_visible()
    expect(calls).to_have_count(before + 3)


def _cache_is_invalidated(captain: Workspace) -> None:
    captain.press(captain.reply("is set up"), "Invalidate cache")
    expect(captain.reply("The live page is what was published")).to_be_visible()
    asked = captain.tab("Calls").get_by_role("row").filter(has_text="CreateInvalidation")
    expect(asked.first).to_contain_text("201")
