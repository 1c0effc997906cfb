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


def comes(booking: str = BOOKING, *, after: float = 0.5, who: str = CAPTAIN) -> Step:
    """Somebody forwards a mail."""
    return Step("forward", after, who, booking)


def presses(what: str, *, after: float = 3.0, who: str = CAPTAIN, booking: str = BOOKING) -> Step:
    """Somebody presses a button."""
    return Step("press", after, who, booking, what)


def presses_slowly(what: str, *, after: float = 3.0, who: str = CAPTAIN) -> Step:
    """Somebody presses a button, and takes 45 s to fill in its form."""
    return Step("press slowly", after, who, BOOKING, what)


def dies_upon(moment: str, *, after: float = 0.0) -> Step:
    """The process dies as soon as something has come about, and stays dead until `begins`.

    `moment`: "asked ses.send", a call that has gone out, "landed ses.send", one that has had its
    effect, "wrote approved", a deed on disk, "began retry", a click's work that is to be done,
    "acknowledged approve", what Slack takes as received.
    """
    return Step("dies upon", after, what=moment)


def falls(*, after: float = 0.0) -> Step:
    """The process dies now, and stays dead until `begins`."""
    return Step("falls", after)


def begins(*, after: float = 5.0) -> Step:
    """The process is started again; at the end of a history it always is."""
    return Step("begins", after)


def leaves(*, after: float = 5.0) -> Step:
    """The mate is no operator any more."""
    return Step("group", after, MATE)


def rotates(number: int, *, after: float = 60.0) -> Step:
    """A secret is changed."""
    return Step("rotate", after, number=number)


def waits(seconds: float) -> Step:
    """Nothing happens."""
    return Step("wait", seconds)
