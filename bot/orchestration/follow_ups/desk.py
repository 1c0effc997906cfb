"""The job behind every follow-up button and command: authorised, once a click, answered."""

from collections.abc import Mapping
from typing import Any

import structlog

from bot.domain.booking import as_booking_id
from bot.domain.errors import MoneyLeak, NeedsPerson, Refused, ServiceError, Unknown
from bot.domain.message import Message
from bot.domain.progress import Overview, Posted
from bot.engine import Payload
from bot.orchestration.authority import Authority
from bot.orchestration.follow_ups.base import Action, Task, Tools
from bot.orchestration.narrator import card_key
from bot.orchestration.posts import Posts
from bot.services.ports import Chat, MessageGone
from bot.store.queries import audit, follow_ups, overviews, posts
from bot.store.queries.follow_ups import FollowUp
from bot.views import replies

JOB = "follow_up"
BROKE_OFF = "The bot itself broke off; its log says why. Look at the thread, then try again."
log = structlog.get_logger()


class FollowUps:
    """The payload: `key`, `action`, `booking_id`, `user`, `channel`, and `response_url` (typed)."""

    def __init__(
        self,
        actions: Mapping[str, Action],
        tools: Tools,
        posts_: Posts,
        chat: Chat,
        authority: Authority,
    ) -> None:
        self._actions = actions
        self._tools = tools
        self._posts = posts_
        self._chat = chat
        self._authority = authority

    async def work(self, payload: Payload) -> None:
        """Do what was asked and answer in the charter's thread."""
        action = self._actions[payload["action"]]
        if not await self._authority.may_act(payload["user"]):
            await self._write_audit(payload, f"refused {action.name}")
            return await self._whisper(payload, replies.refusal(self._authority.operators))
        overview = await self._overview(payload)
        if overview is None:
            return await self._unknown_charter(payload)
        charter = await self._tools.store.read(overviews.approved, overview.booking_id)
        if charter is None or overview.card is None:
            return await self._whisper(payload, replies.not_yet(overview.booking_id, "approval"))
        work = await self._tools.store.read(follow_ups.get, payload["key"])
        again = work is not None
        if work is None:
            work = self._new(payload, action, overview)
            earlier = await self._tools.store.write(
                follow_ups.begin, work, not_within=action.not_within
            )
            if earlier is not None and action.not_within is not None:
                again_at = earlier + action.not_within
                boat = overview.proposal.boat
                too_soon = replies.resend_too_soon(overview.booking_id, again_at, boat)
                return await self._whisper(payload, too_soon)
        if work.ended_at is None:
            await self._perform(action, Task(work, overview, charter, again), payload)
        return None

    async def give_up(self, payload: Payload) -> None:
        """Say that a click's work broke off for a reason inside the bot."""
        await self._whisper(payload, replies.went_wrong(BROKE_OFF))

    async def _perform(self, action: Action, task: Task, payload: Payload) -> None:
        try:
            answer, outcome = await action.perform(task, self._tools), "done"
        except (Unknown, NeedsPerson, Refused, MoneyLeak) as error:
            log.warning("follow_up_failed", action=action.name, reason=error.what)
            answer, outcome = (
                replies.failed(task.overview.booking_id, error.what, error.hint),
                "failed",
            )
        card = task.overview.card
        if card is None:
            return
        await self._say(task, card, answer)
        if payload.get("response_url"):
            await self._tell_typist(payload, answer)
        await self._write_audit(payload, f"{action.name} {outcome}")
        await self._tools.store.write(
            follow_ups.end, task.work.key, outcome=outcome, at=self._tools.clock()
        )

    async def _say(self, task: Task, card: Posted, answer: Message) -> None:
        """Answer in the charter's thread; if its card was deleted, in the channel, and draw it."""
        key = f"{task.work.key}:answer"
        try:
            await self._posts.ensure(key, card.channel, answer, thread=card.ts)
        except MessageGone:
            await self._posts.ensure(key, card.channel, answer)
            await self._tools.store.write(posts.forget, card_key(task.overview.booking_id))
            self._tools.touch(task.overview.booking_id)

    async def _tell_typist(self, payload: Payload, answer: Message) -> None:
        """A command is answered where it was typed, too; its URL may have run out by now."""
        try:
            await self._chat.respond(payload["response_url"], answer)
        except ServiceError as error:
            log.warning("answer_not_shown", reason=error.what)

    async def _overview(self, payload: Payload) -> Overview | None:
        booking_id = as_booking_id(payload["booking_id"])
        if booking_id is None:
            return None
        return await self._tools.store.read(overviews.overview, booking_id)

    async def _unknown_charter(self, payload: Payload) -> None:
        near = await self._tools.store.read(overviews.near, payload["booking_id"])
        await self._whisper(payload, replies.no_such_charter(payload["booking_id"], near))

    async def _whisper(self, payload: Payload, message: Message) -> None:
        if url := payload.get("response_url"):
            return await self._chat.respond(url, message)
        return await self._chat.whisper(
            payload["channel"], payload["user"], message, thread=payload.get("thread")
        )

    async def _write_audit(self, payload: Payload, what: str) -> None:
        values: dict[str, Any] = {"who": payload["user"], "origin": payload["key"]}
        entry = audit.Entry(
            at=self._tools.clock(),
            what=what,
            booking_id=as_booking_id(payload["booking_id"]),
            **values,
        )
        await self._tools.store.write(audit.add, entry)

    def _new(self, payload: Payload, action: Action, overview: Overview) -> FollowUp:
        return FollowUp(
            key=payload["key"],
            booking_id=overview.booking_id,
            action=action.name,
            user_id=payload["user"],
            started_at=self._tools.clock(),
        )
