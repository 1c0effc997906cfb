"""Short answers: to a mail that is no booking, to a click, to a command."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.boat import Boat
from bot.domain.booking import Kind, as_booking_id
from bot.domain.charter import State
from bot.domain.message import Message
from bot.domain.progress import Overview, Posted
from bot.views import blocks
from bot.views.blocks import Element, Line
from bot.views.card import outcome
from bot.views.press import COMMAND
from bot.views.text import clock, count, inert, mention, safe_url, shown_id

_MOST = 12
_NOTICE = ("a notice about a booking", "")
_WHAT_CAME = {
    Kind.CHANGED: (
        "a change of the booking",
        "Compare the mail with the card, and change calendar, crew event and guest page by hand.",
    ),
    Kind.CANCELLED: (
        "a cancellation of the booking",
        "Call off the crew, and take down calendar entry, crew event and guest page by hand.",
    ),
}


def not_a_booking(looked_for: Sequence[str] = ()) -> Message:
    """To a mail that sells nothing, quietly."""
    text = "This is no booking that I can read, so nothing was done."
    if not looked_for:
        return _reply([blocks.glue(text)], text)
    looked = f"I looked for: {', '.join(looked_for[:_MOST])}."
    return _reply(
        [blocks.glue(text), blocks.words(looked, 600)], f"{text} {inert(looked, 600)}", space=1
    )


def unreadable(reason: str, looked_for: Sequence[str] = ()) -> Message:
    """To a mail that could not be taken apart. `reason`: a sentence, or part of one."""
    text = "This mail could not be read, so nothing was done. Reason:"
    said = f"{reason.rstrip('.')}."
    if looked_for:
        said += f" I looked for: {', '.join(looked_for[:_MOST])}."
    return _reply(
        [blocks.glue(text), blocks.words(said, 900)], f"{text} {inert(said, 900)}", space=1
    )


def already_known(booking_id: str, card: Posted | None) -> Message:
    """To a booking that has its card."""
    name = shown_id(booking_id)
    line = [blocks.glue(f"{name} is known already: "), _to(card, "its card"), blocks.glue(".")]
    return _reply(line, f"{name} is known already.{_fallback_link(card)}")


def card_posted(booking_id: str, card: Posted | None) -> Message:
    """To pasted text that was read as a booking."""
    name = shown_id(booking_id)
    line = [blocks.glue(f"Read as booking {name}: "), _to(card, "its card"), blocks.glue(".")]
    return _reply(line, f"Read as booking {name}.{_fallback_link(card)}")


def recognised(kind: Kind, overview: Overview, *, by_hand: str = "") -> Message:
    """In the thread of the booking that a mail is about. `by_hand`: instead of the usual advice."""
    what, usual = _WHAT_CAME.get(kind, _NOTICE)
    name = shown_id(overview.booking_id)
    text = f"{name}: recognised as {what}. It was not acted upon; the charter stays as it is."
    advice = by_hand or usual
    line = [blocks.glue(text), *([blocks.words(advice, 500)] if advice else [])]
    return _reply(line, f"{text} {inert(advice, 500)}".rstrip(), space=1)


def recognised_unknown(kind: Kind, booking_id: str | None) -> Message:
    """To a mail about a booking of which there is no charter."""
    what = _WHAT_CAME.get(kind, _NOTICE)[0]
    about = f" ({shown_id(booking_id)})" if booking_id else ""
    text = (
        f"Recognised as {what}{about}, of which there is no charter here. Nothing was done; "
        "if it was set up elsewhere, it must be changed there."
    )
    return _reply([blocks.glue(text)], text)


def drift(marketplace: str) -> Message:
    """To a mail by a known sender in a form that is not known."""
    who = marketplace.title()
    text = (
        " mail in a form that I do not know, so nothing was done. Please read it yourself; "
        "if it is a booking, its template has changed and the reader must learn it."
    )
    return _reply([blocks.words(who, 40), blocks.glue(text)], inert(who, 40) + text)


def refusal(operators: Sequence[str], what: str = "do this") -> Message:
    """To someone who may not. `operators`: users and user groups who may."""
    if not operators:
        text = f"Nobody may {what}: slack.operators names nobody. Nothing was done."
        return _reply([blocks.glue(text)], text)
    listed = operators[:_MOST]
    line: list[Element] = [blocks.glue("Only ")]
    for index, operator in enumerate(listed):
        line += [*([blocks.glue(", ")] if index else []), blocks.person(operator)]
    more = f" and {len(operators) - len(listed)} more" if len(operators) > len(listed) else ""
    end = f"{more} may {what}. Nothing was done."
    return _reply([*line, blocks.glue(end)], f"Only {', '.join(map(mention, listed))}{end}")


def stale(overview: Overview) -> Message:
    """To a click on a card that was decided or edited since it was drawn."""
    decision, name = overview.decision, shown_id(overview.booking_id)
    if decision is None:
        text = f"The card of {name} has changed since. It is fresh again; look once more."
        return _reply([blocks.glue(text)], text)
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
    return _reply(line, fallback)


def blocked(booking_id: str, blockers: Sequence[str]) -> Message:
    """To an approval of a card with open questions."""
    text = f"{shown_id(booking_id)} cannot be approved yet. Press Edit on its card to settle:"
    bullets = [(blocks.words(sentence),) for sentence in blockers[:_MOST]]
    return blocks.message(text, [blocks.rich([(blocks.glue(text),)], bullets=bullets)])


def no_such_charter(asked: str, near: Sequence[str] = ()) -> Message:
    """To an id that is none, or that nobody knows. `near`: ids that look like it."""
    booking_id = as_booking_id(asked)
    if booking_id is None:
        text = "No such charter: a booking id is six to eight letters and digits, such as XHQGMDH."
        return _reply([blocks.glue(text)], text)
    ids = ", ".join(shown_id(other) for other in near[:_MOST])
    hint = f"Did you mean {ids}?" if ids else f"{COMMAND} list shows those that there are."
    text = f"No such charter: {shown_id(booking_id)}. {hint}"
    return _reply([blocks.glue(text)], text)


def scrubbed(booking_id: str, fields: Sequence[str]) -> Message:
    """After a scrub that was read back. `fields`: names, never values."""
    name = shown_id(booking_id)
    if not fields:
        text = f"{name}: nothing to scrub. The stored crew event holds no revenue."
        return _reply([blocks.glue(text)], text)
    names = ", ".join(fields[:_MOST])
    text = f"{name}: removed from the stored crew event, and read back: "
    return _reply([blocks.glue(text), blocks.words(names, 500)], text + inert(names, 500))


def scrub_gave_up(booking_id: str) -> Message:
    """After a scrub that lost every race against another writer."""
    text = (
        f"{shown_id(booking_id)}: nothing was scrubbed. The crew event was being changed by "
        "someone else each time. Press Scrub revenue again in a minute."
    )
    return _reply([blocks.glue(text)], text)


def resent(booking_id: str, links: int) -> Message:
    """After fresh links went out."""
    text = f"{shown_id(booking_id)}: {count(links, 'fresh crew link')} mailed."
    return _reply([blocks.glue(text)], text)


def resend_too_soon(booking_id: str, again_at: datetime, boat: Boat | None) -> Message:
    """To a second resend within a minute. `again_at`: when it may be pressed again."""
    text = (
        f"{shown_id(booking_id)}: crew links went out less than a minute ago, so none were mailed. "
        f"It can be pressed again from {_second(again_at, boat)}."
    )
    return _reply([blocks.glue(text)], inert(text, 400))


def invalidated(booking_id: str, *, equal: bool, url: str | None = None) -> Message:
    """After the edge has forgotten the page. `equal`: the live page is what was published."""
    live = "is what was published" if equal else "still differs from what was published"
    hint = "" if equal else " Wait a minute and press Invalidate cache again."
    text = f"{shown_id(booking_id)}: the cache was invalidated. The live page {live}.{hint}"
    line = [blocks.glue(text), *([blocks.link(url, "Open the page")] if url else [])]
    return _reply(line, text, space=1)


def retry_started(booking_id: str, labels: Sequence[str]) -> Message:
    """After Retry. `labels`: the steps that are not done."""
    text = f"{shown_id(booking_id)}: trying again what is not done: "
    names = ", ".join(labels[:_MOST]) or "nothing is left, so it only looks once more"
    return _reply([blocks.glue(text), blocks.words(names, 500)], text + inert(names, 500))


def superseded() -> Message:
    """In place of an earlier run's closing reply, so that its buttons are gone."""
    text = "This was an earlier run; what became of it stands below."
    return _reply([blocks.glue(text)], text)


