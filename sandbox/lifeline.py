"""Processes that end when their parent does, however that ends.

`python -IS lifeline.py COMMAND...` becomes a command that does not know of it. A pipe works on
every system and whichever thread started us, unlike a parent-death signal.
"""

import os
import signal
import sys
import threading
import time
from typing import NoReturn

_GRACE_SECONDS = 5.0
_LOOKS_EVERY_SECONDS = 0.05


def end_with_standard_input(*, at_once: bool = False) -> None:
    """End this process when standard input closes, as it does when its writer dies.

    Args:
        at_once: without cleaning up; otherwise SIGTERM first and five seconds for it.
    """
    threading.Thread(target=_watch, args=(at_once,), name="lifeline", daemon=True).start()


def command_with_lifeline(command: tuple[str, ...]) -> tuple[str, ...]:
    """What to start instead of `command`, with a pipe as standard input and in a new session.

    It becomes the command, under the same number and with an empty standard input. When the pipe
    closes it gets SIGTERM, and five seconds later SIGKILL with all that it started.
    """
    return (sys.executable, "-IS", __file__, *command)


def _watch(at_once: bool) -> None:
    _wait_until_closed()
    if not at_once:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(_GRACE_SECONDS)
    os._exit(0)


def _wait_until_closed() -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass


def _become(command: list[str]) -> None:
    charge = os.getpid()
    if not os.fork():
        _guard(charge)
    os.dup2(os.open(os.devnull, os.O_RDONLY), sys.stdin.fileno())
    os.execvp(command[0], command)  # noqa: S606 - what our own caller asks for


def _guard(charge: int) -> NoReturn:
    """End our parent when standard input closes; once it is gone, it is no parent any more."""
    os.chdir("/")  # the folder may be removed while we are there
    _wait_until_closed()
    if os.getppid() == charge:
        os.kill(charge, signal.SIGTERM)
    until = time.monotonic() + _GRACE_SECONDS
    while os.getppid() == charge and time.monotonic() < until:
        time.sleep(_LOOKS_EVERY_SECONDS)
    if os.getppid() == charge:
        os.killpg(charge, signal.SIGKILL)
    os._exit(0)


if __name__ == "__main__":
    _become(sys.argv[1:])
