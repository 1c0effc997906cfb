"""What a subcommand of `/charter` is. A new one is a file beside this and a registry line."""

from typing import Protocol

from bot.domain.frozen import Frozen
from bot.domain.message import Message
from handlers.desk import Desk


class Asked(Frozen):
    """A command as typed: everything behind the subcommand is `rest`. `key` is its identity."""

    key: str
    rest: str
    user: str
    channel: str
    response_url: str

    def payload(self, action: str, booking_id: str) -> dict[str, str]:
        """For the gate and the job, as a click's would be."""
        return {
            "key": self.key,
            "action": action,
            "booking_id": booking_id,
            "user": self.user,
            "channel": self.channel,
            "response_url": self.response_url,
        }


class Subcommand(Protocol):
    """One word behind `/charter`, with its line of help."""

    name: str
    args: str
    what: str

    async def accept(self, desk: Desk, asked: Asked) -> Message | None:
        """Write down what is to be done, before the command is acknowledged; or refuse at once."""

    async def answer(self, desk: Desk, asked: Asked) -> Message | None:
        """What to tell the person, after it was acknowledged."""
