"""A mail that was read before, and that somebody points at once more."""

from bot.domain.booking import Kind
from bot.domain.progress import Posted
from bot.engine import Payload
from bot.orchestration.answers import whisper
from bot.orchestration.narrator import card_key
from bot.services.ports import Chat
from bot.store.queries import mails, posts
from bot.store.store import Store
from bot.views import arrivals, replies


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
        booking_id = known.booking_id
        card = await self._card(booking_id) if known.kind is Kind.NEW and booking_id else None
        message = (
            replies.already_known(booking_id, card)
            if booking_id and card
            else arrivals.read_before(known.kind)
        )
        await whisper(self._chat, payload, message)

    async def _card(self, booking_id: str) -> Posted | None:
        post = await self._store.read(posts.get, card_key(booking_id))
        if post is None or post.ts is None:
            return None
        return Posted(channel=post.channel, ts=post.ts, permalink=post.permalink)
