"""Numbered slots at a real PostgreSQL server: who holds one, who waits, and what a loss means."""

import asyncio
import json
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn

import pytest
import sqlalchemy as sa
from dbos import _dbos
from dbos._utils import INTERNAL_QUEUE_NAME

from bot import engine as engine_module
from bot import server_slot
from bot.backup import BackupError, mark_restored
from bot.engine import Engine
from bot.engine_questions import places
from bot.places import Places
from bot.server_slot import ServerSlot, holders
from bot.slot import SET_UP, PlaceLostError
from bot.store import database, schema
from bot.store.database import make_engine
from bot.store.queries import restores
from bot.store.store import Store
from tests.postgresql_server import PostgreSQL, postgresql_server

APART = "SELECT pg_terminate_backend(:pid)"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgreSQL]:
    with postgresql_server(tmp_path_factory.mktemp("postgresql")) as server:
        yield server


@pytest.fixture
def url(server: PostgreSQL) -> sa.URL:
    return sa.make_url(server.new_database())


def lost(why: str) -> NoReturn:
    raise PlaceLostError(why)


@pytest.fixture
async def bots(url: sa.URL) -> AsyncIterator[list[ServerSlot]]:
    """Five that want a slot; none has asked yet."""
    found = [ServerSlot(url, lost) for _ in range(5)]
    yield found
    for each in found:
        each.release()


def held(url: sa.URL) -> tuple[str, ...]:
    engine = make_engine(url)
    with engine.connect() as connection:
        found = holders(connection)
    engine.dispose()
    return found


async def test_each_takes_the_first_that_is_free(bots: list[ServerSlot], url: sa.URL) -> None:
    for bot in bots[:3]:
        await bot.wait(3)
    assert [bot.name for bot in bots[:3]] == ["slot-0", "slot-1", "slot-2"]
    assert held(url) == ("slot-0", "slot-1", "slot-2")
    bots[1].release()
    await bots[3].wait(3)
    assert bots[3].name == "slot-1"


async def test_all_at_once_get_one_each_and_the_rest_wait(
    bots: list[ServerSlot], url: sa.URL
) -> None:
    waiting = [asyncio.create_task(bot.wait(3)) for bot in bots]
    async with asyncio.timeout(10):
        while sum(task.done() for task in waiting) < 3:
            await asyncio.sleep(0.02)
    ended = [bot for bot, task in zip(bots, waiting, strict=True) if task.done()]
    assert {bot.name for bot in ended} == {"slot-0", "slot-1", "slot-2"}
    taken = ended[0].name
    ended[0].release()
    async with asyncio.timeout(10):
        while sum(task.done() for task in waiting) < 4:
            await asyncio.sleep(0.02)
    [spare] = [b for b, t in zip(bots, waiting, strict=True) if t.done() and b not in ended]
    assert spare.name == taken
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_one_has_a_thing_to_itself_until_it_gives_it_back_or_dies(
    bots: list[ServerSlot],
) -> None:
    for bot in bots[:3]:
        await bot.wait(3)
    assert await bots[0].take("thread:xhqgmdh")
    assert not await bots[1].take("thread:xhqgmdh")
    assert await bots[1].take("thread:kxwgpzt")
    await bots[0].give_back("thread:xhqgmdh")
    assert await bots[1].take("thread:xhqgmdh")
    bots[1].release()
    await until_async(lambda: bots[2].take("thread:xhqgmdh"))


async def test_a_slot_in_use_cannot_be_borrowed_nor_ones_own(bots: list[ServerSlot]) -> None:
    for bot in bots[:2]:
        await bot.wait(2)
    assert not await bots[0].borrow("slot-1")
    assert not await bots[0].borrow("slot-0")
    assert not await bots[0].borrow("local")
    assert await bots[0].borrow("slot-7")
    assert not await bots[1].borrow("slot-7")
    await bots[0].return_("slot-7")
    assert await bots[1].borrow("slot-7")


