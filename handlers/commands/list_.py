from bot.domain.message import Message
from bot.store.queries import overviews
from bot.views.status import listing
from handlers.commands.base import Asked
from handlers.desk import Desk


class List:
    """The charters: what needs a person first, then by date."""

    name = "list"
    args = ""
    what = "the charters: what needs a person first, then by date"

    async def accept(self, _desk: Desk, _asked: Asked) -> Message | None:
        """Nothing is to be done."""
        return None

    async def answer(self, desk: Desk, _asked: Asked) -> Message | None:
        """Read them from the bot's tables."""
        return listing(await desk.store.read(overviews.overviews))
