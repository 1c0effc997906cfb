"""Processes that end when their parent does, however that ends."""

import os
import signal
import sys
import threading
import time

_GRACE_SECONDS = 5.0


def end_with_standard_input(*, at_once: bool = False) -> None:
    """End this process when standard input closes, as it does when its writer dies.

    A pipe works on every system and whichever thread started us, unlike a parent-death signal.

    Args:
        at_once: without cleaning up; otherwise SIGTERM first and five seconds for it.
    """
    threading.Thread(target=_watch, args=(at_once,), name="lifeline", daemon=True).start()


def _watch(at_once: bool) -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    if not at_once:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(_GRACE_SECONDS)
    os._exit(0)
