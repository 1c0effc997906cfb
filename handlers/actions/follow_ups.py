from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.orchestration.follow_ups import ACTIONS
from bot.orchestration.follow_ups.desk import JOB
from handlers.click import Click
from handlers.desk import Desk


def register(app: AsyncApp, desk: Desk) -> None:
    """Every follow-up of the registry has its button."""

    async def on_click(body: Mapping[str, Any], ack: AsyncAck) -> None:
        click = Click.of(body)
        await desk.jobs.submit(JOB, click.key, click.payload())
        await ack()

    for action in ACTIONS:
        app.action(action.name)(on_click)
