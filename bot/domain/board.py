"""What the app's Home tells, as it was at one moment."""

from collections.abc import Mapping
from typing import Literal

from pydantic import AwareDatetime

from bot.domain.boat import Boat
from bot.domain.frozen import Frozen
from bot.domain.progress import Overview


class Shelf(Frozen):
    """Charters of one kind: the first of them, and how many there are in all."""

    charters: tuple[Overview, ...] = ()
    total: int = 0


class Resent(Frozen):
    """The latest wish for fresh crew links: when (UTC), and how it ended."""

    at: AwareDatetime
    outcome: Literal["done", "failed", "unknown"]


class Deed(Frozen):
    """What a person did, as the audit words it; `boat` and `card` where the charter is known."""

    at: AwareDatetime
    who: str
    what: str
    booking_id: str | None = None
    boat: Boat | None = None
    card: str | None = None


class Board(Frozen):
    """Everything on a Home. `since`: when each waiting charter was proposed, by booking id (UTC).

    `resent` is by booking id, too; `deeds` are the latest, newest first.
    """

    waiting: Shelf = Shelf()
    troubled: Shelf = Shelf()
    to_come: Shelf = Shelf()
    since: Mapping[str, AwareDatetime] = {}
    resent: Mapping[str, Resent] = {}
    deeds: tuple[Deed, ...] = ()
