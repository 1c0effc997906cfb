"""Lives of the bot's process, each ended by SIGKILL at a moment drawn from the seed."""

import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from sandbox.bot_process import BotProcess
from sandbox.driver import Sandbox
from tests.kills.cradle import BornBot, Cradle

COMMAND = (sys.executable, str(Path(__file__).with_name("killed_bot.py")), "run")
READY_WITHIN_SECONDS = 60.0
_LOOKS_EVERY_SECONDS = 0.02
_IDLE_SECONDS = 10.0
_ENDS = {"start": (0.1, 3.0), "recovery": (0.0, 1.5), "work": (0.0, 0.4), "calm": (3.0, 6.0)}
# Twice the longest is less than the bot waits for what is on its way; see `killed_bot`.
_LATENCIES = {
    "calendar": 0.4,
    "crew_service": 0.7,
    "s3": 0.3,
    "cloudfront": 0.4,
    "ses": 0.6,
    "dynamodb": 0.3,
    "edge": 0.15,
    "secretsmanager": 0.1,
    "invalidation": 0.4,
}
# With a service that answers late, or not at all, the kill comes between an effect and its record.
_FAULTS = (
    *(("calendar", kind, "create_entry") for kind in ("slow", "timeout_after", "500_after")),
    *(("crew_service", kind, "create_event") for kind in ("slow", "timeout_after", "reset_after")),
    *(("crew_service", kind, "resend_links") for kind in ("slow", "reset_before")),
    *(("s3", kind, "PutObject") for kind in ("slow", "500")),
    *(("cloudfront", kind, "CreateInvalidation") for kind in ("slow", "reset_after")),
    ("dynamodb", "reset_after", "UpdateItem"),
    ("ses", "slow", "SendEmail"),
)
_SLACK_FAULTS = (
    *(("chat.postMessage", kind) for kind in ("timeout_after", "timeout_before", "500")),
    *(("chat.update", kind) for kind in ("timeout_after", "500")),
)


class EndedByItselfError(Exception):
    """The bot ended before it was killed; the text is the end of its log."""


@dataclass(frozen=True)
class Life:
    """One life. Times in seconds.

    Attributes:
        number: its place among all lives.
        ends: in which part of it the kill comes: "start", "recovery", "work", or late in it, in
            its "calm".
        after: how long after the beginning of that part.
        calls: of "work", how many calls to outside systems it may make before.
        alone: only the process itself is killed, as by a kernel that is out of memory; otherwise
            whatever it started, too.
        slowness: what the usual latencies are multiplied with.
        faults: what goes wrong once.
        slack: likewise, with Slack.
    """

    number: int
    ends: str
    after: float
    calls: int
    alone: bool
    slowness: float
    faults: tuple[tuple[str, str, str], ...]
    slack: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return f"life {self.number}, in its {self.ends}"


def drawn(chance: Random, number: int) -> Life:
    """A life of these chances."""
    ends = chance.choices(list(_ENDS), (2, 6, 9, 3))[0]
    return Life(
        number=number,
        ends=ends,
        after=chance.uniform(*_ENDS[ends]),
        calls=round(2 ** chance.uniform(2, 6.5)),
        alone=chance.random() < 0.5,
        slowness=chance.choice((0.3, 1.0, 1.0, 1.5, 2.0)),
        faults=tuple(chance.choices(_FAULTS, k=chance.choice((0, 0, 1, 2)))),
        slack=tuple(chance.choices(_SLACK_FAULTS, k=chance.choice((0, 0, 1)))),
    )


def make_weather(sandbox: Sandbox, life: Life) -> None:
    """Have the outside world be as it is in this life."""
    sandbox.faults.clear()
    sandbox.set_latencies({name: each * life.slowness for name, each in _LATENCIES.items()})
    for target, kind, operation in life.faults:
        sandbox.faults.add(target, kind, operation=operation, arg=1.0)
    for method, kind in life.slack:
        sandbox.slack.fail_next(method, kind)


def clear_weather(sandbox: Sandbox) -> None:
    """Have everything answer, and at once."""
    sandbox.faults.clear()
    sandbox.clear_latencies()


class Nursery:
    """Where lives begin.

    Args:
        sandbox: all that is outside of the bot.
        cradle: where those begin that are to begin at once.
    """

    def __init__(self, sandbox: Sandbox, cradle: Cradle) -> None:
        self._sandbox = sandbox
        self._cradle = cradle

    def born(self, name: str) -> BotProcess:
        """The bot's process, to be started at once; its logs are its own."""
        return BornBot(self._cradle, self._sandbox.env, self._sandbox.root, name=name)

    def lived(self, life: Life) -> float:
        """Have a life begin, and end by SIGKILL; the time (Unix) at which it did.

        Raises:
            EndedByItselfError: it did not live that long.
        """
        make_weather(self._sandbox, life)
        with self._of(life) as bot:
            if life.ends != "start":
                _wait(bot, lambda: self._holds(bot), READY_WITHIN_SECONDS)
            if life.ends == "work":
                _wait(bot, lambda: _calls(bot) >= life.calls, _IDLE_SECONDS)
            _wait(bot, lambda: False, life.after)
            kill(bot, alone=life.alone)
            return time.time()

    def _of(self, life: Life) -> BotProcess:
        name = f"life-{life.number:03}"
        if life.ends != "start":
            return self.born(name)
        return BotProcess(self._sandbox.env, self._sandbox.root, name=name, command=COMMAND)

    def _holds(self, bot: BotProcess) -> bool:
        """Whether it holds the database, from when on it recovers."""
        url = self._sandbox.env["CHARTER_DATABASE_URL"]
        lock = Path(url.removeprefix("sqlite:///") + ".lock")
        return lock.exists() and lock.read_text() == str(bot.pid)


def kill(bot: BotProcess, *, alone: bool) -> None:
    """SIGKILL, to the process `alone` or to whatever it started, too; and see it gone."""
    if not alone:
        return bot.kill()
    os.kill(bot.pid, signal.SIGKILL)
    while bot.running:
        time.sleep(_LOOKS_EVERY_SECONDS)
    return None


def _wait(bot: BotProcess, fact: Callable[[], bool], most: float) -> None:
    until = time.monotonic() + most
    while not fact() and time.monotonic() < until:
        if not bot.running:
            raise EndedByItselfError(bot.output()[-3000:])
        time.sleep(_LOOKS_EVERY_SECONDS)


def _calls(bot: BotProcess) -> int:
    return bot.output().count('"event": "call"')
