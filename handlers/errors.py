"""What a person is told when a listener itself fails: never a traceback, never silence."""

from collections.abc import Mapping
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp

from bot.domain.errors import NeedsPerson, Refused, ServiceError
from bot.domain.message import Message
from bot.views import replies
from bot.views.press import ForeignPress
from handlers.desk import Desk

log = structlog.get_logger()


def register(app: AsyncApp, desk: Desk) -> None:
    """Catch what no listener caught."""

    @app.error
    async def on_error(error: Exception, body: Mapping[str, Any]) -> None:
        await tell(desk, error, body)


async def tell(desk: Desk, error: Exception, body: Mapping[str, Any]) -> None:
    """Log where a listener failed (the log leaves the error's own text out), and say so."""
    log.error("listener_failed", exc_info=error)
    await answer(desk, body, replies.went_wrong(_said(error)))


async def answer(desk: Desk, body: Mapping[str, Any], message: Message) -> None:
    """Show the person who did this a message that nobody else sees, as far as Slack lets us."""
    try:
        await _show(desk, body, message)
    except ServiceError as failure:
        log.warning("answer_not_shown", reason=failure.what)


async def _show(desk: Desk, body: Mapping[str, Any], message: Message) -> None:
    url = body.get("response_url")
    if url and "command" in body:
        return await desk.chat.respond(url, message)
    user = body.get("user")
    if not isinstance(user, Mapping):  # an event: nobody waits for an answer
        return None
    try:
        await desk.chat.whisper(_channel(desk, body), user["id"], message, thread=_thread(body))
    except (NeedsPerson, Refused):
        # The bot may not be in that channel, but what was pressed there can be answered.
        if not url:
            raise
        await desk.chat.respond(url, message)


def _said(error: Exception) -> str:
    if isinstance(error, ServiceError):
        return " ".join(filter(None, (error.what, error.hint)))
    if isinstance(error, ForeignPress):
        return str(error)
    return (
        "Something went wrong inside the bot; its log says what. "
        "Look at the card or ask `/charter status` before you try again."
    )


def _channel(desk: Desk, body: Mapping[str, Any]) -> str:
    """Where it was pressed; a modal is nowhere, so it is answered where its card is."""
    channel = body.get("channel")
    return str(channel["id"]) if isinstance(channel, Mapping) else desk.policy.channel


def _thread(body: Mapping[str, Any]) -> str | None:
    message = body.get("message")
    return message.get("thread_ts") if isinstance(message, Mapping) else None
