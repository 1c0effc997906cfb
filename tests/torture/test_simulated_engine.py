"""The simulated engine keeps the real one's promises: the same tests for both, on what they say."""

import asyncio
import contextvars
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from bot.engine import Engine
from tests.torture.clockwork import Life, Timeline
from tests.torture.jobs import Disk, SimulatedEngine
from tests.torture.places import Places

Work = Callable[[dict[str, Any]], Coroutine[Any, Any, None]]
Scene = Callable[[Engine], Coroutine[Any, Any, None]]
_WAY = contextvars.ContextVar("_WAY", default="its own")
_PATIENCE_SECONDS = 20.0


class Real:
    """DBOS on a SQLite file; a process ends by being cut off."""

    def __init__(self, folder: Path) -> None:
        self._url = f"sqlite:///{folder}/charter.db"

    def lives(self, work: Work, scene: Scene) -> None:
        async def life() -> None:
            engine = Engine(self._url)
            engine.register("note", work)
            await engine.hold()
            await engine.launch()
            try:
                await scene(engine)
            finally:
                await engine.close()

        asyncio.run(life())


class Simulated:
    """The same in virtual time; a process ends by a crash."""

    def __init__(self, _folder: Path) -> None:
        self._disk = Disk()
        self._places = Places()
        self._timeline = Timeline()

    def lives(self, work: Work, scene: Scene) -> None:
        life = Life(self._timeline, None, lambda _: None)
        self._timeline.lives.append(life)

        async def whole() -> None:
            engine = SimulatedEngine(self._disk, self._places, life)
            engine.register("note", work)
            await engine.hold()
            await engine.launch()
            await scene(engine)

        task = life.create_task(whole())
        self._timeline.run_until(self._timeline.now + _PATIENCE_SECONDS, until=task.done)
        task.result()
        self._timeline.lives.remove(life)
        life.bury()


@pytest.fixture(params=[Real, Simulated])
def process(request: pytest.FixtureRequest, tmp_path: Path) -> Real | Simulated:
    made: Real | Simulated = request.param(tmp_path)
    return made


async def until(fact: Callable[[], bool]) -> None:
    async with asyncio.timeout(_PATIENCE_SECONDS / 2):
        while not fact():
            await asyncio.sleep(0.01)


def test_a_key_is_accepted_once_in_all_lives(process: Real | Simulated) -> None:
    done: list[int] = []

    async def work(payload: dict[str, Any]) -> None:
        done.append(payload["n"])

    async def first(engine: Engine) -> None:
        for n in range(5):
            await engine.submit("note", "click:1", {"n": n})
        await until(lambda: bool(done))
        await _until_ended(engine, "click:1")

    async def second(engine: Engine) -> None:
        await engine.submit("note", "click:1", {"n": 9})
        await engine.submit("note", "click:2", {"n": 10})
        await until(lambda: 10 in done)

    process.lives(work, first)
    process.lives(work, second)
    assert done == [0, 10]


def test_what_was_cut_off_begins_again_with_what_it_was_given(process: Real | Simulated) -> None:
    begun: list[dict[str, Any]] = []

    async def hangs(payload: dict[str, Any]) -> None:
        begun.append(payload)
        await asyncio.sleep(3600)

    async def ends(payload: dict[str, Any]) -> None:
        begun.append(payload)

    async def first(engine: Engine) -> None:
        await engine.submit("note", "charter:1", {"n": 1, "names": ("a", "b")})
        await until(lambda: bool(begun))
        assert not await engine.ended("charter:1")

    async def second(engine: Engine) -> None:
        await _until_ended(engine, "charter:1")

    process.lives(hangs, first)
    process.lives(ends, second)
    # As it was given in the life that it came in, and as JSON has it afterwards.
    assert begun == [{"n": 1, "names": ("a", "b")}, {"n": 1, "names": ["a", "b"]}]


def test_a_job_has_a_context_of_its_own(process: Real | Simulated) -> None:
    seen: list[str] = []

    async def work(_payload: dict[str, Any]) -> None:
        seen.append(_WAY.get())
        _WAY.set("another's")

    async def scene(engine: Engine) -> None:
        _WAY.set("the submitter's")
        for n in range(2):
            await engine.submit("note", f"k{n}", {})
            await _until_ended(engine, f"k{n}")

    process.lives(work, scene)
    assert seen == ["its own"] * 2


def test_a_job_may_submit_another(process: Real | Simulated) -> None:
    seen: list[int] = []
    engines: list[Engine] = []

    async def work(payload: dict[str, Any]) -> None:
        seen.append(payload["n"])
        if payload["n"] < 3:
            await engines[-1].submit("note", f"k{payload['n'] + 1}", {"n": payload["n"] + 1})

    async def scene(engine: Engine) -> None:
        engines.append(engine)
        await engine.submit("note", "k0", {"n": 0})
        await until(lambda: 3 in seen)
        await _until_ended(engine, "k3")

    process.lives(work, scene)
    assert seen == [0, 1, 2, 3]


async def _until_ended(engine: Engine, key: str) -> None:
    async with asyncio.timeout(_PATIENCE_SECONDS / 2):
        while not await engine.ended(key):
            await asyncio.sleep(0.01)
