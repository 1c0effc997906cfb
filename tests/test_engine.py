"""The durable engine on a real SQLite file: accepted once, insisted on, never silently dropped."""

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock

import pytest
import sqlalchemy as sa

from bot import app
from bot import engine as engine_module
from bot.domain.errors import Retriable
from bot.engine import Engine
from bot.engine_questions import pending_elsewhere
from bot.slot import AlreadyRunningError
from bot.store.store import Store


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/charter.db"


@pytest.fixture
async def engine(url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Engine]:
    monkeypatch.setattr(engine_module, "_FIRST_PAUSE", 0.01)
    engine = Engine(url)
    yield engine
    await engine.close()


async def launched(engine: Engine) -> Engine:
    await engine.hold()
    await engine.launch()
    return engine


async def test_the_same_key_is_accepted_once(engine: Engine) -> None:
    done: list[int] = []

    async def work(payload):
        done.append(payload["n"])

    engine.register("note", work)
    await launched(engine)
    for n in range(10):
        await engine.submit("note", "mail:C1:1.1", {"n": n})
    await until(lambda: done)
    await engine.submit("note", "mail:C1:1.1", {"n": 99})
    await engine.submit("note", "mail:C1:1.2", {"n": 100})
    await until(lambda: 100 in done)
    assert done == [0, 100]
    assert await engine.ended("mail:C1:1.1")


@pytest.mark.parametrize(
    "trouble",
    [Retriable("Slack cannot be reached."), sa.exc.OperationalError("x", {}, Exception("locked"))],
    ids=["an outside system", "the database"],
)
async def test_what_asks_for_patience_is_insisted_on(engine: Engine, trouble: Exception) -> None:
    tries: list[str] = []

    async def work(_payload):
        tries.append("again")
        if len(tries) < 4:
            raise trouble

    engine.register("note", work)
    await launched(engine)
    await engine.submit("note", "k", {})
    await until(lambda: len(tries) == 4)


async def test_a_bug_is_told_even_if_that_takes_patience_and_harms_no_other_job(
    engine: Engine,
) -> None:
    told: list[str] = []

    async def work(payload):
        if payload["n"] == 1:
            raise ZeroDivisionError

    async def given_up(payload):
        told.append(f"told of {payload['n']}")
        if len(told) < 3:
            raise Retriable("Slack cannot be reached.")

    engine.register("note", work, given_up=given_up)
    await launched(engine)
    for n in (1, 2):
        await engine.submit("note", f"k{n}", {"n": n})
    await until(lambda: len(told) == 3)
    assert told == ["told of 1"] * 3


async def test_a_job_that_is_cut_off_by_the_end_goes_on_at_the_next_start(
    engine: Engine, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once: nothing is being submitted that it would have to wait for."""
    begun: list[int] = []
    endless = asyncio.Event()

    async def work(_payload):
        begun.append(1)
        await endless.wait()

    engine.register("note", work)
    await launched(engine)
    await engine.submit("note", "k", {})
    await until(lambda: begun)
    await engine.close(patience_seconds=0.05)
    monkeypatch.setattr(engine_module, "_ACKNOWLEDGED_FIRST_SECONDS", 999.0)
    again = Engine(url)
    again.register("note", work)
    await launched(again)
    endless.set()
    try:
        await until(lambda: len(begun) == 2)
    finally:
        await again.close()
    assert await pending_elsewhere(url) == 0


async def test_a_job_accepted_at_the_very_end_begins_at_the_next_start(
    engine: Engine, url: str
) -> None:
    begun: list[int] = []

    async def work(_payload):
        begun.append(1)

    engine.register("note", work)
    await launched(engine)
    await engine.submit("note", "k", {})
    await engine.close()
    assert begun == []
    again = Engine(url)
    again.register("note", work)
    await launched(again)
    try:
        await until(lambda: begun)
    finally:
        await again.close()


async def test_work_waits_until_all_that_came_at_once_is_on_disk(engine: Engine) -> None:
    """Slack gives each acknowledgement three seconds; the work of the first may take them all."""
    happened: list[str] = []

    async def work(payload):
        happened.append(f"worked on {payload['n']}")

    async def submit(n: int) -> None:
        await engine.submit("note", f"k{n}", {"n": n})
        happened.append("acknowledged")

    engine.register("note", work)
    await launched(engine)
    await asyncio.gather(*(submit(n) for n in range(20)))
    await until(lambda: len(happened) == 40)
    assert happened[:20] == ["acknowledged"] * 20


async def test_work_begins_although_something_is_always_being_submitted(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "_ACKNOWLEDGED_FIRST_SECONDS", 0.05)
    begun: list[int] = []
    confirming = asyncio.Event()

    async def work(payload):
        begun.append(payload["n"])

    async def never() -> None:
        await confirming.wait()

    engine.register("note", work)
    await launched(engine)
    await engine.submit("note", "k1", {"n": 1})
    monkeypatch.setattr(engine.slot, "confirm", never)
    hanging = asyncio.create_task(engine.submit("note", "k2", {"n": 2}))
    await until(lambda: begun == [1])
    confirming.set()
    await hanging
    await until(lambda: begun == [1, 2])


async def test_old_jobs_are_forgotten_and_young_ones_are_not(engine: Engine) -> None:
    async def work(_payload):
        pass

    engine.register("note", work)
    await launched(engine)
    await engine.submit("note", "k", {})
    await until_async(lambda: engine.ended("k"))
    await engine.tidy(before=datetime.now(UTC) - timedelta(days=1))
    assert await engine.ended("k")
    await engine.tidy(before=datetime.now(UTC) + timedelta(days=1))
    assert not await engine.ended("k")


async def test_a_second_bot_on_one_file_is_refused_in_words(engine: Engine, url: str) -> None:
    await engine.hold()
    words = (
        r"another charter bot \(process \d+\) runs on charter.db; stop it first, "
        "or give this one a CHARTER_DATABASE_URL of its own"
    )
    with pytest.raises(AlreadyRunningError, match=f"^{words}$"):
        await Engine(url).hold()


async def test_the_place_is_let_go_when_nothing_is_being_written_any_more(
    engine: Engine, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From then on another bot may write."""
    begun, let_go = threading.Event(), threading.Event()
    store = Store.open(url)
    await launched(engine)
    release = engine.slot.release

    def tell_and_release() -> None:
        let_go.set()
        release()

    monkeypatch.setattr(engine.slot, "release", tell_and_release)

    def change(_connection: sa.Connection) -> bool:
        """Go on until the end waits for this, or for nothing."""
        begun.set()
        while not (store._writers._shutdown or let_go.wait(0.01)):
            pass
        return let_go.is_set()

    writing = asyncio.create_task(store.write(change))
    await asyncio.to_thread(begun.wait)
    rest: Any = dict.fromkeys(("narrator", "homes", "chat", "outside"), AsyncMock())
    await app.end(SimpleNamespace(engine=engine, store=store, **rest), AsyncMock())
    assert let_go.is_set()
    assert not await writing


async def until(condition) -> None:
    async with asyncio.timeout(15):
        while not condition():
            await asyncio.sleep(0.01)


async def until_async(condition) -> None:
    async with asyncio.timeout(15):
        while not await condition():
            await asyncio.sleep(0.01)
