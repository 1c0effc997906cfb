from functools import partial

import sqlalchemy as sa
import structlog

from bot.domain.charter import State
from bot.domain.errors import MoneyLeak, NeedsPerson, Refused, Retriable, ServiceError
from bot.domain.message import Message
from bot.domain.progress import Cancelled, Overview
from bot.orchestration.follow_ups.base import PATIENCE, Answer, Task, Tools
from bot.orchestration.leave import Wish
from bot.orchestration.neighbours import among_neighbours
from bot.steps.cache import CacheStep
from bot.steps.guest_page import GuestPageStep
from bot.steps.live_check import LiveCheckStep
from bot.store.queries import charters, follow_ups, overviews
from bot.store.queries.follow_ups import FollowUp
from bot.views import replies
from bot.views.press import CANCEL, PUBLISHED_AGAIN

_BY_THIS_CLICK = "cancelled"
_PUBLISHING = Wish("cancelled it", "its page was left alone", "")
log = structlog.get_logger()


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

    async def perform(self, task: Task, tools: Tools) -> Message | Answer:
        """See `Action.perform`.

        Raises:
            Retriable: it is cancelled, and its page can be published a little later.
        """
        booking_id = task.overview.booking_id
        if task.work.outcome != _BY_THIS_CLICK:
            await tools.leave(task.work.user_id)
        neighbours = await tools.store.write(_cancel, task.work, task.overview)
        now = await tools.store.read(overviews.overview, booking_id)
        if now is None or now.state is not State.CANCELLED:
            said = replies.still_running(now or task.overview)
            return Answer(said, follow_ups.FAILED, CANCEL)
        for changed in (booking_id, *(neighbours or ())):
            tools.touch(changed)
        first = neighbours is not None or task.work.outcome == _BY_THIS_CLICK
        deed = CANCEL if first else PUBLISHED_AGAIN
        page = now.step("guest_page")
        if page is None or not page.may_exist:
            return Answer(replies.cancelled(now, live=False), follow_ups.DONE, deed)
        trouble = await self._published(task, tools)
        if trouble is None:
            return Answer(replies.cancelled(now, live=True), follow_ups.DONE, deed)
        said = replies.not_published(now, trouble.what, trouble.hint)
        return Answer(said, follow_ups.PARTLY if first else follow_ups.FAILED, deed)

    async def _published(self, task: Task, tools: Tools) -> ServiceError | None:
        """What keeps the public from seeing the page that says so; None if they see it.

        Raises:
            Retriable: the person who clicked can wait a little longer.
        """
        try:
            await self._publish(task, tools)
        except Retriable as error:
            if tools.clock() - task.work.started_at < PATIENCE:
                raise
            return error
        except ServiceError as error:
            return error
        except Exception:
            # It is cancelled, whatever broke: what is left to do by hand must still be said.
            log.exception("cancellation_not_published")
            return NeedsPerson("The bot itself broke off; its log says why.")
        return None

    async def _publish(self, task: Task, tools: Tools) -> None:
        """The page that says so, where the other was, up to what the public sees.

        The hints of the steps are about Retry, which a cancelled charter has not.
        """
        await tools.leave(task.work.user_id, _PUBLISHING)
        await tools.confirm()
        try:
            page = await self._page.do(task.charter, tools.services)
        except MoneyLeak as error:
            raise Refused(error.what, "Take the amount out of the boat's settings.") from error
        try:
            await self._cache.forget(task.overview.booking_id, task.reference, tools.services)
        except Retriable as error:
            raise Retriable(error.what, "Wait a few minutes.", error.after) from error
        try:
            charter = task.charter.with_artefacts({"guest_page": page})
            await self._live_check.do(charter, tools.services)
        except NeedsPerson as error:
            hint = "If that stays so, check the CDN's rewriting with /charter doctor."
            raise NeedsPerson(error.what, hint) from error


def _cancel(
    connection: sa.Connection, work: FollowUp, overview: Overview
) -> tuple[str, ...] | None:
    """Cancel it if its run has ended; the charters whose cards warned of it, None if it did not."""
    gone = Cancelled(user=work.user_id, at=work.started_at)
    change = partial(charters.cancel, booking_id=work.booking_id, cancelled=gone)
    close = among_neighbours(connection, change, [overview.proposal])
    if close is not None:
        follow_ups.note(connection, work.key, _BY_THIS_CLICK)
    return close
