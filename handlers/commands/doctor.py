from bot.domain.message import Message
from bot.views import replies
from handlers.commands.base import Asked
from handlers.desk import Desk


class Doctor:
    """Checks every outside thing."""

    name = "doctor"
    args = ""
    what = "check every outside thing, with the remedy for each failure"

    async def accept(self, desk: Desk, asked: Asked) -> Message | None:
        """What it tells is the operators' business."""
        if await desk.authority.may_act(asked.user):
            return None
        return replies.refusal(desk.authority.operators)

    async def answer(self, desk: Desk, _asked: Asked) -> Message | None:
        """Ask everything now."""
        return await desk.doctor()
