"""Starts and stops the emulator."""

import asyncio
import os
import secrets
import signal
import sys
from asyncio.subprocess import Process
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from sandbox.aws.accounts import REGION
from sandbox.ports import LOOPBACK, free_port

_STARTS_WITHIN = 30.0
_STOPS_WITHIN = 2.0
_HOUSE = Path(__file__).parents[2]
# What the rehearsal uses; the emulator answers nothing else.
_SERVICES = "s3,dynamodb,iam,sts,secretsmanager,ses,cloudfront,lambda"


class EmulatorError(RuntimeError):
    """The emulator did not start; the message holds the end of its log."""


@dataclass
class Emulator:
    """A running MiniStack. `root_secret` goes with each account's number as its root's keys."""

    root_secret: str
    _port: int
    _process: Process
    _log: Path

    @classmethod
    async def start(cls, folder: Path) -> Self:
        """Start it, without waiting; its files live in `folder`, its state in memory."""
        (folder / "tmp").mkdir(parents=True, exist_ok=True)
        port, secret = free_port(), secrets.token_urlsafe(24)
        log = folder / "emulator.log"
        with log.open("wb") as out:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "sandbox.aws.emulator"),
                env=_environment(folder, port, secret),
                stdin=asyncio.subprocess.PIPE,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        return cls(secret, port, process, log)

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self._port}"

    async def ready(self) -> None:
        """Wait until it answers.

        Raises:
            EmulatorError: it ended, or was not ready within 30 seconds.
        """
        try:
            async with asyncio.timeout(_STARTS_WITHIN):
                await self._answers()
        except TimeoutError:
            raise EmulatorError(f"The emulator is not ready:\n{_end_of(self._log)}") from None

    async def stop(self) -> None:
        """End it and whatever it started."""
        if self._process.returncode is None:
            self._process.terminate()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), _STOPS_WITHIN)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()

    async def _answers(self) -> None:
        """It listens as soon as it can answer."""
        while True:
            if self._process.returncode is not None:
                raise EmulatorError(f"The emulator ended:\n{_end_of(self._log)}")
            with suppress(ConnectionRefusedError):
                _, writer = await asyncio.open_connection(LOOPBACK, self._port)
                writer.close()
                await writer.wait_closed()
                return
            await asyncio.sleep(0.02)


def _environment(folder: Path, port: int, secret: str) -> dict[str, str]:
    """Nothing of ours but the path; listeners that would collide with a second one are off."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "TMPDIR": str(folder / "tmp"),
        "PYTHONPATH": str(_HOUSE),
        "AUTH": "true",
        "BIND_HOST": LOOPBACK,
        "GATEWAY_PORT": str(port),
        "SERVICES": _SERVICES,
        "MINISTACK_REGION": REGION,
        "AWS_SECRET_ACCESS_KEY": secret,
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
    }


def _end_of(log: Path) -> str:
    return log.read_text(errors="replace")[-2000:]
