"""Buttons count in the bot's own channel, and some on a person's Home."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.views import replies
from handlers.click import Click, is_home
from handlers.desk import Desk
from handlers.errors import answer
from handlers.lazy import Work, never_silent

_ELSEWHERE = "Buttons count only in the bot's own channel. Nothing was done."


def is_elsewhere(desk: Desk, body: Mapping[str, Any]) -> bool:
    """Whether a button was pressed in another place than the configured channel."""
    return bool(body["container"].get("channel_id") != desk.policy.channel)


def submits(app: AsyncApp, desk: Desk, action: str, job: str, *, homes_too: bool = False) -> None:
    """Have a click on `action` written down for `job`, then acknowledged.

    `homes_too`: a click on a person's Home counts as one in the channel does.
    """

    async def submit(body: Mapping[str, Any], ack: AsyncAck) -> None:
        if counts(body):
            click = Click.of(body)
            await desk.jobs.submit(job, click.key, click.payload())
        await ack()

    async def refuse(body: Mapping[str, Any], _context: AsyncBoltContext) -> None:
        """Elsewhere alone; what counts is answered by the job."""
        if not counts(body):
            await answer(desk, body, replies.went_wrong(_ELSEWHERE))

    def counts(body: Mapping[str, Any]) -> bool:
        return not is_elsewhere(desk, body) or (homes_too and is_home(body))

    app.action(action)(ack=submit, lazy=[never_silent(desk, refuse)])


def at_home(desk: Desk, work: Work) -> Work:
    """Work after a click in the bot's own channel; a click elsewhere is refused in words."""

    async def refuse_or_work(body: Mapping[str, Any], context: AsyncBoltContext) -> None:
        if is_elsewhere(desk, body):
            return await answer(desk, body, replies.went_wrong(_ELSEWHERE))
        return await work(body, context)

    return never_silent(desk, refuse_or_work)
