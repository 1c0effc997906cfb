"""What is said, and offered to press, when a charter is cancelled and before that."""

from datetime import datetime

from slack_sdk.models.blocks import Block, ButtonElement

from bot.domain.charter import State
from bot.domain.message import Message
from bot.domain.progress import Overview
from bot.views import blocks
from bot.views.blocks import Line
from bot.views.mail_replies import reply
from bot.views.press import CANCEL
from bot.views.text import clock, inert, mention, shown_id, when

_PUBLISH = "Publish the cancellation again"
_PHOTOS = "its guests can then send no more photos on the guest page."


def cancelled(overview: Overview, *, live: bool) -> Message:
    """After Cancel charter. `live`: the public sees the page that says so."""
    page = "The guest page says so." if live else "There is no guest page."
    text = f"{shown_id(overview.booking_id)} is cancelled. {page}"
    return blocks.message(text, [blocks.rich([(blocks.glue(text),)]), *left_to_do(overview)])


def not_published(overview: Overview, what: str, hint: str) -> Message:
    """After Cancel charter, while the public sees another page: why, and what to do about it."""
    text = f"{shown_id(overview.booking_id)} is cancelled; the guest page does not say so yet:"
    said = " ".join(filter(None, (what, hint)))
    line = (blocks.glue(f"{text} "), blocks.words(said, 600))
    press = (blocks.glue("Then press "), blocks.bold(_PUBLISH), blocks.glue(" in its thread."))
    fallback = f"{text} {inert(said, 600)} Then press {_PUBLISH} in its thread."
    return blocks.message(fallback, [blocks.rich([line, press]), *left_to_do(overview)])


def is_cancelled(overview: Overview) -> Message:
    """To a button that a cancelled charter has no use for."""
    name, gone = shown_id(overview.booking_id), overview.cancelled
    text = f"{name} is cancelled. Nothing was done."
    if gone is None:
        return reply([blocks.glue(text)], text)
    at = clock(gone.at, overview.proposal.boat)
    line = (
        blocks.glue(f"{name} was cancelled by "),
        blocks.person(gone.user),
        blocks.glue(f" on {at}. Nothing was done."),
    )
    text = f"{name} was cancelled by {mention(gone.user)} on {at}. Nothing was done."
    return reply(line, text)


def still_running(overview: Overview) -> Message:
    """To a Cancel that comes too early."""
    text = (
        f"{shown_id(overview.booking_id)} is still being set up, so nothing was cancelled. "
        "Cancel it when its thread says how that ended."
    )
    return reply([blocks.glue(text)], text)


def cancelled_by(overview: Overview) -> list[Line]:
    """Who cancelled a charter, and when; nothing for one that was not."""
    gone = overview.cancelled
    if gone is None:
        return []
    at = blocks.glue(f" on {clock(gone.at, overview.proposal.boat)}.")
    return [(blocks.bold("Cancelled by"), blocks.glue(" "), blocks.person(gone.user), at)]


def ask_to_cancel(overview: Overview, *, now: datetime, here: bool) -> Message:
    """To the typed wish: which charter that is, and the button that does it.

    `here`: it was typed where buttons count.
    """
    name, gone = shown_id(overview.booking_id), overview.state is State.CANCELLED
    text = f"{name} is cancelled already." if gone else f"Cancel {name}?"
    lines: list[Line] = [*_which(overview)]
    if warning := "" if gone else _begun(overview, now):
        lines.append((blocks.bold("Warning"), blocks.glue(f": {warning}")))
    choices = publish_button(overview) if gone else [cancel_button(overview)]
    if choices and not here:
        card = overview.card.permalink if overview.card else None
        label = _PUBLISH if gone else "Cancel charter"
        where = (blocks.glue(f"Press {label} in the "), blocks.link(card, "charter's thread"))
        lines.append((*where, blocks.glue(".")))
    parts: list[Block] = [blocks.rich(lines, title=text)]
    if choices and here:
        parts.append(blocks.buttons(*choices))
    return blocks.message(text if gone else f"{text} Nothing was done yet.", parts)


def left_to_do(overview: Overview) -> list[Block]:
    """What a cancellation does not take back: people, and systems that cannot all delete."""
    bullets = [*_crew(overview), *_entry(overview)]
    if not bullets:
        return [blocks.rich([(blocks.glue("Nothing is left to do by hand."),)])]
    return [blocks.rich([], title="Left to do by hand", bullets=bullets)]


def how_it_stands(overview: Overview) -> list[Block]:
    """The end of a cancelled charter's thread: what is left, and what to press about its page."""
    told = left_to_do(overview)
    if publish_button(overview):
        if_not = blocks.glue("If the guest page does not say so, press ")
        told.append(blocks.rich([(if_not, blocks.bold(_PUBLISH), blocks.glue("."))]))
    return told


def cancel_button(overview: Overview) -> ButtonElement:
    """The button that cancels, after a dialog."""
    sure = blocks.confirmation(
        f"Cancel {shown_id(overview.booking_id)}?",
        "The guest page will say that the charter is cancelled. Calendar and crew are not touched: "
        "the thread will list what is left to do by hand. If it is under way or over, "
        f"{_PHOTOS} This cannot be undone.",
        yes="Cancel charter",
        style="danger",
    )
    return blocks.button(overview, CANCEL, "Cancel charter", confirm=sure)


def publish_button(overview: Overview) -> list[ButtonElement]:
    """The same once more for the guest page of what is cancelled, if there may be one."""
    page = overview.step("guest_page")
    return [blocks.button(overview, CANCEL, _PUBLISH)] if page and page.may_exist else []


def _which(overview: Overview) -> list[Line]:
    boat, passengers = overview.proposal.boat, overview.proposal.booking.passengers
    return [
        blocks.fact("Boat", boat.name if boat else "not known"),
        blocks.fact("When", when(overview) or "not known"),
        blocks.fact("Guests", "not known" if passengers is None else passengers),
    ]


def _begun(overview: Overview, now: datetime) -> str:
    """What goes with a charter that has begun; "" for one to come."""
    booking = overview.proposal.booking
    if booking.starts_at is None or now < booking.starts_at:
        return ""
    over = booking.ends_at is not None and booking.ends_at <= now
    return f"it is {'over' if over else 'under way'}; {_PHOTOS}"


def _crew(overview: Overview) -> list[Line]:
    step = overview.step("crew_event")
    if step is None or not step.may_exist:
        return []
    event = blocks.link(overview.crew_url, "the crew event")
    if step.artefact:
        return [(blocks.glue("Call off the crew, and take down "), event, blocks.glue("."))]
    unsure = "Look whether the crew was called; if so, call them off, and take down the crew event."
    return [(blocks.glue(unsure),)]


def _entry(overview: Overview) -> list[Line]:
    step = overview.step("calendar")
    if step is None or not step.may_exist:
        return []
    if step.artefact:
        return [(blocks.words(f"Take the entry {step.artefact.id} out of the calendar.", 200),)]
    return [(blocks.glue("Look whether its entry is in the calendar; if so, take it out."),)]
