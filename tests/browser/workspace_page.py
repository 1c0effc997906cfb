"""The workspace's page as a person uses it: by the roles and names that it shows."""

import re
from typing import Self

from playwright.sync_api import Locator, Page, expect

CAPTAIN, MATE, CREW, STRANGER = "U0CAPTAIN", "U0MATE", "U0CREW", "U0STRANGER"
# Frames and pages that keep nothing have no tour either.
SEEN_TOUR = "try { localStorage.setItem('charter-tour', 'seen') } catch {}"
RUN_SECONDS = 40
_ID = re.compile(r"Booking ID:?\s*(\w+)")


class Workspace:
    """One person's page.

    Attributes:
        page: Playwright's.
        channel: the messages in the centre.
        home: the app's Home tab.
        thread: the panel of the open thread.
        world: the panel of the outside systems.
        dialog: the modal or the question that is open.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.channel = page.get_by_role("log", name=re.compile("^Messages in"))
        self.thread = page.get_by_role("complementary", name="Thread")
        self.home = page.get_by_role("region", name="Home of Charter")
        self.world = page.get_by_role("complementary", name="World")
        self.dialog = page.locator("dialog[open]")
        self.composer = page.get_by_role("textbox", name=re.compile("^Message #"))

    def open(self, url: str, user: str) -> Self:
        self.page.goto(f"{url}/?as={user}")
        expect(self.composer).to_be_editable()
        return self

    def forward(self, title: str) -> str:
        """Forward a mail from the shelf; the id of its booking, lower-case."""
        with self.page.expect_response(re.compile("/workspace/samples/")) as told:
            self.page.get_by_role("button", name=f"Forward {title}").click()
        mail = self.channel.locator(f'[data-ts="{told.value.json()["ts"]}"]')
        expect(mail).to_contain_text(_ID)
        found = _ID.search(mail.text_content() or "")
        assert found
        return found[1].lower()

    def card(self, booking_id: str) -> Locator:
        """The booking's card in the channel."""
        return self.channel.get_by_role("article").filter(has_text=_booking(booking_id))

    def approve(self, booking_id: str) -> None:
        self.press(self.card(booking_id), "Approve", confirm="Approve")

    def press(self, where: Locator, button: str, *, confirm: str = "") -> None:
        """Press a button, and say yes to what is then asked."""
        where.get_by_role("button", name=button, exact=True).click()
        if confirm:
            self.dialog.get_by_role("button", name=confirm, exact=True).click()
            expect(self.dialog).to_have_count(0)

    def open_thread(self, booking_id: str) -> Locator:
        """The panel with the charter's thread in it."""
        self.card(booking_id).get_by_role("button", name=re.compile(r"^\d+ repl")).click()
        expect(self.thread.get_by_role("article").first).to_contain_text(_booking(booking_id))
        return self.thread

    def set_up(self, title: str) -> str:
        """Forward, approve, and wait in the thread until all is done; the booking's id."""
        booking_id = self.forward(title)
        self.approve(booking_id)
        self.open_thread(booking_id)
        self.wait_until_set_up(booking_id)
        return booking_id

    def wait_until_set_up(self, booking_id: str) -> None:
        done = self.thread.get_by_role("heading", name=f"{booking_id.upper()} is set up")
        expect(done).to_be_visible(timeout=RUN_SECONDS * 1000)

    def reply(self, words: str | re.Pattern[str]) -> Locator:
        """The newest message of the open thread that says so."""
        return self.thread.get_by_role("article").filter(has_text=words).last

    def tab(self, name: str) -> Locator:
        """A tab of the world panel, brought to the front."""
        self.world.get_by_role("tab", name=re.compile(f"^{name}")).click()
        return self.world.get_by_role("tabpanel", name=re.compile(f"^{name}"))

    def crew_event(self, booking_id: str) -> Locator:
        """The booking's event in the world panel."""
        return self.tab("Crew").get_by_role("article").filter(has_text=booking_id.upper())

    def turn(self, fault: str, *, on: bool = True) -> None:
        """Turn a lasting fault on or off."""
        control = self.tab("Faults").get_by_role("switch", name=fault)
        expect(control).to_have_attribute("aria-checked", str(not on).lower())
        control.click()
        expect(control).to_have_attribute("aria-checked", str(on).lower())

    def arm(self, fault: str) -> None:
        """Arm a fault for the next chance."""
        faults = self.tab("Faults")
        faults.get_by_role("button", name=f"Arm: {fault}").click()
        expect(faults.get_by_role("button", name=f"Disarm: {fault}")).to_be_visible()

    def act_as(self, name: str) -> None:
        self.page.get_by_role("button", name=re.compile(r"You are|Act as")).click()
        self.page.get_by_role("menuitemradio", name=re.compile(name)).click()
        switch = self.page.get_by_role("button", name=re.compile(r"You are|Act as"))
        expect(switch).to_contain_text(name)

    def whisper(self, words: str | re.Pattern[str]) -> Locator:
        """What only this person sees."""
        shown = self.page.get_by_role("article").filter(has_text="Only visible to you")
        return shown.filter(has_text=words).last

    def part(self, name: str) -> None:
        """Bring a part to the front where only one has room: Menu, Channel, Thread, World."""
        bar = self.page.get_by_role("navigation", name="Parts of the page")
        if bar.is_visible():
            bar.get_by_role("button", name=name).click()

    def open_home(self) -> None:
        self.page.get_by_role("button", name=re.compile("^Charter.*Home")).click()
        expect(self.home).to_be_visible()

    def is_no_wider_than_the_window(self) -> bool:
        """Whether nothing makes it scroll sideways."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def _booking(booking_id: str) -> re.Pattern[str]:
    return re.compile(rf"Booking:\s*{booking_id.upper()}\b")
