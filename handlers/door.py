"""Who is heard at all: the workspace that the bot's token belongs to."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_bolt.authorization import AuthorizeResult

from handlers.desk import Desk

log = structlog.get_logger()


def whose(
    token: str, ask: Callable[[], Awaitable[Mapping[str, Any]]]
) -> Callable[[], Awaitable[AuthorizeResult]]:
    """For Bolt's `authorize`: whose the token is, asked once, and again until there is an answer.

    Bolt's own asks for every event until one answer is there, and acknowledges what comes while
    Slack gives none, so that it would be lost; what `ask` raises has Slack send it again.
    """
    known: list[AuthorizeResult] = []
    one_at_a_time = asyncio.Lock()

    async def authorize() -> AuthorizeResult:
        async with one_at_a_time:
            if not known:
                who = await ask()
                known.append(
                    AuthorizeResult(
                        enterprise_id=who.get("enterprise_id"),
                        team_id=who["team_id"],
                        bot_user_id=who["user_id"],
                        bot_id=who.get("bot_id"),
                        bot_token=token,
                    )
                )
        return known[0]

    return authorize


def register(app: AsyncApp, _desk: Desk) -> None:
    """Stand before every listener; Bolt knows by then whose the token is."""

    @app.middleware
    async def only_our_team(
        context: AsyncBoltContext, next_: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse:
        ours = context.authorize_result
        if ours is not None and ours.team_id == context.team_id:
            return await next_()
        log.warning("foreign_team", team=context.team_id)
        return BoltResponse(status=200)  # taken, so that it is not sent again
