"""Finds mail whose event never came: after a start, after a reconnect, and now and then."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.domain.errors import ServiceError
from bot.engine import Jobs
from bot.orchestration.arrivals import submit_message
from bot.orchestration.policy import Policy
from bot.services.ports import Chat
from bot.store.queries import mails, restores
from bot.store.queries.restores import Restore
from bot.store.store import Store

# A mail that is older than the newest one known may still have been missed, by as much as this.
_OVERLAP = timedelta(hours=1)
_EVERY_SECONDS = 300.0
_PAUSE_SECONDS = 5.0
log = structlog.get_logger()


class Sweep:
    """Reads the channel's history and hands over what was missed; what was not is accepted once."""

    def __init__(
        self,
        store: Store,
        chat: Chat,
        jobs: Jobs,
        policy: Policy,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._chat = chat
        self._jobs = jobs
        self._policy = policy
        self._clock = clock
        self._wanted = asyncio.Event()
        self._wanted.set()
        self._looked_back = False

    def soon(self) -> None:
        """Sweep now: something may have been missed."""
        self._wanted.set()

    async def forever(self) -> None:
        """Sweep whenever it is wanted, and every five minutes."""
        while True:
            self._wanted.clear()
            try:
                await self.once()
            except (ServiceError, SQLAlchemyError) as error:
                log.warning("sweep_waits", **_why(error))
                await asyncio.sleep(_PAUSE_SECONDS)
                continue
            try:
                async with asyncio.timeout(_EVERY_SECONDS):
                    await self._wanted.wait()
            except TimeoutError:
                continue

    async def once(self) -> None:
        """One pass over the channel's recent history."""
        channel = self._policy.channel
        oldest = f"{await self._since() - _OVERLAP.total_seconds():.6f}"
        for message in await self._chat.history(channel, oldest=oldest):
            await submit_message(self._jobs, message, channel=channel)
        self._looked_back = True

    async def _since(self) -> float:
        """Until when all that came is known, but for some of the last hour; as a ts."""
        now = self._clock()
        newest, restored = await self._store.read(_known, self._policy.channel)
        known = min(float(newest or "inf"), now.timestamp())
        if restored is None or self._looked_back or not restored.catches_up(now):
            return known
        # Of what came after the backup the newest may be known by now, and what came before it not.
        return min(known, restored.taken_at.timestamp())


def _why(error: ServiceError | SQLAlchemyError) -> dict[str, str]:
    """Where a token, a scope or a setting is wrong, nothing is seen until somebody mends it."""
    if isinstance(error, ServiceError):
        return {"reason": error.what, "hint": error.hint}
    return {"reason": type(error).__name__}


def _known(connection: sa.Connection, channel: str) -> tuple[str | None, Restore | None]:
    """The newest mail's ts, and the last restore."""
    return mails.latest(connection, channel), restores.latest(connection)
