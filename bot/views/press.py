"""What Slack sends back when a person presses something: the names, and the value of a button."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, ValidationError

from bot.domain.booking import as_booking_id
from bot.domain.frozen import Frozen

COMMAND = "/charter"
SHORTCUT = "read_as_booking"

APPROVE = "approve"
EDIT = "edit"
REJECT = "reject"
SCRUB = "scrub_revenue"
RESEND = "resend_crew_links"
INVALIDATE = "invalidate_cache"
RETRY = "retry"
ARRIVED = "mail_arrived"
CANCEL = "cancel_charter"
PUBLISHED_AGAIN = "cancellation_published_again"
"""No button's id: what the audit calls a Cancel of what is cancelled already."""
OPEN_CARD = "open_card"

EDIT_MODAL = "edit_charter"
REJECT_MODAL = "reject_charter"

CHOOSE_BOAT = "boat"
REMEMBER_LISTING = "remember_listing"
REASON = "reason"
INPUT = "value"
"""The action id of every input in a modal; the block id tells them apart."""


class ForeignPress(ValueError):  # noqa: N818 - named for what arrived
    """A button's value or a modal's metadata that this bot did not write."""


def _as_written(booking_id: str) -> str:
    if as_booking_id(booking_id) != booking_id:
        message = "no booking id as this bot writes it"
        raise ValueError(message)
    return booking_id


class Press(Frozen):
    """Which charter a button belongs to, and the version of the card that it stood on.

    `run`: the latest run when the button was drawn; None where that says nothing.
    """

    booking_id: Annotated[str, AfterValidator(_as_written)]
    version: Annotated[int, Field(ge=0, strict=True)]
    run: Annotated[int, Field(ge=0, strict=True)] | None = None

    def encode(self) -> str:
        """The value for a button, or a modal's private metadata."""
        return self.model_dump_json(exclude_none=True)

    @classmethod
    def decode(cls, value: str | None) -> Self:
        """The press that `value` encodes.

        Raises:
            ForeignPress: it encodes none.
        """
        try:
            return cls.model_validate_json(value or "")
        except ValidationError as error:
            raise ForeignPress(
                "this button was not made by this bot, or by too old a one"
            ) from error
