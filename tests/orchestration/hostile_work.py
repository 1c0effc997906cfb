"""Work such as a hostile mail would make of reading it; run in the quarantine's processes."""

import ctypes
import os
import signal
import time
from pathlib import Path
from typing import Any

from bot.mail.unreadable import Unreadable


def which(_: object = None) -> int:
    return os.getpid()


def for_ever(note: str) -> None:
    Path(note).write_text(str(os.getpid()), encoding="utf-8")
    while True:
        time.sleep(0.01)


def busy() -> None:
    while True:
        pass


def hungry() -> int:
    return len(bytearray(2_000_000_000))


def killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed_once(note: str) -> str:
    if not Path(note).exists():
        Path(note).touch()
        killed()
    return "read"


def segfault() -> None:
    ctypes.string_at(0)


def deep(n: int = 0) -> int:
    return deep(n + 1) + 1


def raising(error: BaseException) -> None:
    raise error


def refusing() -> None:
    raise Unreadable("It is empty.")


def unspeakable() -> Any:
    return lambda: None


def interrupted() -> str:
    """A Ctrl-C in the terminal and a service manager's end reach the workers, too."""
    for signum in (signal.SIGINT, signal.SIGTERM):
        os.kill(os.getpid(), signum)
    return "went on"


def for_ever_here(raw: bytes, *_: object) -> None:
    """In place of the reader: the mail says where to leave a note."""
    for_ever(raw.decode())


def killed_by(*_: object) -> None:
    killed()
