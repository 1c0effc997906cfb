"""The app's Home: who has opened it is written down, and it is kept up to date from then on."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.views.press import OPEN_CARD
from handlers.desk import Desk


def register(app: AsyncApp, desk: Desk) -> None:
    """Listen to Homes that are opened, and acknowledge the buttons that only lead somewhere."""

    async def on_opened(event: Mapping[str, Any]) -> None:
        if event.get("tab", "home") == "home":
            await desk.homes.opened(event["user"], blank=not event.get("view"))

    async def acknowledge(ack: AsyncAck) -> None:
        await ack()

    app.event("app_home_opened")(on_opened)
    app.action(OPEN_CARD)(acknowledge)
