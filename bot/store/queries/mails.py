from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa

from bot.domain.booking import Booking, Kind
from bot.domain.frozen import Frozen
from bot.store.once import insert_once
from bot.store.tables import bookings, listings, mails


class StoredMail(Frozen):
    """A mail as it arrived. `key` is its identity: the channel, the message, the file."""

    key: str
    channel: str
    ts: str
    user_id: str
    received_at: datetime
    raw: bytes


class Outcome(Frozen):
    """What a mail turned out to be, once it was worked off."""

    kind: Kind
    booking_id: str | None = None

    @property
    def fruitless(self) -> bool:
        """Whether it ended without anything known, so that it may be worth another reading."""
        return self.kind is Kind.UNRECOGNISED or (self.kind is Kind.NEW and self.booking_id is None)


_FRUITLESS = sa.or_(
    mails.c.kind == Kind.UNRECOGNISED.value,
    sa.and_(mails.c.kind == Kind.NEW.value, mails.c.booking_id.is_(None)),
)


def keep(connection: sa.Connection, mail: StoredMail) -> None:
    """Keep the raw mail. A second time changes nothing, unless nothing came of the first."""
    if not insert_once(connection, mails, mail.model_dump()):
        connection.execute(
            sa.update(mails).where(mails.c.key == mail.key, _FRUITLESS).values(raw=mail.raw)
        )


def raw(connection: sa.Connection, key: str) -> bytes | None:
    """A kept mail's bytes, as they came."""
    kept = sa.select(mails.c.raw).where(mails.c.key == key)
    return cast("bytes | None", connection.scalar(kept))


def received_at(connection: sa.Connection, key: str) -> datetime | None:
    """When a kept mail came, in UTC."""
    kept = sa.select(mails.c.received_at).where(mails.c.key == key)
    return cast("datetime | None", connection.scalar(kept))


def outcome(connection: sa.Connection, key: str) -> Outcome | None:
    """What a mail turned out to be and its booking, once it was worked off."""
    known = sa.select(mails.c.kind, mails.c.booking_id).where(
        mails.c.key == key, mails.c.kind.is_not(None)
    )
    row = connection.execute(known).first()
    return Outcome(kind=Kind(row.kind), booking_id=row.booking_id) if row else None


def settle(connection: sa.Connection, mail: StoredMail, known: Outcome, *, words: str) -> None:
    """Say what a mail turned out to be. `mail`: kept as it is if it never was.

    Without a row whoever asks for the mail again would get no answer.
    """
    insert_once(connection, mails, mail.model_dump())
    connection.execute(
        sa.update(mails)
        .where(mails.c.key == mail.key)
        .values(kind=known.kind.value, booking_id=known.booking_id, outcome=words)
    )


def latest(connection: sa.Connection, channel: str) -> str | None:
    """The ts of the newest mail of a channel: where the sweep for missed mail begins."""
    newest = sa.select(sa.func.max(mails.c.ts)).where(mails.c.channel == channel)
    return cast("str | None", connection.scalar(newest))


def add_version(
    connection: sa.Connection,
    booking: Booking,
    *,
    source: str,
    mail_key: str | None,
    at: datetime,
) -> None:
    """Keep one more version of what was read of a booking, or of an operator's word.

    What a mail said is kept once, however often its work is begun anew.
    """
    content = booking.model_dump(mode="json")
    if mail_key is not None and content in _said(connection, booking.booking_id, mail_key):
        return
    connection.execute(
        sa.insert(bookings).values(
            booking_id=booking.booking_id, mail_key=mail_key, source=source, content=content, at=at
        )
    )


def _said(
    connection: sa.Connection, booking_id: str | None, mail_key: str
) -> Sequence[Mapping[str, Any]]:
    """What is kept of a booking by one mail."""
    ours = bookings.c.booking_id == booking_id, bookings.c.mail_key == mail_key
    return connection.scalars(sa.select(bookings.c.content).where(*ours)).all()


def versions(connection: sa.Connection, booking_id: str) -> tuple[Booking, ...]:
    """Every version of a booking, oldest first."""
    rows = connection.scalars(
        sa.select(bookings.c.content)
        .where(bookings.c.booking_id == booking_id)
        .order_by(bookings.c.id)
    )
    return tuple(Booking.model_validate(row) for row in rows)


def remembered(connection: sa.Connection) -> tuple[tuple[str, str], ...]:
    """Listings whose boat an operator once named, each with that boat's name."""
    rows = connection.execute(sa.select(listings.c.listing, listings.c.boat))
    return tuple((listing, boat) for listing, boat in rows)


def remember_boat(
    connection: sa.Connection, listing: str, boat: str, *, user: str, at: datetime
) -> None:
    """Remember an operator's answer; a later one replaces it."""
    known, answer = _folded(listing), {"boat": boat, "user_id": user, "at": at}
    if not insert_once(connection, listings, {"listing": known, **answer}):
        connection.execute(sa.update(listings).where(listings.c.listing == known).values(**answer))


def _folded(listing: str) -> str:
    return " ".join(listing.split()).casefold()[:400]
