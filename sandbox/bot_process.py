"""The bot as a process of its own, to be started, stopped and killed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from sandbox.lifeline import command_with_lifeline

_LOOKS_EVERY = 0.02
_STOPS_WITHIN = 15.0


class BotError(RuntimeError):
    """The bot ended or did not become ready; the message holds the end of its log."""


class BotProcess:
    """`python -m bot.cli run` with an environment of exactly `env`; logs under `root`.

    It ends when this process does, however that ends.

    Args:
        env: its whole environment.
        root: its working directory and where its logs go.
        name: of its logs, where several run beside each other.
        command: what is run instead of the bot's own command.
    """

    def __init__(
        self,
        env: Mapping[str, str],
        root: Path,
        *,
        name: str = "bot",
        command: tuple[str, ...] = (sys.executable, "-m", "bot.cli", "run"),
    ) -> None:
        self._env = dict(env)
        self._root = root
        self._command = command
        self._log = root / f"{name}.log"
        self._out = root / f"{name}.out"
        self._process: subprocess.Popen[bytes] | None = None
        self._since = 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        return self._alive().pid

    def start(self) -> int:
        """Start it; its log goes on where an earlier run's ended. The number of its process."""
        if self.running:
            raise BotError("The bot is running already.")
        self._let_go()
        self._root.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log, self._out.open("ab") as out:
            self._since = log.tell()
            self._process = subprocess.Popen(
                command_with_lifeline(self._command),
                env=self._env,
                cwd=self._root,
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=log,
                start_new_session=True,
            )
        return self._process.pid

    def wait_ready(self, timeout: float = 20.0) -> float:
        """Wait until it says that it is ready; the seconds that it took from now.

        Raises:
            BotError: it ended, or `timeout` seconds were over.
        """
        began = time.monotonic()
        self.wait_for(lambda line: line.get("event") == "ready", timeout)
        return time.monotonic() - began

    def wait_for(
        self, wanted: Callable[[Mapping[str, Any]], bool], timeout: float = 20.0
    ) -> dict[str, Any]:
        """The first line of this run's log that is `wanted`.

        Raises:
            BotError: it ended, or `timeout` seconds were over.
        """
        until = time.monotonic() + timeout
        while True:
            ended = not self.running
            for line in self._lines(self._since):
                if wanted(line):
                    return line
            if ended or time.monotonic() > until:
                what = "ended" if ended else f"did not say so within {timeout} s"
                raise BotError(f"The bot {what}:\n{self._text()[-3000:]}")
            time.sleep(_LOOKS_EVERY)

    def stop(self) -> int:
        """SIGTERM, wait, and the exit status; killed after 15 seconds. Does nothing twice."""
        if self._process is None:
            return 0
        if self.running:
            self._process.terminate()
            try:
                self._process.wait(_STOPS_WITHIN)
            except subprocess.TimeoutExpired:
                self.kill()
        self._let_go()
        return self._process.wait()

    def end(self) -> None:
        """SIGTERM, without waiting for what comes of it."""
        self._alive().terminate()

    def kill(self) -> None:
        """SIGKILL, to it and whatever it started."""
        process = self._alive()
        with suppress(ProcessLookupError):  # it ended meanwhile
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def restart(self, *, kill: bool = False, timeout: float = 20.0) -> float:
        """Stop or kill it, start it again and wait; the seconds until it was ready."""
        if self.running:
            if kill:
                self.kill()
            else:
                self.stop()
        self.start()
        return self.wait_ready(timeout)

    def logs(self) -> list[dict[str, Any]]:
        """Every line of JSON that it ever logged."""
        return list(self._lines(0))

    def output(self) -> str:
        """Everything that it wrote, for those who search it."""
        return self._text() + self._out.read_text(errors="replace")

    def _let_go(self) -> None:
        """Whoever guards one that has ended need guard it no longer."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()

    def _alive(self) -> "subprocess.Popen[bytes]":
        if self._process is None or self._process.poll() is not None:
            raise BotError("The bot is not running.")
        return self._process

    def _text(self) -> str:
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def _lines(self, since: int) -> Iterator[dict[str, Any]]:
        """Whole lines of JSON; whatever else writes there, such as the engine, may begin with {."""
        if not self._log.exists():
            return
        with self._log.open("rb") as log:
            log.seek(since)
            whole = log.read().rpartition(b"\n")[0]
        for line in whole.splitlines():
            if line.startswith(b"{"):
                with suppress(ValueError):
                    yield json.loads(line)
