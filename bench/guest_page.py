"""The guest's page beside a plain one written by hand: weight, requests, first paint, axe-core.

Both come from one server, in turn, to one browser: at once, and as over a poor mobile connection.

    python -m bench.guest_page
"""

import gzip
import statistics
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from sandbox.bot_process import BotProcess
from sandbox.driver import start_sandbox
from tests.browser.axe import violations
from tests.browser.chromium import launched

LOADS = 31
PLAIN = Path(__file__).with_name("plain_page.html")
SAMPLE = Path(__file__).parents[1] / "sandbox" / "samples" / "1-xhqgmdh-instant-gmail.eml"
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 3, "is_mobile": True}
# What browsers' own tools call slow 4G: 150 ms each way and back, 1.6 Mbit/s down, 0.75 up.
SLOW = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 0.75e6 / 8,
}
_FIRST_PAINT = """() => new Promise((found) => new PerformanceObserver((seen, observer) => {
    const paint = seen.getEntriesByName("first-contentful-paint")[0];
    if (paint) { observer.disconnect(); found(paint.startTime); }
}).observe({ type: "paint", buffered: true }))"""


@dataclass
class Seen:
    """What was measured of one page. Times are milliseconds from the navigation."""

    requests: list[int] = field(default_factory=list)
    paints: dict[str, list[float]] = field(default_factory=dict)
    axe: list[str] = field(default_factory=list)


def main() -> None:
    """Print a line for each page, and the ratios."""
    pages = {"guest page": _guest_page(), "plain page": PLAIN.read_bytes()}
    with _served(pages) as urls, launched() as browser:
        seen = _measured(browser, urls)
    for name, body in pages.items():
        paints = ", ".join(f"{how} {_median(seen[name], how):.0f} ms" for how in seen[name].paints)
        print(
            f"{name}: {len(body)} bytes ({len(gzip.compress(body))} gzipped), "
            f"{max(seen[name].requests)} request, first paint (median of {LOADS}) {paints}; "
            f"axe-core: {len(seen[name].axe)} violations"
        )
    for how in seen["guest page"].paints:
        ratio = _median(seen["guest page"], how) / _median(seen["plain page"], how)
        print(f"guest page to plain page, first paint {how}: ratio {ratio:.2f}")


def _measured(browser: Browser, urls: Mapping[str, str]) -> dict[str, Seen]:
    seen = {name: Seen() for name in urls}
    with _phone(browser) as context:
        page = context.new_page()
        for how, conditions in (("at once", None), ("on slow 4G", SLOW)):
            _throttle(page, conditions)
            for number in range(LOADS + 1):  # the first warms up what both need
                for name, url in urls.items():
                    paint = _load(page, url, seen[name])
                    if number:
                        seen[name].paints.setdefault(how, []).append(paint)
        _throttle(page, None)
        for name, url in urls.items():
            page.goto(url)
            seen[name].axe = violations(page)
    return seen


def _load(page: Page, url: str, seen: Seen) -> float:
    """Milliseconds until something of the page was painted."""
    asked: list[str] = []

    def count(request: Any) -> None:
        if request.url.startswith("http"):
            asked.append(request.url)

    page.goto("about:blank")
    page.on("request", count)
    page.goto(url, wait_until="networkidle")
    paint = float(page.evaluate(_FIRST_PAINT))
    page.remove_listener("request", count)
    seen.requests.append(len(asked))
    return paint


def _throttle(page: Page, conditions: Mapping[str, Any] | None) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    free = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    session.send("Network.emulateNetworkConditions", dict(conditions or free))


def _median(seen: Seen, how: str) -> float:
    return statistics.median(seen.paints[how])


def _guest_page() -> bytes:
    """The sample's page, as it is published."""
    with (
        tempfile.TemporaryDirectory() as folder,
        start_sandbox(Path(folder), rate_scale=1000.0) as sandbox,
        BotProcess(sandbox.env, Path(folder)) as bot,
    ):
        bot.wait_ready(60)
        captain = sandbox.slack.as_user("U0CAPTAIN")
        captain.forwards(SAMPLE.read_bytes())
        card = sandbox.slack.wait_for_message("Booking: XHQGMDH")
        captain.clicks(card, "approve")
        sandbox.slack.wait_for_message("is set up", thread=card.ts)
        return sandbox.fetch("/g/xhqgmdh").content


@contextmanager
def _phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(**PHONE)
    yield context
    context.close()


@contextmanager
def _served(pages: Mapping[str, bytes]) -> Iterator[dict[str, str]]:
    """The address of each page."""
    bodies = {f"/{number}": body for number, body in enumerate(pages.values())}
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(bodies))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        host = f"http://127.0.0.1:{server.server_port}"
        yield dict(zip(pages, (host + path for path in bodies), strict=True))
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(bodies: Mapping[str, bytes]) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = bodies.get(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body or b"")))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Handler


if __name__ == "__main__":
    main()