async def test_a_holder_whose_connection_is_gone_is_told_at_every_door(
    bots: list[ServerSlot], url: sa.URL, server: PostgreSQL
) -> None:
    stale, store = bots[0], Store.open(str(url))
    await stale.wait(1)
    store.guard(stale.fence)
    assert await store.write(lambda connection: connection.scalar(sa.select(1))) == 1
    server.run(APART, pid=stale._pid)
    await bots[1].wait(1)  # a spare has its place
    with pytest.raises(PlaceLostError, match="another bot may have its work by now"):
        await store.write(lambda connection: connection.scalar(sa.select(1)))
    with pytest.raises(PlaceLostError):
        await stale.confirm()
    with pytest.raises(PlaceLostError):
        async with asyncio.timeout(10):
            await stale.watch()
    store.close()


async def test_a_spare_whose_connection_is_gone_does_not_say_that_it_had_a_place(
    bots: list[ServerSlot], server: PostgreSQL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_slot, "_LOOK_SECONDS", 0.05)
    await bots[0].wait(1)
    spare = asyncio.create_task(bots[1].wait(1))
    async with asyncio.timeout(10):
        while not bots[1]._pid:
            await asyncio.sleep(0.01)
    server.run(APART, pid=bots[1]._pid)
    with pytest.raises(PlaceLostError, match="waited as a spare; it had no work"):
        await spare
    await bots[0].confirm()


async def test_a_change_that_was_begun_before_the_place_was_lost_is_not_made(
    bots: list[ServerSlot], url: sa.URL, server: PostgreSQL
) -> None:
    """As on a machine that stands still in the middle of a transaction and then goes on."""
    stale, store = bots[0], Store.open(str(url))
    await stale.wait(1)
    store.guard(stale.fence)
    await store.write(lambda connection: connection.execute(sa.text("CREATE TABLE log (n int)")))

    def note(connection: sa.Connection) -> None:
        connection.execute(sa.text("INSERT INTO log VALUES (1)"))

    def lose_the_place_and_note(connection: sa.Connection) -> None:
        note(connection)
        server.run(APART, pid=stale._pid)
        while held(url):  # until the server has ended it
            pass

    await store.write(note)
    with pytest.raises(PlaceLostError, match="another bot may have its work by now"):
        await store.write(lose_the_place_and_note)
    rows = await store.read(lambda c: c.scalar(sa.text("SELECT count(*) FROM log")))
    assert rows == 1
    store.close()


async def test_to_wait_for_ones_turn_is_no_loss_however_many_are_before(
    bots: list[ServerSlot], monkeypatch: pytest.MonkeyPatch
) -> None:
    """None takes half as long as an answer may; all together take three times as long."""
    await bots[0].wait(1)
    monkeypatch.setattr(server_slot, "_ANSWERS_WITHIN_SECONDS", 1.0)
    slow = [bots[0]._ask(sa.select(sa.func.pg_sleep(0.3))) for _ in range(10)]
    await asyncio.gather(*slow, *(bots[0].confirm() for _ in range(1000)))
    assert held(bots[0]._url) == ("slot-0",)


async def test_who_confirms_waits_for_the_next_question_and_all_share_it(
    bots: list[ServerSlot],
) -> None:
    """An answer to what was asked before says nothing about now."""
    await bots[0].wait(1)
    asked: list[str] = []
    begun, go_on = threading.Event(), threading.Event()

    def pause(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)
        begun.set()
        go_on.wait()

    sa.event.listen(bots[0]._engine, "before_cursor_execute", pause)
    first = asyncio.create_task(bots[0].confirm())
    await asyncio.to_thread(begun.wait)
    later = [asyncio.create_task(bots[0].confirm()) for _ in range(1000)]
    await asyncio.sleep(0)  # each has begun
    go_on.set()
    await asyncio.gather(first, *later)
    assert asked == ["SELECT 1", "SELECT 1"]


