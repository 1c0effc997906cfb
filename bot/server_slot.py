"""Numbered places at a PostgreSQL server: advisory locks, which live as long as a connection."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple, NoReturn

import sqlalchemy as sa
import structlog

from bot.slot import PlaceLostError, end_at_once, slot_name, slot_number
from bot.store.database import make_engine

_SLOTS = 0x43484152  # "CHAR": the lower half of a slot's lock; its number is the upper half
_THINGS = 0x43485448  # "CHTH": the first of the two keys of everything else
# A machine that is cut off has found out and ended after 1 + 4 seconds, by when the server has not
# let go of its locks yet.
_LOOK_SECONDS = 1.0
_ANSWERS_WITHIN_SECONDS = 4.0
_HELD = sa.text(
    "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid = :pid "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
    "AND classid = :number AND objid = :slots AND objsubid = 1)"
)
_HOLDERS = sa.text(
    "SELECT classid FROM pg_locks WHERE locktype = 'advisory' AND granted "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
    "AND objid = :slots AND objsubid = 1 ORDER BY classid"
)
_LOST = (
    "the connection that holds this bot's place at the database was lost, so another bot may have "
    "its work by now; start it again"
)
_LOST_AS_SPARE = (
    "the connection to the database was lost while this bot waited as a spare; it had no work yet; "
    "start it again"
)
log = structlog.get_logger()


class _Question(NamedTuple):
    """What is asked of the server when its turn comes; several may wait for the answer."""

    asked: Future[Any]
    answer: asyncio.Task[Any]

    @property
    def waits(self) -> bool:
        """Whether the server will hear it later than now."""
        return not (self.asked.running() or self.asked.done())


class ServerSlot:
    """See `Slot`. All of it goes over the one connection that holds the lock.

    `lost` is told when that connection is gone, and does not come back.
    """

    def __init__(self, url: sa.URL, lost: Callable[[str], NoReturn] = end_at_once) -> None:
        self._url = url
        self._lost = lost
        # The one thread is the queue of those who use the connection.
        self._thread = ThreadPoolExecutor(1, "slot")
        self._engine: sa.Engine | None = None
        self._connection: sa.Connection | None = None
        self._confirming: _Question | None = None
        self._number: int | None = None
        self._pid = 0

    @property
    def name(self) -> str:
        """See `Slot.name`."""
        if self._number is None:
            raise PlaceLostError("no place is held")
        return slot_name(self._number)

    async def wait(self, slots: int) -> None:
        """Take the first free one of so many; while there is none, wait as a spare.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the server cannot be reached.
        """
        await asyncio.get_running_loop().run_in_executor(self._thread, self._connect)
        told = False
        while not await self._took_one(slots):
            if not told:
                log.info("spare_waits", slots=slots)
                told = True
            await asyncio.sleep(_LOOK_SECONDS)
        log.info("slot_taken", slot=self.name)

    async def _took_one(self, slots: int) -> bool:
        for number in range(slots):
            if await self._ask(_try_slot(number)):
                self._number = number
                return True
        return False

    def _connect(self) -> None:
        self._engine = make_engine(self._url)
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._pid = connection.scalar(sa.select(sa.func.pg_backend_pid())) or 0
        self._connection = connection

    async def watch(self) -> None:
        """See `Slot.watch`."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            await self.confirm()

    async def confirm(self) -> None:
        """See `Slot.confirm`. All that come before it is asked share one question."""
        if self._confirming is None or not self._confirming.waits:
            self._confirming = self._question(sa.select(1))
        await asyncio.shield(self._confirming.answer)

    def fence(self, connection: sa.Connection) -> None:
        """See `Slot.fence`."""
        about = {"pid": self._pid, "number": self._number, "slots": _SLOTS}
        if not connection.scalar(_HELD, about):
            self._lost(_LOST)

    async def take(self, what: str) -> bool:
        """See `Slot.take`."""
        return bool(await self._ask(sa.select(sa.func.pg_try_advisory_lock(*_thing(what)))))

    async def give_back(self, what: str) -> None:
        """See `Slot.give_back`."""
        await self._ask(sa.select(sa.func.pg_advisory_unlock(*_thing(what))))

    async def borrow(self, name: str) -> bool:
        """See `Slot.borrow`."""
        number = slot_number(name)
        # A lock that is ours already would be given once more.
        if number is None or number == self._number:
            return False
        return bool(await self._ask(_try_slot(number)))

    async def return_(self, name: str) -> None:
        """See `Slot.return_`."""
        number = slot_number(name)
        if number is not None:
            await self._ask(sa.select(sa.func.pg_advisory_unlock(_key(number))))

    def release(self) -> None:
        """See `Slot.release`."""
        if self._connection is not None:
            self._thread.submit(self._close)
        self._thread.shutdown()

    async def _ask(self, words: sa.Select[Any]) -> Any:
        return await asyncio.shield(self._question(words).answer)

    def _question(self, words: sa.Select[Any]) -> _Question:
        connection = self._connection
        if connection is None:
            raise PlaceLostError("no place is held")
        loop, begun = asyncio.get_running_loop(), asyncio.Event()

        def ask() -> Any:
            loop.call_soon_threadsafe(begun.set)
            return connection.scalar(words)

        asked = self._thread.submit(ask)
        # A task, because a server that hangs is found out even if nobody waits any more.
        return _Question(asked, asyncio.create_task(self._answer(asked, begun)))

    async def _answer(self, asked: Future[Any], begun: asyncio.Event) -> Any:
        # How long others had the connection before says nothing of the server.
        await begun.wait()
        answer = asyncio.wrap_future(asked)
        done, _ = await asyncio.wait([answer], timeout=_ANSWERS_WITHIN_SECONDS)
        if not done or isinstance(answer.exception(), sa.exc.SQLAlchemyError):
            self._lost(_LOST_AS_SPARE if self._number is None else _LOST)
        return answer.result()

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None and self._engine is not None:
            connection.close()
            self._engine.dispose()


def holders(connection: sa.Connection) -> tuple[str, ...]:
    """The places that somebody holds now, in order."""
    numbers = connection.scalars(_HOLDERS, {"slots": _SLOTS})
    return tuple(slot_name(number) for number in numbers)


def keep_until_the_end(connection: sa.Connection, what: str) -> None:
    """Wait until something is ours alone among all replicas, and keep it for this transaction."""
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(*_thing(what))))


def _key(number: int) -> sa.ColumnElement[int]:
    return sa.cast(sa.literal((number << 32) | _SLOTS), sa.BigInteger)


def _try_slot(number: int) -> sa.Select[Any]:
    return sa.select(sa.func.pg_try_advisory_lock(_key(number)))


def _thing(what: str) -> tuple[sa.ColumnElement[int], sa.ColumnElement[int]]:
    return sa.cast(sa.literal(_THINGS), sa.Integer), sa.func.hashtext(what)
