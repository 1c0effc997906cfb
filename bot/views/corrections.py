"""What an operator entered or confirmed, beside what the mail says of it."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from bot.domain.charter import Proposal, first_name
from bot.views import blocks
from bot.views.blocks import Line
from bot.views.inputs import CREW, CREW_TASKS
from bot.views.sight import CONTACT, LABELS, MONEY, Sight
from bot.views.text import clock, duration, money, plain, shown_id

TITLE = "Entered or confirmed by hand"
_ELSEWHERE = {"boat": "Boat", CREW: "Crew to be called", CREW_TASKS: "Their tasks"}
_READ_AS = {"boat": "listing"}
"""The field of the mail from which what no mail names was concluded."""
_NOBODY = "an operator"
_LONGEST_VALUE, _LONGEST_WORDS = 80, 120


class Correction(NamedTuple):
    """One field that holds an operator's word: `value` is theirs, `mail` what the mail says.

    Both are None where they are not for the readers, and `mail` where no mail names such a thing;
    it is "" where the mail could say it and does not.
    """

    name: str
    label: str
    value: str | None
    who: str
    mail: str | None
    place: str

    def as_json(self) -> dict[str, str | None]:
        """The same for programs."""
        mail = {"the_mail_says": self.mail or None, "place": self.place or None}
        return {"field": self.name, "value": self.value, "by": self.who or None, **mail}


def corrections(sight: Sight, *, aside: bool = False) -> Iterator[Correction]:
    """Every such field, in reading order. `aside`: shown outside the card, so no surname."""
    edited = sight.overview.proposal.edited
    for name, label in {**LABELS, **_ELSEWHERE}.items():
        if name in edited and (sight.show_payout or name not in MONEY):
            value = _value(sight, name, aside=aside)
            mail, place = _mail(sight, name, aside=aside)
            yield Correction(name, label, value, edited[name], mail, place)


def correction_lines(sight: Sight, *, aside: bool = False) -> list[Line]:
    """The same as rich text, a line each."""
    return [_line(one) for one in corrections(sight, aside=aside)]


def correction_text(one: Correction) -> str:
    """The same for a terminal: what the field holds, and whose word that is."""
    whose = f"{plain(one.who or _NOBODY, 40)}'s word{_beside(one)}"
    return whose if one.value is None else f"{one.value} ({whose})"


def _line(one: Correction) -> Line:
    who = blocks.person(one.who) if one.who else blocks.glue(_NOBODY)
    beside, label = f"'s word{_beside(one)}", (blocks.bold(one.label), blocks.glue(": "))
    if one.value is None:
        return (*label, who, blocks.glue(beside))
    value = blocks.words(one.value, _LONGEST_VALUE)
    return (*label, value, blocks.glue(" ("), who, blocks.glue(f"{beside})"))


def _beside(one: Correction) -> str:
    if one.mail is None:
        return ""
    if not one.mail:
        return "; the mail does not say"
    return f"; the mail says “{one.mail}”{f', {one.place}' if one.place else ''}"


def _mail(sight: Sight, name: str, *, aside: bool) -> tuple[str | None, str]:
    if name in {CREW, CREW_TASKS, CONTACT} or (aside and name == "renter"):
        return None, ""
    said = sight.mail_says(_READ_AS.get(name, name))
    return plain(said or "", _LONGEST_WORDS), sight.place(_READ_AS.get(name, name))


def _value(sight: Sight, name: str, *, aside: bool) -> str | None:
    if name == CONTACT:
        return None
    held = _held(sight.overview.proposal, name)
    if aside and name == "renter":
        held = first_name(held)
    return plain(sight.veil(held) or "left empty", _LONGEST_VALUE)


def _held(proposal: Proposal, name: str) -> str | None:
    booking, boat = proposal.booking, proposal.boat
    if name in {CREW, CREW_TASKS}:
        return ", ".join(getattr(proposal, name))
    if name == "boat":
        return boat.name if boat else None
    held = getattr(booking, name)
    return None if held is None else _written(proposal, name, held)


def _written(proposal: Proposal, name: str, held: Any) -> str:
    if isinstance(held, datetime):
        return clock(held, proposal.boat)
    if isinstance(held, Decimal):
        return money(held, proposal.booking.currency)
    if name == "duration_minutes":
        return duration(held * 60) if held > 0 else str(held)
    return shown_id(held) if name == "booking_id" else str(held)
