"""The simulated world's wire, on which one operation answers what the real clients heard."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.domain.errors import Retriable, Unknown
from bot.services.http_errors import Unauthorised
from tests.matrix import wire as heard_wire
from tests.matrix.faults import Fault
from tests.matrix.wire import Heard
from tests.torture.clockwork import Timeline
from tests.torture.outside import CALENDAR_TOKEN, CREW_KEY
from tests.torture.weather import Fault as Weathered
from tests.torture.weather import Weather
from tests.torture.wire import T, Wire, call_of

FOR_EVER = 10**9
_SOON_SECONDS = 0.1
# As long as the real clients wait, by the beginning of a call's name; they are that patient.
_PATIENCE = {"chat.download": 60.0, "chat": 15.0, "calendar": 35.0, "crew": 35.0, "site": 35.0}
_AWS_SECONDS, _WHOLE_SECONDS = 20.0, 60.0
_ASKED_TO_WAIT_SECONDS = 1.0
_KEYS = {"calendar": CALENDAR_TOKEN, "crew_service": CREW_KEY}


@dataclass
class Script:
    """Of a call: `times` times, from its `first` on, the fault is met, until all is `healed`.

    `refused`: what the real client hears of a credential that is not accepted.
    """

    call: str
    first: int
    times: int
    fault: Fault
    heard: Heard
    other_value: Any = None
    healed: bool = False
    rotate: Callable[[str], None] = lambda _: None
    refused: Heard | None = None
    calls: int = 0

    def meets(self) -> bool:
        """Whether the call that begins now meets the fault."""
        self.calls += 1
        return not self.healed and self.first <= self.calls < self.first + self.times

    @property
    def seconds(self) -> float:
        """How long the caller waits before it hears."""
        slack = self.call.startswith("chat") and self.call != "chat.download"
        if self.fault is Fault.DRIP and not slack:
            return _WHOLE_SECONDS
        if self.fault not in {Fault.TIMEOUT_BEFORE, Fault.TIMEOUT_AFTER, Fault.DRIP}:
            return _SOON_SECONDS
        fits = (seconds for name, seconds in _PATIENCE.items() if self.call.startswith(name))
        return next(fits, _AWS_SECONDS)


class ScriptedWire(Wire):
    """Calm, but for the script."""

    def __init__(self, timeline: Timeline, weather: Weather, script: Script) -> None:
        super().__init__(timeline, weather)
        self._script = script

    async def ask(self, name: str, effect: Callable[[], T], **how: Any) -> T:
        """See `Wire.ask`."""
        script = self._script
        if name != script.call:
            return await super().ask(name, effect, **how)
        if script.heard.waits:
            await self._wait_as_told(script)
        elif script.meets():
            self.weather.met[f"{name} #{script.calls}"] = Weathered.NEVER
            if script.heard.kind != heard_wire.VALUE:
                return await self._met(script, name, effect, how.get("to", ""))
            if script.fault is Fault.EXPIRED:
                script.rotate(_KEYS[name.partition(".")[0]])
        try:
            return await super().ask(name, effect, **how)
        except Unauthorised as refusal:
            # In the words of the real client, which the simulated systems do not know.
            raise (script.refused and script.refused.error) or refusal from refusal

    async def _wait_as_told(self, script: Script) -> None:
        """The client asks again by itself, inside one call, for as long as it is put off."""
        while script.meets():
            await asyncio.sleep(_ASKED_TO_WAIT_SECONDS)

    async def _met(self, script: Script, name: str, effect: Callable[[], T], to: str) -> T:
        self.asked += 1
        call = call_of(self.timeline.now, name, _as_weather(script.heard.error), to)
        self.calls.append(call)
        if script.heard.effects:
            self.under_way += 1
            at = self.timeline.now + _SOON_SECONDS / 2
            self.timeline.at(at, lambda: self._land(call, effect, None, 0.0))
        await asyncio.sleep(script.seconds)
        error = script.heard.error
        if error is not None:
            raise error
        return script.other_value  # type: ignore[no-any-return]


def _as_weather(error: BaseException | None) -> Weathered:
    """The weather in which a call ends like that, for the laws: what passes, and what does not."""
    if isinstance(error, Retriable):
        return Weathered.BEFORE
    return Weathered.NEVER if isinstance(error, Unknown) else Weathered.MALFORMED
