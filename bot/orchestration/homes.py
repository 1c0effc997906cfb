"""Keeps the app's Home of everybody who has opened it up to date.

Like a charter's thread, a Home is always drawn from the database: the latest state wins, a restart
goes on with it, and what Slack could not take at once is made up for later.
"""

import asyncio
import contextvars
import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.domain.board import Board
from bot.domain.errors import NeedsPerson, Refused, Retriable
from bot.domain.message import Message
from bot.orchestration.authority import Authority
from bot.services.ports import Chat
from bot.store.queries import boards, homes
from bot.store.queries.homes import Home
from bot.store.store import Store
from bot.views.home import home as drawn_home
from bot.views.press import RESEND

_AFTER_THE_WORK_SECONDS = 0.2
_SPACING_SECONDS = 2.0
_PAUSE_SECONDS = 5.0
_BLOCKED_PAUSE_SECONDS = 60.0
_LOOK_AGAIN_SECONDS = 600.0  # time passes, and people leave user groups, without our doing
_UNSURE_SECONDS = 30.0
_NOTICE_STANDS = timedelta(minutes=5)
_AT_ONCE = 2
log = structlog.get_logger()


@dataclass(frozen=True)
class _Drawing:
    """The board after so many changes, and what it looks like to an operator and to others."""

    change: int
    board: Board
    views: Mapping[bool, Mapping[str, Any]]


class Homes:
    """`touch` when anything has changed, and every Home that was ever opened follows."""

    def __init__(
        self, store: Store, chat: Chat, authority: Authority, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._chat = chat
        self._authority = authority
        self._clock = clock
        self._users: frozenset[str] = frozenset()
        self._change = 0
        self._drawing: _Drawing | None = None
        self._at_once = asyncio.Semaphore(_AT_ONCE)
        self._asking, self._reading = asyncio.Lock(), asyncio.Lock()
        self._unsure_until = 0.0
        self._following: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._closed = False

    async def catch_up(self) -> None:
        """Draw again what may be behind, after a start."""
        self._users |= await self._store.read(homes.users)
        self.touch()

    def touch(self) -> None:
        """Something that Homes tell has changed; returns at once."""
        self._change += 1
        for user in self._users:
            self._follow(user)

    async def opened(self, user: str, *, blank: bool) -> None:
        """Somebody looks at their Home; on return it is on disk that they do.

        `blank`: Slack shows nothing there yet.
        """
        await self._store.write(homes.opened, user, blank=blank)
        self._users |= {user}
        self._follow(user)

    async def tell(self, user: str, message: Message) -> None:
        """Answer a click on somebody's Home there: no channel is open before them."""
        await self._store.write(homes.tell, user, message, at=self._clock())
        self._users |= {user}
        self._follow(user)

    async def forever(self) -> None:
        """Draw all of them again from time to time, for what changes by itself."""
        while True:
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
            self.touch()

    async def close(self) -> None:
        """Stop drawing; the next start goes on."""
        self._closed = True
        tasks = list(self._following.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _follow(self, user: str) -> None:
        if self._closed:
            return
        self._again.add(user)
        if user not in self._following:
            # A context of its own: what it logs is not of the job that happened to touch first.
            following = self._keep_up(user)
            self._following[user] = asyncio.create_task(following, context=contextvars.Context())

    async def _keep_up(self, user: str) -> None:
        try:
            while user in self._again:
                # What changed goes on first; whoever looks does not see the difference.
                await asyncio.sleep(_AFTER_THE_WORK_SECONDS)
                self._again.discard(user)
                await asyncio.sleep(await self._draw(user))
        finally:
            # Nothing is awaited since the last look at `_again`, so no touch falls in between.
            self._following.pop(user, None)

    async def _draw(self, user: str) -> float:
        """Show a Home, or have it drawn again; the seconds to wait before that."""
        try:
            async with self._at_once:
                sure = await self._show(user)
        except Retriable as error:
            log.warning("home_waits", user=user, reason=error.what)
            pause = error.after or _PAUSE_SECONDS
        except (NeedsPerson, Refused) as error:
            # The next change, or the next look, tries again.
            log.warning("home_not_shown", user=user, reason=error.what)
            return _SPACING_SECONDS
        except Exception:  # whatever broke, the last state must still be shown, and runs go on
            log.exception("home_broke", user=user)
            pause = _BLOCKED_PAUSE_SECONDS
        else:
            if sure:
                return _SPACING_SECONDS
            pause = _UNSURE_SECONDS
        self._again.add(user)
        return pause

    async def _show(self, user: str) -> bool:
        """Whether it was sure to whom it is shown; unsure is shown what everybody may see."""
        operator, sure = await self._is_operator(user)
        drawing = await self._drawn()
        known = await self._store.read(homes.get, user) or Home(user_id=user)
        view = await self._with_notice(drawing, known, operator=operator)
        digest = hashlib.sha256(json.dumps(view, sort_keys=True).encode()).hexdigest()
        if digest != known.digest:
            await self._chat.publish_home(user, view)
            await self._store.write(homes.published, user, digest)
        return sure

    async def _is_operator(self, user: str) -> tuple[bool, bool]:
        """Whether the person is one, and whether that is sure; a group is asked once for all."""
        async with self._asking:
            listed = user in self._authority.operators
            if not listed and time.monotonic() < self._unsure_until:
                return False, False
            verdict = await self._authority.verdict(user)
            if not verdict.asked:
                # Whoever clicks needs the turns at Slack more than the Homes do.
                self._unsure_until = time.monotonic() + _UNSURE_SECONDS
            return verdict.may, verdict.may or verdict.asked

    async def _drawn(self) -> _Drawing:
        async with self._reading:
            drawing = self._drawing
            if drawing is None or drawing.change != self._change:
                drawing = self._drawing = await self._draw_anew(self._change)
            return drawing

    async def _draw_anew(self, change: int) -> _Drawing:
        now = self._clock()
        board = await self._store.read(boards.board, now=now, resend=RESEND)

        def views() -> dict[bool, dict[str, Any]]:
            return {who: drawn_home(board, now=now, operator=who) for who in (True, False)}

        # In a thread: it takes some milliseconds, for which a click would wait.
        return _Drawing(change, board, await asyncio.to_thread(views))

    async def _with_notice(
        self, drawing: _Drawing, known: Home, *, operator: bool
    ) -> Mapping[str, Any]:
        now = self._clock()
        fresh = known.noticed_at is not None and now - known.noticed_at < _NOTICE_STANDS
        if known.notice is None or not fresh:
            return drawing.views[operator]
        return await asyncio.to_thread(
            drawn_home, drawing.board, now=now, operator=operator, notice=known.notice
        )
