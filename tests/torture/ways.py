"""Histories written by hand: what chance leads to seldom, and a planted bug must not survive."""

from tests.torture.drawing import History, Step
from tests.torture.slack import CAPTAIN, MATE
from tests.torture.weather import Fault

BOOKING, OTHER = "xhqgmdh", "kxwgpzt"


def way(
    *steps: Step, seed: int = 1, faults: dict[str, Fault] | None = None, approved: bool = True
) -> History:
    """A mail comes, its card is `approved`, and so on; the `faults` are the only ones."""
    begun = (comes(BOOKING), *([presses("approve")] if approved else []))
    return History(seed, 0, "", (*begun, *steps), faults or {})


def comes(booking: str = BOOKING, *, after: float = 0.5) -> Step:
    """The captain forwards a mail."""
    return Step("forward", after, CAPTAIN, booking)


def presses(what: str, *, after: float = 3.0, who: str = CAPTAIN, booking: str = BOOKING) -> Step:
    """Somebody presses a button."""
    return Step("press", after, who, booking, what)


def dies(number: int, *, after: float = 0.0) -> Step:
    """The process dies soon, and begins again."""
    return Step("crash", after, number=number)


def leaves(*, after: float = 5.0) -> Step:
    """The mate is no operator any more."""
    return Step("group", after, MATE)


def rotates(number: int, *, after: float = 60.0) -> Step:
    """A secret is changed."""
    return Step("rotate", after, number=number)


def waits(seconds: float) -> Step:
    """Nothing happens."""
    return Step("wait", seconds)
