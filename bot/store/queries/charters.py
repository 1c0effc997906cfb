"""Charters and their way through the states. The thread follows `changed`, which each raises."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.artefact import Artefact
from bot.domain.charter import Charter, Proposal, State, transition
from bot.domain.progress import Cancelled, Decision, Posted, StepState
from bot.store.once import insert_once
from bot.store.tables import charters, posts, steps


def propose(
    connection: sa.Connection, proposal: Proposal, *, mail: Posted | None, at: datetime
) -> bool:
    """Make a new charter of a booking; False if the booking is known."""
    values = {
        "booking_id": proposal.booking_id,
        "state": State.PROPOSED,
        "version": 1,
        "mail_channel": mail.channel if mail else None,
        "mail_ts": mail.ts if mail else None,
        "mail_permalink": mail.permalink if mail else None,
        "created_at": at,
        "updated_at": at,
        **_searchable(proposal),
    }
    return insert_once(connection, charters, values)


def edit(
    connection: sa.Connection, booking_id: str, proposal: Proposal, *, version: int, at: datetime
) -> bool:
    """Replace the proposal if its card is still at `version`; False if someone was quicker.

    `booking_id` is what the charter was known by: an operator may have corrected it, and then its
    messages go along.
    """
    edited = _change(
        connection,
        booking_id,
        charters.c.state == State.PROPOSED,
        charters.c.version == version,
        booking_id=proposal.booking_id,
        version=version + 1,
        updated_at=at,
        **_searchable(proposal),
    )
    if edited and booking_id != proposal.booking_id:
        connection.execute(
            sa.update(posts)
            .where(posts.c.key == f"{booking_id}:card")
            .values(key=f"{proposal.booking_id}:card")
        )
    return edited


def is_known(connection: sa.Connection, booking_id: str) -> bool:
    """Whether there is a charter of that booking."""
    return _state(connection, booking_id) is not None


def approve(
    connection: sa.Connection,
    charter: Charter,
    *,
    version: int,
    decision: Decision,
    plan: Sequence[tuple[str, str]],
) -> bool:
    """Let one approval win, and freeze the charter and its plan of (step name, label)."""
    transition(State.PROPOSED, State.RUNNING)
    won = _change(
        connection,
        charter.booking_id,
        charters.c.state == State.PROPOSED,
        charters.c.version == version,
        state=State.RUNNING,
        version=version + 1,
        charter=charter.model_dump(mode="json", exclude={"artefacts"}),
        decision=decision.model_dump(mode="json"),
        run=1,
        updated_at=decision.at,
    )
    if won:
        connection.execute(
            sa.insert(steps),
            [
                {
                    "booking_id": charter.booking_id,
                    "name": name,
                    "position": position,
                    "label": label,
                    "state": StepState.WAITING,
                }
                for position, (name, label) in enumerate(plan)
            ],
        )
    return won


def reject(connection: sa.Connection, booking_id: str, *, version: int, decision: Decision) -> bool:
    """Let one rejection win."""
    transition(State.PROPOSED, State.REJECTED)
    return _change(
        connection,
        booking_id,
        charters.c.state == State.PROPOSED,
        charters.c.version == version,
        state=State.REJECTED,
        version=version + 1,
        decision=decision.model_dump(mode="json"),
        updated_at=decision.at,
    )


def finish(connection: sa.Connection, booking_id: str, *, state: State, at: datetime) -> bool:
    """End a run as done or as needing a person."""
    transition(State.RUNNING, state)
    return _change(
        connection, booking_id, charters.c.state == State.RUNNING, state=state, updated_at=at
    )


def cancel(connection: sa.Connection, booking_id: str, *, cancelled: Cancelled) -> bool:
    """Cancel a charter whose run has ended; False if it has not, or was never approved."""
    ended = (State.DONE, State.NEEDS_PERSON)
    for state in ended:
        transition(state, State.CANCELLED)
    return _change(
        connection,
        booking_id,
        charters.c.state.in_(ended),
        state=State.CANCELLED,
        cancelled=cancelled.model_dump(mode="json"),
        updated_at=cancelled.at,
    )


def restart(
    connection: sa.Connection, booking_id: str, *, after: int | None = None, at: datetime
) -> int | None:
    """Begin the next run with every step that is not done; its number, or None if none failed.

    `after`: only if that is still the latest run, so that nobody decides about one they never saw.
    Their `started_at` stays: it says that an earlier request may still take effect.
    """
    transition(State.NEEDS_PERSON, State.RUNNING)
    seen = () if after is None else (charters.c.run == after,)
    begun = _change(
        connection,
        booking_id,
        charters.c.state == State.NEEDS_PERSON,
        *seen,
        state=State.RUNNING,
        run=charters.c.run + 1,
        updated_at=at,
    )
    if not begun:
        return None
    connection.execute(
        sa.update(steps)
        .where(steps.c.booking_id == booking_id, steps.c.state != StepState.DONE)
        .values(state=StepState.WAITING, what="", hint="", ended_at=None)
    )
    return connection.scalar(sa.select(charters.c.run).where(charters.c.booking_id == booking_id))


def take_word(
    connection: sa.Connection,
    booking_id: str,
    name: str,
    *,
    user: str,
    after: int | None,
    at: datetime,
) -> bool:
    """Count a step as done because `user` has seen it; False if it is no question.

    With nothing else left the charter is done. `after`: see `restart`.
    """
    transition(State.NEEDS_PERSON, State.DONE)
    needs_person = charters.c.state == State.NEEDS_PERSON
    seen = () if after is None else (charters.c.run == after,)
    if not _change(connection, booking_id, needs_person, *seen, updated_at=at):
        return False
    of_charter = steps.c.booking_id == booking_id
    taken = connection.execute(
        sa.update(steps)
        .where(of_charter, steps.c.name == name, steps.c.state == StepState.UNKNOWN)
        .values(
            state=StepState.DONE,
            artefact=Artefact(id=f"seen by {user}").model_dump(mode="json"),
            what="",
            hint="",
            ended_at=at,
        )
    )
    if taken.rowcount != 1:
        return False
    left = sa.select(steps.c.name).where(of_charter, steps.c.state != StepState.DONE)
    if connection.scalar(left.limit(1)) is None:
        _change(connection, booking_id, state=State.DONE)
    return True


def set_step(
    connection: sa.Connection, booking_id: str, name: str, /, *, begun: bool = False, **values: Any
) -> None:
    """Write one step's progress; `begun` counts one more attempt."""
    if begun:
        values["attempts"] = steps.c.attempts + 1
    connection.execute(
        sa.update(steps)
        .where(steps.c.booking_id == booking_id, steps.c.name == name)
        .values(**values)
    )
    touch(connection, booking_id)


def touch(connection: sa.Connection, booking_id: str) -> None:
    """Have the charter's messages drawn again."""
    _change(connection, booking_id)


def shown(connection: sa.Connection, booking_id: str, changed: int) -> None:
    """Write down which change the charter's messages show."""
    connection.execute(
        sa.update(charters).where(charters.c.booking_id == booking_id).values(shown=changed)
    )


def _state(connection: sa.Connection, booking_id: str) -> str | None:
    return connection.scalar(sa.select(charters.c.state).where(charters.c.booking_id == booking_id))


def _change(
    connection: sa.Connection,
    booking_id: str,
    /,
    *conditions: sa.ColumnElement[bool],
    **values: Any,
) -> bool:
    result = connection.execute(
        sa.update(charters)
        .where(charters.c.booking_id == booking_id, *conditions)
        .values(changed=charters.c.changed + 1, **values)
    )
    return result.rowcount == 1


def _searchable(proposal: Proposal) -> dict[str, Any]:
    return {
        "proposal": proposal.model_dump(mode="json"),
        "boat": proposal.boat.name if proposal.boat else None,
        "starts_at": proposal.booking.starts_at,
        "ends_at": proposal.booking.ends_at,
    }
