"""The subcommands that act: each is a follow-up's button, typed."""

from bot.domain.booking import as_booking_id
from bot.domain.message import Message
from bot.orchestration.follow_ups.desk import JOB
from bot.views import replies
from handlers.commands.base import Asked
from handlers.desk import Desk


class Acting:
    """`action` is the follow-up's name. Authorisation is the job's, as it is for the button."""

    args = "ID"

    def __init__(self, name: str, action: str, what: str) -> None:
        self.name = name
        self.what = what
        self._action = action

    async def accept(self, desk: Desk, asked: Asked) -> Message | None:
        """Have it done; it is on disk when this returns."""
        booking_id = as_booking_id(asked.rest)
        if booking_id is None:
            return replies.no_such_charter(asked.rest)
        await desk.jobs.submit(JOB, asked.key, asked.payload(self._action, booking_id))
        return None

    async def answer(self, _desk: Desk, _asked: Asked) -> Message | None:
        """The job answers, in the thread and where it was typed."""
        return None
