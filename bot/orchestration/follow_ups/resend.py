from datetime import timedelta

from bot.domain.errors import NeedsPerson, Unknown
from bot.domain.message import Message
from bot.orchestration.follow_ups.base import Task, Tools
from bot.views import replies


class Resend:
    """Mails the crew fresh magic links; not twice within a minute."""

    name = "resend_crew_links"
    not_within = timedelta(minutes=1)

    async def perform(self, task: Task, tools: Tools) -> Message:
        """See `Action.perform`."""
        line = task.overview.step("crew_event")
        if line is None or line.artefact is None:
            raise NeedsPerson("There is no crew event yet.", "Press Retry if its step failed.")
        if task.again:
            raise Unknown(
                "The bot stopped while the links were being mailed; they may or may not have gone "
                "out.",
                "Ask one of the crew. The button mails them again.",
            )
        links = await tools.crew_links.resend(line.artefact.id)
        return replies.resent(task.overview.booking_id, links)
