from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field

from bot.domain.frozen import Frozen


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no IANA time zone, such as America/Los_Angeles") from error
    return name


class Boat(Frozen):
    """A boat and what is always true of a charter on it. One `[[boats]]` of charter.toml.

    `contact`: who its guests call, a telephone number, an address or words; "" is the house's.
    """

    name: str = Field(min_length=1)
    listings: tuple[str, ...] = ()
    time_zone: Annotated[str, AfterValidator(_known_zone)]
    capacity: int = Field(gt=0)
    turnaround_minutes: int = Field(default=60, ge=0)
    crew: tuple[str, ...] = ()
    crew_tasks: tuple[str, ...] = ()
    meeting_point: str = ""
    contact: str = ""

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the boat's charters are booked, shown and sailed."""
        return ZoneInfo(self.time_zone)


def boat_for_listing(boats: tuple[Boat, ...], listing: str) -> Boat | None:
    """The boat that a marketplace calls `listing`, whatever its case and spacing; never a guess."""
    wanted = _folded(listing)
    return next((b for b in boats if wanted in {_folded(name) for name in b.listings}), None)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
