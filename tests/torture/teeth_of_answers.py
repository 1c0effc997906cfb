"""Bugs that leave somebody without an answer to a click."""

from tests.torture.drawing import Step
from tests.torture.slack import CAPTAIN, MATE, STRANGER
from tests.torture.tooth import Tooth, tooth
from tests.torture.ways import BOOKING, presses, waits, way
from tests.torture.weather import Fault

_DECIDE = "bot.orchestration.decide:"


def _presses_too_late(what: str, *, after: float, who: str = CAPTAIN) -> Step:
    """Somebody presses a button that stood there once."""
    return Step("stale press", after, who, BOOKING, what)


ANSWERS: tuple[Tooth, ...] = (
    tooth(
        "whoever approved is taken for impatient for ever",
        (_DECIDE + "_IMPATIENCE", "", "timedelta(days=1)"),
        history=way(_presses_too_late("approve", after=30.0)),
        law="Law 2",
    ),
    tooth(
        "whoever clicks soon after another's approval is taken for impatient, too",
        (_DECIDE + "_is_impatient", 'and payload["user"] == decision.user\n', ""),
        history=way(_presses_too_late("approve", after=3.0, who=MATE)),
        law="Law 2",
    ),
    tooth(
        "Edit opens nothing",
        (
            "handlers.actions.decisions:_open_modal",
            "return await desk.chat.open_modal(click.trigger, view)",
            "return None",
        ),
        history=way(presses("edit"), approved=False),
        law="Law 2",
    ),
    tooth(
        "whoever may not is not told so",
        (
            "bot.orchestration.gate:Gate.lets_in",
            "await whisper(self._aside, payload, self._said(refused))",
            "pass",
        ),
        history=way(presses("approve", who=STRANGER), approved=False),
        law="Law 2",
    ),
    tooth(
        "nobody who is too late is told so, though Slack would not show it to one of them",
        (
            _DECIDE + "Decisions._stale",
            "await self._whisper(payload, replies.stale(overview))",
            "pass",
        ),
        history=way(
            presses("approve", who=STRANGER),
            _presses_too_late("edit", after=20.0),
            _presses_too_late("reject", after=20.0),
            faults={"chat.whisper #1": Fault.FORBIDDEN},
        ),
        law="Law 2",
    ),
    tooth(
        "one of two answers is dropped, and of the other it is not known whether it was heard",
        (
            _DECIDE + "Decisions._stale",
            "await self._whisper",
            'payload["action"].endswith(EDIT) or await self._whisper',
        ),
        history=way(
            _presses_too_late("reject", after=20.0),
            _presses_too_late("edit", after=0.0),
            faults={"chat.whisper #1": Fault.AFTER},
        ),
        law="Law 2: nobody ever heard what came of edit",
    ),
    tooth(
        "whoever may not is told so twice",
        (
            "bot.orchestration.gate:Gate.lets_in",
            "await whisper(self._aside, payload, self._said(refused))",
            "[await whisper(self._aside, payload, self._said(refused)) for _ in range(2)]",
        ),
        history=way(presses("approve", who=STRANGER), approved=False),
        law="Law 1: U0STRANGER was told 2 times",
    ),
    tooth(
        "Slack waits ten seconds to hear that a click was received",
        (
            "handlers.actions.decisions:submits",
            "click = Click.of(body)",
            "click = await __import__('asyncio').sleep(10, Click.of(body))",
        ),
        history=way(waits(20.0)),
        law="Law 2: approve by U0CAPTAIN at 4.50 s was acknowledged at 14.50 s",
    ),
)
