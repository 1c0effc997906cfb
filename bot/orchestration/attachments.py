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

    A post's row is the journal: its `digest` is the file's id, its `ts` that of the message that
    shows the file.
    """

    def __init__(self, store: Store, chat: Chat, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._chat = chat
        self._clock = clock

    async def state(self, key: str) -> Attachment:
        """What is known of the file `key` without asking Slack."""
        post = await self._store.read(posts.get, key)
        return Attachment.UNKNOWN if post and post.ts is None else Attachment.THERE

    async def attach(self, key: str, channel: str, thread: str, file: MailFile) -> Attachment:
        """The file `key` in that thread, if Slack takes it; never a second time.

        Raises:
            Retriable: Slack cannot take it now; asking again later is safe.
        """
        post = await self._store.read(posts.get, key)
        if post is not None:
            return Attachment.THERE if post.ts else await self._looked_for(post)
        try:
            file_id = await self._chat.upload(file.name, file.content)
        except (NeedsPerson, Refused) as error:
            return _refused(error)
        post = Post(
            key=key, channel=channel, thread=thread, digest=file_id, intended_at=self._clock()
        )
        await self._store.write(posts.intend, post)
        return await self._share(post, file_id)

    async def _share(self, post: Post, file_id: str) -> Attachment:
        try:
            await self._chat.share(
                file_id, title=_TITLE, channel=post.channel, thread=post.thread or ""
            )
        except Unknown:
            return await self._looked_for(post)
        except Retriable:
            await self._store.write(posts.forget, post.key)  # it surely did not arrive
            raise
        except (NeedsPerson, Refused) as error:
            await self._store.write(posts.forget, post.key)
            return _refused(error)
        await self._found(post, file_id, post.thread or "")
        return Attachment.THERE

    async def _looked_for(self, post: Post) -> Attachment:
        """Ask Slack where the file is shared; a second share would be a second message."""
        file_id = str(post.digest)
        for look in range(_LOOKS):
            if look:
                await asyncio.sleep(_LOOK_SECONDS)
            try:
                ts = _shared_in(await self._chat.file(file_id), post.channel)
            except (NeedsPerson, Refused) as error:
                log.warning("file_not_looked_for", reason=error.what)
                break
            if ts:
                await self._found(post, file_id, ts)
                return Attachment.THERE
        log.warning("file_share_unknown", file=file_id)
        return Attachment.UNKNOWN

    async def _found(self, post: Post, file_id: str, ts: str) -> None:
        await self._store.write(posts.sent, post.key, ts=ts, digest=file_id, permalink=None)


def _refused(error: NeedsPerson | Refused) -> Attachment:
    log.warning("file_not_attached", reason=error.what)
    return Attachment.FAILED


def _shared_in(file: Mapping[str, Any], channel: str) -> str | None:
    """The ts of a message of that channel that shows the file."""
    for kind in ("public", "private"):
        shares = ((file.get("shares") or {}).get(kind) or {}).get(channel)
        if shares:
            return str(shares[0]["ts"])
    return None
