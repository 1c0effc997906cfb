"""Short answers: to a click, to a command, and (from files of their own) to a mail or a Cancel."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.boat import Boat
from bot.domain.booking import WHAT_AN_ID_IS, as_booking_id
from bot.domain.charter import State
from bot.domain.message import Message
from bot.domain.progress import Overview
from bot.views import blocks
from bot.views.cancelling import (
    ask_to_cancel,
    cancelled,
    is_cancelled,
    not_published,
    still_running,
)
from bot.views.card import outcome
from bot.views.mail_replies import (
    already_known,
    card_posted,
    drift,
    not_a_booking,
    recognised,
    recognised_unknown,
    reply,
    unreadable,
)
from bot.views.press import COMMAND
from bot.views.text import clock, count, inert, mention, plain, shown_id

__all__ = [
    "already_known",
    "ask_to_cancel",
    "blocked",
    "cancelled",
    "card_posted",
    "drift",
    "failed",
    "invalidated",
    "is_cancelled",
    "mail_counted",
    "no_question",
    "no_such_charter",
    "not_a_booking",
    "not_published",
    "not_yet",
    "nothing_to_retry",
    "recognised",
    "recognised_unknown",
    "refusal",
    "resend_too_soon",
    "resent",
    "retried_since",
    "retry_started",
    "scrub_gave_up",
    "scrubbed",
    "stale",
    "still_running",
    "superseded",
    "unreadable",
    "went_wrong",
]

_MOST = 12
_NO_RETRY = {
    State.PROPOSED: "it was never approved",
    State.REJECTED: "it was never approved",
    State.RUNNING: "it is still running",
    State.CANCELLED: "it is cancelled",
}


def refusal(operators: Sequence[str], what: str = "do this") -> Message:
    """To someone who may not. `operators`: users and user groups who may."""
    if not operators:
        text = f"Nobody may {what}: slack.operators names nobody. Nothing was done."
        return reply([blocks.glue(text)], text)
    listed = operators[:_MOST]
    line: list[blocks.Element] = [blocks.glue("Only ")]
    for index, operator in enumerate(listed):
        line += [*([blocks.glue(", ")] if index else []), blocks.person(operator)]
    more = f" and {len(operators) - len(listed)} more" if len(operators) > len(listed) else ""
    end = f"{more} may {what}. Nothing was done."
    return reply([*line, blocks.glue(end)], f"Only {', '.join(map(mention, listed))}{end}")


def stale(overview: Overview) -> Message:
    """To a click on a card that was decided or edited since it was drawn."""
    decision, name = overview.decision, shown_id(overview.booking_id)
    if decision is None:
        text = f"The card of {name} has changed since. It is fresh again; look once more."
        return reply([blocks.glue(text)], text)
    verb = "approved" if decision.approved else "rejected"
    at = clock(decision.at, overview.proposal.boat)
    became = f"{outcome(overview)} Nothing was done twice."
    line = [
        blocks.glue(f"{name} was already {verb} by "),
        blocks.person(decision.user),
        blocks.glue(f" on {at}. "),
        blocks.words(became, 500),
    ]
    fallback = (
        f"{name} was already {verb} by {mention(decision.user)} on {at}. {inert(became, 500)}"
    )
    return reply(line, fallback)


def blocked(booking_id: str, blockers: Sequence[str]) -> Message:
    """To an approval of a card with open questions."""
    text = f"{shown_id(booking_id)} cannot be approved yet. Press Edit on its card to settle:"
    bullets = [(blocks.words(sentence),) for sentence in blockers[:_MOST]]
    return blocks.message(text, [blocks.rich([(blocks.glue(text),)], bullets=bullets)])


def no_such_charter(asked: str, near: Sequence[str] = ()) -> Message:
    """To an id that is none, or that nobody knows. `near`: ids that look like it."""
    booking_id = as_booking_id(asked)
    if booking_id is None:
        text = f"No such charter. {WHAT_AN_ID_IS}"
        return reply([blocks.glue(text)], text)
    ids = ", ".join(shown_id(other) for other in near[:_MOST])
    hint = f"Did you mean {ids}?" if ids else f"{COMMAND} list shows those that there are."
    text = f"No such charter: {shown_id(booking_id)}. {hint}"
    return reply([blocks.glue(text)], text)


def scrubbed(booking_id: str, fields: Sequence[str]) -> Message:
    """After a scrub that was read back. `fields`: names, never values."""
    name = shown_id(booking_id)
    if not fields:
        text = f"{name}: nothing to scrub. The stored crew event holds no revenue."
        return reply([blocks.glue(text)], text)
    names = ", ".join(fields[:_MOST])
    text = f"{name}: removed from the stored crew event, and read back: "
    return reply([blocks.glue(text), blocks.words(names, 500)], text + inert(names, 500))


def scrub_gave_up(booking_id: str) -> Message:
    """After a scrub that lost every race against another writer."""
    text = (
        f"{shown_id(booking_id)}: nothing was scrubbed. The crew event was being changed by "
        "someone else each time. Press Scrub revenue again in a minute."
    )
    return reply([blocks.glue(text)], text)


def resent(booking_id: str, links: int) -> Message:
    """After fresh links went out."""
    text = f"{shown_id(booking_id)}: {count(links, 'fresh crew link')} mailed."
    return reply([blocks.glue(text)], text)


def resend_too_soon(booking_id: str, again_at: datetime, boat: Boat | None) -> Message:
    """To a second resend within a minute. `again_at`: when it may be pressed again."""
    text = (
        f"{shown_id(booking_id)}: crew links were asked for less than a minute ago, "
        f"so none were mailed now. It can be pressed again from {_second(again_at, boat)}."
    )
    return reply([blocks.glue(text)], inert(text, 400))


def invalidated(booking_id: str, *, trouble: str = "", url: str | None = None) -> Message:
    """After the edge has forgotten the page. `trouble`: why it is not seen as it was published."""
    live = "is not seen as it was published:" if trouble else "is what was published."
    text = f"{shown_id(booking_id)}: the cache was invalidated. The live page {live}"
    again = "Wait a minute and press Invalidate cache again."
    told = f"{plain(trouble, 400)} {again}" if trouble else ""
    line: list[blocks.Element] = [blocks.glue(text)]
    line += [blocks.words(told, 500)] if told else []
    line += [blocks.link(url, "Open the page")] if url else []
    return reply(line, f"{text} {inert(told, 500)}".rstrip(), space=1)


def retry_started(booking_id: str, labels: Sequence[str]) -> Message:
    """After Retry. `labels`: the steps that are not done."""
    text = f"{shown_id(booking_id)}: trying again what is not done: "
    names = ", ".join(labels[:_MOST]) or "nothing is left, so it only looks once more"
    return reply([blocks.glue(text), blocks.words(names, 500)], text + inert(names, 500))


def superseded() -> Message:
    """In place of an earlier run's closing reply, so that its buttons are gone."""
    text = "This was an earlier run; what became of it stands in the charter's thread."
    return reply([blocks.glue(text)], text)


