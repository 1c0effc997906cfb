"""What people mean to do with a charter, drawn from the seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from random import Random

from bot.views.press import INVALIDATE, RESEND, SCRUB

CAPTAIN, MATE, STRANGER = "U0CAPTAIN", "U0MATE", "U0STRANGER"
GUESTS, MORE_GUESTS = 4, 5
_FIRST_DAY = date(2031, 1, 6)
_LETTERS = "bcdfghjklmnpqrstvwxz"


@dataclass(frozen=True)
class Story:
    """What is to become of one charter.

    Attributes:
        booking_id: lower-case.
        day: on which nobody else sails.
        payout: what the owner gets, as the mail has it.
        who: whoever decides and presses.
        ending: "set up", "rejected", "cancelled" or "left" undecided.
        edited: one guest more, before the decision.
        clicks: how often Approve is pressed at once.
        redelivered: Slack tells of the mail, and of one press of each button, twice.
        stranger: somebody who may not presses Approve first.
        follow_ups: the buttons that are pressed afterwards.
    """

    booking_id: str
    day: date
    payout: str
    who: str
    ending: str
    edited: bool
    clicks: int
    redelivered: bool
    stranger: bool
    follow_ups: tuple[str, ...]

    @property
    def shown_id(self) -> str:
        return self.booking_id.upper()

    @property
    def guests(self) -> int:
        return MORE_GUESTS if self.edited else GUESTS

    @property
    def goes_out(self) -> bool:
        """Whether outside systems are to hear of it."""
        return self.ending in {"set up", "cancelled"}


def drawn(seed: int) -> Iterator[Story]:
    """The stories of a seed, without end."""
    chance = Random(f"stories {seed}")
    for number, letters in enumerate(product(_LETTERS, repeat=3)):
        ending = chance.choices(("set up", "cancelled", "rejected", "left"), (14, 3, 2, 1))[0]
        buttons = [SCRUB, RESEND, INVALIDATE]
        chance.shuffle(buttons)
        yield Story(
            booking_id=f"zkl{chance.choice(_LETTERS)}{''.join(letters)}",
            day=_FIRST_DAY + timedelta(days=3 * number),
            payout=f"{7300 + number}.{chance.randrange(11, 99)}",
            who=chance.choice((CAPTAIN, MATE)),
            ending=ending,
            edited=chance.random() < 0.2,
            clicks=chance.choice((1, 1, 2, 3)),
            redelivered=chance.random() < 0.25,
            stranger=chance.random() < 0.15,
            follow_ups=tuple(buttons[: chance.choice((0, 1, 1, 2, 3))]),
        )
