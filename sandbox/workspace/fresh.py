"""Booking mails with dates relative to now, in Boatsetter's words, as Gmail forwards them."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from html import escape
from importlib import resources
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/Los_Angeles")
LISTING = "Sail San Diego Bay aboard JADA"
_ALPHABET = "bcdfghjklmnpqrstvwxz"  # all that the marketplace's ids are made of
_ID_LENGTH = 7
_QUARTER = 15
_SATURDAY = 5
_TEMPLATE = "fresh-instant-gmail.txt"


@dataclass(frozen=True)
class Fresh:
    """A booking that is not of any date. `starts` tells when it starts, from now."""

    starts: Callable[[datetime], datetime]
    hours: int = 3
    renter: str = "Marisol"
    passengers: int = 4
    payout: str = "$840.75"
    listing: str = LISTING
    add_ons: str = "Paddle board"
    note: str = "FYI"

    def mail(self, name: str, number: int, now: datetime) -> bytes:
        """The mail that is forwarded as the `number`th of this name; each has an id of its own."""
        here = now.astimezone(ZONE)
        start = self.starts(here)
        end = (start.astimezone(now.tzinfo) + timedelta(hours=self.hours)).astimezone(ZONE)
        text = _template().format(
            note=self.note,
            sent=f"{here:%a, %b} {here.day}, {here.year} at {_clock(here)}",
            start=_moment(start),
            end=_moment(end),
            booking_id=booking_id(f"{here.date()} {name} {number}"),
            listing=self.listing,
            renter=self.renter,
            passengers=self.passengers,
            payout=self.payout,
            hours=self.hours,
            add_ons=self.add_ons,
        )
        return _forwarded(f"Fwd: You have a new Instant Booking for {_moment(start)}.", text, here)


def next_saturday(now: datetime) -> datetime:
    """Ten in the morning of the Saturday that comes; on a Saturday, of the one after it."""
    days = (_SATURDAY - now.weekday()) % 7 or 7
    return (now + timedelta(days=days)).replace(hour=10, minute=0, second=0, microsecond=0)


def hours_ago(hours: float) -> Callable[[datetime], datetime]:
    """So long ago, or up to a quarter of an hour longer, so that the time is a round one."""

    def start(now: datetime) -> datetime:
        then = (now.astimezone(ZoneInfo("UTC")) - timedelta(hours=hours)).astimezone(ZONE)
        return then.replace(minute=then.minute // _QUARTER * _QUARTER, second=0, microsecond=0)

    return start


def booking_id(seed: str) -> str:
    """An id that the marketplace might give; the same for the same seed."""
    return "".join(random.Random(seed).choices(_ALPHABET, k=_ID_LENGTH))  # noqa: S311 - no secret


def _forwarded(subject: str, text: str, here: datetime) -> bytes:
    mail = EmailMessage()
    mail["From"] = "Cap Tain <captain@example.com>"
    mail["To"] = "charters-abc@example.slack.com"
    mail["Date"] = here
    mail["Subject"] = subject
    mail.set_content(text, cte="quoted-printable")
    lines = "\n".join(f"<div>{escape(line)}</div>" for line in text.splitlines() if line)
    mail.add_alternative(
        f"<!doctype html><html><body>{lines}</body></html>",
        subtype="html",
        cte="quoted-printable",
    )
    return mail.as_bytes()


def _template() -> str:
    file = resources.files("sandbox").joinpath("samples", _TEMPLATE)
    return file.read_text(encoding="utf-8")


def _moment(time: datetime) -> str:
    return f"{time:%b} {time.day}, {time.year} • {_clock(time)}"


def _clock(time: datetime) -> str:
    return f"{time.hour % 12 or 12}:{time:%M %p}"
