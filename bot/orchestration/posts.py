"""Messages of ours, each with an identity: posted once, then brought up to date."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.domain.errors import Retriable, Unknown
from bot.domain.message import Message
from bot.services.ports import Chat, MessageGone
from bot.store.queries import posts
from bot.store.queries.posts import Post
from bot.store.store import Store

# How far Slack's clock and ours may be apart when we look for a message of ours.
_CLOCKS_APART = timedelta(minutes=10)
_AT_ONCE_SECONDS = 0.1


class Posts:
    """Posts and updates by identity. Safe to call again after any crash."""

    def __init__(self, store: Store, chat: Chat, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._chat = chat
        self._clock = clock

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
        post = await self._store.read(posts.get, key)
        digest = _digest(message)
        if post is None:
            post = Post(key=key, channel=channel, thread=thread, intended_at=self._clock())
            await self._store.write(posts.intend, post)
            ts = await self._post(post, message, broadcast=broadcast)
        elif post.ts is None:
            # Intended before, perhaps sent: only Slack knows.
            ts = await self._post(post, message, broadcast=broadcast, perhaps_sent=True)
        elif post.digest == digest:
            return post
        else:
            ts = post.ts
            await self._update(post, ts, message)
        permalink = post.permalink
        if linked and permalink is None:
            permalink = await self._chat.permalink(channel, ts)
        await self._store.write(posts.sent, key, ts=ts, digest=digest, permalink=permalink)
        return post.model_copy(update={"ts": ts, "digest": digest, "permalink": permalink})

    async def revise(self, key: str, message: Message) -> None:
        """Change the message `key` if it was ever posted and is still there; never post it.

        Raises:
            Retriable: Slack cannot take it now; asking again later is safe.
        """
        post = await self._store.read(posts.get, key)
        digest = _digest(message)
        if post is None or post.ts is None or post.digest == digest:
            return
        try:
            await self._chat.update(post.channel, post.ts, message, key=key)
        except MessageGone:
            await self._store.write(posts.forget, key)
            return
        await self._store.write(
            posts.sent, key, ts=post.ts, digest=digest, permalink=post.permalink
        )

    async def redraw(self, key: str) -> None:
        """Have a message written again even if nothing about it changed."""
        post = await self._store.read(posts.get, key)
        if post and post.ts:
            await self._store.write(
                posts.sent, key, ts=post.ts, digest="", permalink=post.permalink
            )

    async def _post(
        self, post: Post, message: Message, *, broadcast: bool, perhaps_sent: bool = False
    ) -> str:
        try:
            if perhaps_sent and (found := await self._look(post)):
                # It went out before something stopped us, and may show an earlier state.
                await self._update(post, found, message)
                return found
            return await self._chat.post(
                post.channel, message, key=post.key, thread=post.thread, broadcast=broadcast
            )
        except MessageGone:
            # So that it can be said elsewhere.
            await self._store.write(posts.forget, post.key)
            raise
        except Unknown as error:
            found = await self._look(post)
            if found is None:
                raise Retriable(error.what) from error
            return found

    async def _look(self, post: Post) -> str | None:
        oldest = f"{(post.intended_at - _CLOCKS_APART).timestamp():.6f}"
        return await self._chat.find(post.channel, post.key, thread=post.thread, oldest=oldest)

    async def _update(self, post: Post, ts: str, message: Message) -> None:
        try:
            await self._chat.update(post.channel, ts, message, key=post.key)
        except MessageGone as error:
            # A person deleted it. Forgetting it makes the next attempt post it anew.
            await self._store.write(posts.forget, post.key)
            raise Retriable(
                "A message of ours was deleted; it is posted again.", after=_AT_ONCE_SECONDS
            ) from error


def _digest(message: Message) -> str:
    content = json.dumps(message.model_dump(mode="json"), sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()
