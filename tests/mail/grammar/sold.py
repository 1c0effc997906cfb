"""A booking as a marketplace sold it, and what a reader must say of it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

FIELDS = (
    "booking_id", "listing", "renter", "renter_email", "starts_at", "ends_at", "duration_minutes",
    "passengers", "location", "captain", "add_ons", "owner_payout", "currency",
    "cancellation_policy",
)  # fmt: skip


@dataclass(frozen=True)
class Sold:
    """What was sold. `start`: on the wall clock of the boat's `zone`, without an offset."""

    booking_id: str = "bpzmzvw"
    listing: str = "Lake Travis Party Barge"
    renter: str = "Raquel"
    start: datetime = datetime(2026, 9, 11, 11, 0)  # noqa: DTZ001 - a wall clock
    minutes: int = 180
    zone: str = "America/Chicago"
    passengers: int = 14
    location: str = "Austin, TX"
    captain: str = "Captained"
    add_ons: str | None = "3 selected"
    payout: Decimal | None = Decimal("464.62")
    policy: str = "strict"

    @property
    def begins(self) -> datetime:
        """The start with the boat's offset."""
        return self.start.replace(tzinfo=ZoneInfo(self.zone))

    @property
    def ends(self) -> datetime:
        """The end with the boat's offset: so many minutes later, whatever the clocks do."""
        later = self.begins.astimezone(UTC) + timedelta(minutes=self.minutes)
        return later.astimezone(ZoneInfo(self.zone))

    @property
    def said(self) -> dict[str, Any]:
        """Every field as `charter parse --json` prints it."""
        return {
            "booking_id": self.booking_id,
            "listing": self.listing,
            "renter": self.renter,
            "renter_email": None,
            "starts_at": self.begins.isoformat(),
            "ends_at": self.ends.isoformat(),
            "duration_minutes": self.minutes,
            "passengers": self.passengers,
            "location": self.location,
            "captain": self.captain.lower(),
            "add_ons": self.add_ons,
            "owner_payout": None if self.payout is None else f"{self.payout}",
            "currency": None if self.payout is None else "USD",
            "cancellation_policy": self.policy,
        }

    def but(self, **changes: Any) -> "Sold":
        """The same booking with changes."""
        return replace(self, **changes)


def clock(moment: datetime) -> str:
    """`Sep 11, 2026 • 11:00 AM`, in English whatever the locale."""
    month = "JanFebMarAprMayJunJulAugSepOctNovDec"[3 * moment.month - 3 :][:3]
    half = "AM" if moment.hour < 12 else "PM"
    hour = moment.hour % 12 or 12
    return f"{month} {moment.day}, {moment.year} • {hour}:{moment.minute:02} {half}"


def lasting(minutes: int) -> str:
    """`3 hours`, `1 hour 30 minutes`."""
    hours, rest = divmod(minutes, 60)
    counts = ((hours, "hour"), (rest, "minute"))
    return " ".join(f"{n} {name}{'s' if n != 1 else ''}" for n, name in counts if n)


def dollars(amount: Decimal) -> str:
    """`$1,120.00`."""
    return f"${amount:,.2f}"
