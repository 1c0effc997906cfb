"""Who may act: operators, named one by one or by user group. Whatever is uncertain is no."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from bot.domain.errors import ServiceError
from bot.services.ports import Chat

_REMEMBERED_SECONDS = 30.0
log = structlog.get_logger()


@dataclass(frozen=True)
class Verdict:
    """Whether somebody may act. `asked`: False if a group that decides it could not be asked."""

    may: bool
    asked: bool = True


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
        return (await self.verdict(user)).may

    async def verdict(self, user: str) -> Verdict:
        """The same, and how sure a no is."""
        if user in self._users:
            return Verdict(may=True)
        asked = True
        for group in self._groups:
            members = await self._of(group)
            if members is None:
                asked = False
            elif user in members:
                return Verdict(may=True)
        return Verdict(may=False, asked=asked)

    async def _of(self, group: str) -> frozenset[str] | None:
        known = self._members.get(group)
        if known and self._clock() - known[0] < _REMEMBERED_SECONDS:
            return known[1]
        try:
            members = await self._chat.group_members(group)
        except ServiceError as error:
            log.warning("group_unknown", group=group, reason=error.what)
            return None
        self._members[group] = (self._clock(), members)
        return members