def nothing_to_retry(overview: Overview) -> Message:
    """To a Retry of a charter that needs none."""
    running = overview.state is State.RUNNING
    why = "it is still running" if running else "every step is done"
    if overview.state in {State.PROPOSED, State.REJECTED}:
        why = "it was never approved"
    text = f"{shown_id(overview.booking_id)}: nothing to retry, {why}."
    return _reply([blocks.glue(text)], text)


def not_yet(booking_id: str, what: str) -> Message:
    """To a button whose object does not exist yet. `what`: "crew event", "guest page"."""
    text = f"{shown_id(booking_id)} has no {what} yet, so nothing was done."
    return _reply([blocks.words(text)], inert(text))


def went_wrong(said: str) -> Message:
    """To a click or a command that the bot itself could not handle. `said`: a sentence."""
    text = "That did not work."
    return _reply([blocks.glue(text), blocks.words(said)], f"{text} {inert(said)}", space=1)


def failed(booking_id: str, what: str, hint: str = "") -> Message:
    """To a button whose work met a refusal: what happened, and what to do about it."""
    name = shown_id(booking_id)
    said = " ".join(filter(None, (what, hint)))
    return _reply(
        [blocks.glue(f"{name}: "), blocks.words(said, 600)], f"{name}: {inert(said, 600)}"
    )


def _reply(line: Line, fallback: str, *, space: int = 0) -> Message:
    """One line. `space`: put a space between its elements."""
    spaced: list[Element] = []
    for element in line:
        spaced += [blocks.glue(" "), element] if space and spaced else [element]
    return blocks.message(fallback, [blocks.rich([spaced])])


def _to(card: Posted | None, label: str) -> Element:
    return blocks.link(card.permalink if card else None, label)


def _fallback_link(card: Posted | None) -> str:
    url = safe_url(card.permalink) if card else None
    return f" <{url.replace('&', '&amp;')}|Its card>" if url else ""


def _second(at: datetime, boat: Boat | None) -> str:
    there = at.astimezone(boat.zone) if boat else at
    return f"{there:%H:%M:%S} {there.tzname()}"
