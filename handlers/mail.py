"""Mail in the channel: forwarded to it, dropped as a file, or pasted and pointed at."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.orchestration.arrivals import submit_message, submit_pointed
from bot.views.press import SHORTCUT
from handlers.desk import Desk


def brings_nothing(payload: Mapping[str, Any], channel: str) -> bool:
    """Whether a payload of Slack's is a message in which `on_message` would find no mail.

    A busy workspace sends hardly anything else. Told before Bolt takes a payload apart, which takes
    longer than all else until the acknowledgement, so that clicks and mail need not wait for it.
    """
    event = payload.get("event")
    if payload.get("type") != "event_callback" or not isinstance(event, Mapping):
        return False
    return event.get("type") == "message" and not (
        event.get("channel") == channel and event.get("files")
    )


def register(app: AsyncApp, desk: Desk) -> None:
    """Listen for mail."""

    async def on_message(event: Mapping[str, Any], ack: AsyncAck) -> None:
        if event.get("channel") == desk.policy.channel:
            await submit_message(desk.jobs, event, channel=desk.policy.channel)
        await ack()

    async def on_shortcut(shortcut: Mapping[str, Any], ack: AsyncAck) -> None:
        message = shortcut["message"]
        await submit_pointed(
            desk.jobs,
            desk.store,
            message,
            channel=shortcut["channel"]["id"],
            user=shortcut["user"]["id"],
            at=str(shortcut.get("action_ts") or message["ts"]),
            response_url=shortcut.get("response_url"),
        )
        await ack()

    # Slack's mail comes from a bot and as a subtype, so neither may be a reason to look away.
    app.event({"type": "message", "subtype": "file_share"})(on_message)
    app.event("message")(on_message)
    app.shortcut(SHORTCUT)(on_shortcut)
