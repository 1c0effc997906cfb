"""Who is heard at all: the workspace that the bot's token belongs to."""

from collections.abc import Awaitable, Callable

import structlog
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltContext

from handlers.desk import Desk

log = structlog.get_logger()


def register(app: AsyncApp, _desk: Desk) -> None:
    """Stand before every listener; Bolt has asked `auth.test` whose the token is by then."""

    @app.middleware
    async def only_our_team(
        context: AsyncBoltContext, next_: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse:
        ours = context.authorize_result
        if ours is not None and ours.team_id == context.team_id:
            return await next_()
        log.warning("foreign_team", team=context.team_id)
        return BoltResponse(status=200)  # taken, so that it is not sent again
