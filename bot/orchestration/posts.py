"""Messages of ours, each with an identity: posted once, then brought up to date."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.domain.errors import Retriable, ServiceError, Unknown
from bot.domain.message import Message
from bot.services.ports import Chat, MessageGone
from bot.store.queries import posts, restores
from bot.store.queries.posts import Post
from bot.store.store import Store

# How far Slack's clock and ours may be apart when we look for a message of ours.
_CLOCKS_APART = timedelta(minutes=10)
_AT_ONCE_SECONDS, _SOON_SECONDS = 0.1, 1.0
# A post that was cut off may still arrive for as long as a call to Slack is given.
_ON_ITS_WAY = timedelta(seconds=15)
_LOOK_SECONDS = 2.0


class Posts:
    """Posts and updates by identity. Safe to call again after any crash."""

    def __init__(self, store: Store, chat: Chat, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._chat = chat
        self._clock = clock
        self._begun: datetime | None = None
        self._first_seen: dict[str, datetime] = {}

    async def ensure(
        self,
        key: str,
        channel: str,
        message: Message,
        *,
        thread: str | None = None,
        broadcast: bool = False,
        linked: bool = False,
    ) -> Post:
        """The message `key`, posted if it is not there and changed if it differs.

        `linked`: also ask for its permalink.

        Raises:
            Retriable: Slack cannot take it now; asking again later is safe.
            MessageGone: the thread's first message was deleted.
        """
        post = await self._seen(key)
        digest = _digest(message)
        if post is None:
            known_until = await self._known_until(thread)
            at = known_until or self._clock()
            post = Post(key=key, channel=channel, thread=thread, intended_at=at)
            if not await self._store.write(posts.intend, post):
                raise Retriable("It is being posted already.", after=_SOON_SECONDS)
            # Ours: nobody else sends it now, and one from before a restore went before we began.
            self._first_seen[key] = self._begun or at
            send = self._find_or_post if known_until else self._post
            ts = await send(post, message, broadcast=broadcast)
        elif post.ts is None:
            # Intended before, perhaps sent: only Slack knows.
            ts = await self._find_or_post(post, message, broadcast=broadcast)
        elif post.digest == digest:
            return post
        else:
            ts = post.ts
            await self._update(post, ts, message)
        permalink = post.permalink
        if linked and permalink is None:
            permalink = await self._chat.permalink(channel, ts)
        await self._store.write(posts.sent, key, ts=ts, digest=digest, permalink=permalink)
        self._first_seen.pop(key, None)
        return post.model_copy(update={"ts": ts, "digest": digest, "permalink": permalink})

    async def revise(self, key: str, message: Message) -> None:
        """Change the message `key` if it was ever posted and is still there; never post it.

        Raises:
            Retriable: Slack cannot take it now, or the message may be on its way there; asking
                again later is safe.
        """
        post = await self._seen(key)
        digest = _digest(message)
        if post is None or (post.ts is not None and post.digest == digest):
            return
        try:
            # One that was intended and perhaps sent may stand there, and a person may have read it.
            ts = post.ts or await self._look(post)
            if ts is not None:
                await self._change(post, ts, message)
        except MessageGone:
            await self._store.write(posts.forget, key)
            return
        if ts is None:
            self._let_it_arrive(post)
            await self._store.write(posts.forget, key)
            return
        await self._store.write(posts.sent, key, ts=ts, digest=digest, permalink=post.permalink)

    async def redraw(self, key: str) -> None:
        """Have a message written again even if nothing about it changed."""
        post = await self._store.read(posts.get, key)
        if post and post.ts:
            await self._store.write(
                posts.sent, key, ts=post.ts, digest="", permalink=post.permalink
            )

    async def _seen(self, key: str) -> Post | None:
        """The post as it is known; since when it may be on its way is noted."""
        self._begun = self._begun or self._clock()
        post = await self._store.read(posts.get, key)
        if post is None or post.ts is not None:
            self._first_seen.pop(key, None)
        else:
            self._first_seen.setdefault(key, self._clock())
        return post

    async def _known_until(self, thread: str | None) -> datetime | None:
        """Since when a message may be there that we do not know of; None if there is none.

        After the database was restored there may be: in threads that are older, and in the channel
        for as long as mail is found that had come before.
        """
        restored = await self._store.read(restores.latest)
        if restored is None:
            return None
        if thread is None:
            old = restored.catches_up(self._clock())
        else:
            old = float(thread) < restored.at.timestamp()
        return restored.taken_at if old else None

    async def _find_or_post(self, post: Post, message: Message, *, broadcast: bool) -> str:
        found = await self._look(post)
        if found is None:
            self._let_it_arrive(post)
            return await self._post(post, message, broadcast=broadcast)
        # It went out before something stopped us, and may show an earlier state.
        await self._update(post, found, message)
        return found

    async def _post(self, post: Post, message: Message, *, broadcast: bool) -> str:
        try:
            return await self._chat.post(
                post.channel, message, key=post.key, thread=post.thread, broadcast=broadcast
            )
        except Unknown as error:
            await self._store.write(posts.lost, post.key, at=self._clock())
            found = await self._look(post)
            if found is None:
                raise Retriable(error.what) from error
            return found
        except ServiceError:
            # Certainly nothing was sent: nobody need look or wait for it.
            await self._store.write(posts.forget, post.key)
            raise

    def _let_it_arrive(self, post: Post) -> None:
        """Post again only what can arrive no more.

        Another process may have sent it until it died, of which nobody tells us; but it had died
        when we first came to look after the post.

        Raises:
            Retriable: it may still arrive.
        """
        sent = max(post.intended_at, self._first_seen[post.key])
        left = (sent + _ON_ITS_WAY - self._clock()).total_seconds()
        if left > 0:
            what = "A message of ours may be on its way to Slack."
            raise Retriable(what, after=min(left, _LOOK_SECONDS))

    async def _look(self, post: Post) -> str | None:
        oldest = f"{(post.intended_at - _CLOCKS_APART).timestamp():.6f}"
        try:
            return await self._chat.find(post.channel, post.key, thread=post.thread, oldest=oldest)
        except MessageGone:
            # So that it can be said elsewhere.
            await self._store.write(posts.forget, post.key)
            raise

    async def _update(self, post: Post, ts: str, message: Message) -> None:
        try:
            await self._change(post, ts, message)
        except MessageGone as error:
            # A person deleted it. Forgetting it makes the next attempt post it anew.
            await self._store.write(posts.forget, post.key)
            raise Retriable(
                "A message of ours was deleted; it is posted again.", after=_AT_ONCE_SECONDS
            ) from error

    async def _change(self, post: Post, ts: str, message: Message) -> None:
        try:
            await self._chat.update(post.channel, ts, message, key=post.key)
        except MessageGone:
            raise
        except ServiceError:
            # It may show this now, although nobody said so; even if what it showed before is what
            # is to be shown next, it is written again.
            link = post.permalink
            await self._store.write(posts.sent, post.key, ts=ts, digest="", permalink=link)
            raise


def _digest(message: Message) -> str:
    content = json.dumps(message.model_dump(mode="json"), sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()
