"""An answer to the one person who clicked or typed."""

from typing import Protocol

import structlog

from bot.domain.errors import NeedsPerson, Refused, Unknown
from bot.domain.message import Message
from bot.engine import Payload
from bot.orchestration.homes import Homes
from bot.services.ports import Chat

HOME = "home"
"""In a payload's `channel`: the click was made on the person's Home."""
log = structlog.get_logger()


class Aside(Protocol):
    """Ways to speak to one person alone."""

    async def whisper(
        self, channel: str, user: str, message: Message, *, thread: str | None = None
    ) -> None:
        """See `Chat.whisper`."""

    async def respond(self, url: str, message: Message) -> None:
        """See `Chat.respond`."""


class ChatOrHome:
    """Whispers in a channel, or on the Home of whoever clicked there."""

    def __init__(self, chat: Chat, homes: Homes) -> None:
        self._chat = chat
        self._homes = homes

    async def whisper(
        self, channel: str, user: str, message: Message, *, thread: str | None = None
    ) -> None:
        """See `Aside.whisper`."""
        if channel == HOME:
            return await self._homes.tell(user, message)
        return await self._chat.whisper(channel, user, message, thread=thread)

    async def respond(self, url: str, message: Message) -> None:
        """See `Aside.respond`."""
        await self._chat.respond(url, message)


async def whisper(aside: Aside, payload: Payload, message: Message) -> None:
    """Tell the person of `payload`: where they typed, or else where they clicked.

    What Slack will not show, because the person left the channel or the URL has run out, is
    logged: nothing of a job may depend on it.

    Raises:
        Retriable: Slack cannot take it now.
    """
    try:
        if url := payload.get("response_url"):
            return await aside.respond(url, message)
        return await aside.whisper(
            payload["channel"], payload["user"], message, thread=payload.get("thread")
        )
    except (Unknown, NeedsPerson, Refused) as error:
        log.warning("answer_not_shown", user=payload["user"], reason=error.what)
