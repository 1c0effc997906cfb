"""Approve, edit, reject: authorised, and one winner by compare-and-set on the card's version."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa
import structlog

from bot.domain.charter import Incomplete, Proposal, State
from bot.domain.message import Message
from bot.domain.progress import Decision, Overview
from bot.engine import Jobs, Payload
from bot.orchestration import deeds
from bot.orchestration.authority import Authority
from bot.orchestration.gate import Gate
from bot.orchestration.narrator import Narrator
from bot.orchestration.neighbours import among_neighbours
from bot.orchestration.run import submit_run
from bot.orchestration.whisper import whisper
from bot.services.ports import Chat
from bot.steps.base import Step
from bot.store.queries import audit, charters, overviews
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
        self._gate = Gate(store, chat, authority, clock)
        self._narrator = narrator
        self._plan = tuple((step.name, step.label) for step in plan)
        self._clock = clock

    async def work(self, payload: Payload) -> None:
        """Decide, or tell the person why not."""
        # What this very click has done already it was let in for: no look-up takes that back.
        again = await self._store.read(audit.has, payload["key"])
        if not again and not await self._gate.lets_in(payload):
            return None
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
        await act(payload, overview)
        return None

    async def give_up(self, payload: Payload) -> None:
        """Say that a click's work broke off for a reason inside the bot."""
        await self._whisper(payload, replies.went_wrong(BROKE_OFF))

    async def _approve(self, payload: Payload, overview: Overview) -> None:
        try:
            charter = overview.proposal.complete()
        except Incomplete as error:
            return await self._whisper(
                payload, replies.blocked(overview.booking_id, error.blockers)
            )
        change = partial(
            deeds.approve,
            charter=charter,
            version=payload["version"],
            decision=self._decision(payload, approved=True),
            plan=self._plan,
            origin=payload["key"],
        )
        if await self._carry_out(change, payload, overview):
            log.info("approved", booking_id=charter.booking_id)
            await submit_run(self._jobs, charter.booking_id, 1)
        return None

    async def _reject(self, payload: Payload, overview: Overview) -> None:
        change = partial(
            deeds.reject,
            booking_id=overview.booking_id,
            version=payload["version"],
            decision=self._decision(payload, approved=False),
            origin=payload["key"],
        )
        await self._carry_out(change, payload, overview)

    async def _edit(self, payload: Payload, overview: Overview) -> None:
        proposal = Proposal.model_validate(payload["proposal"])
        corrected = proposal.booking_id != overview.booking_id
        if corrected and await self._store.read(charters.is_known, proposal.booking_id):
            other = await self._store.read(overviews.overview, proposal.booking_id)
            card = other.card if other else None
            return await self._whisper(payload, replies.already_known(proposal.booking_id, card))
        change = partial(
            deeds.edit,
            booking_id=overview.booking_id,
            proposal=proposal,
            version=payload["version"],
            user=payload["user"],
            origin=payload["key"],
            remember=payload.get("remember", False),
            at=self._clock(),
        )
        await self._carry_out(change, payload, overview, proposal)
        return None

    async def _carry_out(
        self,
        change: Callable[[sa.Connection], bool],
        payload: Payload,
        overview: Overview,
        edited: Proposal | None = None,
    ) -> bool:
        """Whether the change won; the cards that it concerns follow."""
        proposals = (overview.proposal, edited or overview.proposal)
        stale_cards = await self._store.write(among_neighbours, change, proposals)
        if stale_cards is None:
            await self._lost(payload)
            return False
        for booking_id in (_id_after(payload), *stale_cards):
            self._narrator.touch(booking_id)
        return True

    async def _go_on(self, overview: Overview) -> None:
        """This very click has done its work already, before a crash: go on from there."""
        if overview.state is State.RUNNING:
            await submit_run(self._jobs, overview.booking_id, overview.run)
        self._narrator.touch(overview.booking_id)
        # Its neighbours, too: that their cards are behind is on disk.
        await self._narrator.catch_up()

    async def _lost(self, payload: Payload) -> None:
        overview = await self._store.read(overviews.overview, payload["booking_id"])
        if overview:
            await self._stale(payload, overview)

    async def _stale(self, payload: Payload, overview: Overview) -> None:
        if _is_impatient(payload, overview, self._clock()):
            return
        await self._narrator.refresh_card(overview.booking_id)
        await self._whisper(payload, replies.stale(overview))

    async def _whisper(self, payload: Payload, message: Message) -> None:
        await whisper(self._chat, payload, message)

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
