"""Our job of a booking: a proposal until a person approves it, then a charter for the steps."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

from pydantic import AwareDatetime, Field, field_validator

from bot.domain.artefact import Artefact
from bot.domain.boat import Boat
from bot.domain.booking import Booking
from bot.domain.frozen import Frozen
from bot.domain.money_search import holds_amount
from bot.domain.sender import Sender


class State(StrEnum):
    """Where a charter stands. Persisted."""

    PROPOSED = "proposed"
    REJECTED = "rejected"
    RUNNING = "running"
    DONE = "done"
    NEEDS_PERSON = "needs_person"
    CANCELLED = "cancelled"


LEGAL: Mapping[State, frozenset[State]] = {
    State.PROPOSED: frozenset({State.REJECTED, State.RUNNING}),
    State.REJECTED: frozenset(),
    State.RUNNING: frozenset({State.DONE, State.NEEDS_PERSON}),
    State.NEEDS_PERSON: frozenset({State.RUNNING, State.DONE, State.CANCELLED}),
    State.DONE: frozenset({State.CANCELLED}),
    State.CANCELLED: frozenset(),
}


class IllegalTransitionError(Exception):
    """A charter was asked to go where it cannot; a bug, never a user's doing."""


def transition(current: State, to: State) -> State:
    """`to`, if a charter may go there from `current`.

    Raises:
        IllegalTransitionError: it may not.
    """
    if to not in LEGAL[current]:
        raise IllegalTransitionError(f"a {current} charter cannot become {to}")
    return to


class Incomplete(Exception):  # noqa: N818
    """A proposal cannot be approved yet. `blockers`: a sentence for each thing to be settled."""

    def __init__(self, blockers: tuple[str, ...]) -> None:
        super().__init__("; ".join(blockers))
        self.blockers = blockers


class Charter(Frozen):
    """An approved charter, complete and frozen: what every step is given.

    `payout` is the owner's and goes into no outgoing model; it is here so that outgoing bodies can
    be searched for it. `artefacts` holds what earlier steps left, by step name.
    """

    booking_id: str
    marketplace: str
    boat: Boat
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    passengers: int = Field(gt=0)
    guest_name: str | None = None
    captain: Literal["captained", "bareboat"] | None = None
    add_ons: str | None = None
    crew: tuple[str, ...] = ()
    crew_tasks: tuple[str, ...] = ()
    payout: Decimal | None = None
    currency: str | None = None
    artefacts: Mapping[str, Artefact] = {}

    @property
    def duration_hours(self) -> float:
        """Length in hours, as the crew service wants it."""
        return (self.ends_at.astimezone(UTC) - self.starts_at.astimezone(UTC)) / timedelta(hours=1)

    def with_artefacts(self, artefacts: Mapping[str, Artefact]) -> "Charter":
        """The same charter, knowing what earlier steps left."""
        return self.model_copy(update={"artefacts": dict(artefacts)})


