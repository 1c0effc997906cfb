"""What people do beside approving, by mouse and by keyboard, and what they are told."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from sandbox.keeper import Keeper
from tests.browser.arranged import booking_in, sample, text_of
from tests.browser.watch import Watch
from tests.browser.workspace_page import MATE, STRANGER, Workspace

_OPENS_WITHIN_MS = 3_000

SATURDAY = "Next Saturday, 10:00 AM"
DROP = """(zone, [name, text]) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([text], name, { type: "message/rfc822" }));
    for (const kind of ["dragenter", "dragover", "drop"])
        zone.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
}"""


def test_an_edit_shows_what_is_wrong_and_then_changes_the_card(captain: Workspace) -> None:
    booking_id = captain.forward(SATURDAY)
    captain.press(captain.card(booking_id), "Edit")
    guests = captain.dialog.get_by_label(re.compile("guests", re.IGNORECASE)).first
    guests.fill("0")
    captain.dialog.get_by_role("button", name="Save").click()
    expect(guests).to_have_attribute("aria-invalid", "true")
    guests.fill("5")
    captain.dialog.get_by_role("button", name="Save").click()
    expect(captain.dialog).to_have_count(0)
    expect(captain.card(booking_id)).to_contain_text("Guests: 5")


def test_a_rejection_keeps_its_reason(captain: Workspace, rehearsal: Keeper) -> None:
    booking_id = captain.forward(SATURDAY)
    card = captain.card(booking_id)
    captain.press(card, "Reject")
    captain.dialog.get_by_role("textbox").fill("The boat is in the yard")
    captain.dialog.get_by_role("button", name="Reject").click()
    expect(captain.dialog).to_have_count(0)
    expect(card).to_contain_text(re.compile("Rejected by .*Cap Tain"))
    expect(card).to_contain_text("The boat is in the yard")
    expect(card.get_by_role("button", name="Approve")).to_have_count(0)
    assert rehearsal.sandbox.calendar_entries(booking_id) == []


def test_a_click_on_a_card_that_stood_still_is_told_what_became_of_it(
    captain: Workspace, open_as: Callable[..., Workspace], watch: Watch, rehearsal: Keeper
) -> None:
    booking_id = captain.forward(SATURDAY)
    expect(captain.card(booking_id)).to_be_visible()
    mate = open_as(MATE)
    watch.expect_error(r"ERR_FAILED \(\S+/workspace/(stream|snapshot)")
    _cut_off(mate, mate.card(booking_id))
    captain.approve(booking_id)
    captain.open_thread(booking_id)
    captain.wait_until_set_up(booking_id)
    mate.approve(booking_id)
    mate.page.unroute_all()
    told = mate.whisper(f"{booking_id.upper()} was already approved by")
    expect(told).to_contain_text("Nothing was done twice")
    expect(mate.card(booking_id).get_by_role("button", name="Approve")).to_have_count(0)
    assert len(rehearsal.sandbox.calendar_entries(booking_id)) == 1


def _cut_off(mate: Workspace, card: Locator) -> None:
    """From here on the page hears nothing; what it shows stays, and its clicks go out."""
    mate.page.route(re.compile("/workspace/stream"), lambda route: route.abort())
    mate.page.reload()
    expect(card).to_be_visible()
    mate.page.route(re.compile("/workspace/snapshot"), lambda route: route.abort())


def test_a_stranger_is_refused_and_told_who_may(
    captain: Workspace, open_as: Callable[..., Workspace], rehearsal: Keeper
) -> None:
    booking_id = captain.forward(SATURDAY)
    stranger = open_as(STRANGER)
    stranger.approve(booking_id)
    expect(stranger.whisper("Only @Cap Tain")).to_contain_text("Nothing was done.")
    expect(captain.card(booking_id).get_by_role("button", name="Approve")).to_be_visible()
    expect(captain.whisper("Nothing was done.")).to_have_count(0)
    assert rehearsal.sandbox.calendar_entries(booking_id) == []


def test_one_page_can_be_several_people(captain: Workspace) -> None:
    booking_id = captain.forward(SATURDAY)
    captain.act_as("Stranger")
    captain.approve(booking_id)
    expect(captain.whisper("Only @Cap Tain")).to_be_visible()
    captain.act_as("Cap Tain")
    expect(captain.whisper("Only @Cap Tain")).to_have_count(0)


def test_an_eml_that_is_dropped_becomes_a_card(captain: Workspace, rehearsal: Keeper) -> None:
    mail = sample(rehearsal.sandbox, "next_saturday")
    captain.page.locator("#channel").evaluate(DROP, ["booking.eml", mail.decode()])
    expect(captain.card(booking_in(mail))).to_be_visible()


def test_a_message_is_read_by_its_shortcut(captain: Workspace, rehearsal: Keeper) -> None:
    mail = sample(rehearsal.sandbox, "next_saturday")
    captain.composer.fill(text_of(mail))
    captain.composer.press("Enter")
    said = captain.channel.get_by_role("article").filter(has_text=booking_in(mail)).first
    expect(said).to_be_visible()
    _more_of(said).click()
    captain.page.get_by_role("menuitem", name=re.compile("Read as booking")).click()
    expect(captain.card(booking_in(mail))).to_be_visible()


def test_a_command_is_completed_and_answered_by_keyboard_alone(captain: Workspace) -> None:
    booking_id = captain.forward(SATURDAY)
    expect(captain.card(booking_id)).to_be_visible()
    keys = captain.page.keyboard
    captain.composer.focus()
    keys.type("/charter sta")
    options = captain.page.get_by_role("option")
    expect(options).to_have_count(1)
    keys.press("ArrowDown")
    expect(options).to_have_attribute("aria-selected", "true")
    keys.press("Enter")
    expect(captain.composer).to_have_value("/charter status ")
    keys.type(booking_id)
    keys.press("Enter")
    expect(captain.whisper(booking_id.upper())).to_be_visible()


def test_a_card_is_approved_by_keyboard_alone(captain: Workspace) -> None:
    booking_id = captain.forward(SATURDAY)
    card = captain.card(booking_id)
    expect(card).to_be_visible()
    keys = captain.page.keyboard
    captain.page.locator("#centre").focus()
    _tab_to(captain.page, card.get_by_role("button", name="Approve"))
    keys.press("Enter")
    _tab_to(captain.page, captain.dialog.get_by_role("button", name="Approve"))
    keys.press("Enter")
    expect(captain.dialog).to_have_count(0)
    replies = card.get_by_role("button", name=re.compile(r"^\d+ repl"))
    expect(replies).to_be_visible()
    _opens_by_key(captain, replies)
    captain.wait_until_set_up(booking_id)
    _tab_to(
        captain.page,
        captain.reply("is set up").get_by_role("button", name="Invalidate cache"),
        backwards=True,
    )
    keys.press("Enter")
    expect(captain.reply("The live page is what was published")).to_be_visible()
    keys.press("Escape")
    expect(replies).to_be_focused()


def _opens_by_key(captain: Workspace, replies: Locator) -> None:
    """Enter, and once more if it met the message just while it was drawn anew with its replies."""
    for _ in range(3):
        _tab_to(captain.page, replies)
        captain.page.keyboard.press("Enter")
        try:
            expect(captain.thread).to_be_visible(timeout=_OPENS_WITHIN_MS)
        except AssertionError:
            continue
        return
    expect(captain.thread).to_be_visible()


def test_what_comes_is_announced_once(captain: Workspace) -> None:
    live = captain.page.locator("#live")
    booking_id = captain.forward(SATURDAY)
    expect(captain.card(booking_id)).to_be_visible()
    expect(live).to_contain_text(re.compile("New charter: JADA"))


def test_home_shows_what_waits_and_leads_to_it(captain: Workspace) -> None:
    booking_id = captain.forward(SATURDAY)
    expect(captain.card(booking_id)).to_be_visible()
    captain.open_home()
    expect(captain.home).to_contain_text(booking_id.upper())


def test_a_thread_that_lies_under_the_world_comes_back_to_the_front(captain: Workspace) -> None:
    captain.page.set_viewport_size({"width": 1440, "height": 900})
    booking_id = captain.set_up(SATURDAY)
    closing = captain.reply("is set up")
    replies = captain.card(booking_id).get_by_role("button", name=re.compile(r"^\d+ repl"))
    captain.page.get_by_role("button", name="World", exact=True).click()
    expect(closing).not_to_be_in_viewport()
    replies.click()
    expect(closing).to_be_in_viewport()


def _tab_to(page: Page, target: Locator, *, backwards: bool = False) -> None:
    """Press Tab until the focus is there, and is seen to be."""
    for _ in range(600):  # the channel is as long as the tests before made it
        if target.evaluate("(node) => node === document.activeElement"):
            break
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
    expect(target).to_be_focused()
    outline = target.evaluate("(node) => getComputedStyle(node).outlineStyle")
    shadow = target.evaluate("(node) => getComputedStyle(node).boxShadow")
    assert outline != "none" or shadow != "none"


def _more_of(message: Locator) -> Locator:
    message.focus()  # what the mouse is over moves as messages come
    return message.get_by_role("button", name="More actions")
