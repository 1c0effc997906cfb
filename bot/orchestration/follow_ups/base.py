"""What follows an approval: each follow-up is a file beside this and a line in the registry."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol

from bot.domain.charter import Charter
from bot.domain.message import Message
from bot.domain.progress import Overview
from bot.engine import Jobs
from bot.orchestration.attempt import Confirm
from bot.orchestration.leave import Leave
from bot.services.ports import CrewLinks, CrewTable
from bot.steps.base import StepServices
from bot.store.queries.follow_ups import FollowUp
from bot.store.store import Store

PATIENCE = timedelta(minutes=1)
"""A person who clicked waits no longer than this for a service to take the call."""


@dataclass(frozen=True)
class Tools:
    """All that a follow-up may use.

    `leave`, with the Slack id of whoever asked, and then `confirm` come before each of its effects:
    see `Attempt`.
    """

    store: Store
    jobs: Jobs
    services: StepServices
    crew_table: CrewTable
    crew_links: CrewLinks
    leave: Leave
    confirm: Confirm
    touch: Callable[[str], None]
    clock: Callable[[], datetime]


@dataclass(frozen=True)
class Task:
    """One click's work on one approved charter; `work.outcome` notes how far it came before.

    `seen_run`: the latest run when the button was drawn; None for what was typed.
    """

    work: FollowUp
    overview: Overview
    charter: Charter
    seen_run: int | None = None

    @property
    def reference(self) -> str:
        """For the CDN: the same click is one invalidation, and the next click is another."""
        return f"{self.work.booking_id}-{sha256(self.work.key.encode()).hexdigest()[:32]}"


@dataclass(frozen=True)
class Answer:
    """What is `said` where "done" is not the whole truth; `deed` is the audit's name for it."""

    said: Message
    outcome: str
    deed: str


class Action(Protocol):
    """One kind of follow-up."""

    @property
    def name(self) -> str:
        """The button's action id; persisted."""

    @property
    def not_within(self) -> timedelta | None:
        """How soon after another of its kind it is refused; None for never."""

    @property
    def on_cancelled(self) -> bool:
        """Whether it still makes sense for a charter that is cancelled."""

    async def perform(self, task: Task, tools: Tools) -> Message | Answer:
        """Do it, read it back, and give what is to be said in the thread: what was read.

        May be called again for the same click, after `Retriable` or a crash, until its answer is
        on disk.
        """
