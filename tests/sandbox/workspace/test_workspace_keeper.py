"""What the keeper does when something else goes wrong than the bot ending."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from sandbox import keeper as module
from sandbox import serve_process
from sandbox.driver import SandboxError, start_sandbox
from sandbox.keeper import Keeper

# A bot that is ready at once, and whose engine writes something that only looks like JSON.
READY = (
    "import json, sys, time\n"
    "print('{oops', file=sys.stderr)\n"
    "print(json.dumps({'event': 'ready'}), file=sys.stderr, flush=True)\n"
    "time.sleep(60)\n"
)
COMMAND = (sys.executable, "-c", READY)


class Process:
    """A rehearsal's process that goes on until it is told not to."""

    def __init__(self) -> None:
        self.ended = threading.Event()

    def wishes(self) -> Iterator[str]:
        self.ended.wait(60)
        yield from ()

    def check(self, grace: float = 0.0) -> None:
        if self.ended.is_set():
            raise SandboxError("gone")


class Rehearsal:
    """What the keeper asks of a rehearsal, and what it then gets."""

    env: dict[str, str] = {}  # noqa: RUF012
    page_url = ""

    def __init__(self) -> None:
        self.process = Process()
        self.trouble: Exception | None = None
        self.told: list[str] = []

    def ask(self, method: str, path: str, **request: Any) -> None:
        if self.trouble:
            raise self.trouble
        if method == "PUT":
            self.told.append(request["json"]["state"])


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Rehearsal:
    made = Rehearsal()

    @contextmanager
    def started(_: Path, **options: Any) -> Iterator[Rehearsal]:
        yield made
        made.process.ended.set()

    monkeypatch.setattr(module, "start_sandbox", started)
    return made


def until(wanted: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not wanted():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def failing(check: Callable[[], None]) -> bool:
    try:
        check()
    except SandboxError:
        return True
    return False


@pytest.mark.parametrize(
    "trouble", [httpx.ConnectError("refused"), SandboxError("PUT: 500"), OSError("no more forks")]
)
def test_trouble_of_the_keeper_is_kept_for_who_asks(fake: Rehearsal, tmp_path, trouble):
    with Keeper(tmp_path, command=COMMAND) as keeper:
        keeper.check()
        fake.trouble = trouble
        keeper.bot.kill()
        until(lambda: failing(keeper.check))
        with pytest.raises(SandboxError, match="The bot is no longer looked after"):
            keeper.check()


def test_a_rehearsal_that_ended_is_said_first(fake: Rehearsal, tmp_path):
    with Keeper(tmp_path, command=COMMAND) as keeper:
        fake.process.ended.set()
        with pytest.raises(SandboxError, match="gone"):
            keeper.check()


def test_a_line_that_only_looks_like_json_is_passed_over(fake: Rehearsal, tmp_path):
    with Keeper(tmp_path, command=COMMAND) as keeper:
        assert [line["event"] for line in keeper.bot.logs()] == ["ready"]
        keeper.bot.kill()
        until(lambda: fake.told == ["starting", "ready"] * 2)


def test_a_bot_that_ends_as_all_ends_is_not_started_again(fake: Rehearsal, tmp_path):
    said: list[str] = []
    ending: list[threading.Thread] = []

    def say(words: str) -> None:
        """At this very moment somebody ends it all."""
        said.append(words)
        ending.append(threading.Thread(target=keeper.__exit__))
        ending[0].start()
        assert keeper._ending.wait(20)

    keeper = Keeper(tmp_path, command=COMMAND, say=say)
    with keeper:
        keeper.bot.kill()
        until(lambda: ending)
        ending[0].join(20)
        assert not ending[0].is_alive()
    assert not keeper.bot.running
    assert fake.told == ["starting", "ready"]
    assert said == ["The bot ended; it is started again and goes on."]


def test_a_rehearsal_that_hangs_while_it_starts_is_given_up(tmp_path, monkeypatch):
    hung = tmp_path / "python"
    hung.write_text("#!/bin/sh\necho 'on my way' >&2\nexec sleep 60\n")
    hung.chmod(0o755)
    monkeypatch.setattr(serve_process.sys, "executable", str(hung))
    monkeypatch.setattr(serve_process.ServeProcess.ready, "__defaults__", (0.5,))
    with (
        pytest.raises(SandboxError, match=r"(?s)did not start within 0.5 s.*on my way"),
        start_sandbox(tmp_path / "root"),
    ):
        pass
