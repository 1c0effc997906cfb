"""What a person typed into a modal, checked: a new proposal, or what is wrong with it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

from bot.domain.boat import Boat
from bot.domain.booking import Booking
from bot.domain.charter import Proposal
from bot.domain.frozen import Frozen
from bot.domain.progress import Overview
from bot.views.fields import FIELDS
from bot.views.inputs import (
    CREW,
    CREW_TASKS,
    END_DATE,
    END_TIME,
    START_DATE,
    START_TIME,
    boat_value,
    shown_values,
)
from bot.views.press import CHOOSE_BOAT, INPUT, REASON, REMEMBER_LISTING
from bot.views.text import plain

Values = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""`view.state.values` of a submission: block id, action id, what the element holds."""

_MOST_NAMES = 50


class Edits(Frozen):
    """The proposal as edited, and whether its listing is to be remembered as its boat's."""

    proposal: Proposal
    remember_listing: bool = False


class _Wrong(Exception):  # noqa: N818
    """`block`: the input that the sentence belongs under."""

    def __init__(self, block: str, sentence: str) -> None:
        super().__init__(sentence)
        self.block, self.sentence = block, sentence


def parse_edit(
    values: Values, *, overview: Overview, boats: Sequence[Boat], user: str
) -> Edits | Mapping[str, str]:
    """What the edit modal sent back, or a sentence under each input that cannot be accepted.

    A field left as it was shown keeps its value to the last second and character. Saving confirms:
    nothing that has a value stays unsure, and what was changed or confirmed is `user`'s word.
    """
    form = _Form(values, overview, boats)
    simple = {name: form.checked(form.field, name) for name in FIELDS}
    boat = form.checked(form.boat)
    times = form.checked(form.times, boat, simple["duration_minutes"]) if boat else None
    crew = form.checked(form.names, CREW, boat)
    tasks = form.checked(form.names, CREW_TASKS, boat)
    if form.errors or boat is None or times is None:
        return form.errors
    booking = Booking.model_validate({**simple, **times})
    found = overview.proposal.model_copy(
        update={"booking": booking, "boat": boat, "crew": crew, "crew_tasks": tasks}
    )
    remember = form.ticked(REMEMBER_LISTING) and booking.listing is not None
    confirmed = _confirmed(overview.proposal, found, user)
    return Edits(proposal=confirmed, remember_listing=remember)


def parse_reject(values: Values) -> str:
    """The reason that the reject modal sent back; may be empty."""
    return plain(_typed(values, REASON), 500)


