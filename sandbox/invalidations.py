"""CloudFront invalidations take a while; the emulator's are done at once, so they are held here."""

import re
import time
from collections.abc import Callable

_SUMMARY = re.compile(
    rb"<(?P<tag>Invalidation|InvalidationSummary)(?: [^>]*)?>.*?</(?P=tag)>", re.DOTALL
)
_ID = re.compile(rb"<Id>([^<]+)</Id>")
_DONE = b"<Status>Completed</Status>"
_PENDING = b"<Status>InProgress</Status>"


class Invalidations:
    """Which invalidations are still in progress.

    Args:
        clock: seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}

    def begun(self, answer: bytes, seconds: float) -> None:
        """Hold the invalidation that `answer` is about, unless it is known already."""
        found = _ID.search(answer)
        if found:
            self._until.setdefault(found[1].decode(), self._clock() + seconds)

    def in_progress(self, invalidation_id: str) -> bool:
        return self._clock() < self._until.get(invalidation_id, 0.0)

    def completed(self) -> set[str]:
        """The ids of those that are over."""
        return {known for known in self._until if not self.in_progress(known)}

    def told(self, answer: bytes) -> bytes:
        """The emulator's answer with the status of those in progress."""
        return _SUMMARY.sub(self._as_it_is, answer)

    def _as_it_is(self, found: re.Match[bytes]) -> bytes:
        about = _ID.search(found[0])
        if about and self.in_progress(about[1].decode()):
            return found[0].replace(_DONE, _PENDING)
        return found[0]
