from bot.domain.message import Message
from bot.views import replies
from handlers.commands.base import Asked
from handlers.desk import Desk


class Doctor:
    """Checks every outside thing."""

    name = "doctor"
    args = ""
    what = "check every outside thing, with the remedy for each failure"

    async def accept(self, _desk: Desk, _asked: Asked) -> Message | None:
        """Nothing is to be done."""
        return None

    async def answer(self, desk: Desk, asked: Asked) -> Message | None:
        """Ask everything now; what it tells is the operators' business.

        Who they are may take a question to Slack, so it waits for the acknowledgement.
        """
        if not await desk.authority.may_act(asked.user):
            return replies.refusal(desk.authority.operators)
        return await desk.doctor()
