"""What leaves the house: allow-listed models that have no field for money, surname or contact.

Each is built from a charter by its `of`; what is not named here cannot go out.
"""

from typing import Self

from pydantic import AwareDatetime

from bot.domain.boat import Boat
from bot.domain.charter import Charter
from bot.domain.frozen import Frozen


class CalendarEntry(Frozen):
    """The internal calendar's entry; times are the boat's local time, with its zone's name."""

    booking_id: str
    title: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    time_zone: str
    guest_count: int
    source: str
    notes: str

    @classmethod
    def of(cls, charter: Charter) -> Self:
        """The entry of a charter."""
        return cls(
            booking_id=charter.booking_id,
            title=f"{charter.boat.name} charter {charter.booking_id.upper()}",
            starts_at=charter.starts_at,
            ends_at=charter.ends_at,
            time_zone=charter.boat.time_zone,
            guest_count=charter.passengers,
            source=charter.marketplace,
            notes=_notes(charter),
        )


class CrewEvent(Frozen):
    """The crew service's event. Creating it mails the crew at once."""

    event_name: str
    booking_id: str
    calendar_entry_id: str
    start_time: AwareDatetime
    end_time: AwareDatetime
    duration_hours: float
    guest_count: int
    crew_needed: tuple[str, ...]
    crew_tasks: tuple[str, ...]
    notes: str

    @classmethod
    def of(cls, charter: Charter) -> Self:
        """The event of a charter whose calendar entry exists."""
        day = charter.starts_at.astimezone(charter.boat.zone)
        return cls(
            event_name=f"{charter.boat.name} {day:%a %d %b}",
            booking_id=charter.booking_id,
            calendar_entry_id=charter.artefacts["calendar"].id,
            start_time=charter.starts_at,
            end_time=charter.ends_at,
            duration_hours=charter.duration_hours,
            guest_count=charter.passengers,
            crew_needed=charter.crew,
            crew_tasks=charter.crew_tasks,
            notes=_notes(charter),
        )


class GuestPage(Frozen):
    """All that the guest's page may know."""

    booking_id: str
    boat: Boat
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    guest_count: int
    guest_name: str | None
    crew_tasks: tuple[str, ...]
    cancelled: bool = False

    @classmethod
    def of(cls, charter: Charter, *, cancelled: bool = False) -> Self:
        """The page of a charter, or the one that says that it was cancelled."""
        return cls(
            booking_id=charter.booking_id,
            boat=charter.boat,
            starts_at=charter.starts_at,
            ends_at=charter.ends_at,
            guest_count=charter.passengers,
            guest_name=charter.guest_name,
            crew_tasks=charter.crew_tasks,
            cancelled=cancelled,
        )


class Mail(Frozen):
    """A mail to be sent. `bcc` is seen by nobody on the other lists."""

    to: tuple[str, ...]
    bcc: tuple[str, ...] = ()
    subject: str
    text: str
    html: str


def _notes(charter: Charter) -> str:
    said = [f"{charter.marketplace.title()} booking {charter.booking_id.upper()}"]
    if charter.guest_name:
        said.append(f"guest {charter.guest_name}")
    if charter.add_ons:
        said.append(f"add-ons: {charter.add_ons}")
    return ", ".join(said)
