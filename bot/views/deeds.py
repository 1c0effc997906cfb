"""What somebody did, in a line."""

from collections.abc import Mapping

from bot.domain.board import Deed
from bot.views import blocks
from bot.views.blocks import Line
from bot.views.press import CANCEL, INVALIDATE, PUBLISHED_AGAIN, RESEND, SCRUB
from bot.views.text import clock, plain, shown_id

_PRESSED: Mapping[str, tuple[str, str]] = {
    SCRUB: ("scrubbed of revenue", "scrubbing revenue"),
    RESEND: ("fresh crew links mailed", "mailing fresh crew links"),
    INVALIDATE: ("cache invalidated", "invalidating the cache"),
    CANCEL: ("cancelled", "cancelling"),
    PUBLISHED_AGAIN: ("cancellation published again", "publishing the cancellation again"),
}
"""What became of a button: that it was done, and what was tried."""


def deed(done: Deed) -> Line:
    """Which charter, what, by whom, when."""
    name = shown_id(done.booking_id) if done.booking_id else None
    return (
        *((blocks.link(done.card, name), blocks.glue(" ")) if name else ()),
        blocks.glue(f"{_words(done.what)} by "),
        blocks.person(done.who),
        blocks.glue(f", {clock(done.at, done.boat)}"),
    )


def _words(what: str) -> str:
    """The audit's word for a deed as people say it; one that is new here stands as it is."""
    name, _, outcome = what.rpartition(" ")
    if outcome == "begun":
        return "retried"
    well, tried = _PRESSED.get(name, ("", ""))
    by_outcome = {
        "done": well,
        "partly": f"{well} (the guest page does not say so yet)",
        "failed": f"{tried} failed, asked for",
        "unknown": f"{tried}: not known whether it happened, asked for",
    }
    return (well and by_outcome.get(outcome)) or plain(what.replace("_", " "), 80) or "changed"
