"""The bot as the page shows it: whether it is there, and ways to end it."""

import os
import signal
from contextlib import suppress
from typing import Any

from sandbox.slack.delivery import Delivery
from sandbox.slack.inputs import NotThereError
from sandbox.slack.journal import Journal

Json = dict[str, Any]
STATES = ("ready", "starting", "away")


class Bot:
    """What its keeper told of it, beside what Slack sees: its connections."""

    def __init__(self, delivery: Delivery, journal: Journal) -> None:
        self._delivery = delivery
        self._journal = journal
        self._state = ""
        self._pid: int | None = None

    def told(self, state: str, pid: int | None) -> None:
        """Its keeper's word. Without a keeper, a connected bot is a ready one."""
        if state not in STATES:
            raise ValueError(f"state is one of {', '.join(STATES)}")
        self._state, self._pid = state, pid
        self._journal.note("bot")

    def described(self) -> Json:
        connections = len(self._delivery.connections)
        state = self._state or "ready"
        if state == "ready" and not connections:
            state = "away"
        return {"state": state, "connections": connections, "pid": self._pid}

    def kill(self) -> None:
        """SIGKILL, to it and whatever it started."""
        self._signal(signal.SIGKILL)

    def end(self) -> None:
        """SIGTERM: it finishes what it must and ends."""
        self._signal(signal.SIGTERM)

    def _signal(self, signum: signal.Signals) -> None:
        if self._pid is None:
            raise NotThereError("Nobody keeps a bot here, so there is none to end.")
        with suppress(ProcessLookupError):
            if signum is signal.SIGKILL:
                os.killpg(self._pid, signum)  # it leads a group of its own
            else:
                os.kill(self._pid, signum)
