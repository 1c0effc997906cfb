"""Charters that are too close to one another: a change of one is news on the others' cards."""

from collections.abc import Callable, Iterable

import sqlalchemy as sa

from bot.domain.charter import Proposal
from bot.store.queries import charters, overviews
from bot.store.tables import charters as rows


def among_neighbours(
    connection: sa.Connection,
    change: Callable[[sa.Connection], bool],
    proposals: Iterable[Proposal],
) -> tuple[str, ...] | None:
    """Make a change, and in the same transaction write down that its neighbours' cards are behind.

    `proposals`: the charter before and after it. Returns the neighbours in the order of their ids,
    or None if the change lost.
    """
    proposals = tuple(proposals)
    itself = {proposal.booking_id for proposal in proposals}
    close = {
        conflict.booking_id
        for proposal in proposals
        for conflict in overviews.colliding(connection, proposal)
    } - itself
    # In one order, so that two neighbours that change at once do not each wait for the other.
    connection.execute(
        sa.select(rows.c.booking_id)
        .where(rows.c.booking_id.in_(close | itself))
        .order_by(rows.c.booking_id)
        .with_for_update()
    )
    if not change(connection):
        return None
    neighbours = tuple(sorted(close))
    for booking_id in neighbours:
        charters.touch(connection, booking_id)
    return neighbours
