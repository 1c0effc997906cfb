"""The pictures in docs/pictures/, taken anew of one rehearsal: always the same mails and windows.

python -m tests.browser.pictures
"""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from sandbox.keeper import Keeper
from tests.browser.chromium import launched
from tests.browser.workspace_page import CAPTAIN, SEEN_TOUR, Workspace

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
DESK = {"width": 1360, "height": 850}
WIDE = {"width": 1700, "height": 950}
PHONE = {"width": 390, "height": 844}
SATURDAY, ENDED = "Next Saturday, 10:00 AM", "Ended an hour ago"
DISCREET = {"slack": {"show_payout": False}}  # as `charter sandbox` has it
_SLOW = {"crew_service": 3.0}  # seconds a call, so that the run is seen under way


def main() -> None:
    """Take them all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        Keeper(Path(folder), rate_scale=50.0, settings=DISCREET) as rehearsal,
        launched() as browser,
    ):
        studio = Studio(rehearsal, browser)
        studio.workspace()
        studio.pages()
    pictures = sorted(FOLDER.glob("*.png"))
    _make_small(pictures)
    for picture in pictures:
        print(f"{picture.name}: {picture.stat().st_size // 1000} KB")


def _make_small(pictures: list[Path]) -> None:
    """A third of the size with the 256 colours that matter, where there is a program for it."""
    if shutil.which("pngquant") is None:
        print("They are large as they are: install pngquant, and say make pictures again.")
        return
    how = ("--force", "--ext", ".png", "--strip", "--speed", "1")
    subprocess.run(["pngquant", *how, "--", *map(str, pictures)], check=True)


class Studio:
    """Where they are taken, in the order in which things happen."""

    def __init__(self, rehearsal: Keeper, browser: Browser) -> None:
        self._rehearsal = rehearsal
        self._browser = browser
        self._booking_id = ""

    def workspace(self) -> None:
        with self._page(DESK) as page:
            captain = self._captain(page)
            self._booking_id = booking_id = captain.forward(SATURDAY)
            expect(captain.card(booking_id)).to_be_visible()
            self._take(page, "card")
            captain.press(captain.card(booking_id), "Edit")
            expect(captain.dialog.get_by_role("button", name="Save")).to_be_visible()
            self._take(page, "edit")
            page.keyboard.press("Escape")
            expect(captain.dialog).to_have_count(0)
        with self._page(WIDE) as page:
            captain = self._captain(page)
            self._rehearsal.sandbox.set_latencies(_SLOW)
            captain.approve(booking_id)
            captain.open_thread(booking_id)
            checklist = captain.reply(f"Charter {booking_id.upper()}")
            for step, state in (("Live check", "Done"), ("Crew event", "Running")):
                line = checklist.get_by_role("listitem").filter(has_text=step)
                expect(line.get_by_role("img", name=state)).to_be_visible()
            captain.tab("Calls")
            self._take(page, "under-way")
            self._rehearsal.sandbox.clear_latencies()
            captain.wait_until_set_up(booking_id)
            self._scrubbed(captain)
            self._take(page, "scrubbed")
            captain.open_home()
            expect(captain.home).to_contain_text(booking_id.upper())
            self._take(page, "home")
        with self._page(DESK, color_scheme="dark") as page:
            captain = self._captain(page)
            captain.open_thread(booking_id)
            captain.wait_until_set_up(booking_id)
            self._take(page, "dark")

    def pages(self) -> None:
        """What guests and crew see, and a mail."""
        sandbox = self._rehearsal.sandbox
        guest_page = f"{sandbox.urls['edge']}/g/{self._booking_id}"
        called = next(mail for mail in sandbox.mails() if "magic_link" in (mail["text"] or ""))
        link = re.search(r"http\S+magic_link=\S+", called["text"])
        assert link
        shots: dict[str, tuple[str, dict[str, Any]]] = {
            "guest-phone": (guest_page, {"viewport": PHONE}),
            "guest-phone-dark": (guest_page, {"viewport": PHONE, "color_scheme": "dark"}),
            "guest-wide": (guest_page, {"viewport": DESK}),
            "crew-phone": (link[0], {"viewport": PHONE}),
            "mail": (f"{sandbox.control_url}/workspace/mails/{called['id']}", {"viewport": PHONE}),
        }
        for name, (url, options) in shots.items():
            with self._page(**options) as page:
                page.goto(url)
                self._take(page, name)

    def _scrubbed(self, captain: Workspace) -> None:
        event = captain.crew_event(self._booking_id)
        event.get_by_role("button", name=re.compile("Write revenue")).click()
        notes = event.get_by_role("region", name="Notes, before and after")
        expect(notes).to_contain_text("$840.75")
        captain.press(captain.reply("is set up"), "Scrub revenue", confirm="Scrub")
        expect(captain.reply("removed from the stored crew event")).to_be_visible()
        expect(notes).to_contain_text("[removed]")

    def _captain(self, page: Page) -> Workspace:
        return Workspace(page).open(self._rehearsal.sandbox.control_url, CAPTAIN)

    @contextmanager
    def _page(self, viewport: Any, **options: Any) -> Iterator[Page]:
        context = self._browser.new_context(
            viewport=viewport, reduced_motion="reduce", locale="en-GB", **options
        )
        context.add_init_script(SEEN_TOUR)
        yield context.new_page()
        context.close()

    def _take(self, page: Page, name: str) -> None:
        page.mouse.move(0, 0)  # nothing is lit by the mouse
        page.screenshot(path=FOLDER / f"{name}.png", animations="disabled", caret="hide")


if __name__ == "__main__":
    main()
