"""Approve, edit, reject: authorised, and one winner by compare-and-set on the card's version."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog

from bot.domain.charter import Charter, Incomplete, Proposal, State
from bot.domain.message import Message
from bot.domain.progress import Conflict, Decision, Overview
from bot.engine import Jobs, Payload
from bot.orchestration.authority import Authority
from bot.orchestration.narrator import Narrator
from bot.orchestration.run import submit_run
from bot.services.ports import Chat
from bot.steps.base import Step
from bot.store.queries import audit, charters, mails, overviews
from bot.store.store import Store
from bot.views import replies
from bot.views.press import APPROVE, EDIT, REJECT

JOB = "decide"
_IMPATIENCE = timedelta(seconds=5)
BROKE_OFF = "The bot itself broke off; its log says why. Look at the card, then try again."
log = structlog.get_logger()


class Decisions:
    """The engine's job for one click or modal on a card.

    The payload: `key` (the click's identity), `action`, `booking_id`, `version` (the card's, as
    the person saw it), `user`, `channel`, and `reason` or `proposal` where the action has them.
    """

    def __init__(
        self,
        store: Store,
        jobs: Jobs,
        chat: Chat,
        authority: Authority,
        narrator: Narrator,
        plan: tuple[Step, ...],
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._jobs = jobs
        self._chat = chat
        self._authority = authority
        self._narrator = narrator
        self._plan = tuple((step.name, step.label) for step in plan)
        self._clock = clock

    async def work(self, payload: Payload) -> None:
        """Decide, or tell the person why not."""
        if not await self._authority.may_act(payload["user"]):
            return await self._refuse(payload)
        again = await self._store.read(audit.has, payload["key"])
        booking_id = _id_after(payload) if again else payload["booking_id"]
        overview = await self._store.read(overviews.overview, booking_id)
        if overview is None:
            return await self._whisper(payload, replies.no_such_charter(booking_id))
        if again:
            return await self._go_on(overview)
        if overview.state is not State.PROPOSED or overview.version != payload["version"]:
            return await self._stale(payload, overview)
        actions = {APPROVE: self._approve, EDIT: self._edit, REJECT: self._reject}
        act = actions.get(payload["action"])
        if act is None:
            # A click that was to open a modal, and could not: it decides nothing.
            return await self._stale(payload, overview)
        neighbours = await self._store.read(overviews.colliding, overview.proposal)
        if await act(payload, overview):
            self._narrator.touch(_id_after(payload))
            await self._touch_neighbours(_id_after(payload), neighbours)
        return None

    async def _touch_neighbours(self, booking_id: str, before: tuple[Conflict, ...]) -> None:
        """Cards that showed this charter as too close, or that must show it from now on."""
        overview = await self._store.read(overviews.overview, booking_id)
        after = overview.conflicts if overview else ()
        for neighbour in {conflict.booking_id for conflict in (*before, *after)}:
            await self._store.write(charters.touch, neighbour)
            self._narrator.touch(neighbour)

    async def give_up(self, payload: Payload) -> None:
        """Say that a click's work broke off for a reason inside the bot."""
        await self._whisper(payload, replies.went_wrong(BROKE_OFF))

    async def _approve(self, payload: Payload, overview: Overview) -> bool:
        try:
            charter = overview.proposal.complete()
        except Incomplete as error:
            await self._whisper(payload, replies.blocked(overview.booking_id, error.blockers))
            return False
        decision = self._decision(payload, approved=True)
        won = await self._store.write(
            _approve,
            charter,
            version=payload["version"],
            decision=decision,
            plan=self._plan,
            origin=payload["key"],
        )
        if not won:
            await self._lost(payload)
            return False
        log.info("approved", booking_id=charter.booking_id)
        await submit_run(self._jobs, charter.booking_id, 1)
        return True

    async def _reject(self, payload: Payload, overview: Overview) -> bool:
        decision = self._decision(payload, approved=False)
        won = await self._store.write(
            _reject,
            overview.booking_id,
            version=payload["version"],
            decision=decision,
            origin=payload["key"],
        )
        if not won:
            await self._lost(payload)
        return won

    async def _edit(self, payload: Payload, overview: Overview) -> bool:
        proposal = Proposal.model_validate(payload["proposal"])
        corrected = proposal.booking_id != overview.booking_id
        if corrected and await self._store.read(charters.is_known, proposal.booking_id):
            other = await self._store.read(overviews.overview, proposal.booking_id)
            card = other.card if other else None
            await self._whisper(payload, replies.already_known(proposal.booking_id, card))
            return False
        won = await self._store.write(
            _edit,
            overview.booking_id,
            proposal,
            version=payload["version"],
            user=payload["user"],
            origin=payload["key"],
            remember=payload.get("remember", False),
            at=self._clock(),
        )
        if not won:
            await self._lost(payload)
        return won

    async def _go_on(self, overview: Overview) -> None:
        """This very click has done its work already, before a crash: go on from there."""
        if overview.state is State.RUNNING:
            await submit_run(self._jobs, overview.booking_id, overview.run)
        self._narrator.touch(overview.booking_id)

    async def _lost(self, payload: Payload) -> None:
        overview = await self._store.read(overviews.overview, payload["booking_id"])
        if overview:
            await self._stale(payload, overview)

    async def _stale(self, payload: Payload, overview: Overview) -> None:
        if _is_impatient(payload, overview, self._clock()):
            return
        await self._narrator.refresh_card(overview.booking_id)
        await self._whisper(payload, replies.stale(overview))

    async def _refuse(self, payload: Payload) -> None:
        entry = audit.Entry(
            at=self._clock(),
            who=payload["user"],
            what=f"refused {payload['action']}",
            booking_id=payload["booking_id"],
            origin=payload["key"],
        )
        await self._store.write(audit.add, entry)
        await self._whisper(payload, replies.refusal(self._authority.operators))

    async def _whisper(self, payload: Payload, message: Message) -> None:
        await self._chat.whisper(
            payload["channel"], payload["user"], message, thread=payload.get("thread")
        )

    def _decision(self, payload: Payload, *, approved: bool) -> Decision:
        return Decision(
            user=payload["user"],
            at=self._clock(),
            approved=approved,
            reason=payload.get("reason", ""),
        )


