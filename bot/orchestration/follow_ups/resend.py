from datetime import timedelta

from bot.domain.errors import NeedsPerson, Refused, Retriable, Unknown
from bot.domain.message import Message
from bot.orchestration.follow_ups.base import Task, Tools
from bot.store.queries import follow_ups
from bot.views import replies


class Resend:
    """Mails the crew fresh magic links; not twice within a minute."""

    name = "resend_crew_links"
    not_within = timedelta(minutes=1)
    on_cancelled = False

    async def perform(self, task: Task, tools: Tools) -> Message:
        """See `Action.perform`."""
        line = task.overview.step("crew_event")
        if line is None or line.artefact is None:
            raise NeedsPerson("There is no crew event yet.", "Press Retry if its step failed.")
        if task.work.outcome == follow_ups.SENDING:
            raise Unknown(
                "The bot stopped while the links were being mailed; they may or may not have gone "
                "out.",
                "Ask one of the crew. The button mails them again.",
            )
        # Before the note: what is refused here has not been under way.
        await tools.leave(task.work.user_id)
        if not await tools.store.write(
            follow_ups.note_unless_cancelled, task.work, follow_ups.SENDING
        ):
            raise Refused("It was cancelled meanwhile, so no crew links were mailed.")
        await tools.confirm()
        try:
            links = await tools.crew_links.resend(line.artefact.id)
        except Retriable:
            # Certainly no effect: whoever tries again need not doubt.
            await tools.store.write(follow_ups.note, task.work.key, None)
            raise
        return replies.resent(task.overview.booking_id, links)
