from collections.abc import Mapping

from bot.domain.frozen import Frozen


class Artefact(Frozen):
    """What a step leaves in an outside system: how to find it again, and what to show for it."""

    id: str
    url: str | None = None
    facts: Mapping[str, str] = {}
