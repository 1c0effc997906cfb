"""Work after the acknowledgement. Bolt logs what fails there, raw, and tells nobody."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncBoltContext

from handlers.desk import Desk
from handlers.errors import tell

Work = Callable[[Mapping[str, Any], AsyncBoltContext], Awaitable[None]]


def never_silent(desk: Desk, work: Work) -> Work:
    """The work, for Bolt's `lazy`: should it fail, the person is told as for any listener."""

    async def listener(body: Mapping[str, Any], context: AsyncBoltContext) -> None:
        try:
            await work(body, context)
        except Exception as error:  # noqa: BLE001 - as Bolt's own error handler, it is for all
            await tell(desk, error, body)

    return listener
