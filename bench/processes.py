"""What a process that is measured takes of the machine."""

import os
import threading
from pathlib import Path
from typing import Self

_LOOKS_EVERY_SECONDS = 0.25


class Memory:
    """Resident bytes of a process with all that it has started, looked at while the block runs."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._ended = threading.Event()
        self._looking = threading.Thread(target=self._look)
        self.before = self.after = self.peak = resident(pid)

    def __enter__(self) -> Self:
        self._looking.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._looking.join()
        self.after = resident(self._pid)

    @property
    def grown_mb(self) -> float:
        """By how much at most."""
        return (max(self.peak, self.after) - self.before) / 1e6

    def __str__(self) -> str:
        seen = {"before": self.before, "after": self.after, "peak": self.peak}
        return ", ".join(f"{name} {of / 1e6:.0f}" for name, of in seen.items())

    def _look(self) -> None:
        while not self._ended.wait(_LOOKS_EVERY_SECONDS):
            self.peak = max(self.peak, resident(self._pid))


def resident(pid: int) -> int:
    """What a process has in memory, with all that it has started."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        tasks = Path(f"/proc/{pid}/task").iterdir()
        children = [int(c) for task in tasks for c in (task / "children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") + sum(resident(child) for child in children)


def processor_seconds(pid: int) -> float:
    """What a process has used up by now: however busy the machine is, about the same."""
    used = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(int(ticks) for ticks in used) / os.sysconf("SC_CLK_TCK")
