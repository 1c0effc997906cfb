"""Tells each charter's story in Slack: the card, one live checklist, one closing reply.

The story is always drawn from the database, so the latest state wins, a restart continues the same
messages, and what Slack could not take at once is made up for later.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.domain.charter import State
from bot.domain.errors import NeedsPerson, Refused, Retriable
from bot.domain.message import Message
from bot.domain.progress import Overview
from bot.orchestration.followers import Followers
from bot.orchestration.policy import Policy
from bot.orchestration.posts import Posts
from bot.services.ports import MessageGone
from bot.store.database import DATABASE_FAILED
from bot.store.queries import charters, overviews, posts
from bot.store.queries.posts import Post
from bot.store.store import Store
from bot.views.card import card
from bot.views.checklist import checklist
from bot.views.closing import closing
from bot.views.replies import superseded

_AT_ONCE = 3
_AFTER_THE_WORK_SECONDS = 0.1
_SPACING_SECONDS = 1.2
_PAUSE_SECONDS = 2.0
_BLOCKED_PAUSE_SECONDS = 60.0
_LOOK_AGAIN_SECONDS = 30.0
_ON_ITS_WAY_SECONDS = 15.0  # as long as a call to Slack is given
log = structlog.get_logger()


def card_key(booking_id: str) -> str:
    """The identity of a charter's card."""
    return f"{booking_id}:card"


@asynccontextmanager
async def _always(_what: str) -> AsyncIterator[bool]:
    yield True


