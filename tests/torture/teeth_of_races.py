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
        "crew links are mailed as often as somebody clicks",
        ("bot.orchestration.follow_ups.resend:Resend.not_within", "", "None"),
        race=8,
    ),
    tooth(
        "a click whose work has only begun keeps no other from mailing",
        (
            "bot.store.queries.follow_ups:_latest",
            "sa.or_(follow_ups.c.outcome.is_(None), follow_ups.c.outcome.not_in((REFUSED, FAILED)))",
            "follow_ups.c.outcome.not_in((REFUSED, FAILED))",
        ),
        race=22,
    ),
)
