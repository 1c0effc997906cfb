"""The world of one history: time, the outside systems, Slack, the disk, and the bot or its absence."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from bot.domain.progress import Overview
from bot.store.queries import overviews
from tests.torture import process
from tests.torture.clockwork import Crash, Life, Timeline
from tests.torture.database import Database, database
from tests.torture.jobs import Disk
from tests.torture.outside import BOOKINGS, Outside
from tests.torture.process import Process
from tests.torture.slack import Workspace
from tests.torture.weather import Fault, Weather
from tests.torture.wire import Wire

Json = dict[str, Any]
_REDELIVERIES_SECONDS = (1.0, 60.0, 300.0)


@dataclass
class Delivery:
    """A payload of Slack's on its way to the bot, and what a person saw when they caused it."""

    at: float
    kind: str
    name: str
    body: Json
    who: str = ""
    key: str = ""
    seen: str = ""
    version: int | None = None
    acked_at: float | None = None
    said: Json | None = None


class World:
    """Everything, and the ways in which people and misfortune act on it."""

    def __init__(
        self,
        seed: int,
        rate: float = 0.0,
        sore: str = "",
        script: Mapping[str, Fault] | None = None,
        wired: Callable[[Timeline, Weather], Wire] = Wire,
    ) -> None:
        process.make_haste()
        process.silence()
        process.BROKEN.clear()
        random.seed(seed)  # jitter is the bot's own
        self.seed = seed
        self.timeline = Timeline()
        self.weather = Weather(seed, rate, sore, script)
        wire = wired(self.timeline, self.weather)
        self.wire = wire
        self.systems = Outside(wire)
        self.workspace = Workspace(wire)
        self.disk = Disk()
        self.database: Database = database()
        self.database.anew()
        self.database.at_commit = self._at_commit
        self.process: Process | None = None
        self.deliveries: list[Delivery] = []
        self.deaths: list[float] = []
        self.points = 0
        self.die_at: int | None = None
        self.commits = 0
        self.acks = 0
        self.at_point: Callable[[], None] = lambda: None
        self._graves: list[Life] = []
        self.noise: Random | None = Random(seed)

    # What happens to the bot

    def start(self) -> None:
        """A process begins, on what is on disk."""
        if self.process is None:
            random.seed(self.seed)  # jitter is the bot's own
            self.process = Process(
                self.timeline,
                self.workspace,
                self.systems,
                self.disk,
                self.database.engine,
                self.noise,
                self._at_point,
            )
            self.timeline.life = self.process.life
            self.process.start()

    def crash(self) -> None:
        """The process is gone, with all that it had in hand."""
        if self.process is not None:
            self.timeline.life = None
            self._graves.append(self.process.life)
            self.process = None
            self.deaths.append(self.timeline.now)
            self.die_at = None

    def pass_time(self, seconds: float) -> None:
        """Let time pass, and the bot work, unless it dies on the way."""
        until = self.timeline.now + seconds
        while self.timeline.run_until(until):
            self.crash()

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
        if self.process is not None:
            here = self.process
            here.life.create_task(self._hand_over(here, delivery))
        if delivery.kind == "event" and again < len(_REDELIVERIES_SECONDS):
            at = self.timeline.now + _REDELIVERIES_SECONDS[again]
            self.timeline.at(at, lambda: self._deliver_again(delivery, again + 1))

    def _deliver_again(self, delivery: Delivery, again: int) -> None:
        if delivery.acked_at is None:
            self.deliver(delivery, again=again)

    async def _hand_over(self, here: Process, delivery: Delivery) -> None:
        said = await here.switchboard.deliver(delivery.kind, delivery.name, delivery.body)
        if said is not None and delivery.acked_at is None:
            self.acks += 1
            delivery.acked_at = self.timeline.now
            delivery.said = said

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
        """An answer of the database."""
        with self.database.engine.connect().execution_options(reading=True) as connection:
            return list(connection.exec_driver_sql(query, values or None).mappings())

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
        lives = [*self._graves, *([self.process.life] if self.process else [])]
        return [*process.BROKEN, *(said for life in lives for said in life.broken)]

    # Where it may die

    def _at_point(self, _kind: str) -> None:
        self.points += 1
        self.at_point()
        if self.die_at is not None and self.points >= self.die_at:
            raise Crash

    def _at_commit(self, when: str) -> None:
        self.commits += when == "after"
        if self.timeline.life is not None:
            self._at_point(f"{when} commit")
