"""A booking that was read, made a proposed charter."""

from datetime import datetime

import sqlalchemy as sa

from bot.domain.boat import Boat, boat_for_listing
from bot.domain.booking import Reading
from bot.domain.charter import Proposal
from bot.domain.progress import Posted
from bot.store.queries import audit, charters, mails, overviews


def proposal_of(reading: Reading, boats: tuple[Boat, ...]) -> Proposal:
    """What was read, with the boat and its crew, for an operator to decide about."""
    boat = boat_for_listing(boats, reading.booking.listing or "")
    return Proposal(
        marketplace=reading.marketplace or "unknown",
        booking=reading.booking,
        boat=boat,
        crew=boat.crew if boat else (),
        crew_tasks=boat.crew_tasks if boat else (),
        unsure={name: reading.fields[name].why or "" for name in reading.unsure},
        words={name: field.words or "" for name, field in reading.fields.items()},
        places={name: field.place or "" for name, field in reading.fields.items()},
        sender=reading.sender,
    )


def propose(
    connection: sa.Connection, proposal: Proposal, *, mail: Posted, mail_key: str, at: datetime
) -> bool:
    """Make the charter, with what was read; True if it is of this very mail."""
    new = charters.propose(connection, proposal, mail=mail, at=at)
    if new:
        mails.add_version(connection, proposal.booking, source="mail", mail_key=mail_key, at=at)
        entry = audit.Entry(
            at=at, who="mail", what="proposed", booking_id=proposal.booking_id, origin=mail_key
        )
        audit.add(connection, entry)
        return True
    overview = overviews.overview(connection, proposal.booking_id)
    return overview is not None and overview.mail is not None and overview.mail.ts == mail.ts
