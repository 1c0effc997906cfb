"""The app's Home tab: the charters that are under way or to come, without money."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.store.queries import overviews
from bot.views.status import home
from handlers.desk import Desk


def register(app: AsyncApp, desk: Desk) -> None:
    """Draw it whenever it is opened."""

    async def on_opened(event: Mapping[str, Any]) -> None:
        if event.get("tab", "home") == "home":
            view = home(await desk.store.read(overviews.active))
            await desk.chat.publish_home(event["user"], view)

    app.event("app_home_opened")(on_opened)
