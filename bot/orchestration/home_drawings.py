"""What everybody's Home looks like, drawn once for all of them after each change."""

import asyncio
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.domain.board import Board
from bot.store.queries import boards, homes
from bot.store.queries.homes import Home
from bot.store.store import Store
from bot.views.home import home as drawn_home
from bot.views.press import RESEND, RETRY

_NOTICE_STANDS = timedelta(minutes=5)
_DIGEST_BYTES = 20


@dataclass(frozen=True)
class Drawing:
    """The board after so many changes, and what it looks like to an operator and to others.

    `known`: what stood on each Home before the board was read, by its person.
    """

    change: int
    known: dict[str, Home]
    board: Board
    views: Mapping[bool, Mapping[str, Any]]


class Drawings:
    """Keeps the latest drawing, until `outdate` says that something has changed."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self._change = 0
        self._drawing: Drawing | None = None
        self._reading = asyncio.Lock()

    def outdate(self) -> None:
        """The next one to be asked for is drawn anew."""
        self._change += 1

    async def latest(self) -> Drawing:
        """The board as it was after the last change that is known here, or later."""
        async with self._reading:
            drawing = self._drawing
            if drawing is None or drawing.change != self._change:
                drawing = self._drawing = await self._anew(self._change)
            return drawing

    async def view(self, drawing: Drawing, known: Home, *, operator: bool) -> Mapping[str, Any]:
        """One person's Home, with the answer to their last click there while that is fresh."""
        now = self._clock()
        fresh = known.noticed_at is not None and now - known.noticed_at < _NOTICE_STANDS
        if known.notice is None or not fresh:
            return drawing.views[operator]
        return await asyncio.to_thread(
            drawn_home, drawing.board, now=now, operator=operator, notice=known.notice
        )

    async def _anew(self, change: int) -> Drawing:
        now = self._clock()
        # The Homes come first: what another replica shows from here on is noticed by its mark.
        known = await self._store.read(homes.all_of_them)
        board = await self._store.read(boards.board, now=now, resend=RESEND, retry=RETRY)

        def views() -> dict[bool, dict[str, Any]]:
            return {who: drawn_home(board, now=now, operator=who) for who in (True, False)}

        # In a thread: it takes some milliseconds, for which a click would wait.
        return Drawing(change, known, board, await asyncio.to_thread(views))


def digest_of(view: Mapping[str, Any]) -> str:
    """The same for the same view, whatever it was drawn from."""
    written = json.dumps(view, sort_keys=True).encode()
    return hashlib.blake2b(written, digest_size=_DIGEST_BYTES).hexdigest()
