"""The bot as the page shows it: whether it is there, and what a person wants of it."""

from collections.abc import Callable
from typing import Any

from sandbox.mistakes import BadRequestError, NotThereError
from sandbox.slack.delivery import Delivery
from sandbox.slack.journal import Journal

Json = dict[str, Any]
STATES = ("ready", "starting", "away")
WISHES = ("kill", "restart")


class Bot:
    """What its keeper told of it, beside what Slack sees: its connections.

    Args:
        delivery: whose connections are the bot's.
        journal: told of every change.
        wish: told what a person wants: "kill" (SIGKILL) or "restart" (SIGTERM). Whoever started
            the bot does it; no number that was sent here is ever signalled.
    """

    def __init__(self, delivery: Delivery, journal: Journal, wish: Callable[[str], None]) -> None:
        self._delivery = delivery
        self._journal = journal
        self._wish = wish
        self._state = ""
        self._pid: int | None = None

    def told(self, state: str, pid: int | None) -> None:
        """Its keeper's word. Without a keeper, a connected bot is a ready one."""
        if state not in STATES:
            raise BadRequestError(f"state is one of {', '.join(STATES)}")
        if not (pid is None or (isinstance(pid, int) and pid > 1)):
            raise BadRequestError("pid is the number of a process, or null")
        self._state, self._pid = state, pid
        self._journal.note("bot")

    def described(self) -> Json:
        connections = len(self._delivery.connections)
        state = self._state or "ready"
        if state == "ready" and not connections:
            state = "away"
        return {"state": state, "connections": connections, "pid": self._pid}

    def wished(self, what: str) -> None:
        """Pass on that a person wants it killed or restarted."""
        if what not in WISHES:
            raise NotThereError(f"A bot cannot be asked to {what}.")
        if not self._state:
            raise NotThereError("Nobody keeps a bot here, so there is none to end.")
        if self._pid is None:
            raise NotThereError("The bot is away; it is being started.")
        self._wish(what)
