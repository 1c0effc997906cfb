"""Pages that are watched: what they ask for, and what goes wrong in them unseen."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Request

PATIENCE = 20_000  # milliseconds
_HERE = {"127.0.0.1", "localhost"}
_NOWHERE = {"about", "blob", "data"}


class Watch:
    """Opens pages in contexts of their own, and writes down all that must not happen in them.

    Attributes:
        complaints: errors on the console, exceptions, dialogs, requests to other machines.
    """

    def __init__(self, browser: Browser) -> None:
        self.complaints: list[str] = []
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self._expected: list[str] = []

    def page(self, **options: Any) -> Page:
        """An empty page in a context of its own; `options` are those of Playwright's contexts."""
        context = self._browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        context.on("request", self._requested)
        context.on("console", self._logged)
        context.on("dialog", self._asked)
        context.on("weberror", lambda error: self._complain(f"exception: {error.error}"))
        context.on("page", lambda page: page.on("websocket", self._connected))
        self._contexts.append(context)
        return context.new_page()

    def expect_error(self, pattern: str) -> None:
        """An error that belongs to the test: browsers log each refused request as one."""
        self._expected.append(pattern)

    def unexpected(self) -> list[str]:
        """The complaints that no test asked for."""
        return [
            each
            for each in self.complaints
            if not any(re.search(pattern, each) for pattern in self._expected)
        ]

    def photograph(self, folder: Path) -> list[Path]:
        """What every open page shows, to look at after a test that failed."""
        taken = []
        for number, page in enumerate(page for each in self._contexts for page in each.pages):
            path = folder / f"page-{number}.png"
            page.screenshot(path=path, full_page=True)
            taken.append(path)
        return taken

    def close(self) -> None:
        for context in self._contexts:
            context.close()

    def _asked(self, dialog: Dialog) -> None:
        """No page here has a reason to use the browser's own; somebody's script might."""
        self._complain(f"{dialog.type}: {dialog.message}")
        dialog.dismiss()

    def _requested(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme not in _NOWHERE and url.hostname not in _HERE:
            self._complain(f"request: {request.method} {request.url}")

    def _connected(self, socket: Any) -> None:
        if urlsplit(socket.url).hostname not in _HERE:
            self._complain(f"socket: {socket.url}")

    def _logged(self, message: ConsoleMessage) -> None:
        where = message.location
        # What has no address was run by the test itself: axe-core, or the taking of a picture.
        if message.type in ("error", "assert") and where["url"]:
            self._complain(f"console: {message.text} ({where['url']}:{where['lineNumber']})")

    def _complain(self, what: str) -> None:
        self.complaints.append(what)
