"""How a command is told to end: Ctrl-C, SIGTERM, or a terminal that is closed."""

import signal
from types import FrameType

_STATUS_OF_A_SIGNAL = 128


class EndSignals:
    """Turns the first of these signals into an end with clean-up; later ones cut off nothing.

    Attributes:
        at_once: raise SystemExit wherever the command is; otherwise only note it in `came`.
        came: whether one came.
    """

    def __init__(self) -> None:
        self.at_once = True
        self.came = False
        for signum in (signal.SIGINT, signal.SIGTERM):
            signal.signal(signum, self._come)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup means it
            signal.signal(signal.SIGHUP, self._come)

    def _come(self, signum: int, _: FrameType | None) -> None:
        if self.came:
            return
        self.came = True
        if self.at_once:
            raise SystemExit(_STATUS_OF_A_SIGNAL + signum)
