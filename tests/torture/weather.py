"""How each outside call goes, drawn from the seed; or from a script, when a history is shrunk."""

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from random import Random


class Fault(StrEnum):
    """What may come of a call, other than an answer after a moment."""

    SLOW = "slow"
    BEFORE = "failed before it went out"
    NEVER = "no answer, no effect"
    AFTER = "answer lost after the effect"
    LATE = "no answer, and the effect came later"
    BUSY = "429 with Retry-After"
    BUSY_SILENT = "429"
    FORBIDDEN = "403"
    REFUSED = "400"
    MALFORMED = "an answer that says nothing"


ASKING = (
    *(Fault.SLOW, Fault.BEFORE, Fault.AFTER, Fault.BUSY, Fault.BUSY_SILENT),
    *(Fault.FORBIDDEN, Fault.REFUSED, Fault.MALFORMED),
)
CHANGING = (*Fault, Fault.SLOW, Fault.AFTER, Fault.LATE, Fault.LATE)
SLACK = (
    *(Fault.SLOW, Fault.SLOW, Fault.BEFORE, Fault.NEVER, Fault.AFTER, Fault.BUSY),
    Fault.MALFORMED,
)

_SORE = 60


class Weather:
    """Draws for the nth call of a name always the same, whatever else happens.

    `rate`: how many of a hundred calls meet a fault; of those whose name begins with `sore`, more
    than half. `script`: those that do, and no others; by the call's name and number, as `met` has
    them afterwards.
    """

    def __init__(
        self,
        seed: int,
        rate: float,
        sore: str = "",
        script: Mapping[str, Fault] | None = None,
    ) -> None:
        self.met: dict[str, Fault] = {}
        self.calm = False
        self._seed = seed
        self._rate = rate
        self._sore = sore
        self._script = script
        self._calls: Counter[str] = Counter()

    def call(self, name: str, faults: tuple[Fault, ...]) -> tuple[Fault | None, Random]:
        """The fault of a call, if it meets one, and the chance that decides its times."""
        self._calls[name] += 1
        number = self._calls[name]
        chance = Random(hash((self._seed, number, *name.encode())))
        fault = self._fault(f"{name} #{number}", faults, chance)
        return fault, chance

    def _fault(self, call: str, faults: tuple[Fault, ...], chance: Random) -> Fault | None:
        hit, which = chance.random() * 100, chance.choice(faults)
        if self.calm:
            return None
        if self._script is not None:
            fault = self._script.get(call)
        else:
            rate = _SORE if self._sore and call.startswith(self._sore) else self._rate
            fault = which if hit < rate else None
        if fault is not None:
            self.met[call] = fault
        return fault
