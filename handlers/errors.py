"""What a person is told when a listener itself fails: never a traceback, never silence."""

from collections.abc import Mapping
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp

from bot.domain.errors import ServiceError
from bot.views import replies
from bot.views.press import ForeignPress
from handlers.desk import Desk

log = structlog.get_logger()


def register(app: AsyncApp, desk: Desk) -> None:
    """Catch what no listener caught."""

    @app.error
    async def on_error(error: Exception, body: Mapping[str, Any]) -> None:
        log.error("listener_failed", exc_info=error)
        user, channel = _where(body)
        if not user or not channel:
            return
        try:
            await desk.chat.whisper(channel, user, replies.went_wrong(_said(error)))
        except ServiceError as failure:
            log.warning("answer_not_shown", reason=failure.what)


def _said(error: Exception) -> str:
    if isinstance(error, ForeignPress | ServiceError):
        return str(error)
    return "Something went wrong inside the bot; its log says what. Nothing was done."


def _where(body: Mapping[str, Any]) -> tuple[str | None, str | None]:
    user = body.get("user")
    channel = body.get("channel")
    user_id = user.get("id") if isinstance(user, Mapping) else body.get("user_id")
    channel_id = channel.get("id") if isinstance(channel, Mapping) else body.get("channel_id")
    return user_id, channel_id
