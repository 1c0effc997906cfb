"""An answer to the one person who clicked or typed."""

import structlog

from bot.domain.errors import NeedsPerson, Refused, Unknown
from bot.domain.message import Message
from bot.engine import Payload
from bot.services.ports import Chat

log = structlog.get_logger()


async def whisper(chat: Chat, payload: Payload, message: Message) -> None:
    """Tell the person of `payload`: where they typed, or else where they clicked.

    What Slack will not show, because the person left the channel or the URL has run out, is
    logged: nothing of a job may depend on it.

    Raises:
        Retriable: Slack cannot take it now.
    """
    try:
        if url := payload.get("response_url"):
            return await chat.respond(url, message)
        return await chat.whisper(
            payload["channel"], payload["user"], message, thread=payload.get("thread")
        )
    except (Unknown, NeedsPerson, Refused) as error:
        log.warning("answer_not_shown", user=payload["user"], reason=error.what)
