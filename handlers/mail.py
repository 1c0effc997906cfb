"""Mail in the channel: forwarded to it, dropped as a file, or pasted and pointed at."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.orchestration.arrivals import (
    key_of,
    mails_of,
    submit_again,
    submit_mail,
    submit_message,
)
from bot.store.queries import mails
from bot.views.press import SHORTCUT
from handlers.desk import Desk


def register(app: AsyncApp, desk: Desk) -> None:
    """Listen for mail."""

    async def on_message(event: Mapping[str, Any], ack: AsyncAck) -> None:
        if event.get("channel") == desk.policy.channel:
            await submit_message(desk.jobs, event, channel=desk.policy.channel)
        await ack()

    async def on_shortcut(shortcut: Mapping[str, Any], ack: AsyncAck) -> None:
        if not await _read_before(desk, shortcut):
            await _take(desk, shortcut)
        await ack()

    # Slack's mail comes from a bot and as a subtype, so neither may be a reason to look away.
    app.event({"type": "message", "subtype": "file_share"})(on_message)
    app.event("message")(on_message)
    app.shortcut(SHORTCUT)(on_shortcut)


async def _take(desk: Desk, shortcut: Mapping[str, Any]) -> None:
    """Write down the mails of the message that somebody points at, or else its words."""
    message, channel = shortcut["message"], shortcut["channel"]["id"]
    who = {"user": shortcut["user"]["id"], "response_url": shortcut.get("response_url")}
    if not await submit_message(desk.jobs, message, channel=channel, **who):
        await submit_mail(
            desk.jobs,
            channel=channel,
            ts=message["ts"],
            text=message.get("text") or "",
            thread=message.get("thread_ts"),
            **who,
        )


async def _read_before(desk: Desk, shortcut: Mapping[str, Any]) -> bool:
    """Whether all that is pointed at was read before; then its outcome is told once more.

    To submit it again would do nothing, and whoever pointed would wait for an answer.
    """
    message, channel = shortcut["message"], shortcut["channel"]["id"]
    files = mails_of(message)
    keys = [key_of(channel, message["ts"], file) for file in (files or (None,))]
    url = shortcut.get("response_url")
    for key in keys:
        if not url or await desk.store.read(mails.outcome, key) is None:
            return False
    for key in keys:
        await submit_again(
            desk.jobs,
            key,
            channel=channel,
            user=shortcut["user"]["id"],
            at=str(shortcut.get("action_ts") or message["ts"]),
            response_url=str(url),
        )
    return True
