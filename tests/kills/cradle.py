"""Processes of the bot that begin at once: forked from one that has imported everything.

To start Python and import the bot takes two seconds, in which whatever the process before had on
its way arrives. A process from here recovers while it is still on its way, and there are more kills
in a minute. Otherwise it is a process like any other: of its own session, with its own database
connections, sockets and threads, of which there are none before the fork.
"""

import importlib
import json
import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn, Self

from sandbox.bot_process import BotProcess

_STDIN, _STDOUT, _STDERR = 0, 1, 2
_BEGINS_WITHIN_SECONDS = 60.0


class Cradle:
    """Starts processes of the bot, one at a time; they end when this process does.

    Args:
        env: the bot's whole environment.
        root: its working directory.
        bot: the module that makes it the bot that it is to be.
    """

    def __init__(
        self, env: Mapping[str, str], root: Path, *, bot: str = "tests.kills.killed_bot"
    ) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__, bot],
            env=dict(env),
            cwd=root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        self._read(_BEGINS_WITHIN_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        self._process.wait()

    def bear(self, log: Path, out: Path) -> "Child":
        """A new process, which writes there."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"log": str(log), "out": str(out)}).encode() + b"\n")
        self._process.stdin.flush()
        return Child(self, int(self._read(_BEGINS_WITHIN_SECONDS)["pid"]))

    def ended(self, timeout: float | None) -> int:
        """How the process that was born last ended.

        Raises:
            subprocess.TimeoutExpired: not within `timeout` seconds; None is for ever.
        """
        return int(self._read(timeout)["ended"])

    def _read(self, timeout: float | None) -> dict[str, Any]:
        pipe = self._process.stdout
        assert pipe
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, selectors.EVENT_READ)
            if not selector.select(timeout):
                raise subprocess.TimeoutExpired("cradle", timeout or 0)
        told: dict[str, Any] = json.loads(pipe.readline())
        return told


class Child:
    """What `subprocess.Popen` is to a process that this one did not start itself."""

    stdin = None

    def __init__(self, cradle: Cradle, pid: int) -> None:
        self._cradle = cradle
        self.pid = pid
        self._status: int | None = None

    def poll(self) -> int | None:
        try:
            return self.wait(0)
        except subprocess.TimeoutExpired:
            return None

    def wait(self, timeout: float | None = None) -> int:
        if self._status is None:
            self._status = self._cradle.ended(timeout)
        return self._status

    def terminate(self) -> None:
        if self.poll() is None:
            os.kill(self.pid, signal.SIGTERM)


class BornBot(BotProcess):
    """The bot's process, from a cradle. It is started once."""

    def __init__(self, cradle: Cradle, env: Mapping[str, str], root: Path, *, name: str) -> None:
        super().__init__(env, root, name=name)
        self._cradle = cradle

    def start(self) -> int:
        """Start it. The number of its process."""
        for each in (self._log, self._out):
            each.touch()
        self._process = self._cradle.bear(self._log, self._out)  # type: ignore[assignment]
        return self._process.pid


def _tell(**what: int) -> None:
    os.write(_STDOUT, json.dumps(what).encode() + b"\n")


def _serve(bot: str) -> None:
    """Bear a process for every line, and tell of its end; until there are no more lines."""
    for each in ("bot.app", bot):  # all of it, before there is a process to kill
        importlib.import_module(each)
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake)
    _tell(ready=os.getpid())
    charge = 0
    with selectors.DefaultSelector() as selector:
        selector.register(_STDIN, selectors.EVENT_READ)
        selector.register(woken, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fd == woken:
                    os.read(woken, 1024)
                    charge = _reaped(charge)
                elif line := os.read(_STDIN, 65_536):
                    charge = _born(json.loads(line), (woken, wake))
                    _tell(pid=charge)
                else:
                    return _end(charge)


def _born(where: Mapping[str, str], pipes: tuple[int, int]) -> int:
    child = os.fork()
    if not child:
        _live(where, pipes)
    return child


def _live(where: Mapping[str, str], pipes: tuple[int, int]) -> NoReturn:
    """Be the bot, as if started from a shell of one's own."""
    from bot.cli import main  # noqa: PLC0415

    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    for each in pipes:
        os.close(each)
    os.dup2(os.open(os.devnull, os.O_RDONLY), _STDIN)
    appended = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    os.dup2(os.open(where["out"], appended, 0o600), _STDOUT)
    os.dup2(os.open(where["log"], appended, 0o600), _STDERR)
    sys.argv = ["charter", "run"]
    main()
    sys.exit(0)


def _reaped(charge: int) -> int:
    pid, status = os.waitpid(charge, os.WNOHANG) if charge else (0, 0)
    if not pid:
        return charge
    _tell(ended=os.waitstatus_to_exitcode(status))
    return 0


def _end(charge: int) -> None:
    if charge:
        os.killpg(charge, signal.SIGKILL)
        os.waitpid(charge, 0)


if __name__ == "__main__":
    _serve(sys.argv[1])
