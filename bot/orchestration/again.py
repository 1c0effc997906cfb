"""A mail that was read before, and that somebody points at once more."""

import structlog

from bot.domain.booking import Kind
from bot.domain.errors import Refused
from bot.domain.message import Message
from bot.domain.progress import Posted
from bot.engine import Payload
from bot.orchestration.narrator import card_key
from bot.services.ports import Chat
from bot.store.queries import mails, posts
from bot.store.store import Store
from bot.views import arrivals, replies

log = structlog.get_logger()


class Again:
    """The engine's job for one such pointing: an answer to whoever pointed, and nothing else."""

    def __init__(self, store: Store, chat: Chat) -> None:
        self._store = store
        self._chat = chat

    async def work(self, payload: Payload) -> None:
        """Tell what became of the mail."""
        known = await self._store.read(mails.outcome, payload["key"])
        if known is None:
            return
        kind, booking_id = known
        card = await self._card(booking_id) if kind == Kind.NEW and booking_id else None
        message = (
            replies.already_known(booking_id, card)
            if booking_id and card
            else arrivals.read_before(Kind(kind))
        )
        await self._tell(payload["response_url"], message)

    async def _card(self, booking_id: str) -> Posted | None:
        post = await self._store.read(posts.get, card_key(booking_id))
        if post is None or post.ts is None:
            return None
        return Posted(channel=post.channel, ts=post.ts, permalink=post.permalink)

    async def _tell(self, url: str, message: Message) -> None:
        try:
            await self._chat.respond(url, message)
        except Refused as error:
            log.warning("answer_not_shown", reason=error.what)
