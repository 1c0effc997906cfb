"""The world of one history: time, the outside systems, Slack, the disk, and the bot or its absence."""

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import Any

import structlog

from bot.domain.progress import Overview
from bot.store.queries import overviews
from bot.views.press import CANCEL
from tests.torture import process
from tests.torture.clockwork import Crash, Life, Timeline
from tests.torture.database import Database, database
from tests.torture.jobs import Disk
from tests.torture.outside import BOOKINGS, Outside
from tests.torture.places import Places
from tests.torture.process import Process
from tests.torture.slack import Workspace
from tests.torture.weather import Fault, Weather
from tests.torture.wire import Wire

Json = dict[str, Any]
_REDELIVERIES_SECONDS = (1.0, 60.0, 300.0)


@dataclass
class Delivery:
    """A payload of Slack's on its way to the bot, and what a person saw when they caused it.

    `given`: when a process that was there had it put into its hands.
    """

    at: float
    kind: str
    name: str
    body: Json
    who: str = ""
    key: str = ""
    seen: str = ""
    version: int | None = None
    given: list[float] = field(default_factory=list)
    acked_at: float | None = None
    said: Json | None = None

    @cached_property
    def written(self) -> str:
        """The payload as JSON."""
        return json.dumps(self.body)


class World:
    """Everything, and the ways in which people and misfortune act on it."""

    def __init__(
        self,
        seed: int,
        rate: float = 0.0,
        sore: str = "",
        script: Mapping[str, Fault] | None = None,
        replicas: int = 1,
        spares: int = 0,
        wired: Callable[[Timeline, Weather], Wire] = Wire,
    ) -> None:
        process.make_haste()
        process.silence()
        process.BROKEN.clear()
        random.seed(seed)  # jitter is the bot's own
        self.seed = seed
        self.noise: Random | None = Random(seed)
        self.timeline = Timeline(self.noise)
        self.places = Places(replicas)
        self._wanted = replicas + spares
        self._routes = Random(seed)
        self.weather = Weather(seed, rate, sore, script)
        wire = wired(self.timeline, self.weather)
        self.wire = wire
        wire.upon = self._upon
        self.systems = Outside(wire)
        self.workspace = Workspace(wire)
        self.disk = Disk()
        self.database: Database = database()
        self.database.anew()
        self.database.at_commit = self._at_commit
        self.processes: list[Process] = []
        self.deliveries: list[Delivery] = []
        self.deaths: list[float] = []
        self.cancelled: dict[str, float] = {}
        self.points = 0
        self.die_at: int | None = None
        self.die_upon = ""
        self.judged: object = None
        self.commits = 0
        self.acks = 0
        self.at_point: Callable[[], None] = lambda: None
        self._graves: list[Life] = []
        self._answers: dict[tuple[Any, ...], list[Any]] = {}
        self._answered_at = 0

    # What happens to the bot

    @property
    def process(self) -> Process | None:
        """The bot, where it is one process; None if it is dead."""
        return self.processes[0] if self.processes else None

    def start(self) -> None:
        """As many processes begin, on what is on disk, as are missing."""
        while len(self.processes) < self._wanted:
            random.seed(self.seed)  # jitter is the bot's own
            process = Process(
                self.timeline,
                self.workspace,
                self.systems,
                self.disk,
                self.database.engine,
                self.noise,
                self._at_point,
                self.places,
            )
            self.processes.append(process)
            self.timeline.lives.append(process.life)
            process.start()

    def crash(self) -> None:
        """Every process is gone, with all that it had in hand."""
        for each in [*self.processes]:
            self.kill(each)

    def kill(self, process: Process) -> None:
        """One process is gone, with all that it had in hand."""
        self.timeline.lives.remove(process.life)
        self._bury(process.life)

    def _bury(self, life: Life) -> None:
        """A process is gone, and the server closes its connections."""
        self.processes = [each for each in self.processes if each.life is not life]
        self.places.let_go(life)
        self._graves.append(life)
        self.deaths.append(self.timeline.now)
        self.die_at = None

    def pass_time(self, seconds: float) -> None:
        """Let time pass, and the bot work, unless it dies on the way."""
        until = self.timeline.now + seconds
        while dead := self.timeline.run_until(until):
            self._bury(dead)

    def end(self) -> None:
        """Let go of everything."""
        self.crash()
        for life in self._graves:
            life.bury()
        self._graves.clear()

    # What comes from Slack

    def deliver(self, delivery: Delivery, *, again: int = 0) -> None:
        """Hand a payload to the bot if it is there; an event that is not taken comes again."""
        if again == 0:
            delivery.at = self.timeline.now
            self.deliveries.append(delivery)
        connected = [each for each in self.processes if each.connected]
        if connected:
            here = self._routes.choice(connected)
            delivery.given.append(self.timeline.now)
            here.life.create_task(self._hand_over(here, delivery))
        if delivery.kind == "event" and again < len(_REDELIVERIES_SECONDS):
            at = self.timeline.now + _REDELIVERIES_SECONDS[again]
            self.timeline.at(at, lambda: self._deliver_again(delivery, again + 1))

    def _deliver_again(self, delivery: Delivery, again: int) -> None:
        if delivery.acked_at is None:
            self.deliver(delivery, again=again)

    async def _hand_over(self, here: Process, delivery: Delivery) -> None:
        structlog.contextvars.bind_contextvars(delivery=delivery.key)
        said = await here.switchboard.deliver(delivery.kind, delivery.name, delivery.body)
        if said is not None and delivery.acked_at is None:
            self.acks += 1
            delivery.acked_at = self.timeline.now
            delivery.said = said
            self._upon(f"acknowledged {delivery.name}")

    # What can be known

    def overview(self, booking_id: str) -> Overview | None:
        """A charter as the bot's tables have it."""
        with self.database.engine.connect().execution_options(reading=True) as connection:
            return overviews.overview(connection, booking_id)

    def charters(self) -> list[Overview]:
        """Every charter."""
        with self.database.engine.connect().execution_options(reading=True) as connection:
            found = [overviews.overview(connection, booking_id) for booking_id in BOOKINGS]
            return [each for each in found if each is not None]

    def rows(self, query: str, **values: Any) -> list[Any]:
        """An answer of the database; the laws ask for the same often, and it changes seldom."""
        if self._answered_at != self.commits:
            self._answered_at = self.commits
            self._answers.clear()
        asked = query, *values.values()
        if asked not in self._answers:
            self._answers[asked] = self.database.rows(query, values)
        return self._answers[asked]

    @property
    def left(self) -> tuple[float, ...]:
        """The same as long as a crash would leave the same world behind.

        Whatever is written, sent, taken in elsewhere or acknowledged changes it, and so does time.
        """
        changes = self.commits, self.disk.changes, self.wire.asked, self.wire.landed, self.acks
        return (*changes, self.timeline.now)

    @property
    def broken(self) -> list[str]:
        """Faults of the bot's own, which no fault of the world excuses."""
        lives = [*self._graves, *(process.life for process in self.processes)]
        return [*process.BROKEN, *(said for life in lives for said in life.broken)]

    # Where it may die

    def _at_point(self, _kind: str) -> None:
        self.points += 1
        self.at_point()
        if self.die_at is not None and self.points >= self.die_at:
            raise Crash

    def _at_commit(self, when: str) -> None:
        self.commits += when == "after"
        if self.timeline.running is not None:
            self._at_point(f"{when} commit")
        if when == "after" and self.die_upon.startswith("wrote "):
            for row in self.rows("SELECT what FROM audit"):
                self._upon(f"wrote {row['what']}")
        if when == "after" and self.die_upon.startswith("began "):
            for row in self.rows("SELECT action FROM follow_ups"):
                self._upon(f"began {row['action']}")
        if when == "after" and any(each.name == CANCEL for each in self.deliveries):
            for row in self.rows("SELECT booking_id FROM charters WHERE state = 'cancelled'"):
                self.cancelled.setdefault(row["booking_id"], self.timeline.now)

    def _upon(self, moment: str) -> None:
        """Die before anything else if this was to be the last: a call, an effect, a deed, a yes."""
        if moment == self.die_upon:
            self.die_upon = ""
            self.die_at = self.points
