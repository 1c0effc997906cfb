import asyncio
from collections.abc import Awaitable, Callable

from bot.domain.artefact import Artefact
from bot.domain.charter import Charter
from bot.domain.errors import Retriable
from bot.services.ports import Invalidation
from bot.steps.base import StepServices

_SHORTEST_PAUSE_S, _LONGEST_PAUSE_S = 0.1, 10.0
_PATIENCE_S = 180.0


class CacheStep:
    """The CDN forgets the page, and that is waited for.

    `find` has nothing honest to say. An invalidation leaves nothing behind in the cache: that a
    path is fresh does not show that every edge forgot it, and the CDN lists invalidations by an id
    that only asking for one gives. So `do` asks, with a reference derived from the page itself; the
    CDN answers the same question with the same invalidation, and `do` reads its end.
    """

    name = "cache"
    label = "CDN cache"
    needs: tuple[str, ...] = ("guest_page",)
    repeatable = True
    reads_back = False

    def __init__(
        self,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        patience: float = _PATIENCE_S,
    ) -> None:
        """`patience`: seconds to wait for the CDN before the step is tried again."""
        self._sleep = sleep
        self._patience = patience

    async def find(self, charter: Charter, services: StepServices) -> Artefact | None:  # noqa: ARG002 - the step's shape
        """Always None; see the class."""
        return None

    async def do(self, charter: Charter, services: StepServices) -> Artefact:
        """See `Step.do`.

        Raises:
            Retriable: the CDN has not finished; asking again is the same invalidation.
        """
        reference = reference_for(charter)
        done = await self.forget(charter.booking_id, reference, services)
        return Artefact(id=done.id, facts={"reference": reference})

    async def forget(self, booking_id: str, reference: str, services: StepServices) -> Invalidation:
        """Have every spelling of a page forgotten, and wait for the end of it.

        Raises:
            Retriable: the CDN has not finished; asking again is the same invalidation.
        """
        asked = await services.edge.invalidate(services.edge.paths(booking_id), reference)
        return await self._finished(asked, services)

    async def _finished(self, asked: Invalidation, services: StepServices) -> Invalidation:
        waited = 0.0
        while not asked.done:
            if waited >= self._patience:
                raise Retriable(
                    f"The CDN has not forgotten the old page after {self._patience:.0f} seconds.",
                    "Guests may see an old page. Press Retry in a few minutes.",
                )
            # A third of what was waited already: soon after a quick end, seldom while it is slow.
            pause = min(max(waited / 3, _SHORTEST_PAUSE_S), _LONGEST_PAUSE_S)
            await self._sleep(pause)
            waited += pause
            asked = await services.edge.status(asked.id)
        return asked


def reference_for(charter: Charter) -> str:
    """What names the invalidation: the booking and the very page that was uploaded."""
    page = charter.artefacts["guest_page"].facts["sha256"]
    return f"{charter.booking_id}-{page[:32]}"
