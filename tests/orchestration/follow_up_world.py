"""An approved charter, a desk for its buttons, and outside systems that do as a test says."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

from orchestration_fakes import NOW, FakeChat, always_ours

from bot.domain.boat import Boat
from bot.domain.booking import Booking
from bot.domain.charter import Proposal, State
from bot.domain.message import Message
from bot.domain.money import Costs
from bot.domain.progress import Decision, StepState
from bot.orchestration.authority import Authority
from bot.orchestration.follow_ups import ACTIONS
from bot.orchestration.follow_ups.base import Tools
from bot.orchestration.follow_ups.desk import FollowUps
from bot.orchestration.leave import ask_leave
from bot.orchestration.posts import Posts
from bot.orchestration.whisper import ChatOrHome
from bot.services.ports import StoredEvent
from bot.store.queries import audit, charters, posts
from bot.store.queries.posts import Post
from bot.store.store import Store

ID, CARD = "xhqgmdh", "xhqgmdh:card"
ARTEFACT = {"id": "evt-1"}


@dataclass
class ListeningChat(FakeChat):
    """A channel that also takes whispers, or fails them, and knows one user group."""

    deaf: list[Exception] = field(default_factory=list)
    whispers: list[tuple[str, str]] = field(default_factory=list)
    groups: list[frozenset[str] | Exception] = field(default_factory=list)

    async def whisper(self, _channel: str, user: str, message: Message, **_: Any) -> None:
        if self.deaf:
            raise self.deaf.pop(0)
        self.whispers.append((user, message.text))

    async def group_members(self, _group: str) -> frozenset[str]:
        found = self.groups.pop(0) if self.groups else frozenset({"U0MATE"})
        if isinstance(found, Exception):
            raise found
        return found


@dataclass
class Links:
    """Mails links, or fails as `fail` says; None mails them."""

    fail: list[Exception | None] = field(default_factory=list)
    mailed: int = 0

    async def resend(self, _event_id: str) -> int:
        error = self.fail.pop(0) if self.fail else None
        if error is not None:
            raise error
        self.mailed += 1
        return 3


@dataclass
class Table:
    """One stored event. `fail`: what a write raises, after it took effect where `late` is set.

    `then`: what the crew make of the notes after a write.
    """

    notes: Any = ""
    fail: list[BaseException | None] = field(default_factory=list)
    late: bool = False
    then: list[Any] = field(default_factory=list)

    async def get(self, event_id: str) -> StoredEvent:
        return StoredEvent(event_id=event_id, notes=self.notes)

    async def replace_notes(self, _event_id: str, *, seen: Any, notes: Any) -> None:
        assert seen == self.notes
        error = self.fail.pop(0) if self.fail else None
        if error is not None and not self.late:
            raise error
        self.notes = notes
        if error is not None:
            raise error
        if self.then:
            self.notes = self.then.pop(0)


@dataclass
class Submitted:
    """The keys of jobs that were handed to the engine, which takes each once."""

    keys: list[str] = field(default_factory=list)

    async def submit(self, _job: str, key: str, _payload: Any) -> None:
        if key not in self.keys:
            self.keys.append(key)


@dataclass
class FollowUpWorld:
    """The desk and all that is around it."""

    store: Store
    chat: ListeningChat = field(default_factory=ListeningChat)
    links: Links = field(default_factory=Links)
    table: Table = field(default_factory=Table)
    jobs: Submitted = field(default_factory=Submitted)
    services: Any = field(default_factory=lambda: SimpleNamespace(costs=Costs()))
    confirm: Any = always_ours
    authority: Authority | None = None
    now: datetime = NOW
    at_home: list[tuple[str, str]] = field(default_factory=list)
    touched: list[str] = field(default_factory=list)

    async def tell(self, user: str, message: Message) -> None:
        """Answer on somebody's Home."""
        self.at_home.append((user, message.text))

    async def press(
        self,
        action: str,
        *,
        key: str = "click:1",
        user: str = "U0CAPTAIN",
        channel: str = "C0",
        version: int = 2,
        run: int | None = None,
    ) -> None:
        """Run the job of one click, once; again with the same key is the job's next attempt."""
        where = {"channel": channel, "version": version, "run": run}
        clicked = {"key": key, "action": action, "booking_id": ID, "user": user, **where}
        await self.desk().work(clicked)

    def desk(self) -> FollowUps:
        """What works on a click."""
        chat = self.chat
        operators = ("U0CAPTAIN", "S0OPS")
        authority = self.authority or Authority(operators, chat, clock=lambda: 0.0)
        tools = Tools(
            store=self.store,
            jobs=self.jobs,
            services=self.services,
            crew_table=self.table,
            crew_links=self.links,
            leave=partial(ask_leave, authority),
            confirm=self.confirm,
            touch=self.touched.append,
            clock=lambda: self.now,
        )
        return FollowUps(
            {each.name: each for each in ACTIONS},
            tools,
            Posts(self.store, chat, lambda: self.now),
            ChatOrHome(chat, self),
            authority,
        )

    def answer(self, key: str = "click:1") -> str:
        """What the thread says about a click."""
        return self.chat.posted[f"{key}:answer"].text

    async def audited(self) -> list[str]:
        return [entry.what for entry in await self.store.read(audit.of_booking, ID)]

    async def fails(self) -> None:
        """The charter's run ends and needs a person."""
        assert await self.store.write(charters.finish, ID, state=State.NEEDS_PERSON, at=NOW)


def proposal(booking_id: str = ID) -> Proposal:
    starts_at = NOW + timedelta(days=9)
    booking = Booking(
        booking_id=booking_id,
        listing="Sail",
        renter="Marisol",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=3),
        passengers=4,
    )
    boat = Boat(name="JADA", time_zone="America/Los_Angeles", capacity=6)
    return Proposal(marketplace="boatsetter", boat=boat, booking=booking)


async def approved(
    store: Store, *, plan: tuple[str, ...] = ("crew_event", "operations_mail")
) -> FollowUpWorld:
    """A charter that is running, whose crew event is done and whose card is posted."""
    decision = Decision(user="U0CAPTAIN", at=NOW, approved=True)
    await store.write(charters.propose, proposal(), mail=None, at=NOW)
    charter = proposal().complete()
    steps = tuple((name, name.replace("_", " ").capitalize()) for name in plan)
    assert await store.write(charters.approve, charter, version=1, decision=decision, plan=steps)
    done = {"state": StepState.DONE, "artefact": ARTEFACT}
    await store.write(charters.set_step, ID, "crew_event", **done)
    await store.write(posts.intend, Post(key=CARD, channel="C0", intended_at=NOW))
    await store.write(posts.sent, CARD, ts="1.2", digest="", permalink=None)
    return FollowUpWorld(store)
