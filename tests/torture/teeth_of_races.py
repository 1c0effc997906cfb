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
)