def nothing_to_retry(overview: Overview) -> Message:
    """To a Retry of a charter that needs none."""
    why = _NO_RETRY.get(overview.state, "every step is done")
    text = f"{shown_id(overview.booking_id)}: nothing to retry, {why}."
    return reply([blocks.glue(text)], text)


def retried_since(overview: Overview) -> Message:
    """To a Retry of an earlier run than the one that now needs a person."""
    text = (
        f"{shown_id(overview.booking_id)} was retried since that button was drawn. Nothing was "
        "done; look in the thread how that ended, then press Retry there."
    )
    return reply([blocks.glue(text)], text)


def mail_counted(overview: Overview, who: str) -> Message:
    """After It arrived."""
    name = shown_id(overview.booking_id)
    before, after = f"{name}: the operations mail counts as sent, because ", " has seen it."
    left = "" if overview.state is State.DONE else " Something else is left: press Retry for it."
    line = (blocks.glue(before), blocks.person(who), blocks.glue(f"{after}{left}"))
    return reply(line, f"{before}{mention(who)}{after}{left}")


def no_question(overview: Overview) -> Message:
    """To It arrived, where nobody asks."""
    text = (
        f"{shown_id(overview.booking_id)}: whether its operations mail went out is no question, so "
        "nothing was done."
    )
    return reply([blocks.glue(text)], text)


def not_yet(booking_id: str, what: str) -> Message:
    """To a button whose object does not exist yet. `what`: "crew event", "guest page"."""
    text = f"{shown_id(booking_id)} has no {what} yet, so nothing was done."
    return reply([blocks.words(text)], inert(text))


def not_approved(overview: Overview) -> Message:
    """To a button for a charter that is set up, of one that is not approved."""
    if not overview.restored:
        return not_yet(overview.booking_id, "approval")
    text = (
        f"{shown_id(overview.booking_id)} has no approval since the database was restored, so "
        "nothing was done. Approve it, which finds what is there, then ask for this again."
    )
    return reply([blocks.words(text)], inert(text))


def went_wrong(said: str) -> Message:
    """To a click or a command that the bot itself could not handle. `said`: a sentence."""
    text = "That did not work."
    return reply([blocks.glue(text), blocks.words(said)], f"{text} {inert(said)}", space=1)


def failed(booking_id: str, what: str, hint: str = "") -> Message:
    """To a button whose work met a refusal: what happened, and what to do about it."""
    name = shown_id(booking_id)
    said = " ".join(filter(None, (what, hint)))
    return reply([blocks.glue(f"{name}: "), blocks.words(said, 600)], f"{name}: {inert(said, 600)}")


def _second(at: datetime, boat: Boat | None) -> str:
    there = at.astimezone(boat.zone) if boat else at
    return f"{there:%H:%M:%S} {there.tzname()}"
