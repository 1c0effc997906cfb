from bot.domain.booking import as_booking_id
from bot.domain.charter import State
from bot.domain.message import Message
from bot.domain.progress import Overview
from bot.orchestration.gate import Gate
from bot.store.queries import overviews
from bot.views import replies
from bot.views.press import CANCEL
from handlers.commands.base import Asked
from handlers.desk import Desk


class Cancel:
    """Shows the charter with the button that cancels it: what cannot be undone is asked twice."""

    name = "cancel"
    args = "ID"
    what = "cancel a charter that is set up, after a look at it; the guest page says so"

    async def accept(self, _desk: Desk, asked: Asked) -> Message | None:
        """Nothing is to be done; the button's job is what acts."""
        return None if as_booking_id(asked.rest) else replies.no_such_charter(asked.rest)

    async def answer(self, desk: Desk, asked: Asked) -> Message | None:
        """Show it to whoever may cancel it; the button asks again who that is."""
        booking_id = as_booking_id(asked.rest)
        gate = Gate(desk.store, desk.chat, desk.authority, desk.clock)
        if not await gate.lets_in(asked.payload(CANCEL, asked.rest)):
            return None
        found = await desk.store.read(overviews.overview, booking_id) if booking_id else None
        if found is None:
            near = await desk.store.read(overviews.near, asked.rest)
            return replies.no_such_charter(asked.rest, near)
        return _about(desk, asked, found)


def _about(desk: Desk, asked: Asked, overview: Overview) -> Message:
    if overview.state in {State.PROPOSED, State.REJECTED}:
        return replies.not_approved(overview)
    if overview.state is State.RUNNING:
        return replies.still_running(overview)
    here = asked.channel == desk.policy.channel
    return replies.ask_to_cancel(overview, now=desk.clock(), here=here)
