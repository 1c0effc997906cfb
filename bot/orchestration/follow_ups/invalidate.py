from bot.domain.charter import State
from bot.domain.errors import NeedsPerson
from bot.domain.message import Message
from bot.domain.progress import StepState
from bot.orchestration.follow_ups.base import Task, Tools
from bot.steps.cache import CacheStep
from bot.steps.live_check import LiveCheckStep
from bot.store.queries import overviews
from bot.views import replies


class Invalidate:
    """Has the CDN forget the guest page, waits, and compares what the public sees."""

    name = "invalidate_cache"
    not_within = None
    on_cancelled = False

    def __init__(self) -> None:
        self._cache = CacheStep()
        self._live_check = LiveCheckStep()

    async def perform(self, task: Task, tools: Tools) -> Message:
        """See `Action.perform`."""
        booking_id, url = task.overview.booking_id, task.overview.guest_url
        done = {
            line.name: line.artefact
            for line in task.overview.steps
            if line.state is StepState.DONE and line.artefact
        }
        if "guest_page" not in done:
            return replies.not_yet(booking_id, "guest page")
        await tools.leave(task.work.user_id)
        await tools.confirm()
        await self._cache.forget(booking_id, task.reference, tools.services)
        try:
            await self._live_check.do(task.charter.with_artefacts(done), tools.services)
        except NeedsPerson as error:
            now = await tools.store.read(overviews.overview, booking_id)
            if now is not None and now.state is State.CANCELLED:
                # Its page was replaced meanwhile, and pressing this again is no remedy.
                raise NeedsPerson("It was cancelled meanwhile; its thread says more.") from error
            return replies.invalidated(booking_id, trouble=error.what, url=url)
        return replies.invalidated(booking_id, url=url)
