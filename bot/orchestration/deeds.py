"""What a person decides about a card, each in one transaction; False if someone was quicker."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.charter import Charter, Proposal
from bot.domain.progress import Decision
from bot.store.queries import audit, charters, mails


def approve(
    connection: sa.Connection,
    *,
    charter: Charter,
    version: int,
    decision: Decision,
    plan: tuple[tuple[str, str], ...],
    origin: str,
) -> bool:
    """Let an approval win, and write down whose it was."""
    won = charters.approve(connection, charter, version=version, decision=decision, plan=plan)
    if won:
        audit.add(connection, _entry(charter.booking_id, decision, "approved", origin))
    return won


def reject(
    connection: sa.Connection, *, booking_id: str, version: int, decision: Decision, origin: str
) -> bool:
    """Let a rejection win, and write down whose it was."""
    won = charters.reject(connection, booking_id, version=version, decision=decision)
    if won:
        audit.add(connection, _entry(booking_id, decision, "rejected", origin))
    return won


def edit(
    connection: sa.Connection,
    *,
    booking_id: str,
    proposal: Proposal,
    version: int,
    user: str,
    origin: str,
    remember: bool,
    at: datetime,
) -> bool:
    """Let an edit win, and keep what was entered."""
    if not charters.edit(connection, booking_id, proposal, version=version, at=at):
        return False
    mails.add_version(connection, proposal.booking, source=user, mail_key=None, at=at)
    if remember and proposal.boat and proposal.booking.listing:
        mails.remember_boat(
            connection, proposal.booking.listing, proposal.boat.name, user=user, at=at
        )
    values: dict[str, Any] = {"booking_id": proposal.booking_id, "origin": origin}
    if booking_id != proposal.booking_id:
        values["detail"] = f"was {booking_id}"
    audit.add(connection, audit.Entry(at=at, who=user, what="edited", **values))
    return True


def _entry(booking_id: str, decision: Decision, what: str, origin: str) -> audit.Entry:
    return audit.Entry(
        at=decision.at,
        who=decision.user,
        what=what,
        booking_id=booking_id,
        origin=origin,
        detail=decision.reason,
    )
