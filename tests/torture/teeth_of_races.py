"""Bugs that show where many click at once, or two replicas work at one database."""

from tests.torture.tooth import Tooth, tooth

_DECIDE = "bot.orchestration.decide:Decisions."

RACES: tuple[Tooth, ...] = (
    tooth(
        "whoever was too late is not told so",
        (
            _DECIDE + "_lost",
            "await self._stale(payload, overview)",
            "pass",
        ),
        race=25,
    ),
    tooth(
        "two replicas draw one thread at the same time",
        (
            "bot.orchestration.narrator:Narrator._draw",
            'self._alone(f"thread:{booking_id}")',
            "_always(booking_id)",
        ),
        race=1,
    ),
)
