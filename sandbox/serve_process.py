"""The rehearsal as a process of its own: started, spoken with through its pipes, ended."""

import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

STARTS_WITHIN = 60.0
_STOPS_WITHIN = 10.0
_SHOWN_OF_THE_LOG = 3000
_HOUSE = Path(__file__).parents[1]


class SandboxError(RuntimeError):
    """The rehearsal did not start, ended by itself, or refused what was asked of it."""


class ServeProcess:
    """`python -m sandbox.serve`, for as long as the block runs; its log is sandbox.log.

    Args:
        root: a folder for its files.
        options: as of `start_sandbox`.
    """

    def __init__(self, root: Path, options: Mapping[str, Any]) -> None:
        self._root = root
        self._log = root / "sandbox.log"
        root.mkdir(parents=True, exist_ok=True)
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "sandbox.serve", *_switches(root, options)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=_HOUSE,
                start_new_session=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def ready(self, within: float = STARTS_WITHIN) -> dict[str, Any]:
        """Wait until it is ready; what it then tells of itself.

        Raises:
            SandboxError: it ended, or `within` seconds were over.
        """
        try:
            line = self._first_line(within)
        except TimeoutError:
            self._process.kill()  # what hangs would not end any sooner
            why = f"The sandbox did not start within {within:g} s"
            raise SandboxError(f"{why}:\n{self._said()}") from None
        if not line.endswith(b"\n"):
            raise SandboxError(f"The sandbox did not start:\n{self._said()}")
        told: dict[str, Any] = json.loads(line)
        return told

    def check(self, grace: float = 0.0) -> None:
        """Raises SandboxError, with the end of its log, if it has ended or does within `grace`."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(grace)
            raise SandboxError(f"The rehearsal ended by itself; its page is gone.\n{self._said()}")

    def wishes(self) -> Iterator[str]:
        """What it asks of the bot's keeper, until it ends: "kill" or "restart"."""
        for line in self._process.stdout or ():
            yield str(json.loads(line)["wish"])

    def stop(self) -> None:
        """SIGTERM and wait; killed after ten seconds."""
        self._process.terminate()
        try:
            self._process.wait(_STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()

    def _first_line(self, within: float) -> bytes:
        """Its first line, or what there is of it if it ended."""
        pipe = self._process.stdout
        told, until = b"", time.monotonic() + within
        with selectors.DefaultSelector() as selector:
            while pipe and not told.endswith(b"\n"):
                selector.register(pipe, selectors.EVENT_READ)
                if not selector.select(until - time.monotonic()):
                    raise TimeoutError
                selector.unregister(pipe)
                if not (piece := os.read(pipe.fileno(), 65_536)):
                    break
                told += piece
        return told

    def _said(self) -> str:
        text = self._log.read_text(errors="replace")[-_SHOWN_OF_THE_LOG:]
        return text or "Its log says nothing."


def _switches(root: Path, options: Mapping[str, Any]) -> list[str]:
    given = ["--root", str(root), "--until-stdin-closes"]
    for name, value in options.items():
        if value is None:
            continue
        if name == "latency":
            given += [f"--latency={target}={seconds}" for target, seconds in value.items()]
        elif name == "settings":
            given.append(f"--settings={json.dumps(value)}")
        else:
            given.append(f"--{name.replace('_', '-')}={value}")
    return given