async def test_a_server_that_hangs_is_a_loss_although_nobody_waits_any_more(
    url: sa.URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def tell(why: str) -> NoReturn:
        told.append(why)
        raise PlaceLostError(why)

    bot = ServerSlot(url, tell)
    await bot.wait(1)
    monkeypatch.setattr(server_slot, "_ANSWERS_WITHIN_SECONDS", 0.1)
    gone = asyncio.create_task(bot._ask(sa.select(sa.func.pg_sleep(1))))
    await asyncio.sleep(0)
    gone.cancel()
    async with asyncio.timeout(10):
        while not told:
            await asyncio.sleep(0.02)
    await asyncio.to_thread(bot.release)


async def test_jobs_of_a_slot_that_nobody_holds_are_said_and_taken_over(url: sa.URL) -> None:
    done: list[str] = []
    endless = asyncio.Event()

    async def hangs(_payload: object) -> None:
        done.append("begun")
        await endless.wait()

    async def works(_payload: object) -> None:
        done.append("taken over")

    shown = url.render_as_string(hide_password=False)
    first, second = Engine(shown, slots=2), Engine(shown, slots=2)
    first.register("note", hangs)
    await first.hold()
    await second.hold()
    await first.launch()
    await first.submit("note", "k", {})
    async with asyncio.timeout(10):
        while not done:
            await asyncio.sleep(0.02)
    await first.close()
    assert await places(shown) == Places(held=("slot-1",), vacant={"slot-0": 1})
    second.register("note", works)
    await second.launch()
    await second.adopt()
    async with asyncio.timeout(10):
        while not await second.ended("k"):
            await asyncio.sleep(0.02)
    assert done == ["begun", "taken over"]
    assert await places(shown) == Places(held=("slot-1",), vacant={})
    await second.close()


async def test_what_is_found_at_a_start_is_begun_once_however_soon_it_is_looked_for(
    url: sa.URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    go_on = asyncio.Event()
    looked, recovered = threading.Event(), threading.Event()
    recover = _dbos.startup_recovery_thread

    def recover_slowly(*about: Any) -> None:
        looked.wait()
        recover(*about)
        recovered.set()

    async def hangs(_payload: object) -> None:
        begun.append("begun")
        await go_on.wait()

    shown = url.render_as_string(hide_password=False)
    first, second = Engine(shown), Engine(shown)
    first.register("note", hangs)
    await first.hold()
    await first.launch()
    await first.submit("note", "k", {})
    await until(lambda: len(begun) == 1)
    await first.close()
    monkeypatch.setattr(_dbos, "startup_recovery_thread", recover_slowly)
    second.register("note", hangs)
    await second.hold()
    await second.launch()
    await second.adopt()
    await until(lambda: len(begun) == 2)
    looked.set()
    await asyncio.to_thread(recovered.wait)
    go_on.set()
    await until_async(lambda: second.ended("k"))
    assert begun == ["begun"] * 2
    await second.close()


@pytest.fixture
async def bot(url: sa.URL) -> AsyncIterator[Engine]:
    """One that has a place, and does not work yet."""
    bot = Engine(url.render_as_string(hide_password=False))
    await bot.hold()
    yield bot
    await bot.close()


@pytest.mark.parametrize(
    ("queue", "looks"),
    [(None, 1), (INTERNAL_QUEUE_NAME, 2)],
    ids=["it was submitted", "it was taken from the queue"],
)
async def test_a_job_that_was_written_down_late_in_ones_own_place_is_found(
    bot: Engine, url: sa.URL, queue: str | None, looks: int
) -> None:
    """By who had the place before, stood still, and went on when another had it."""
    done: list[str] = []

    async def works(payload: Mapping[str, str]) -> None:
        done.append(payload["name"])

    bot.register("note", works)
    await bot.launch()
    await bot.submit("note", "k", {"name": "in time"})
    await until_async(lambda: bot.ended("k"))
    await bot.adopt()
    assert done == ["in time"]
    write_down_late(url, like="k", key="late", queue_name=queue, started_at_epoch_ms=0)
    for _ in range(looks):
        await bot.adopt()
    await until_async(lambda: bot.ended("late"))
    await bot.adopt()
    assert done == ["in time", "in time"]


@pytest.mark.parametrize("taken_before_seconds", [0, 9999])
async def test_what_was_just_taken_from_the_queue_is_left_to_who_took_it(
    bot: Engine, url: sa.URL, taken_before_seconds: float
) -> None:
    """Which may be this very process, a moment before it works on it."""
    bot.register("note", nothing)
    await bot.launch()
    await bot.submit("note", "k", {})
    await until_async(lambda: bot.ended("k"))
    at = int((time.time() - taken_before_seconds) * 1000)
    for name in ("just now", "again, since the first look"):
        taken = {"queue_name": INTERNAL_QUEUE_NAME, "started_at_epoch_ms": at, "owner_xid": name}
        write_down_late(url, like="k", key="late", **taken)
        await bot.adopt()
        assert status(url, "late") == ("PENDING", name)


async def test_whose_place_is_anothers_by_now_begins_nothing_there(
    bot: Engine, url: sa.URL, server: PostgreSQL, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where that other is at work."""
    monkeypatch.setattr(bot.slot, "_lost", lost)
    bot.register("note", nothing)
    await bot.launch()
    await bot.submit("note", "k", {})
    await until_async(lambda: bot.ended("k"))
    write_down_late(url, like="k", key="another's", owner_xid="another")
    server.run(APART, pid=bot.slot._pid)
    await (another := ServerSlot(url, lost)).wait(1)
    with pytest.raises(PlaceLostError):
        await bot.adopt()
    assert status(url, "another's") == ("PENDING", "another")
    another.release()


async def test_a_change_that_the_server_took_back_is_made_once_more(
    bot: Engine, url: sa.URL, server: PostgreSQL, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Because this machine stood still in the middle of it, and others wait for its rows."""
    monkeypatch.setattr(engine_module, "_FIRST_PAUSE", 0.01)
    monkeypatch.setitem(database._SERVER_NOTICES, "idle_in_transaction_session_timeout", 100)
    store, pids, told = Store.open(str(url)), [], []
    await store.write(lambda connection: connection.execute(sa.text("CREATE TABLE log (n int)")))

    def note(connection: sa.Connection) -> None:
        connection.execute(sa.text("INSERT INTO log VALUES (1)"))
        pids.append(connection.scalar(sa.select(sa.func.pg_backend_pid())))
        if len(pids) == 1:
            wait_for_the_end_of(pids[0], server)
        connection.execute(sa.text("INSERT INTO log VALUES (2)"))

    async def works(_payload: object) -> None:
        await store.write(note)

    async def given_up(_payload: object) -> None:
        told.append("given up")

    bot.register("note", works, given_up=given_up)
    await bot.launch()
    await bot.submit("note", "k", {})
    await until_async(lambda: bot.ended("k"))
    rows = await store.read(lambda c: c.scalars(sa.text("SELECT n FROM log")).all())
    assert (rows, len(pids), told) == ([1, 2], 2, [])
    await bot.slot.confirm()
    store.close()


async def test_what_is_under_way_in_ones_own_place_is_not_begun_twice(
    bot: Engine, url: sa.URL
) -> None:
    """However often it looks: while a job is written down, at work, found late, or at its end."""
    begun: Counter[str] = Counter()
    go_on = asyncio.Event()

    async def hangs(payload: Mapping[str, str]) -> None:
        begun[payload["name"]] += 1
        await go_on.wait()

    bot.register("note", hangs)
    await bot.launch()
    await bot.submit("note", "k", {"name": "k"})
    looking = asyncio.create_task(adopt_until(bot, over := asyncio.Event()))
    keys = [f"k{number}" for number in range(50)]
    await asyncio.gather(*(bot.submit("note", key, {"name": key}) for key in keys))
    async with asyncio.timeout(30):
        while len(begun) < 51:
            await asyncio.sleep(0.01)
    late = [f"late{number}" for number in range(20)]
    for key in late:
        write_down_late(url, like="k", key=key)
    async with asyncio.timeout(30):
        while begun["k"] < 21:
            await asyncio.sleep(0.01)
    for _ in range(20):
        await bot.adopt()
    go_on.set()
    for key in ("k", *late, *keys):
        await until_async(lambda key=key: bot.ended(key))
    over.set()
    await looking
    assert begun == Counter({"k": 21, **dict.fromkeys(keys, 1)})


async def adopt_until(bot: Engine, over: asyncio.Event) -> None:
    while not over.is_set():
        await bot.adopt()


def wait_for_the_end_of(pid: int, server: PostgreSQL) -> None:
    for _ in range(500):
        if not server.run("SELECT FROM pg_stat_activity WHERE pid = :pid", pid=pid):
            return


async def nothing(_payload: object) -> None:
    """Nothing is to be done."""


def status(url: sa.URL, key: str) -> tuple[str, str | None]:
    """How a job stands, and by which token whoever began it is known."""
    engine = make_engine(url)
    about = sa.text("SELECT status, owner_xid FROM dbos.workflow_status WHERE workflow_uuid = :key")
    with engine.connect() as connection:
        state, token = connection.execute(about, {"key": key}).one()
    engine.dispose()
    return state, token


def write_down_late(url: sa.URL, *, like: str, key: str, **values: Any) -> None:
    """A row as that of a job which is under way in the same place, under another key."""
    another = {"workflow_uuid": key, "status": "PENDING", **values}
    engine = make_engine(url)
    with engine.begin() as connection:
        for table in ("workflow_input", "workflow_status"):
            remove = f"DELETE FROM dbos.{table} WHERE workflow_uuid = :key"
            connection.execute(sa.text(remove), {"key": key})
            connection.execute(
                sa.text(
                    f"INSERT INTO dbos.{table} SELECT copy.* FROM dbos.{table} AS one, "
                    "jsonb_populate_record(one, CAST(:another AS jsonb)) AS copy "
                    "WHERE one.workflow_uuid = :like"
                ),
                {"another": json.dumps(another), "like": like},
            )
    engine.dispose()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(15):
        while not condition():
            await asyncio.sleep(0.01)


async def until_async(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(15):
        while not await condition():
            await asyncio.sleep(0.02)


async def test_that_a_server_was_restored_is_written_down_while_nobody_works_there(
    url: sa.URL,
) -> None:
    engine = make_engine(url)
    taken_at, now = datetime(2026, 5, 30, 12, tzinfo=UTC), datetime(2026, 5, 31, 9, tzinfo=UTC)
    with pytest.raises(BackupError, match="dbos, is missing"):
        mark_restored(url, taken_at=taken_at, now=now)
    bot = Engine(url.render_as_string(hide_password=False))
    await bot.hold()
    await bot.launch()
    with pytest.raises(BackupError, match=r"replicas are at work \(slot-0\)"):
        mark_restored(url, taken_at=taken_at, now=now)
    await bot.close()
    mark_restored(url, taken_at=taken_at, now=now)
    with engine.connect() as connection:
        assert restores.latest(connection) == restores.Restore(at=now, taken_at=taken_at)
    engine.dispose()


async def test_who_starts_while_a_restore_is_written_down_begins_after_it_and_finds_it(
    url: sa.URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or it would go on with restored work as if nothing had been done since."""
    shown = url.render_as_string(hide_password=False)
    taken_at, now = datetime(2026, 5, 30, 12, tzinfo=UTC), datetime(2026, 5, 31, 9, tzinfo=UTC)
    last, begins = Engine(shown), ServerSlot(url, lost)
    await last.hold()
    await last.launch()
    await last.close()
    migrate, in_the_middle, go_on = schema.migrate, threading.Event(), threading.Event()

    def stand_still(engine: sa.Engine) -> None:
        in_the_middle.set()
        go_on.wait(10)
        migrate(engine)

    monkeypatch.setattr(schema, "migrate", stand_still)
    marking = asyncio.create_task(asyncio.to_thread(mark_restored, url, taken_at=taken_at, now=now))
    await asyncio.to_thread(in_the_middle.wait, 10)
    await begins.wait(1)
    assert not await begins.take(SET_UP)
    go_on.set()
    await marking
    assert await begins.take(SET_UP)
    begins.release()
    engine = make_engine(url)
    with engine.connect() as connection:
        assert restores.latest(connection) == restores.Restore(at=now, taken_at=taken_at)
    engine.dispose()
