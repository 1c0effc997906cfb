"""What a marketplace sold, and how sure we are of having read it right."""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

from pydantic import AwareDatetime

from bot.domain.frozen import Frozen
from bot.domain.sender import Sender

# Boatsetter `xhqgmdh`, GetMyBoat `6033474`, Airbnb `hm…`, Viator `br-1437096751`.
_BOOKING_ID = re.compile(r"(?:[a-z]{2}-)?[a-z0-9]{6,12}")
WHAT_AN_ID_IS = "A booking id is letters and digits, such as XHQGMDH or BR-1437096751."
NEEDED = ("booking_id", "listing", "starts_at", "ends_at", "passengers")


class Kind(StrEnum):
    """What a mail is about."""

    NEW = "new"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    INFORMATIONAL = "informational"
    UNRECOGNISED = "unrecognised"


class Booking(Frozen):
    """A booking's fields; absent is None. Times carry the boat's offset."""

    booking_id: str | None = None
    listing: str | None = None
    renter: str | None = None
    renter_email: str | None = None
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    duration_minutes: int | None = None
    passengers: int | None = None
    location: str | None = None
    captain: Literal["captained", "bareboat"] | None = None
    add_ons: str | None = None
    owner_payout: Decimal | None = None
    currency: str | None = None
    cancellation_policy: str | None = None


class FieldReading(Frozen):
    """One field as read: its value, the exact words it came from and where, and whether it is sure.

    `place`: such as "text, line 14", "HTML, line 30" or "JSON-LD".
    """

    value: str | int | Decimal | datetime | None
    words: str | None = None
    place: str | None = None
    sure: bool = True
    why: str | None = None

    def doubted(self, why: str) -> "FieldReading":
        """The same, not sure for one reason more. `why`: a sentence for a person."""
        said = " ".join(filter(None, (self.why, why)))
        return self.model_copy(update={"sure": False, "why": said})


class Reading(Frozen):
    """All that was read from one mail. `about` is the id a mail mentions without selling it.

    `sender`: whether the marketplace itself wrote it.
    """

    kind: Kind
    marketplace: str | None = None
    booking: Booking = Booking()
    fields: Mapping[str, FieldReading] = {}
    about: str | None = None
    sender: Sender = Sender()

    @property
    def missing(self) -> tuple[str, ...]:
        """Fields that a new booking needs and that were not found, in reading order."""
        if self.kind is not Kind.NEW:
            return ()
        return tuple(name for name in NEEDED if getattr(self.booking, name) is None)

    @property
    def unsure(self) -> tuple[str, ...]:
        """Fields that were found but must be confirmed by a person, in reading order."""
        return tuple(
            name
            for name in Booking.model_fields
            if name in self.fields and not self.fields[name].sure
        )

    def as_json(self) -> dict[str, Any]:
        """The object that `charter parse --json` prints."""
        names = ("value", "words", "sure")
        return {
            "kind": self.kind.value,
            "marketplace": self.marketplace,
            "booking": self.booking.model_dump(mode="json"),
            "fields": {
                field: {name: value[name] for name in names}
                for field, reading in self.fields.items()
                for value in [reading.model_dump(mode="json")]
            },
            "missing": list(self.missing),
            "unsure": list(self.unsure),
        }


def as_booking_id(text: str) -> str | None:
    """The booking id that `text` is, lower-case, or None: the gate to every key, path and query.

    The whole text must be an id (`fullmatch`), so `../`, `*`, a newline or a Unicode digit never
    reach an S3 key or an invalidation path.
    """
    lowered = text.strip(" ").lower()
    return lowered if lowered.isascii() and _BOOKING_ID.fullmatch(lowered) else None
