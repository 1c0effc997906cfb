"""Messages of ours about a mail, with the mail's file beside them where all may see it."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.attachment import Attachment
from bot.domain.errors import NeedsPerson, Refused, Retriable
from bot.domain.message import Message
from bot.engine import Payload
from bot.mail.heading import heading
from bot.mail.kept import as_file
from bot.orchestration.attachments import Attachments
from bot.orchestration.policy import Policy
from bot.orchestration.posts import Posts
from bot.services.ports import Chat
from bot.store.queries import alarms, mails
from bot.store.queries.posts import Post
from bot.store.store import Store
from bot.views import arrivals

_MENDED_WITHIN_SECONDS = 60.0
Words = Callable[[Attachment], Message]


class Notices:
    """The message of a mail that came without one, and the alarm about one that drifted."""

    def __init__(
        self,
        store: Store,
        chat: Chat,
        posts: Posts,
        policy: Policy,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._posts = posts
        self._attachments = Attachments(store, chat, clock)
        self._policy = policy
        self._clock = clock

    async def came_by_http(self, payload: Payload) -> Post:
        """The mail's message in the channel, which all that is said of it answers.

        Raises:
            Retriable: it cannot be posted now; nobody else knows of the mail, so it is not left.
        """
        key = payload["key"]
        subject, sender = heading(await self._raw(key))

        def words(attachment: Attachment) -> Message:
            return arrivals.came_by_http(
                subject,
                sender,
                marketplace=payload.get("marketplace"),
                key=key,
                attachment=attachment,
                shows_money=self._policy.show_payout,
            )

        try:
            return await self._with_file(f"{key}:root", payload, words, thread=None)
        except (NeedsPerson, Refused) as error:
            raise Retriable(error.what, error.hint, after=_MENDED_WITHIN_SECONDS) from error

    async def alarm(self, payload: Payload, marketplace: str, link: str | None) -> bool:
        """Raise the alarm about a known sender's unknown form; False if it was just raised.

        It answers the mail and shows in the channel as well. About a mail elsewhere, which the bot
        may not be able to answer, it is a message of its own.

        Raises:
            Retriable: Slack cannot take it now.
            NeedsPerson, Refused: it will not take it.
        """
        key = payload["key"]
        if not await self._store.write(alarms.claim, marketplace, mail_key=key, at=self._clock()):
            return False

        def words(attachment: Attachment) -> Message:
            return arrivals.drift_alarm(marketplace, key=key, attachment=attachment, mail_link=link)

        here = payload["channel"] == self._policy.channel
        await self._with_file(
            f"{key}:alarm",
            payload,
            words,
            thread=str(payload.get("thread") or payload["ts"]) if here else None,
        )
        return True

    async def _with_file(
        self, post_key: str, payload: Payload, words: Words, *, thread: str | None
    ) -> Post:
        """The message, and the mail's file in its thread; what became of that, it says."""
        file_key, channel = f"{payload['key']}:file", self._policy.channel
        known = await self._attachments.state(file_key) or self._at_first(payload)

        async def ensure(attachment: Attachment) -> Post:
            return await self._posts.ensure(
                post_key,
                channel,
                words(attachment),
                thread=thread,
                broadcast=thread is not None,
                linked=thread is None,
            )

        post = await ensure(known)
        if known in {Attachment.HELD_BACK, Attachment.FAILED}:
            return post
        file = as_file(await self._raw(payload["key"]))
        found = await self._attachments.attach(file_key, channel, thread or str(post.ts), file)
        return await ensure(found) if found is not known else post

    def _at_first(self, payload: Payload) -> Attachment:
        """Whether the file is about to be there: not where it shows crew what is not for them.

        A renter's contact stands on no card either. `contact` is absent where the reading itself
        broke off, so that nobody knows.
        """
        held_back = not self._policy.show_payout or payload.get("contact", True)
        return Attachment.HELD_BACK if held_back else Attachment.THERE

    async def _raw(self, key: str) -> bytes:
        return await self._store.read(mails.raw, key) or b""
