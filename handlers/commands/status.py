from bot.domain.booking import as_booking_id
from bot.domain.message import Message
from bot.store.queries import overviews
from bot.views import replies
from bot.views.status import status
from handlers.commands.base import Asked
from handlers.desk import Desk


class Status:
    """Everything about one charter."""

    name = "status"
    args = "ID"
    what = "what, when, each step, links, who approved, what needs a person"

    async def accept(self, _desk: Desk, _asked: Asked) -> Message | None:
        """Nothing is to be done."""
        return None

    async def answer(self, desk: Desk, asked: Asked) -> Message | None:
        """Read it from the bot's tables."""
        booking_id = as_booking_id(asked.rest)
        found = await desk.store.read(overviews.overview, booking_id) if booking_id else None
        if found is None:
            near = await desk.store.read(overviews.near, asked.rest) if booking_id else ()
            return replies.no_such_charter(asked.rest, near)
        sees_money = desk.policy.show_payout and bool(await desk.authority.may_act(asked.user))
        return status(found, now=desk.clock(), audience_sees_money=sees_money)
