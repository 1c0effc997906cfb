"""Small stand-ins for steps and for Slack, and clocks that a test moves."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.artefact import Artefact
from bot.domain.boat import Boat
from bot.domain.charter import Charter
from bot.domain.message import Message
from bot.domain.progress import StepProgress, StepState
from bot.orchestration.attempt import Confirm, Pace
from bot.orchestration.authority import Authority
from bot.orchestration.run import Runner
from bot.store.store import Store

NOW = datetime(2026, 5, 14, 18, tzinfo=UTC)
HASTE = Pace(
    attempts=3, first=0, longest=0, settle=3, look=0, patience=0, jitter=lambda low, _high: low
)


@dataclass
class Ticking:
    """A clock that goes on by a second whenever it is asked."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


@dataclass
class ScriptedStep:
    """A step whose finds and dos go as written; a find beyond the script finds what was done."""

    name: str = "calendar"
    needs: tuple[str, ...] = ()
    repeatable: bool = False
    reads_back: bool = True
    finds: list[Any] = field(default_factory=list)
    does: list[Any] = field(default_factory=list)
    done: list[Artefact] = field(default_factory=list)
    seen: list[Charter] = field(default_factory=list)
    asked: int = 0

    @property
    def label(self) -> str:
        return self.name.title()

    async def find(self, _charter: Charter, _services: Any) -> Artefact | None:
        self.asked += 1
        if self.finds:
            return _play(self.finds.pop(0))
        return self.done[-1] if self.done else None

    async def do(self, charter: Charter, _services: Any) -> Artefact:
        self.seen.append(charter)
        made = Artefact(id=f"{self.name}-{len(self.seen)}")
        answer = self.does.pop(0) if self.does else None
        if not isinstance(answer, Exception):
            self.done.append(made)
        return _play(answer) or made


async def granted() -> None:
    """Leave for an effect."""


async def always_ours() -> None:
    """The place of the only process that there is."""


@dataclass
class Book:
    """What was written down, in order."""

    lines: list[dict[str, Any]] = field(default_factory=list)

    async def record(self, *name: str, **values: Any) -> None:
        self.lines.append({**({"name": name[0]} if name else {}), **values})

    @property
    def states(self) -> list[StepState]:
        return [line["state"] for line in self.lines if "state" in line]


@dataclass
class FakeChat:
    """A channel: posts that are kept, or lost as `lose` says; updates whose answers are lost."""

    lose: list[Exception] = field(default_factory=list)
    arrives_anyway: bool = False
    posted: dict[str, Message] = field(default_factory=dict)
    updates: list[str] = field(default_factory=list)
    lose_updates: list[Exception] = field(default_factory=list)
    deleted: bool = False

    async def post(self, _channel: str, message: Message, *, key: str, **_: Any) -> str:
        if self.lose:
            if self.arrives_anyway:
                self.posted[key] = message
            raise self.lose.pop(0)
        self.posted[key] = message
        return f"ts-{key}"

    async def find(self, _channel: str, key: str, **_: Any) -> str | None:
        return f"ts-{key}" if key in self.posted else None

    async def update(self, _channel: str, ts: str, message: Message, *, key: str) -> None:
        if self.deleted:
            from bot.services.ports import MessageGone  # noqa: PLC0415

            self.deleted = False
            raise MessageGone("gone")
        self.updates.append(ts)
        self.posted[key] = message
        if self.lose_updates:
            raise self.lose_updates.pop(0)

    async def permalink(self, _channel: str, ts: str) -> str:
        return f"https://slack.example/{ts}"


def charter() -> Charter:
    boat = Boat(name="JADA", time_zone="America/Los_Angeles", capacity=6)
    return Charter(
        booking_id="xhqgmdh",
        marketplace="boatsetter",
        boat=boat,
        starts_at=NOW,
        ends_at=NOW + timedelta(hours=3),
        passengers=4,
    )


def line(name: str = "calendar", **values: Any) -> StepProgress:
    return StepProgress(name=name, label=name.title(), **values)


def _play(entry: Any) -> Any:
    if isinstance(entry, Exception):
        raise entry
    return entry


def runner_of(store: Store, *steps: ScriptedStep, confirm: Confirm = always_ours) -> Runner:
    """Who works on runs of these steps; the captain may have begun them."""
    return Runner(
        store,
        {step.name: step for step in steps},
        None,  # type: ignore[arg-type]
        authority=Authority(("U0CAPTAIN",), FakeChat()),  # type: ignore[arg-type]
        confirm=confirm,
        touch=lambda _: None,
        clock=lambda: NOW,
        hide=lambda _: None,
        pace=HASTE,
    )
