"""What is said to a mail: in its thread, and to whoever asked for it by pointing at it."""

import structlog

from bot.domain.errors import NeedsPerson, Refused, Retriable
from bot.domain.message import Message
from bot.engine import Payload
from bot.orchestration.posts import Posts
from bot.services.ports import Chat
from bot.views import mail_replies

_MENDED_SECONDS = 60.0
log = structlog.get_logger()


class Answers:
    """One answer a mail. What is read anew is answered by changing it, so nothing is said twice.

    `channel`: the bot's own, in which a person will mend what keeps answers from being shown.
    """

    def __init__(self, chat: Chat, posts: Posts, *, channel: str) -> None:
        self._chat = chat
        self._posts = posts
        self._channel = channel

    async def say(self, payload: Payload, message: Message) -> None:
        """Answer in the mail's thread, and whoever pointed if it does not show to them there.

        Raises:
            Retriable: a person has to mend first what keeps it from being shown to anybody.
        """
        # That an old answer changed is seen by nobody who waits for one.
        unseen = bool(payload.get("again"))
        try:
            await self._posts.ensure(
                _key(payload), payload["channel"], message, thread=_thread(payload)
            )
        except (NeedsPerson, Refused) as error:
            log.warning("answer_not_posted", reason=error.what)
            # The shortcut works in channels that the bot is not in. Whoever did not point waits,
            # but not in a channel that is the bot's no more, as after it was archived.
            waits = payload["channel"] == self._channel and not payload.get("response_url")
            if isinstance(error, NeedsPerson) and waits:
                raise Retriable(error.what, error.hint, after=_MENDED_SECONDS) from error
            unseen = True
        if unseen:
            await whisper(self._chat, payload, message)

    async def say_that_it_waits(self, payload: Payload, reason: str) -> None:
        """Tell in the mail's thread why nothing comes of it yet.

        Raises what `Posts.ensure` does.
        """
        message = mail_replies.waits(reason)
        await self._posts.ensure(
            _waits(payload), payload["channel"], message, thread=_thread(payload)
        )

    async def wait_no_longer(self, payload: Payload) -> None:
        """Take that back, if it was said. Raises what `Posts.revise` does."""
        await self._posts.revise(_waits(payload), mail_replies.waits_no_longer())

    async def correct(self, payload: Payload, message: Message) -> None:
        """Change what was said of a mail that is read anew, if anything was, and tell who asked."""
        if not payload.get("again"):
            return
        try:
            await self._posts.revise(_key(payload), message)
        except (NeedsPerson, Refused) as error:
            log.warning("answer_not_posted", reason=error.what)
        await whisper(self._chat, payload, message)


async def whisper(chat: Chat, payload: Payload, message: Message) -> None:
    """Tell whoever pointed, if somebody did."""
    url = payload.get("response_url")
    if not url:
        return
    try:
        await chat.respond(url, message)
    except Refused as error:
        log.warning("answer_not_shown", reason=error.what)


def _key(payload: Payload) -> str:
    return f"{payload['key']}:answer"


def _waits(payload: Payload) -> str:
    return f"{payload['key']}:waits"


def _thread(payload: Payload) -> str:
    """Where answers go: Slack threads do not branch, so not below a message that is one itself."""
    return str(payload.get("thread") or payload["ts"])
