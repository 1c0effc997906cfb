"""Booking mails as a captain forwards them, each about a booking and a day of its own."""

from datetime import date, timedelta
from itertools import count

# Far enough ahead that no card warns of the past, far enough apart that no two meet by chance.
_FIRST_DAY = date(2031, 1, 6)
_DAYS = count()

_MAIL = """\
From: Cap Tain <captain@example.com>
To: charters-abc@example.slack.com
Date: Thu, 14 May 2026 11:00:00 -0700
Message-ID: <{booking_id}@example.com>
Subject: Fwd: You have a new Instant Booking for {start}.
MIME-Version: 1.0
Content-Type: text/plain; charset="utf-8"

---------- Forwarded message ---------
From: Boatsetter <boatsetter@mail.boatsetter.com>
Date: Thu, May 14, 2026 at 10:00 AM
Subject: You have a new Instant Booking for {start}.
To: <captain@example.com>


You received an Instant Booking for {start}.
Get ready to earn ${payout}. Instant Book means that this trip is automatically approved.

Booking ID: {booking_id}

{listing}

Renter: Marisol

{rows}

Earnings

You earn

${payout}

VIEW BOOKING DETAILS
Your cancellation policy is: strict
"""


def free_day() -> date:
    """A day on which nobody else sails."""
    return _FIRST_DAY + timedelta(days=3 * next(_DAYS))


def booking_mail(
    booking_id: str,
    *,
    day: date | None = None,
    starts: str = "10:00 AM",
    ends: str = "1:00 PM",
    start: str | None = None,
    duration: str | None = "3 hours",
    passengers: str | None = "4",
    listing: str = "Sail San Diego Bay aboard JADA",
    add_ons: str | None = None,
    payout: str = "840.75",
) -> bytes:
    """A mail about a three hours' charter on a day of its own, but for what is asked otherwise.

    `start` stands in the mail as it is; None for any other row leaves it out.
    """
    sails = day or free_day()
    rows = {
        "Location": "San Diego, CA",
        "Start": start or _moment(sails, starts),
        "End": _moment(sails, ends) if start is None else None,
        "Duration": duration,
        "Passengers": passengers,
        "Captain": "Captained",
        "Add-ons": add_ons,
    }
    text = _MAIL.format(
        booking_id=booking_id,
        start=rows["Start"],
        listing=listing,
        payout=payout,
        rows="\n\n".join(f"{label}\n{value}" for label, value in rows.items() if value),
    )
    return text.encode()


def _moment(day: date, clock: str) -> str:
    return f"{day:%b} {day.day}, {day.year} • {clock}"