class _Form:
    """One submission, beside what the modal had shown. `errors`: sentences by block id."""

    def __init__(self, values: Values, overview: Overview, boats: Sequence[Boat]) -> None:
        self.values, self.before, self.boats = values, overview.proposal, boats
        self.shown = shown_values(overview)
        self.errors: dict[str, str] = {}

    def checked(self, read: Callable[..., Any], *arguments: Any) -> Any:
        try:
            return read(*arguments)
        except _Wrong as wrong:
            self.errors[wrong.block] = wrong.sentence
            return None

    def typed(self, block: str) -> str:
        return _typed(self.values, block)

    def ticked(self, block: str) -> bool:
        element = self.values.get(block, {}).get(INPUT, {})
        return any(option.get("value") == block for option in element.get("selected_options") or ())

    def untouched(self, *blocks: str) -> bool:
        return all(self.typed(block) == self.shown.get(block, "") for block in blocks)

    def field(self, name: str) -> Any:
        if self.untouched(name):
            return getattr(self.before.booking, name)
        text = self.typed(name)
        try:
            return FIELDS[name](text) if text else None
        except ValueError as error:
            raise _Wrong(name, str(error)) from error

    def boat(self) -> Boat:
        value = self.typed(CHOOSE_BOAT)
        if not value:
            raise _Wrong(CHOOSE_BOAT, "Choose the boat.")
        for boat in self.boats:
            if boat_value(boat.name) == value:
                return boat
        raise _Wrong(CHOOSE_BOAT, "This boat is no longer in the settings. Choose another.")

    def moved(self, boat: Boat) -> bool:
        """Whether another boat was chosen: the same clock reading may be another moment there."""
        return self.before.boat is None or self.before.boat.name != boat.name

    def names(self, block: str, boat: Boat | None) -> tuple[str, ...]:
        before: tuple[str, ...] = getattr(self.before, block)
        if self.untouched(block):
            usual: tuple[str, ...] = getattr(boat, block) if boat else before
            return usual if boat and self.moved(boat) else before
        found = tuple(plain(row, 100) for row in self.typed(block).splitlines())
        if len(found) > _MOST_NAMES:
            raise _Wrong(block, f"At most {_MOST_NAMES}, one a line.")
        return tuple(filter(None, found))

    def times(self, boat: Boat, minutes: int | None) -> dict[str, Any]:
        starts_at = self.start(boat)
        ends_at = self.end(boat, starts_at, minutes)
        if starts_at is None or ends_at is None:
            return {"starts_at": starts_at, "ends_at": ends_at, "duration_minutes": minutes}
        length = ends_at.astimezone(UTC) - starts_at.astimezone(UTC)
        if length <= timedelta(0):
            raise _Wrong(END_TIME, "The end must be after the start.")
        return {
            "starts_at": starts_at,
            "ends_at": ends_at,
            "duration_minutes": int(length.total_seconds()) // 60,
        }

    def start(self, boat: Boat) -> datetime | None:
        if self.untouched(START_DATE, START_TIME) and not self.moved(boat):
            return self.before.booking.starts_at
        day, hour = self.typed(START_DATE), self.typed(START_TIME)
        if not day and not hour:
            return None
        if not day or not hour:
            raise _Wrong(START_TIME if day else START_DATE, "Date and time go together.")
        return _at(boat, _date(START_DATE, day), _time(START_TIME, hour), START_TIME)

    def end(self, boat: Boat, starts_at: datetime | None, minutes: int | None) -> datetime | None:
        day, hour = self.typed(END_DATE), self.typed(END_TIME)
        if not day and not hour:
            return _later(boat, starts_at, minutes) if starts_at and minutes else None
        if self.untouched(END_DATE, END_TIME) and not self.moved(boat):
            return self.before.booking.ends_at
        if not hour:
            raise _Wrong(END_TIME, "Date and time go together.")
        clock = _time(END_TIME, hour)
        if day:
            return _at(boat, _date(END_DATE, day), clock, END_TIME)
        if starts_at is None:
            raise _Wrong(END_DATE, "Date and time go together.")
        start = starts_at.astimezone(boat.zone)
        overnight = timedelta(days=clock <= start.time())
        return _at(boat, start.date() + overnight, clock, END_TIME)


def _typed(values: Values, block: str) -> str:
    element = values.get(block, {}).get(INPUT, {})
    option = element.get("selected_option") or {}
    kinds = (element.get("value"), element.get("selected_date"), element.get("selected_time"))
    found = next((kind for kind in (*kinds, option.get("value")) if kind), "")
    return plain(found, 3000, lines=True)


def _confirmed(before: Proposal, after: Proposal, user: str) -> Proposal:
    changed = {
        n for n in Booking.model_fields if getattr(before.booking, n) != getattr(after.booking, n)
    }
    changed |= {n for n in ("boat", CREW, CREW_TASKS) if getattr(before, n) != getattr(after, n)}
    settled = {name for name in before.unsure if getattr(after.booking, name, None) is not None}
    still = {name: why for name, why in before.unsure.items() if name not in settled}
    edited = {**before.edited, **dict.fromkeys(sorted(changed | settled), user)}
    return after.model_copy(update={"unsure": still, "edited": edited})


def _at(boat: Boat, day: date, clock: time, block: str) -> datetime:
    """The moment when the boat's clock reads so; the first of two where clocks go back."""
    wall = datetime.combine(day, clock)
    try:
        there = wall.replace(tzinfo=boat.zone)
        exists = there.astimezone(UTC).astimezone(boat.zone).replace(tzinfo=None) == wall
    except OverflowError as error:
        raise _Wrong(block, "That date cannot be.") from error
    if not exists:
        raise _Wrong(block, "That time does not exist on that day: the clocks go forward.")
    return _fixed(there)


def _later(boat: Boat, starts_at: datetime, minutes: int) -> datetime:
    return _fixed((starts_at.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(boat.zone))


def _fixed(at: datetime) -> datetime:
    """The same moment with its offset alone, so that later arithmetic is in true hours."""
    return at.replace(tzinfo=timezone(at.utcoffset() or timedelta(0)), fold=0)


def _date(block: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise _Wrong(block, "That is no date.") from error


def _time(block: str, text: str) -> time:
    try:
        return time.fromisoformat(text).replace(tzinfo=None)
    except ValueError as error:
        raise _Wrong(block, "That is no time.") from error
