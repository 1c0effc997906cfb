"""A rehearsal with a bot in it that is started again whenever it ends."""

import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Self

from sandbox.bot_process import BotError, BotProcess
from sandbox.driver import Sandbox, SandboxError, start_sandbox

_LOOKS_EVERY_SECONDS = 0.1
_PATIENCE = 60.0
_PAUSE_AFTER_FAILURES_SECONDS = 2.0
_IS_SEEN_TO_END_WITHIN_SECONDS = 1.0
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
        self._starting = threading.Lock()
        self._held = ExitStack()
        self._failures = 0
        self._error: Exception | None = None
        self._keeping, self._obeying = map(self._thread, (self._keep, self._obey))

    @property
    def page_url(self) -> str:
        return self.sandbox.page_url

    def check(self) -> None:
        """See that all goes on.

        Raises:
            SandboxError: the rehearsal is no more, or the bot is no longer looked after.
        """
        error = self._error
        if self.sandbox.process is not None:
            self.sandbox.process.check(_IS_SEEN_TO_END_WITHIN_SECONDS if error else 0)
        if error:
            what = f"{type(error).__name__}: {error}"
            raise SandboxError(f"The bot is no longer looked after: {what}") from error

    def __enter__(self) -> Self:
        """Start both and wait until the bot is ready.

        Raises:
            SandboxError: the rehearsal did not start.
            BotError: the bot did not.
        """
        with ExitStack() as starting:
            starting.callback(_join, self._obeying)  # which ends with the rehearsal
            self.sandbox = starting.enter_context(start_sandbox(self._root, **self._options))
            more: dict[str, Any] = {"command": self._command} if self._command else {}
            self.bot = BotProcess(self.sandbox.env, self._root, **more)
            starting.callback(_join, self._keeping)
            starting.callback(self._end)
            self._start()
            # What a page asks for first takes a second to make the first time.
            self.sandbox.ask("GET", "/workspace/snapshot", params={"user": _FOR_WHOM})
            self._wait_ready()
            self._keeping.start()
            self._obeying.start()
            self._held = starting.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._held.close()

    def _end(self) -> None:
        with self._starting:
            self._ending.set()
        self.bot.stop()

    def _thread(self, work: Callable[[], None]) -> threading.Thread:
        return threading.Thread(target=self._guarded, args=(work,), daemon=True)

    def _guarded(self, work: Callable[[], None]) -> None:
        """Whatever goes wrong is for the one who asks, since nobody looks at a thread."""
        try:
            work()
        except Exception as error:  # noqa: BLE001 - see above
            self._error = error

    def _keep(self) -> None:
        while not self._ending.wait(_LOOKS_EVERY_SECONDS):
            try:
                if not self.bot.running:
                    self._start_again()
            except BotError as error:
                self._bot_failed(error)

    def _obey(self) -> None:
        """Do what a person asks of the bot at the page, as soon as it is asked."""
        wishes = self.sandbox.process.wishes() if self.sandbox.process else ()
        for wish in wishes:
            with suppress(BotError):  # it has ended meanwhile
                {"kill": self.bot.kill, "restart": self.bot.end}[wish]()

    def _start_again(self) -> None:
        self._tell_person("The bot ended; it is started again and goes on.")
        if not self._start():
            return
        self._wait_ready()
        self._failures = 0
        self._tell_person(f"The bot is ready (kill -9 {self.bot.pid}).")

    def _bot_failed(self, error: BotError) -> None:
        """Once may be somebody who ended it while it started; more often there is a reason."""
        if self._ending.is_set():
            return
        self._failures += 1
        self._tell("away", None)
        if self._failures > 1:
            self._tell_person(str(error))
            self._ending.wait(_PAUSE_AFTER_FAILURES_SECONDS)

    def _start(self) -> bool:
        """Start it, unless all is about to end: then whoever ends it would not find it."""
        with self._starting:
            if self._ending.is_set():
                return False
            pid = self.bot.start()
        self._tell("starting", pid)
        return True

    def _wait_ready(self) -> None:
        self.bot.wait_ready(_PATIENCE)
        self._tell("ready", self.bot.pid)

    def _tell(self, state: str, pid: int | None) -> None:
        self.sandbox.ask("PUT", "/workspace/bot", json={"state": state, "pid": pid})

    def _tell_person(self, words: str) -> None:
        if not self._ending.is_set():
            self._say(words)


def _join(thread: threading.Thread) -> None:
    if thread.ident is not None:  # it was started
        thread.join()
