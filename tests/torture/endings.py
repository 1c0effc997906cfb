"""How a race ended, in words: what the charter is, whose clicks had their way, what stands outside."""

from collections import Counter
from collections.abc import Iterator

from bot.store.queries.audit import REFUSED
from bot.views.text import count
from tests.torture.world import World

_BY_NOBODY = {"mail", "bot"}


def ending(world: World) -> tuple[str, ...]:
    """A sentence each."""
    return (*_charters(world), *_winners(world), _effects(world))


def _charters(world: World) -> Iterator[str]:
    for each in world.charters():
        steps = Counter(step.state for step in each.steps)
        counted = ", ".join(f"{number} {state}" for state, number in steps.items())
        told = f", its steps: {counted}" if counted else ""
        yield f"{each.booking_id} is {each.state}, at version {each.version} of its card{told}."


def _winners(world: World) -> Iterator[str]:
    """What people did, as the audit has it; a click that was refused is counted alone."""
    rows = world.rows("SELECT what, who FROM audit ORDER BY id")
    deeds = Counter(
        (row["what"].replace("_", " "), row["who"])
        for row in rows
        if row["who"] not in _BY_NOBODY and not row["what"].startswith(REFUSED)
    )
    for (what, who), times in deeds.items():
        yield f"{what} by {who}{f', {times} times' if times > 1 else ''}."
    refused = sum(row["what"].startswith(REFUSED) for row in rows)
    yield f"{count(refused, 'click')} refused, of people who may not act."


def _effects(world: World) -> str:
    systems = world.systems
    told = (
        count(len(systems.entries), "calendar entry", "calendar entries"),
        count(len(systems.events), "crew event"),
        count(
            len(systems.uploads), "page written", "pages written, each as often as somebody asked"
        ),
        count(len(systems.invalidations), "invalidation"),
        count(len(systems.mails), "operations mail"),
        count(len(systems.resends), "resending of crew links", "resendings of crew links"),
    )
    return f"Effects: {', '.join(told)}."
