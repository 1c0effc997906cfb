"""The job behind every follow-up button and command: authorised, once a click, answered."""

from collections.abc import Mapping

import sqlalchemy as sa
import structlog

from bot.domain.booking import as_booking_id
from bot.domain.charter import State
from bot.domain.errors import NeedsPerson, Refused, Retriable, ServiceError, Unknown
from bot.domain.message import Message
from bot.domain.progress import Overview
from bot.engine import Payload
from bot.orchestration.authority import Authority
from bot.orchestration.follow_ups.base import PATIENCE, Action, Answer, Task, Tools
from bot.orchestration.gate import Gate
from bot.orchestration.narrator import card_key
from bot.orchestration.posts import Posts
from bot.orchestration.whisper import HOME, Aside, whisper
from bot.services.ports import MessageGone
from bot.store.queries import audit, follow_ups, overviews, posts
from bot.store.queries.follow_ups import FollowUp, Kept
from bot.views import replies

JOB = "follow_up"
BROKE_OFF = "The bot itself broke off; its log says why. Look at the thread, then try again."
_CARD_SECONDS = 2.0
_LATER = "Ask for it again in a few minutes."
log = structlog.get_logger()


class FollowUps:
    """The payload: `key`, `action`, `booking_id`, `user`, `channel`, which may be `HOME`.

    A click also has the `version` and the `run` of what the person saw, a command its
    `response_url`.
    """

    def __init__(
        self,
        actions: Mapping[str, Action],
        tools: Tools,
        posts_: Posts,
        aside: Aside,
        authority: Authority,
    ) -> None:
        self._actions = actions
        self._tools = tools
        self._posts = posts_
        self._aside = aside
        self._gate = Gate(tools.store, aside, authority, tools.clock)

    async def work(self, payload: Payload) -> None:
        """Do what was asked and answer in the charter's thread."""
        action = self._actions[payload["action"]]
        begun = await self._tools.store.read(follow_ups.get, payload["key"])
        # Whose work has begun was let in: a look-up that fails now takes nothing of it back. They
        # are looked up again before each effect.
        if begun is None and not await self._gate.lets_in(payload):
            return None
        overview = await self._overview(payload)
        if overview is None:
            return await self._unknown_charter(payload)
        charter = await self._tools.store.read(overviews.approved, overview.booking_id)
        if charter is None:
            return await self._whisper(payload, replies.not_approved(overview))
        if begun is None and (too_late := _too_late(action, payload, overview)):
            return await self._whisper(payload, too_late)
        work = begun or self._new(payload, action, overview)
        kept = await self._tools.store.write(
            follow_ups.begin,
            work,
            not_within=action.not_within,
            on_cancelled=action.on_cancelled,
        )
        if kept is not None:
            return await self._whisper(payload, await self._why_kept(kept, action, overview))
        if work.ended_at is None:
            task = Task(work, overview, charter, seen_run=payload.get("run"))
            await self._finish(action, task, payload)
        return None

    async def give_up(self, payload: Payload) -> None:
        """Say that a click's work broke off for a reason inside the bot, or what came of it."""
        work = await self._tools.store.read(follow_ups.get, payload["key"])
        known = work.answer if work else None
        await self._whisper(payload, known or replies.went_wrong(BROKE_OFF))

    async def _finish(self, action: Action, task: Task, payload: Payload) -> None:
        """Have the answer on disk before it is said, so that nothing is done for its sake twice."""
        answer = task.work.answer
        if answer is None:
            found = await self._outcome(action, task)
            answer, outcome = found.said, found.outcome
            entry = self._entry(payload, f"{found.deed} {outcome}")
            await self._tools.store.write(
                _answered, task.work.key, outcome=outcome, answer=answer, entry=entry
            )
            self._tools.touch(task.overview.booking_id)
        await self._say(task, answer)
        if payload.get("response_url"):
            await self._tell_typist(payload, answer)
        elif payload["channel"] == HOME:
            await self._whisper(payload, answer)
        await self._tools.store.write(follow_ups.end, task.work.key, at=self._tools.clock())

    async def _outcome(self, action: Action, task: Task) -> Answer:
        reason: ServiceError
        try:
            answer = await action.perform(task, self._tools)
        except Retriable as error:
            if self._tools.clock() - task.work.started_at < PATIENCE:
                raise
            reason, outcome = error, follow_ups.FAILED
        except Unknown as error:
            reason, outcome = error, follow_ups.UNKNOWN
        except (NeedsPerson, Refused) as error:
            reason, outcome = error, follow_ups.FAILED
        else:
            if isinstance(answer, Answer):
                return answer
            return Answer(answer, follow_ups.DONE, action.name)
        log.warning("follow_up_failed", action=action.name, reason=reason.what)
        hint = reason.hint or (_LATER if isinstance(reason, Retriable) else "")
        said = replies.failed(task.overview.booking_id, reason.what, hint)
        return Answer(said, outcome, action.name)

    async def _say(self, task: Task, answer: Message) -> None:
        """Answer in the charter's thread; if its card was deleted, in the channel, and draw it."""
        key, card = f"{task.work.key}:answer", task.overview.card
        if card is None:
            raise Retriable("The charter's card is being drawn again.", after=_CARD_SECONDS)
        try:
            await self._posts.ensure(key, card.channel, answer, thread=card.ts)
        except MessageGone:
            await self._posts.ensure(key, card.channel, answer)
            gone = card_key(task.overview.booking_id)
            # Only that card: another click may have had it posted anew meanwhile.
            await self._tools.store.write(posts.forget, gone, ts=card.ts)
            self._tools.touch(task.overview.booking_id)

    async def _tell_typist(self, payload: Payload, answer: Message) -> None:
        """A command is answered where it was typed, too; its URL may have run out by now."""
        try:
            await self._aside.respond(payload["response_url"], answer)
        except ServiceError as error:
            log.warning("answer_not_shown", reason=error.what)

    async def _overview(self, payload: Payload) -> Overview | None:
        booking_id = as_booking_id(payload["booking_id"])
        if booking_id is None:
            return None
        return await self._tools.store.read(overviews.overview, booking_id)

    async def _why_kept(self, kept: Kept, action: Action, overview: Overview) -> Message:
        if kept.earlier is not None and action.not_within is not None:
            again_at = kept.earlier + action.not_within
            boat = overview.proposal.boat
            return replies.resend_too_soon(overview.booking_id, again_at, boat)
        now = await self._tools.store.read(overviews.overview, overview.booking_id)
        return replies.is_cancelled(now or overview)

    async def _unknown_charter(self, payload: Payload) -> None:
        near = await self._tools.store.read(overviews.near, payload["booking_id"])
        await self._whisper(payload, replies.no_such_charter(payload["booking_id"], near))

    async def _whisper(self, payload: Payload, message: Message) -> None:
        await whisper(self._aside, payload, message)

    def _entry(self, payload: Payload, what: str) -> audit.Entry:
        return audit.Entry(
            at=self._tools.clock(),
            who=payload["user"],
            what=what,
            booking_id=as_booking_id(payload["booking_id"]),
            origin=payload["key"],
        )

    def _new(self, payload: Payload, action: Action, overview: Overview) -> FollowUp:
        return FollowUp(
            key=payload["key"],
            booking_id=overview.booking_id,
            action=action.name,
            user_id=payload["user"],
            started_at=self._tools.clock(),
        )


def _too_late(action: Action, payload: Payload, overview: Overview) -> Message | None:
    """What is said to a new click that the charter has gone past; None if it has not."""
    if overview.state is State.CANCELLED and not action.on_cancelled:
        return replies.is_cancelled(overview)
    if payload.get("version", overview.version) != overview.version:
        return replies.stale(overview)
    return None


def _answered(
    connection: sa.Connection, key: str, *, outcome: str, answer: Message, entry: audit.Entry
) -> None:
    follow_ups.answered(connection, key, outcome=outcome, answer=answer)
    audit.add(connection, entry)
