"""Files of ours in threads, each with an identity: shared at most once, and looked for after."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import structlog

from bot.domain.attachment import Attachment
from bot.domain.errors import NeedsPerson, Refused, Retriable, Unknown
from bot.mail.kept import MailFile
from bot.services.ports import Chat
from bot.store.queries import posts
from bot.store.queries.posts import Post
from bot.store.store import Store

# How long Slack may take to tell by `files.info` where a file was shared.
_LOOKS, _LOOK_SECONDS = 3, 1.0
_TITLE = "The mail as it came"
log = structlog.get_logger()


class Attachments:
    """Brings a file to Slack, writes its id down, and only then shows it.

    A post's row is the journal. Its `digest` is the file's id, without which Slack did not take the
    file. Its `ts`, once the file is shown, is its thread's: of the message that shows a file Slack
    says nothing when it is shared.
    """

    def __init__(self, store: Store, chat: Chat, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._chat = chat
        self._clock = clock

    async def state(self, key: str) -> Attachment | None:
        """What is known of the file `key` without asking Slack; None before it was ever tried."""
        post = await self._store.read(posts.get, key)
        return _known(post) if post else None

    async def attach(self, key: str, channel: str, thread: str, file: MailFile) -> Attachment:
        """The file `key` in that thread, if Slack takes it; never a second time.

        Raises:
            Retriable: Slack cannot take it now; asking again later is safe.
        """
        post = await self._store.read(posts.get, key)
        if post is not None:
            return await self._gone_on_with(post)
        post = Post(key=key, channel=channel, thread=thread, intended_at=self._clock())
        try:
            file_id = await self._chat.upload(file.name, file.content)
        except (NeedsPerson, Refused) as error:
            return await self._refused(post, error)
        post = post.model_copy(update={"digest": file_id})
        await self._store.write(posts.intend, post)
        return await self._share(post, file_id)

    async def _gone_on_with(self, post: Post) -> Attachment:
        """What became of a file that an earlier attempt had in hand, perhaps until a crash."""
        known = _known(post)
        if known is not Attachment.UNKNOWN:
            return known
        shared = await self._looked_for(post)
        if shared is None:  # Slack knows the file, and it is not shared: the crash came before
            return await self._share(post, str(post.digest))
        return shared

    async def _share(self, post: Post, file_id: str) -> Attachment:
        try:
            await self._chat.share(
                file_id, title=_TITLE, channel=post.channel, thread=post.thread or ""
            )
        except Unknown:
            # Slack may only be late: what was asked for this moment is not asked for again.
            return await self._looked_for(post) or Attachment.UNKNOWN
        except Retriable:
            await self._store.write(posts.forget, post.key)  # it surely did not arrive
            raise
        except (NeedsPerson, Refused) as error:
            await self._store.write(posts.forget, post.key)
            return await self._refused(post, error)
        return await self._found(post)

    async def _looked_for(self, post: Post) -> Attachment | None:
        """Ask Slack whether the file is shared; None if it knows the file and it is not."""
        file_id = str(post.digest)
        for look in range(_LOOKS):
            if look:
                await asyncio.sleep(_LOOK_SECONDS)
            try:
                file = await self._chat.file(file_id)
            except (NeedsPerson, Refused) as error:
                log.warning("file_not_looked_for", reason=error.what)
                return Attachment.UNKNOWN
            if _is_shared_in(file, post.channel):
                return await self._found(post)
        log.warning("file_not_shared", file=file_id)
        return None

    async def _found(self, post: Post) -> Attachment:
        ts, file_id = str(post.thread), str(post.digest)
        await self._store.write(posts.sent, post.key, ts=ts, digest=file_id, permalink=None)
        return Attachment.THERE

    async def _refused(self, post: Post, error: NeedsPerson | Refused) -> Attachment:
        """Written down, so that the next attempt neither hopes nor tries once more."""
        log.warning("file_not_attached", reason=error.what)
        await self._store.write(posts.intend, post.model_copy(update={"digest": None}))
        return Attachment.FAILED


def _known(post: Post) -> Attachment:
    if post.digest is None:
        return Attachment.FAILED
    return Attachment.THERE if post.ts else Attachment.UNKNOWN


def _is_shared_in(file: Mapping[str, Any], channel: str) -> bool:
    shares = file.get("shares") or {}
    return any((shares.get(kind) or {}).get(channel) for kind in ("public", "private"))
