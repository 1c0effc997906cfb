"""How soon the workspace's page shows what the bot says, and how smooth it stays, at 500 messages.

The bot's calls are made here with its own token: first while the page rests, then while somebody
scrolls through the channel. A call is shown once the browser has painted it.

    python -m bench.workspace
"""

import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Page
from slack_sdk import WebClient

from sandbox.driver import Sandbox, start_sandbox
from sandbox.people import CHANNEL
from tests.browser.chromium import launched

MESSAGES, CALLS = 500, 100
PAUSE_SECONDS = 0.05  # after each call
_WIDE = {"viewport": {"width": 1280, "height": 800}}
# The moment, in milliseconds since 1970, at which words that are looked for were painted.
_WATCH = """() => {
    window.painted = new Map();
    const shows = (node) => {
        const words = /Call \\d+ [a-z ]+\\./.exec(node.textContent)?.[0];
        if (!words || window.painted.has(words)) return;
        window.painted.set(words, 0);
        requestAnimationFrame(() => setTimeout(() => window.painted.set(words, Date.now())));
    };
    const all = { subtree: true, childList: true, characterData: true };
    new MutationObserver((changes) => changes.forEach((change) => {
        if (change.type === "characterData") shows(change.target);
        else change.addedNodes.forEach(shows);
    })).observe(document.querySelector("#channel"), all);
    window.longTasks = [];
    new PerformanceObserver((seen) => window.longTasks.push(
        ...seen.getEntries().map((task) => task.duration))).observe({ type: "longtask" });
    window.frames = [];
    let last = performance.now();
    const frame = (now) => {
        window.frames.push(now - last);
        last = now;
        requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
}"""

_ALL_PAINTED = """(count) =>
    window.painted.size === count && [...window.painted.values()].every((when) => when > 0)"""


def main() -> None:
    """Print a line for the page at rest and one while it is scrolled."""
    with (
        tempfile.TemporaryDirectory() as folder,
        start_sandbox(Path(folder), rate_scale=10_000.0) as sandbox,
        launched() as browser,
    ):
        bot = _Bot(sandbox)
        bot.fills_the_channel()
        page = browser.new_context(**_WIDE).new_page()
        began = time.monotonic()
        page.goto(sandbox.control_url)
        page.get_by_text(f"Message {MESSAGES}.").first.wait_for()
        print(
            f"workspace: {MESSAGES} messages shown {time.monotonic() - began:.2f} s after opening"
        )
        for how, meanwhile in (("at rest", _rests), ("while scrolled", _scrolls)):
            page.evaluate(_WATCH)
            shown = _calls(page, bot, how, meanwhile)
            longest = page.evaluate("Math.max(0, ...window.longTasks)")
            frames = sorted(page.evaluate("window.frames"))
            print(
                f"workspace {how}: a call of the bot is shown after {_percentiles(shown)}; frames "
                f"{_percentiles(frames)}; longest task {longest:.0f} ms"
            )
            page.reload()
            page.get_by_text(f"Message {MESSAGES}.").first.wait_for()


class _Bot:
    """What the bot does, as fast as it is asked to."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._client = WebClient(
            sandbox.env["SLACK_BOT_TOKEN"], base_url=f"{sandbox.env['SLACK_API_URL'].rstrip('/')}/"
        )
        self._last = ""

    def fills_the_channel(self) -> None:
        for number in range(1, MESSAGES + 1):
            self.posts(f"Message {number}.")

    def posts(self, words: str) -> None:
        self._last = self._client.chat_postMessage(channel=CHANNEL, **_card(words))["ts"]

    def updates(self, words: str) -> None:
        self._client.chat_update(channel=CHANNEL, ts=self._last, **_card(words))


def _calls(
    page: Page, bot: _Bot, how: str, meanwhile: Callable[[Page], Iterator[None]]
) -> list[float]:
    """Milliseconds from each call, posts and updates in turn, until it was painted."""
    wanted = [f"Call {number} {how}." for number in range(CALLS)]
    began: dict[str, float] = {}

    def call() -> None:
        for number, words in enumerate(wanted):
            began[words] = time.time() * 1000
            (bot.updates if number % 2 else bot.posts)(words)
            time.sleep(PAUSE_SECONDS)

    caller = threading.Thread(target=call)
    caller.start()
    for _ in meanwhile(page):
        if not caller.is_alive():
            break
    caller.join()
    page.wait_for_function(_ALL_PAINTED, arg=CALLS, timeout=10_000)
    painted: dict[str, float] = page.evaluate("Object.fromEntries(window.painted)")
    return sorted(painted[words] - began[words] for words in wanted)


def _rests(page: Page) -> Iterator[None]:
    while True:
        page.wait_for_timeout(100)
        yield


def _scrolls(page: Page) -> Iterator[None]:
    """Up and down with the wheel, over the middle of the channel."""
    page.mouse.move(500, 400)
    while True:
        for step in (-400, 400):
            for _ in range(40):
                page.mouse.wheel(0, step)
                yield


def _percentiles(milliseconds: list[float]) -> str:
    """Of a sorted list."""
    p95 = milliseconds[round(len(milliseconds) * 0.95) - 1]
    median = statistics.median(milliseconds)
    return f"p50 {median:.0f} ms, p95 {p95:.0f} ms, longest {milliseconds[-1]:.0f} ms"


def _card(words: str) -> dict[str, Any]:
    """About as much as an approval card has."""
    fields = [f"*{label}*\nSome words about the {label.lower()}" for label in _LABELS]
    return {
        "text": words,
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": words}},
            {"type": "section", "fields": [{"type": "mrkdwn", "text": text} for text in fields]},
            {"type": "context", "elements": [{"type": "mrkdwn", "text": "From *Boatsetter*"}]},
            {"type": "actions", "elements": [_button("Approve"), _button("Edit")]},
        ],
    }


_LABELS = ("Boat", "When", "Duration", "Guests", "Renter", "Payout")


def _button(words: str) -> dict[str, Any]:
    text = {"type": "plain_text", "text": words}
    return {"type": "button", "action_id": words.lower(), "value": "{}", "text": text}


if __name__ == "__main__":
    main()
