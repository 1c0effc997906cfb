"""Keeps the app's Home of everybody who has opened it up to date.

Like a charter's thread, a Home is always drawn from the database: the latest state wins, a restart
goes on with it, and what Slack could not take at once is made up for later.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import structlog

from bot.domain.errors import NeedsPerson, Refused, Retriable, ServiceError
from bot.domain.message import Message
from bot.orchestration.authority import Authority
from bot.orchestration.followers import Followers
from bot.orchestration.home_drawings import Drawing, Drawings, digest_of
from bot.services.ports import Chat, UserGone
from bot.store.database import DATABASE_FAILED
from bot.store.queries import homes
from bot.store.queries.homes import Home
from bot.store.store import Store

_AFTER_THE_WORK_SECONDS = 0.2
_SPACING_SECONDS = 2.0
_PAUSE_SECONDS = 5.0
_BLOCKED_PAUSE_SECONDS = 60.0
_LOOK_AGAIN_SECONDS = 60.0  # time passes, and people leave user groups, without our doing
_UNSURE_SECONDS = 30.0
_AT_ONCE = 2
_OTHERS = ""  # in place of a user: everybody whom only another replica knows
log = structlog.get_logger()


class Homes:
    """`touch` when anything has changed, and every Home that was ever opened follows.

    Replicas do not speak to each other: each draws every Home after its own changes, and whoever
    finds that another has published meanwhile draws that one again. `seconds` only grow.
    """

    def __init__(
        self,
        store: Store,
        chat: Chat,
        authority: Authority,
        clock: Callable[[], datetime],
        *,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._seconds = seconds
        self._store = store
        self._chat = chat
        self._authority = authority
        self._clock = clock
        self._users: frozenset[str] = frozenset()
        self._drawings = Drawings(store, clock)
        self._at_once = asyncio.Semaphore(_AT_ONCE)
        self._asking = asyncio.Lock()
        self._unsure_until = 0.0
        self._followers = Followers(self._draw, after_seconds=_AFTER_THE_WORK_SECONDS)

    async def catch_up(self) -> None:
        """Draw again what may be behind, after a start."""
        self._users |= await self._store.read(homes.users)
        self.touch()

    def touch(self) -> None:
        """Something that Homes tell has changed; returns at once."""
        self._drawings.outdate()
        for user in (*sorted(self._users), _OTHERS):
            self._followers.touch(user)

    async def opened(self, user: str, *, blank: bool) -> None:
        """Somebody looks at their Home; on return it is on disk that they do.

        `blank`: Slack shows nothing there yet.
        """
        await self._store.write(homes.opened, user, blank=blank)
        self._know(user)

    async def tell(self, user: str, message: Message) -> None:
        """Answer a click on somebody's Home there: no channel is open before them."""
        await self._store.write(homes.tell, user, message, at=self._clock())
        self._know(user)

    async def forever(self) -> None:
        """Look at all of them again from time to time, for what changes by itself.

        It costs a few reads; what looks as before is not sent.
        """
        while True:
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
            self.touch()

    async def close(self) -> None:
        """Stop drawing; the next start goes on."""
        await self._followers.close()

    def _know(self, *users: str) -> None:
        """Follow these as well; what stands on their Homes has changed."""
        self._users |= {*users}
        self._drawings.outdate()
        for user in users:
            self._followers.touch(user)

    async def _draw(self, user: str) -> float:
        """Show a Home, or have it drawn again; the seconds to wait before that."""
        try:
            if user == _OTHERS:
                return await self._find_others()
            async with self._at_once:
                sure = await self._show(user)
        except Retriable as error:
            log.warning("home_waits", user=user, reason=error.what)
            pause = error.after or _PAUSE_SECONDS
        except DATABASE_FAILED:
            log.warning("home_waits", user=user, reason="The database failed.")
            pause = _PAUSE_SECONDS
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
        self._followers.touch(user)
        return pause

    async def _find_others(self) -> float:
        """Follow whoever opened theirs through another replica; the seconds to wait afterwards."""
        if new := await self._store.read(homes.users) - self._users:
            self._know(*sorted(new))
        return _SPACING_SECONDS

    async def _show(self, user: str) -> bool:
        """Whether it was sure to whom it is shown; unsure is shown what everybody may see."""
        operator, sure = await self._is_operator(user)
        drawing = await self._drawings.latest()
        known = drawing.known.get(user)
        if known is None:  # another replica was told that the person is gone
            self._users -= {user}
            return True
        view = await self._drawings.view(drawing, known, operator=operator)
        if digest_of(view) != known.digest:
            await self._publish(drawing, known, view)
        return sure

    async def _publish(self, drawing: Drawing, known: Home, view: Mapping[str, Any]) -> None:
        user = known.user_id
        try:
            await self._chat.publish_home(user, view)
        except UserGone as error:  # whoever opens a Home is known again
            log.info("home_forgotten", user=user, reason=error.what)
            await self._store.write(homes.forget, user)
            self._users -= {user}
            self._drawings.outdate()
            return
        except ServiceError:
            # It may stand there although nobody said so: whatever is next is published again.
            await self._store.write(homes.published, user, "", after=known.mark)
            self._drawings.outdate()
            raise
        mark = await self._store.write(homes.published, user, digest_of(view), after=known.mark)
        if mark:
            drawing.known[user] = known.model_copy(update={"mark": mark})
        else:  # what stands there is not known: another replica published, or it was opened blank
            self._drawings.outdate()
            self._followers.touch(user)

    async def _is_operator(self, user: str) -> tuple[bool, bool]:
        """Whether the person is one, and whether that is sure; a group is asked once for all."""
        async with self._asking:
            listed = user in self._authority.operators
            if not listed and self._seconds() < self._unsure_until:
                return False, False
            verdict = await self._authority.verdict(user)
            if not verdict.asked:
                # Whoever clicks needs the turns at Slack more than the Homes do.
                self._unsure_until = self._seconds() + _UNSURE_SECONDS
            return verdict.may, verdict.may or verdict.asked