class Narrator:
    """`touch` a charter, and its messages follow. `changed` is told whenever that happens.

    `alone`: lets one replica at a time draw a charter, so that nothing is posted twice and no
    message goes back to an earlier state. Whoever finds another at it looks again afterwards.
    """

    def __init__(
        self,
        store: Store,
        posts_: Posts,
        policy: Policy,
        clock: Callable[[], datetime],
        *,
        changed: Callable[[], None] = lambda: None,
        alone: Callable[[str], AbstractAsyncContextManager[bool]] = _always,
    ) -> None:
        self._store = store
        self._posts = posts_
        self._policy = policy
        self._clock = clock
        self._changed = changed
        self._alone = alone
        # So few, for what is drawn shall still be new once Slack takes it. But so many of a kind: a
        # thousand new cards that wait for their turns must not hold up what people decide.
        self._at_once = defaultdict[object, asyncio.Semaphore](lambda: asyncio.Semaphore(_AT_ONCE))
        self._followers = Followers(self._draw, after_seconds=_AFTER_THE_WORK_SECONDS)
        self._rich = True
        self._begun = False
        self._unsure: frozenset[str] = frozenset()
        self._anew: set[str] = set()

    async def catch_up(self) -> None:
        """Draw again whatever is behind, after a start.

        An update that the process before sent at its end may arrive after ours and undo it, so
        that what was behind then stays so on disk until it was drawn once more, a little later.
        """
        behind = await self._store.read(overviews.unshown)
        if not self._begun:
            self._begun = True
            self._doubt(frozenset(behind))
        for booking_id in behind:
            self.touch(booking_id)

    async def take_over(self) -> None:
        """Draw again what another replica left behind that died just now, as after a start."""
        self._doubt(frozenset(await self._store.read(overviews.unshown)))

    async def forever(self) -> None:
        """Look from time to time for what another replica did not get to show before it died."""
        while True:
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
            try:
                await self.catch_up()
            except SQLAlchemyError as error:
                log.warning("threads_not_looked_at", reason=type(error).__name__)

    def touch(self, booking_id: str) -> None:
        """A charter has changed; returns at once. After `close` the next start draws it."""
        self._changed()
        self._followers.touch(booking_id)

    async def refresh_card(self, booking_id: str) -> None:
        """Write the card again although nothing changed, for a person who sees an old one."""
        await self._posts.redraw(card_key(booking_id))
        await self._store.write(charters.touch, booking_id)
        self.touch(booking_id)

    async def close(self) -> None:
        """Stop drawing; the next start goes on."""
        await self._followers.close()

    def _doubt(self, behind: frozenset[str]) -> None:
        self._unsure |= behind
        asyncio.get_running_loop().call_later(_ON_ITS_WAY_SECONDS, self._outlast, behind)

    def _outlast(self, behind: frozenset[str]) -> None:
        self._unsure -= behind
        self._anew |= behind
        for booking_id in sorted(behind):
            self.touch(booking_id)

    async def _draw(self, booking_id: str) -> float:
        """Show the charter, or have it drawn again; the seconds to wait before that."""
        structlog.contextvars.bind_contextvars(booking_id=booking_id)
        try:
            kind = await self._store.read(overviews.standing, booking_id)
            async with self._at_once[kind], self._alone(f"thread:{booking_id}") as ours:
                if ours:
                    await self._show(booking_id)
        except Retriable as error:
            log.warning("thread_waits", booking_id=booking_id, reason=error.what)
            pause = error.after or _PAUSE_SECONDS
        except DATABASE_FAILED:
            # The work itself goes on within seconds: so must those who wait for its words.
            log.warning("thread_waits", booking_id=booking_id, reason="The database failed.")
            pause = _PAUSE_SECONDS
        except (NeedsPerson, Refused) as error:
            log.warning("thread_blocked", booking_id=booking_id, reason=error.what)
            pause = _BLOCKED_PAUSE_SECONDS
        except Exception:  # whatever broke, the charter's last state must still be shown
            log.exception("thread_broke", booking_id=booking_id)
            pause = _BLOCKED_PAUSE_SECONDS
        else:
            if ours:
                self._changed()  # the card has its link now
                return _SPACING_SECONDS
            pause = _SPACING_SECONDS
        self._followers.touch(booking_id)
        return pause

    async def _show(self, booking_id: str) -> None:
        sure = booking_id not in self._unsure
        if booking_id in self._anew:
            await self._store.write(posts.redraw_story, booking_id)
            self._anew.discard(booking_id)
        changed = await self._store.read(overviews.changed, booking_id)
        overview = await self._store.read(overviews.overview, booking_id)
        if overview is None:
            return
        post = await self._card(overview)
        try:
            await self._thread(overview, post)
        except MessageGone as error:
            # The thread went with its card, which looks unchanged to us: tell the story anew.
            await self._store.write(posts.forget_story, booking_id, ts=post.ts)
            raise Retriable(
                "The card was deleted; it is posted again.", after=_SPACING_SECONDS
            ) from error
        if sure:
            await self._store.write(charters.shown, booking_id, changed)

    async def _thread(self, overview: Overview, post: Post) -> None:
        if overview.run:
            await self._checklist(overview, post)
        if overview.state in {State.DONE, State.NEEDS_PERSON, State.CANCELLED}:
            await self._closing(overview, post)
        # Last: one of which nobody knows whether it arrived may have to be waited for.
        for run in range(1, overview.run):
            await self._posts.revise(f"{overview.booking_id}:closing:{run}", superseded())

    async def _card(self, overview: Overview) -> Post:
        # In a thread: a full card takes some milliseconds to draw, for which a click would wait.
        message = await asyncio.to_thread(
            card,
            overview,
            now=self._clock(),
            show_payout=self._policy.show_payout,
            sums=self._policy.sums(overview.proposal.booking),
            words=overview.proposal.words,
        )
        key = card_key(overview.booking_id)
        return await self._posts.ensure(key, self._policy.channel, message, linked=True)

    async def _checklist(self, overview: Overview, post: Post) -> None:
        key = f"{overview.booking_id}:checklist"
        if self._rich:
            try:
                await self._in_thread(key, checklist(overview, rich=True), post)
            except MessageGone:
                raise
            except Refused as error:
                log.warning("task_cards_refused", reason=error.what)
                self._rich = False
        if not self._rich:
            await self._in_thread(key, checklist(overview, rich=False), post)

    async def _closing(self, overview: Overview, post: Post) -> None:
        await self._in_thread(
            f"{overview.booking_id}:closing:{overview.run}",
            closing(overview),
            post,
            broadcast=overview.state is State.NEEDS_PERSON,
        )

    async def _in_thread(
        self, key: str, message: Message, card_post: Post, *, broadcast: bool = False
    ) -> None:
        await self._posts.ensure(
            key, card_post.channel, message, thread=card_post.ts, broadcast=broadcast
        )
