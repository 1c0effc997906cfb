"""The Chromium that is on this machine, driven without a window; none is ever downloaded."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from tests.browser.missing import HOW_TO_GET

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_MACOS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
# Beside what Playwright itself turns off: whatever is not on this machine goes to a proxy that is
# not there, and so fails at once, names and numbers alike. Loopback never goes by way of a proxy.
_QUIET = (
    "--proxy-server=http://127.0.0.1:9",
    "--no-pings",
    "--disable-sync",
    "--disable-domain-reliability",
)


def executable() -> str | None:
    """Where it is: where CHARTER_CHROMIUM says, else on the path, else among macOS's programs."""
    if said := os.environ.get("CHARTER_CHROMIUM"):
        return shutil.which(said)
    found = filter(None, map(shutil.which, (*_NAMES, *_MACOS)))
    return next(found, None)


@contextmanager
def launched() -> Iterator[Browser]:
    """A browser for as long as the block runs, in which no coroutine can be awaited.

    Raises:
        SystemExit: there is none; its text says how to get one.
    """
    path = executable()
    if path is None:
        raise SystemExit(HOW_TO_GET["Chromium"])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_QUIET))
        try:
            yield browser
        finally:
            browser.close()
