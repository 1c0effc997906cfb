"""What a test begins with, done through the control API: a browser is for what it is about."""

import re
from email import message_from_bytes
from email.policy import default

from sandbox.driver import Sandbox
from sandbox.slack.seen import Message

_PATIENCE = 40.0  # seconds


def sample(sandbox: Sandbox, name: str) -> bytes:
    """A mail of the shelf, about a booking of its own if it is one of the fresh ones."""
    return sandbox.ask("GET", f"/workspace/samples/{name}").content


def text_of(mail: bytes) -> str:
    body = message_from_bytes(mail, policy=default).get_body(("plain",))
    assert body
    return str(body.get_content())


def booking_in(mail: bytes) -> str:
    """The id of the booking that a mail is about, lower-case."""
    found = re.search(r"Booking ID:?\s*(\w+)", text_of(mail))
    assert found
    return found[1].lower()


def proposed(sandbox: Sandbox, name: str = "next_saturday") -> tuple[str, Message]:
    """A booking whose mail was forwarded, and its card."""
    mail = sample(sandbox, name)
    sandbox.slack.as_user("U0CAPTAIN").forwards(mail)
    booking_id = booking_in(mail)
    card = sandbox.slack.wait_for_message(f"Booking: {booking_id.upper()}", timeout=_PATIENCE)
    return booking_id, card


def approved(sandbox: Sandbox, name: str = "next_saturday") -> tuple[str, Message]:
    """A charter whose run has ended well, and its card."""
    booking_id, card = proposed(sandbox, name)
    sandbox.slack.as_user("U0CAPTAIN").clicks(card, "approve")
    sandbox.slack.wait_for_message("is set up", thread=card.ts, timeout=_PATIENCE)
    return booking_id, card
