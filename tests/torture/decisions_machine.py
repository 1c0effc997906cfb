"""One charter on a real SQLite file, whatever is decided about it and whenever the process dies.

Hypothesis draws the clicks; the model beside the file says which of them must win.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.domain.boat import Boat
from bot.domain.booking import Booking
from bot.domain.charter import Proposal, State
from bot.domain.progress import Cancelled, Decision, StepState
from bot.orchestration import deeds
from bot.orchestration.follow_ups.retry import _restart
from bot.store.queries import audit, charters, follow_ups, overviews
from bot.store.queries.follow_ups import FollowUp, Kept
from tests.torture.database import database

NOW = datetime(2026, 5, 14, 18, tzinfo=UTC)
STARTS = datetime(2026, 5, 30, 10, tzinfo=ZoneInfo("America/Los_Angeles"))
BOAT = Boat(name="JADA", time_zone="America/Los_Angeles", capacity=6, turnaround_minutes=60)
ID = "xhqgmdh"
PLAN = (("calendar", "Calendar entry"), ("crew_event", "Crew event"))
MINUTE = timedelta(minutes=1)
T = TypeVar("T")
people = st.sampled_from(["U0CAPTAIN", "U0MATE"])
behind = st.sampled_from([0, 0, 1])
deaths = st.sampled_from([False, False, True])


class Died(Exception):  # noqa: N818
    """The process is gone in the middle of a transaction."""


def dying(change: Callable[[sa.Connection], object], connection: sa.Connection) -> None:
    """Make a change whose commit never comes."""
    change(connection)
    raise Died


def proposal(guests: int = 4) -> Proposal:
    booking = Booking(
        booking_id=ID,
        starts_at=STARTS,
        ends_at=STARTS + timedelta(hours=3),
        passengers=guests,
    )
    return Proposal(marketplace="boatsetter", boat=BOAT, booking=booking)


class DecisionsMachine(RuleBasedStateMachine):
    """`behind`: how far what a person saw is behind; `dies`: before the commit, once."""

    def __init__(self) -> None:
        super().__init__()
        database().anew()
        self.engine = database().engine
        self.clicks, self.now = 0, NOW
        self.write(partial(charters.propose, proposal=proposal(), mail=None, at=NOW))
        # The model.
        self.state, self.version, self.run, self.guests = State.PROPOSED, 1, 0, 4
        self.deeds: list[str] = []
        self.mailed_at: datetime | None = None

    def write(self, change: Callable[[sa.Connection], T], *, dies: bool = False) -> T:
        """As the store does; after a death once more, as the engine does with a job."""
        if dies:
            with suppress(Died), self.engine.begin() as connection:
                dying(change, connection)
            self.engine.dispose()
        with self.engine.begin() as connection:
            return change(connection)

    def key(self) -> str:
        self.clicks += 1
        return f"click:{self.clicks}"

    def decision(self, who: str, *, approved: bool) -> Decision:
        return Decision(user=who, at=self.now, approved=approved)

    def wins(self, behind: int) -> bool:
        return self.state is State.PROPOSED and behind == 0

    @rule(who=people, behind=behind, dies=deaths)
    def approves(self, who: str, behind: int, dies: bool) -> None:
        change = partial(
            deeds.approve,
            charter=proposal(self.guests).complete(),
            version=self.version - behind,
            decision=self.decision(who, approved=True),
            plan=PLAN,
            origin=self.key(),
        )
        won = self.write(change, dies=dies)
        assert won == self.wins(behind)
        if won:
            self.state, self.run, self.version = State.RUNNING, 1, self.version + 1
            self.deeds.append("approved")

    @rule(who=people, behind=behind, dies=deaths)
    def rejects(self, who: str, behind: int, dies: bool) -> None:
        change = partial(
            deeds.reject,
            booking_id=ID,
            version=self.version - behind,
            decision=self.decision(who, approved=False),
            origin=self.key(),
        )
        won = self.write(change, dies=dies)
        assert won == self.wins(behind)
        if won:
            self.state, self.version = State.REJECTED, self.version + 1
            self.deeds.append("rejected")

    @rule(who=people, behind=behind, dies=deaths, guests=st.integers(1, 6))
    def edits(self, who: str, behind: int, dies: bool, guests: int) -> None:
        change = partial(
            deeds.edit,
            booking_id=ID,
            proposal=proposal(guests),
            version=self.version - behind,
            user=who,
            origin=self.key(),
            remember=False,
            at=self.now,
        )
        won = self.write(change, dies=dies)
        assert won == self.wins(behind)
        if won:
            self.guests, self.version = guests, self.version + 1
            self.deeds.append("edited")

    @precondition(lambda self: self.state is State.RUNNING)
    @rule(state=st.sampled_from([State.DONE, State.NEEDS_PERSON]), dies=deaths)
    def run_ends(self, state: State, dies: bool) -> None:
        finish = partial(charters.finish, booking_id=ID, state=state, at=self.now)
        assert self.write(finish, dies=dies)
        assert not self.write(finish)
        self.state = state

    @rule(who=people, behind=behind, dies=deaths)
    def retries(self, who: str, behind: int, dies: bool) -> None:
        """Twice: a job that had written down its run and died gets the same one again."""
        work = self.begun("retry", who)
        run, _ = self.write(partial(_restart, work=work, seen=self.run - behind), dies=dies)
        assert (run is not None) == (self.state is State.NEEDS_PERSON and behind == 0)
        if run is not None:
            self.state, self.run = State.RUNNING, self.run + 1
            self.deeds.append(f"run {run} begun")
            again = self.write(partial(follow_ups.get, key=work.key))
            assert again is not None
            assert self.write(partial(_restart, work=again, seen=self.run)) == (self.run, None)

    @rule(who=people, dies=deaths)
    def cancels(self, who: str, dies: bool) -> None:
        change = partial(charters.cancel, booking_id=ID, cancelled=Cancelled(user=who, at=self.now))
        won = self.write(change, dies=dies)
        assert won == (self.state in {State.DONE, State.NEEDS_PERSON})
        if won:
            self.state = State.CANCELLED

    @rule(who=people, dies=deaths)
    def resends(self, who: str, dies: bool) -> None:
        """Of two within a minute the second is kept, and a cancelled charter mails nobody."""
        work = self.new("resend_crew_links", who)
        begin = partial(follow_ups.begin, work=work, not_within=MINUTE, on_cancelled=False)
        kept = self.write(begin, dies=dies)
        if self.state is State.CANCELLED:
            assert kept == Kept()
        elif self.mailed_at is not None and self.mailed_at > self.now - MINUTE:
            assert kept == Kept(earlier=self.mailed_at)
        else:
            assert kept is None
            self.mailed_at = self.now

    @rule(seconds=st.sampled_from([1, 30, 61]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    def new(self, action: str, who: str) -> FollowUp:
        return FollowUp(
            key=self.key(), booking_id=ID, action=action, user_id=who, started_at=self.now
        )

    def begun(self, action: str, who: str) -> FollowUp:
        work = self.new(action, who)
        self.write(partial(follow_ups.begin, work=work))
        return work

    @invariant()
    def the_file_says_what_the_model_says(self) -> None:
        with self.engine.begin() as connection:
            found = overviews.overview(connection, ID)
            told = [entry.what for entry in audit.of_booking(connection, ID)]
        assert found is not None
        assert (found.state, found.version, found.run) == (self.state, self.version, self.run)
        assert found.proposal.booking.passengers == self.guests
        assert told == self.deeds
        assert len({"approved", "rejected"} & {*told}) == (self.state is not State.PROPOSED)
        assert len(found.steps) == (len(PLAN) if self.run else 0)
        assert all(step.state is StepState.WAITING for step in found.steps)
