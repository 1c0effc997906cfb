"""Short answers to a mail in the channel, whatever it is about."""

from collections.abc import Sequence

from bot.domain.booking import Kind
from bot.domain.charter import State
from bot.domain.message import Message
from bot.domain.progress import Overview, Posted
from bot.views import blocks
from bot.views.blocks import Element, Line
from bot.views.text import inert, safe_url, shown_id

_MOST = 12
_NOTICE = ("a notice about a booking", "")
_WHAT_CAME = {
    Kind.CHANGED: (
        "a change of the booking",
        "Compare the mail with the card, and change calendar, crew event and guest page by hand.",
    ),
    Kind.CANCELLED: (
        "a cancellation of the booking",
        "Press Cancel charter in the charter's thread; it lists what is then left to do by hand.",
    ),
}
_NOT_SET_UP = {
    Kind.CHANGED: "Compare the mail with the card and press Edit; nothing is set up yet.",
    Kind.CANCELLED: "Press Reject on the card; nothing is set up yet.",
}
_REJECTED = "It was rejected here and nothing is set up, so there is nothing to do."
_IN_ITS_STATE = {
    State.PROPOSED: _NOT_SET_UP,
    State.REJECTED: {Kind.CHANGED: _REJECTED, Kind.CANCELLED: _REJECTED},
    State.RUNNING: {
        Kind.CANCELLED: "It is still being set up. When the run has ended, press Cancel charter in "
        "the charter's thread; it lists what is then left to do by hand.",
    },
    State.CANCELLED: {
        Kind.CHANGED: "It is cancelled here, so there is nothing to change. Only check that the "
        "renter does not count on it.",
        Kind.CANCELLED: "It is cancelled here already; its thread lists what was left to do by "
        "hand.",
    },
}
"""Instead of the usual advice."""


def not_a_booking(looked_for: Sequence[str] = ()) -> Message:
    """To a mail that sells nothing, quietly."""
    text = "This is no booking that I can read, so nothing was done."
    if not looked_for:
        return reply([blocks.glue(text)], text)
    looked = f"I looked for: {', '.join(looked_for[:_MOST])}."
    return reply(
        [blocks.glue(text), blocks.words(looked, 600)], f"{text} {inert(looked, 600)}", space=1
    )


def unreadable(reason: str, looked_for: Sequence[str] = ()) -> Message:
    """To a mail that could not be taken apart. `reason`: a sentence, or part of one."""
    text = "This mail could not be read, so nothing was done. Reason:"
    said = f"{reason.rstrip('.')}."
    if looked_for:
        said += f" I looked for: {', '.join(looked_for[:_MOST])}."
    return reply(
        [blocks.glue(text), blocks.words(said, 900)], f"{text} {inert(said, 900)}", space=1
    )


def waits(reason: str) -> Message:
    """To a mail that Slack has not given out for some minutes."""
    text = "This mail could not be fetched yet, so nothing was done. I go on trying. Reason:"
    return reply(
        [blocks.glue(text), blocks.words(reason, 300)], f"{text} {inert(reason, 300)}", space=1
    )


def waits_no_longer() -> Message:
    """In the place of the former."""
    text = "This mail could not be fetched at first; it has been since."
    return reply([blocks.glue(text)], text)


def already_known(booking_id: str, card: Posted | None) -> Message:
    """To a booking that has its card."""
    name = shown_id(booking_id)
    line = [blocks.glue(f"{name} is known already: "), _to(card, "its card"), blocks.glue(".")]
    return reply(line, f"{name} is known already.{_fallback_link(card)}")


def card_posted(booking_id: str, card: Posted | None) -> Message:
    """To pasted text that was read as a booking."""
    name = shown_id(booking_id)
    line = [blocks.glue(f"Read as booking {name}: "), _to(card, "its card"), blocks.glue(".")]
    return reply(line, f"Read as booking {name}.{_fallback_link(card)}")


def recognised(kind: Kind, overview: Overview, *, by_hand: str = "") -> Message:
    """In the thread of the booking that a mail is about. `by_hand`: instead of the usual advice."""
    what, usual = _WHAT_CAME.get(kind, _NOTICE)
    name = shown_id(overview.booking_id)
    text = f"{name}: recognised as {what}. It was not acted upon; the charter stays as it is."
    advice = by_hand or _IN_ITS_STATE.get(overview.state, {}).get(kind, usual)
    line = [blocks.glue(text), *([blocks.words(advice, 500)] if advice else [])]
    return reply(line, f"{text} {inert(advice, 500)}".rstrip(), space=1)


def recognised_unknown(kind: Kind, booking_id: str | None) -> Message:
    """To a mail about a booking of which there is no charter."""
    what = _WHAT_CAME.get(kind, _NOTICE)[0]
    about = f" ({shown_id(booking_id)})" if booking_id else ""
    text = (
        f"Recognised as {what}{about}, of which there is no charter here. Nothing was done; "
        "if it was set up elsewhere, it must be changed there."
    )
    return reply([blocks.glue(text)], text)


def drift(marketplace: str) -> Message:
    """To a mail by a known sender in a form that is not known."""
    who = marketplace.title()
    text = (
        " mail in a form that I do not know, so nothing was done. Please read it yourself; "
        "if it is a booking, its template has changed and the reader must learn it."
    )
    return reply([blocks.words(who, 40), blocks.glue(text)], inert(who, 40) + text)


def reply(line: Line, fallback: str, *, space: int = 0) -> Message:
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