class Proposal(Frozen):
    """A new booking as it stands on the card: as read, plus what an operator edited.

    `unsure`: booking fields that a person must confirm, with the reason for each.
    `words`: the mail's own words for each field that was read.
    `places`: where in the mail those stand, such as "text, line 14".
    `edited`: booking fields (and "boat", "crew", "crew_tasks") that hold an operator's word, each
    with whose it is; "" where that was not kept.
    `sender`: whether the marketplace itself wrote the mail.
    """

    marketplace: str
    booking: Booking
    boat: Boat | None = None
    crew: tuple[str, ...] = ()
    crew_tasks: tuple[str, ...] = ()
    unsure: Mapping[str, str] = {}
    words: Mapping[str, str] = {}
    places: Mapping[str, str] = {}
    edited: Mapping[str, str] = {}
    sender: Sender = Sender()

    @field_validator("edited", mode="before")
    @classmethod
    def _of_whom(cls, edited: Any) -> Any:
        """Charters of before it was kept whose word it is have the names of the fields alone."""
        return edited if isinstance(edited, Mapping) else dict.fromkeys(edited, "")

    @property
    def booking_id(self) -> str:
        """The identity of the charter, lower-case."""
        return self.booking.booking_id or ""

    def blockers(self) -> tuple[str, ...]:
        """A sentence for each thing that must be settled before a charter can run."""
        booking, found = self.booking, []
        if self.boat is None:
            found.append("Which boat is it? The listing is not known.")
        found += [
            f"{label} was not in the mail."
            for name, label in _REQUIRED.items()
            if getattr(booking, name) is None
        ]
        found += [
            f"{_REQUIRED[name]} must be confirmed: {why}"
            for name, why in self.unsure.items()
            if name in _REQUIRED and getattr(booking, name) is not None
        ]
        if booking.starts_at and booking.ends_at and booking.ends_at <= booking.starts_at:
            found.append("The end is not after the start.")
        if booking.passengers is not None and booking.passengers < 1:
            found.append("Passengers must be at least 1.")
        outgoing = "\n".join(
            (booking.add_ons or "", booking.renter or "", *self.crew, *self.crew_tasks)
        )
        if booking.owner_payout and holds_amount(outgoing, (booking.owner_payout,)):
            found.append(
                "The add-ons, renter or crew's tasks name the payout; the crew reads them."
            )
        return tuple(found)

    def warnings(self, now: datetime) -> tuple[str, ...]:
        """What an operator should know before approving; none of it blocks."""
        booking, found = self.booking, []
        if self.sender.failed:
            found.append(f"Signature failed: {self.sender.why}.")
        if booking.starts_at and booking.starts_at < now:
            found.append("The date is in the past.")
        if self.boat and (booking.passengers or 0) > self.boat.capacity:
            found.append(
                f"{booking.passengers} guests, but {self.boat.name} holds {self.boat.capacity}."
            )
        if self.boat and (strangers := self._strangers(self.boat)):
            found.append(f"Not of {self.boat.name}'s usual crew: {strangers}.")
        return tuple(found)

    def _strangers(self, boat: Boat) -> str:
        """Those to be called who are not of the boat's crew: a slip of the pen calls nobody."""
        names = [name for name in self.crew if name not in boat.crew] if boat.crew else []
        more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
        return ", ".join(name[:_LONGEST_NAME] for name in names[:_MOST_NAMED]) + more

    def complete(self) -> Charter:
        """The charter that approval makes of it.

        Raises:
            Incomplete: something is missing or unsure.
        """
        booking, blockers = self.booking, self.blockers()
        if blockers or not (
            self.boat and booking.starts_at and booking.ends_at and booking.passengers
        ):
            raise Incomplete(blockers)
        return Charter(
            booking_id=self.booking_id,
            marketplace=self.marketplace,
            boat=self.boat,
            starts_at=booking.starts_at,
            ends_at=booking.ends_at,
            passengers=booking.passengers,
            guest_name=first_name(booking.renter),
            captain=booking.captain,
            add_ons=booking.add_ons,
            crew=self.crew,
            crew_tasks=self.crew_tasks,
            payout=booking.owner_payout,
            currency=booking.currency,
        )


_MOST_NAMED, _LONGEST_NAME = 3, 40
_REQUIRED = {
    "booking_id": "The booking id",
    "starts_at": "The start",
    "ends_at": "The end",
    "passengers": "The number of guests",
}


def first_name(renter: str | None) -> str | None:
    """What guests and crew may see of a renter: no surname."""
    words = (renter or "").split()
    return words[0] if words else None


def conflicts(
    one: tuple[datetime, datetime], other: tuple[datetime, datetime], turnaround_minutes: int
) -> bool:
    """Whether two charters of one boat collide: they overlap, or leave less than the turnaround."""
    # In UTC: times that share a zone are otherwise subtracted by the clock on the wall.
    (begins, ends), (starts, stops) = (tuple(t.astimezone(UTC) for t in s) for s in (one, other))
    return max(begins - stops, starts - ends) < timedelta(minutes=turnaround_minutes)
