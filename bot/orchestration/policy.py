"""What the deployment has decided, as far as orchestration asks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.domain.boat import Boat
from bot.domain.booking import Booking


def _no_sums(_booking: Booking) -> Mapping[str, str]:
    return {}


def _hide_nothing(_booking: Booking) -> None:
    pass


@dataclass(frozen=True)
class Policy:
    """`sums`: the owner's own figures for the card, each under its label.

    `hide`: keeps a booking's payout, and what follows from it, out of the log.
    """

    channel: str
    boats: tuple[Boat, ...]
    show_payout: bool = True
    sums: Callable[[Booking], Mapping[str, str]] = field(default=_no_sums)
    hide: Callable[[Booking], None] = field(default=_hide_nothing)
