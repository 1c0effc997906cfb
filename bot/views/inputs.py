"""The inputs of the edit modal: their names, and what each begins with."""

from datetime import datetime

from bot.domain.progress import Overview
from bot.views.press import CHOOSE_BOAT
from bot.views.text import is_amount, local, plain

START_DATE, START_TIME = "start_date", "start_time"
END_DATE, END_TIME = "end_date", "end_time"
CREW, CREW_TASKS = "crew", "crew_tasks"
CAPTAINS = ("captained", "bareboat")
ONE_LINE = ("listing", "renter", "renter_email", "location", "currency")
SEVERAL_LINES = ("add_ons", "cancellation_policy")

_LONGEST = 2900


def shown_values(overview: Overview) -> dict[str, str]:
    """What each input of the edit modal begins with, by block id; absent where it is empty."""
    proposal, booking = overview.proposal, overview.proposal.booking
    shown = {name: plain(getattr(booking, name) or "", _LONGEST) for name in ONE_LINE}
    shown |= {name: _rows(getattr(booking, name) or "") for name in SEVERAL_LINES}
    shown |= _moments(START_DATE, START_TIME, booking.starts_at, overview)
    shown |= _moments(END_DATE, END_TIME, booking.ends_at, overview)
    shown["booking_id"] = plain(booking.booking_id or "", 40).upper()
    shown["captain"] = booking.captain or ""
    shown["passengers"] = _positive(booking.passengers)
    shown["duration_minutes"] = _positive(booking.duration_minutes)
    payout = booking.owner_payout
    shown["owner_payout"] = (
        plain(f"{payout:f}", 40) if payout is not None and is_amount(payout) else ""
    )
    shown[CREW], shown[CREW_TASKS] = _rows(*proposal.crew), _rows(*proposal.crew_tasks)
    shown[CHOOSE_BOAT] = boat_value(proposal.boat.name) if proposal.boat else ""
    return {name: value for name, value in shown.items() if value}


def boat_value(name: str) -> str:
    """What stands for a boat in the modal's menu."""
    return plain(name, 150)


def _moments(date: str, time: str, at: datetime | None, overview: Overview) -> dict[str, str]:
    if at is None:
        return {}
    there = local(at, overview.proposal.boat)
    return {date: f"{there.date()}", time: f"{there:%H:%M}"}


def _rows(*texts: str) -> str:
    return plain("\n".join(texts), _LONGEST, lines=True)


def _positive(number: int | None) -> str:
    return str(number) if number is not None and 1 <= number <= 10**6 else ""
