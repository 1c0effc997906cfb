"""A bot with a planted bug: after a crash it does not look before it does a step again."""

from bot.domain.artefact import Artefact
from bot.orchestration import attempt
from tests.kills import killed_bot  # noqa: F401 - as patient as the others


async def _finds_nothing(_attempt: attempt.Attempt) -> Artefact | None:
    return None


attempt.Attempt._find = _finds_nothing  # type: ignore[method-assign]
attempt.Attempt._find_interrupted = _finds_nothing  # type: ignore[method-assign]
