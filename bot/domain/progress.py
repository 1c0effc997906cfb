"""How far a charter is: the one account that the thread, `/charter`, the CLI and the logs tell."""

from datetime import datetime
from enum import StrEnum

from pydantic import AwareDatetime

from bot.domain.artefact import Artefact
from bot.domain.booking import Booking
from bot.domain.charter import Proposal, State
from bot.domain.frozen import Frozen

_MAY_BE_SET_UP = "May be set up already: the database was restored. Approve looks first."


class StepState(StrEnum):
    """Where one step stands. Persisted."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"
    BLOCKED = "blocked"


class StepProgress(Frozen):
    """One line of the checklist.

    `what` and `hint` are for a person when the step did not end well: what happened, what to do.
    `attempts` counts requests begun; times are UTC.
    """

    name: str
    label: str
    state: StepState = StepState.WAITING
    artefact: Artefact | None = None
    what: str = ""
    hint: str = ""
    attempts: int = 0
    started_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None

    @property
    def may_exist(self) -> bool:
        """Whether what it makes is there or may be: it is known, or it was asked for.

        One that was found needed no request of ours.
        """
        return self.artefact is not None or self.attempts > 0


class Decision(Frozen):
    """Who approved or rejected a card, when (UTC), and why if they said so."""

    user: str
    at: AwareDatetime
    approved: bool
    reason: str = ""


class Cancelled(Frozen):
    """Who cancelled a charter that had been approved, and when (UTC)."""

    user: str
    at: AwareDatetime


class Posted(Frozen):
    """A message in Slack. `ts` is its identity within the channel."""

    channel: str
    ts: str
    permalink: str | None = None


class Conflict(Frozen):
    """Another charter of the same boat that is too close, with its card where there is one."""

    booking_id: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    permalink: str | None = None

    def overlaps(self, booking: Booking) -> bool:
        """Whether the boat is wanted for both at the same time, not just soon after each other."""
        return bool(
            booking.starts_at
            and booking.ends_at
            and booking.starts_at < self.ends_at
            and self.starts_at < booking.ends_at
        )


class Overview(Frozen):
    """Everything a person may ask about one charter. `version` is the card's.

    `restored`: the database comes from a backup, and until then it may have been set up already.
    """

    booking_id: str
    state: State
    version: int
    proposal: Proposal
    updated_at: AwareDatetime
    decision: Decision | None = None
    cancelled: Cancelled | None = None
    steps: tuple[StepProgress, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    card: Posted | None = None
    mail: Posted | None = None
    run: int = 0
    restored: bool = False

    @property
    def guest_url(self) -> str | None:
        """The guest's page, once it was published."""
        return self._url("guest_page")

    @property
    def crew_url(self) -> str | None:
        """The crew's page, once the crew event exists."""
        return self._url("crew_event")

    @property
    def troubled(self) -> tuple[StepProgress, ...]:
        """The steps that need a person, in the order of the plan; none once it is cancelled."""
        if self.state is State.CANCELLED:
            return ()
        return tuple(s for s in self.steps if s.state in {StepState.FAILED, StepState.UNKNOWN})

    def step(self, name: str) -> StepProgress | None:
        """The step of that name, if the plan has it."""
        return next((s for s in self.steps if s.name == name), None)

    def _url(self, name: str) -> str | None:
        step = self.step(name)
        done = step is not None and step.state is StepState.DONE
        return step.artefact.url if done and step and step.artefact else None

    @property
    def doubts(self) -> tuple[str, ...]:
        """What the bot itself does not know any more of an open card."""
        return (_MAY_BE_SET_UP,) if self.restored else ()

    def warnings(self, now: datetime) -> tuple[str, ...]:
        """What an operator should know before approving, conflicts included."""
        clashes = (
            f"{c.booking_id.upper()} is on the same boat at the same time."
            if c.overlaps(self.proposal.booking)
            else f"{c.booking_id.upper()} is on the same boat too close to it."
            for c in self.conflicts
        )
        return (*self.doubts, *self.proposal.warnings(now), *clashes)
