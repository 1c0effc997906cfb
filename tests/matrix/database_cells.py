"""The row of the database: a real SQLite file that is full, or that another holds locked.

Full is SQLite's own limit of pages, met at each commit, as on a disk that has no room for another
frame of the log, however little is written; locked is a second connection that has begun to write.
The bot would wait half a minute for the lock: here it waits for none, since time is not real.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from bot.views.press import APPROVE, SCRUB
from tests.matrix.ends import calm_contents, end_of, rest
from tests.matrix.faults import Fault
from tests.matrix.scenes import BOOKING, REVENUE, Moment
from tests.matrix.story import TIMES, Told
from tests.torture import laws
from tests.torture.people import People
from tests.torture.slack import CAPTAIN
from tests.torture.world import World

NAME = "database write"
MOMENTS = ("as the mail arrives", "as Approve is pressed", "in the run", "as Scrub is pressed")
FAULTS = (Fault.DISK_FULL, Fault.LOCKED)
_SAYS = {Fault.DISK_FULL: "is full", Fault.LOCKED: "is locked"}
_BUSY_MILLISECONDS, _MOST_PAGES = 30_000, 2**30
_TROUBLE_SECONDS, _IN_THE_RUN_SECONDS = 120.0, 0.2


@dataclass
class Trouble:
    """Of one database, until it was met so many times."""

    engine: sa.Engine
    fault: Fault
    times: int
    active: bool = False
    met: int = 0
    _holder: sqlite3.Connection | None = None

    def begin(self) -> None:
        """From now on no write succeeds."""
        self.active = True
        if self.fault is Fault.DISK_FULL:
            with closing(self._another()) as connection:
                connection.execute("CREATE TABLE IF NOT EXISTS room (taken BLOB)")
        else:
            self._holder = self._another()
            self._holder.execute("BEGIN IMMEDIATE")

    def _another(self) -> sqlite3.Connection:
        return sqlite3.connect(str(self.engine.url.database), isolation_level=None)

    def end(self) -> None:
        """The disk has room again, the other has committed."""
        self.active = False
        if self._holder is not None:
            self._holder.execute("ROLLBACK")
            self._holder.close()
            self._holder = None

    def prepare(self, connection: Any, _record: Any, _proxy: Any) -> None:
        """Told of each connection before it is used."""
        full = self.active and self.fault is Fault.DISK_FULL
        connection.execute(f"PRAGMA max_page_count={1 if full else _MOST_PAGES}")
        connection.execute(f"PRAGMA busy_timeout={0 if self.active else _BUSY_MILLISECONDS}")

    def begins(self, connection: sa.Connection) -> None:
        """Told of each transaction at its beginning."""
        connection.info["changes"] = _changes(connection)

    def commits(self, connection: sa.Connection) -> None:
        """Told of each before its commit: what was changed needs room, which a full disk has not."""
        full = self.active and self.fault is Fault.DISK_FULL
        if full and _changes(connection) > connection.info["changes"]:
            connection.exec_driver_sql("INSERT INTO room VALUES (zeroblob(1000000))")

    def failed(self, context: sa.engine.ExceptionContext) -> None:
        """Told of each error of the database."""
        if self.active and _SAYS[self.fault] in str(context.original_exception):
            self.met += 1
            if self.met >= self.times:
                self.end()


def _changes(connection: sa.Connection) -> int:
    changed: int = connection.connection.dbapi_connection.total_changes  # type: ignore[union-attr]
    return changed


@contextmanager
def troubled(engine: sa.Engine, fault: Fault, times: int) -> Iterator[Trouble]:
    """A database that can be had in trouble."""
    trouble = Trouble(engine, fault, times)
    told = {
        "checkout": trouble.prepare,
        "begin": trouble.begins,
        "commit": trouble.commits,
        "handle_error": trouble.failed,
    }
    for event, of in told.items():
        sa.event.listen(engine, event, of)
    try:
        yield trouble
    finally:
        trouble.end()
        for event, of in told.items():
            sa.event.remove(engine, event, of)


@dataclass
class Found:
    """All cells, as lines by their fault."""

    cells: dict[Fault, list[str]] = field(default_factory=dict)
    stories: int = 0
    uncertain: int = 0
    broken: int = 0


def all_told() -> Found:
    """Every story of the row."""
    found = Found()
    for fault in FAULTS:
        lines = found.cells.setdefault(fault, [])
        for moment in MOMENTS:
            for times in TIMES:
                told = told_of(moment, fault, times)
                lines.append(f"- {moment}, {times}: {told}")
                found.stories += 1
                found.uncertain += bool(told.uncertain)
                found.broken += bool(told.broken)
    return found


def told_of(moment: str, fault: Fault, times: str) -> Told:
    """The story of one cell."""
    calm_contents()
    world = World(1)
    world.noise = None
    try:
        with troubled(world.database.engine, fault, TIMES[times]) as trouble:
            return _played(world, moment, trouble)
    finally:
        world.end()


def _played(world: World, moment: str, trouble: Trouble) -> Told:
    people = People(world)
    scene = Moment(NAME, button=SCRUB if moment == MOMENTS[3] else "")
    world.start()
    world.pass_time(1.0)
    if moment == MOMENTS[0]:
        trouble.begin()
    people.forwards(CAPTAIN, BOOKING)
    rest(world, _TROUBLE_SECONDS)
    if moment == MOMENTS[1]:
        trouble.begin()
    people.presses(CAPTAIN, BOOKING, APPROVE)
    if moment == MOMENTS[2]:
        world.pass_time(_IN_THE_RUN_SECONDS)
        trouble.begin()
    rest(world, _TROUBLE_SECONDS)
    if scene.button:
        world.systems.notes["event-0"] = REVENUE
        trouble.begin()
        people.presses(CAPTAIN, BOOKING, SCRUB)
        rest(world, _TROUBLE_SECONDS)
    end, healed = end_of(world, scene), None
    uncertain, broken = laws.uncertain(world), laws.at_any_time(world)
    if trouble.active:
        trouble.end()
        rest(world, _TROUBLE_SECONDS * 3)
        people.presses(CAPTAIN, BOOKING, APPROVE)
        rest(world, _TROUBLE_SECONDS * 3)
        healed = end_of(world, scene)
        if healed == end:
            healed = None
    assert trouble.met, f"{moment}: the fault was never met"
    broken += [*laws.at_any_time(world), *laws.at_rest(world)]
    return Told(end, healed, tuple(dict.fromkeys(broken)), uncertain)
