from hashlib import sha256

from bot.domain.errors import NeedsPerson
from bot.domain.message import Message
from bot.domain.progress import StepState
from bot.orchestration.follow_ups.base import Task, Tools
from bot.steps.cache import CacheStep
from bot.steps.live_check import LiveCheckStep
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
        booking_id = task.overview.booking_id
        done = {
            line.name: line.artefact
            for line in task.overview.steps
            if line.state is StepState.DONE and line.artefact
        }
        if "guest_page" not in done:
            return replies.not_yet(booking_id, "guest page")
        # From the click, so that the same click is one invalidation and the next is another.
        reference = f"{booking_id}-{sha256(task.work.key.encode()).hexdigest()[:32]}"
        await self._cache.forget(booking_id, reference, tools.services)
        try:
            await self._live_check.do(task.charter.with_artefacts(done), tools.services)
        except NeedsPerson:
            return replies.invalidated(booking_id, equal=False, url=task.overview.guest_url)
        return replies.invalidated(booking_id, equal=True, url=task.overview.guest_url)
