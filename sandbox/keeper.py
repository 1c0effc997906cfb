"""A rehearsal with a bot in it that is started again whenever it ends."""

import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from sandbox.bot_process import BotError, BotProcess
from sandbox.driver import Sandbox, SandboxError, start_sandbox

_LOOKS_EVERY_SECONDS = 0.1
_PATIENCE = 60.0
_PAUSE_AFTER_FAILURES_SECONDS = 2.0
_FOR_WHOM = "U0CAPTAIN"


class Keeper:
    """`with Keeper(root) as rehearsal:` has `.sandbox`, `.bot`, `.page_url`.

    While the block runs the bot is the keeper's alone to start; whoever wants it restarted kills
    it or asks the page's server to. The control server is told of every end and start.

    Args:
        root: a folder for the files of both.
        command: what is run instead of the bot's own command.
        say: where a person is told of restarts.
        options: as of `start_sandbox`.
    """

    sandbox: Sandbox
    bot: BotProcess

    def __init__(
        self,
        root: Path,
        *,
        command: tuple[str, ...] = (),
        say: Callable[[str], None] = lambda _: None,
        **options: Any,
    ) -> None:
        self._root = root
        self._command = command
        self._say = say
        self._options = options
        self._ending = threading.Event()
        self._held = ExitStack()
        self._failures = 0
        self._thread = threading.Thread(target=self._keep, name="keeper", daemon=True)
        self._gone = threading.Event()

    @property
    def page_url(self) -> str:
        return self.sandbox.page_url

    def check(self) -> None:
        """Raises SandboxError if the rehearsal itself is no more."""
        if self._gone.is_set():
            raise SandboxError("The rehearsal ended by itself; its log is sandbox.log.")

    def __enter__(self) -> Self:
        """Start both and wait until the bot is ready.

        Raises:
            SandboxError: the rehearsal did not start.
            BotError: the bot did not.
        """
        with ExitStack() as starting:
            self.sandbox = starting.enter_context(start_sandbox(self._root, **self._options))
            more: dict[str, Any] = {"command": self._command} if self._command else {}
            self.bot = BotProcess(self.sandbox.env, self._root, **more)
            starting.callback(self.bot.stop)
            self._start()
            # What a page asks for first takes a second to make the first time.
            self.sandbox.ask("GET", "/workspace/snapshot", params={"user": _FOR_WHOM})
            self._wait_ready()
            self._thread.start()
            self._held = starting.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ending.set()
        self.bot.stop()  # ends a wait for it, too
        self._thread.join()
        self._held.close()

    def _keep(self) -> None:
        while not self._ending.wait(_LOOKS_EVERY_SECONDS):
            try:
                if not self.bot.running:
                    self._start_again()
            except BotError as error:
                self._bot_failed(error)
            except (httpx.TransportError, SandboxError):
                self._gone.set()
                return

    def _start_again(self) -> None:
        self._say("The bot ended; it is started again and goes on.")
        self._start()
        self._wait_ready()
        self._failures = 0
        self._say(f"The bot is ready (kill -9 {self.bot.pid}).")

    def _bot_failed(self, error: BotError) -> None:
        """Once may be somebody who ended it while it started; more often there is a reason."""
        self._failures += 1
        if not self._ending.is_set():
            self._tell("away", None)
        if self._failures > 1:
            self._say(str(error))
            self._ending.wait(_PAUSE_AFTER_FAILURES_SECONDS)

    def _start(self) -> None:
        self.bot.start()
        self._tell("starting", self.bot.pid)

    def _wait_ready(self) -> None:
        self.bot.wait_ready(_PATIENCE)
        self._tell("ready", self.bot.pid)

    def _tell(self, state: str, pid: int | None) -> None:
        self.sandbox.ask("PUT", "/workspace/bot", json={"state": state, "pid": pid})
