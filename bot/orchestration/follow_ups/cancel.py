from functools import partial

import sqlalchemy as sa

from bot.domain.charter import State
from bot.domain.errors import NeedsPerson
from bot.domain.message import Message
from bot.domain.progress import Overview
from bot.orchestration.follow_ups.base import Task, Tools
from bot.orchestration.neighbours import among_neighbours
from bot.steps.cache import CacheStep
from bot.steps.guest_page import GuestPageStep
from bot.steps.live_check import LiveCheckStep
from bot.store.queries import charters, overviews
from bot.store.queries.follow_ups import FollowUp
from bot.views import replies
from bot.views.press import CANCEL


class Cancel:
    """Ends a charter whose run is over: the guests' page says so, people are told what is left.

    Calendar and crew service are left alone: not every deployment can delete, and the crew is
    called off by a person, not by an event that is gone. Asked again, it does the page again.
    """

    name = CANCEL
    not_within = None
    on_cancelled = True

    def __init__(self) -> None:
        self._page = GuestPageStep(cancelled=True)
        self._cache = CacheStep()
        self._live_check = LiveCheckStep()

    async def perform(self, task: Task, tools: Tools) -> Message:
        """See `Action.perform`.

        Raises:
            NeedsPerson: its run has not ended.
        """
        booking_id = task.overview.booking_id
        neighbours = await tools.store.write(_cancel, task.work, task.overview)
        now = await tools.store.read(overviews.overview, booking_id)
        if now is None or now.state is not State.CANCELLED:
            raise NeedsPerson(
                "It is still being set up, so nothing was cancelled.",
                "Cancel it when its thread says how that ended.",
            )
        for changed in (booking_id, *neighbours):
            tools.touch(changed)
        page = now.step("guest_page")
        if page is None or not page.attempts:
            return replies.cancelled(now, live=False)
        await self._publish(task, tools)
        return replies.cancelled(now, live=True)

    async def _publish(self, task: Task, tools: Tools) -> None:
        """The page that says so, where the other was, up to what the public sees.

        Raises:
            NeedsPerson: the public sees something else.
        """
        page = await self._page.do(task.charter, tools.services)
        charter = task.charter.with_artefacts({"guest_page": page})
        await self._cache.do(charter, tools.services)
        await self._live_check.do(charter, tools.services)


def _cancel(connection: sa.Connection, work: FollowUp, overview: Overview) -> frozenset[str]:
    """Cancel it if its run has ended; the charters whose cards warned of it."""
    change = partial(charters.cancel, booking_id=work.booking_id, at=work.started_at)
    return among_neighbours(connection, change, [overview.proposal]) or frozenset()