def _id_after(payload: Payload) -> str:
    """What the charter is known by after an edit, which may have corrected its id."""
    edited = payload.get("proposal")
    return str(Proposal.model_validate(edited).booking_id if edited else payload["booking_id"])


def _is_impatient(payload: Payload, overview: Overview, now: datetime) -> bool:
    """Whether this is one more of the clicks with which the same person has just approved."""
    decision = overview.decision
    return (
        decision is not None
        and decision.approved
        and payload["action"] == APPROVE
        and payload["user"] == decision.user
        and now - decision.at < _IMPATIENCE
    )


def _approve(
    connection: sa.Connection,
    charter: Charter,
    *,
    version: int,
    decision: Decision,
    plan: tuple[tuple[str, str], ...],
    origin: str,
) -> bool:
    won = charters.approve(connection, charter, version=version, decision=decision, plan=plan)
    if won:
        audit.add(connection, _entry(charter.booking_id, decision, "approved", origin))
    return won


def _reject(
    connection: sa.Connection, booking_id: str, *, version: int, decision: Decision, origin: str
) -> bool:
    won = charters.reject(connection, booking_id, version=version, decision=decision)
    if won:
        audit.add(connection, _entry(booking_id, decision, "rejected", origin))
    return won


def _edit(
    connection: sa.Connection,
    booking_id: str,
    proposal: Proposal,
    *,
    version: int,
    user: str,
    origin: str,
    remember: bool,
    at: datetime,
) -> bool:
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
