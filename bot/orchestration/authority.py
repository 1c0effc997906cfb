"""Who may act: operators, named one by one or by user group. Whatever is uncertain is no."""

import time
from collections.abc import Callable

import structlog

from bot.domain.errors import ServiceError
from bot.services.ports import Chat

_REMEMBERED_SECONDS = 30.0
log = structlog.get_logger()


class Authority:
    """Answers for a click, a command or a modal, each time anew. `clock` in growing seconds."""

    def __init__(
        self,
        operators: tuple[str, ...],
        chat: Chat,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.operators = operators
        self._users = frozenset(o for o in operators if not o.startswith("S"))
        self._groups = tuple(o for o in operators if o.startswith("S"))
        self._chat = chat
        self._clock = clock
        self._members: dict[str, tuple[float, frozenset[str]]] = {}

    async def may_act(self, user: str) -> bool:
        """Whether `user` is an operator now. A group that cannot be asked has no members."""
        if user in self._users:
            return True
        for group in self._groups:
            if user in await self._of(group):
                return True
        return False

    async def _of(self, group: str) -> frozenset[str]:
        known = self._members.get(group)
        if known and self._clock() - known[0] < _REMEMBERED_SECONDS:
            return known[1]
        try:
            members = await self._chat.group_members(group)
        except ServiceError as error:
            log.warning("group_unknown", group=group, reason=error.what)
            return frozenset()
        self._members[group] = (self._clock(), members)
        return members
