"""What a charter's facts are drawn from, and what the readers of the drawing may see."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from bot.domain.charter import State
from bot.domain.money_search import holds_amount
from bot.domain.progress import Overview
from bot.views.text import clip, is_amount, plain, width

LABELS: Mapping[str, str] = {
    "booking_id": "Booking id",
    "listing": "Listing",
    "renter": "Renter",
    "renter_email": "Renter's e-mail",
    "starts_at": "Start",
    "ends_at": "End",
    "duration_minutes": "Duration",
    "passengers": "Guests",
    "location": "Location",
    "captain": "Captain",
    "add_ons": "Add-ons",
    "owner_payout": "Payout",
    "currency": "Currency",
    "cancellation_policy": "Cancellation policy",
}
MONEY = frozenset({"owner_payout", "currency"})
CONTACT = "renter_email"
"""Not for a channel that crew may read, nor for anyone who asks."""

_HIDDEN = "(not shown: it names an amount)"
_MOST_SEARCHED = 1000
_FIGURES = re.compile(r"[0-9][0-9.,]{0,15}", re.ASCII)
_ELLIPSIS = " … "


@dataclass(frozen=True)
class Sight:
    """What a card is drawn from, and what its readers may see. `words`: the mail's, by field."""

    overview: Overview
    now: datetime
    show_payout: bool
    sums: Mapping[str, str]
    words: Mapping[str, str]

    @property
    def open(self) -> bool:
        """Whether the card still waits for a decision."""
        return self.overview.state is State.PROPOSED and self.overview.decision is None

    def veil(self, text: str | None) -> str | None:
        """Words from the mail as the readers may see them."""
        amounts = () if self.show_payout or not text else tuple(self._amounts())
        if not amounts:
            return text
        seen = plain(text, _MOST_SEARCHED)
        return _HIDDEN if holds_amount(seen, amounts) else seen

    def mail_says(self, name: str) -> str | None:
        """The mail's words for a field as the readers may see them; None if it has none."""
        return None if name == CONTACT else self.veil(self.words.get(name)) or None

    def place(self, name: str) -> str:
        """Where in the mail those stand, such as "text, line 14"; "" where that is not known."""
        return plain(self.overview.proposal.places.get(name, ""), 40)

    def _amounts(self) -> Iterator[Decimal]:
        """The payout as it stands, and as the mail has it: an operator may have corrected it."""
        payout = self.overview.proposal.booking.owner_payout
        if payout is not None and is_amount(payout):
            yield payout
        said = (
            self.words.get("owner_payout", ""),
            self.overview.proposal.words.get("currency", ""),
        )
        for figures in _FIGURES.findall(plain(" ".join(said), _MOST_SEARCHED)):
            yield from _either_way(figures.rstrip(".,"))


def shortened(sentence: str, limit: int) -> str:
    """A sentence cut in its middle, where it quotes: how it begins and ends tells what is wrong."""
    whole = plain(sentence, _MOST_SEARCHED)
    if width(whole) <= limit:
        return whole
    half = (limit - len(_ELLIPSIS)) // 2
    end = whole[-half:]
    while width(end) > half:
        end = end[1:]
    return clip(whole, half).removesuffix("…") + _ELLIPSIS + end


def _either_way(figures: str) -> Iterator[Decimal]:
    """An amount with its cents after a point, or after a comma."""
    for mark, other in ((".", ","), (",", ".")):
        try:
            found = Decimal(figures.replace(other, "").replace(mark, "."))
        except InvalidOperation:  # 1.234.567 is an amount one way alone
            continue
        if found > 0:
            yield found
