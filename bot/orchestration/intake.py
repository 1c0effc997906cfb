"""From a message with a mail to a card: kept, read, and answered in its thread."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import structlog

from bot.domain.boat import Boat
from bot.domain.booking import Kind, Reading
from bot.domain.charter import Proposal
from bot.domain.errors import NeedsPerson, Refused, Retriable
from bot.domain.message import Message
from bot.domain.progress import Posted
from bot.engine import Payload
from bot.mail.reader import Unreadable
from bot.orchestration.again import Again
from bot.orchestration.answers import Answers
from bot.orchestration.arrivals import BY_HTTP, JOB
from bot.orchestration.mail_reader import MailReader
from bot.orchestration.mailbag import Mailbag
from bot.orchestration.narrator import Narrator, card_key
from bot.orchestration.notices import Notices
from bot.orchestration.policy import Policy
from bot.orchestration.posts import Posts
from bot.orchestration.proposing import proposal_of, propose
from bot.services.ports import Chat, MessageGone
from bot.store.queries import charters, mails, overviews, posts
from bot.store.queries.mails import Outcome, StoredMail
from bot.store.store import Store
from bot.views import arrivals, replies

__all__ = ["JOB", "Intake"]
BROKE_OFF = "The bot itself broke off here; its log says why. Forward the mail once more."
LOOKED_FOR = (
    "a booking mail from Boatsetter, GetMyBoat or Viator",
    "a reservation that it holds for programs (schema.org, .ics)",
    "its Booking ID, Start, End and Passengers",
)
# A thousand mails at once must leave turns to clicks, and memory to everything else.
_AT_ONCE = 8
# Most troubles of Slack's are over by then; whoever forwarded a mail has begun to wonder.
_TOLD_AFTER_SECONDS = 120.0
log = structlog.get_logger()


class Intake:
    """The engine's job for one mail."""

    def __init__(
        self,
        store: Store,
        chat: Chat,
        posts_: Posts,
        narrator: Narrator,
        policy: Policy,
        clock: Callable[[], datetime],
        reader: MailReader,
    ) -> None:
        self._store = store
        self._chat = chat
        self._answers = Answers(chat, posts_, channel=policy.channel)
        self._again = Again(store, chat)
        # Two readings anew of one mail must not both find it unanswered.
        self._one_at_a_time = asyncio.Lock()
        self._some_at_a_time = asyncio.Semaphore(_AT_ONCE)
        self._mailbag = Mailbag(store, chat, clock, reader)
        self._notices = Notices(store, chat, posts_, policy, clock)
        self._posts = posts_
        self._narrator = narrator
        self._policy = policy
        self._clock = clock

    async def work(self, payload: Payload) -> None:
        """Keep the mail, read it, and do what its kind asks for."""
        if not payload.get("again"):
            return await self._work_in_turn(payload)
        # Outside: readings anew that wait for each other must not keep new mail waiting.
        async with self._one_at_a_time:
            known = await self._store.read(mails.outcome, payload["key"])
            if known and not known.fruitless:  # another reading was faster
                return await self._again.work(payload)
            return await self._work_in_turn(payload)

    async def _work_in_turn(self, payload: Payload) -> None:
        async with self._some_at_a_time:
            await self._work(payload)

    async def _work(self, payload: Payload) -> None:
        boats = await self._boats()
        try:
            reading = await self._mailbag.read(payload, boats)
        except Unreadable as error:
            log.info("mail_unreadable", reason=error.reason)
            payload = {**payload, "contact": False}
            await self._answer(payload, replies.unreadable(error.reason, LOOKED_FOR))
            return await self._settle(payload, Kind.UNRECOGNISED, None, error.reason)
        except Retriable as error:
            await self._say_that_it_waits(payload, error)
            raise
        structlog.contextvars.bind_contextvars(booking_id=reading.booking.booking_id)
        self._policy.hide(reading.booking)
        log.info("mail_read", kind=reading.kind, marketplace=reading.marketplace)
        payload = {
            **payload,
            "marketplace": reading.marketplace,
            "contact": "renter_email" in reading.fields,
        }
        if reading.kind is not Kind.INFORMATIONAL:
            payload = await self._with_message(payload)
        match reading.kind:
            case Kind.NEW:
                return await self._propose(payload, reading, boats)
            case Kind.UNRECOGNISED:
                return await self._not_a_booking(payload, reading)
            case _:
                return await self._recognised(payload, reading)

    async def give_up(self, payload: Payload) -> None:
        """Say that a mail's work broke off for a reason inside the bot; the mail is kept."""
        await self._settle(payload, Kind.UNRECOGNISED, None, "broke off")
        await self._answer(payload, replies.went_wrong(BROKE_OFF))

    async def _say_that_it_waits(self, payload: Payload, error: Retriable) -> None:
        if not payload["ts"]:  # it came by HTTP, and nobody forwarded it
            return
        waited = self._clock().timestamp() - float(payload["ts"])
        if waited > _TOLD_AFTER_SECONDS:
            try:
                await self._answers.say_that_it_waits(payload, error.what)
            except (NeedsPerson, Refused) as silent:
                log.warning("wait_not_told", reason=silent.what)

    async def _boats(self) -> tuple[Boat, ...]:
        """The boats, each also under the listings that operators named for it."""
        remembered = await self._store.read(mails.remembered)
        return tuple(
            boat.model_copy(
                update={
                    "listings": (
                        *boat.listings,
                        *(listing for listing, name in remembered if name == boat.name),
                    )
                }
            )
            for boat in self._policy.boats
        )

    async def _propose(self, payload: Payload, reading: Reading, boats: tuple[Boat, ...]) -> None:
        booking = reading.booking
        if booking.booking_id is None:
            await self._answer(payload, replies.unreadable("it is a booking without an id"))
            return await self._settle(payload, reading.kind, None, "no booking id")
        proposal = proposal_of(reading, boats)
        channel, ts = payload["channel"], payload["ts"]
        mail = Posted(channel=channel, ts=ts, permalink=await self._link(channel, ts))
        ours = await self._store.write(
            propose, proposal, mail=mail, mail_key=payload["key"], at=self._clock()
        )
        if ours:
            self._narrator.touch(booking.booking_id)
            await self._touch_colliding(proposal)
            if payload["text"] is not None or payload.get("again"):
                known = await self._card(booking.booking_id)
                await self._answer(payload, replies.card_posted(booking.booking_id, known))
            return await self._settle(payload, reading.kind, booking.booking_id, "proposed")
        known = await self._card(booking.booking_id)
        await self._answer(payload, replies.already_known(booking.booking_id, known))
        return await self._settle(payload, reading.kind, booking.booking_id, "already known")

    async def _with_message(self, payload: Payload) -> Payload:
        """The same, with a message in the channel that answers can hang on."""
        if payload["user"] != BY_HTTP or payload["ts"]:
            return payload
        post = await self._notices.came_by_http(payload)
        return {**payload, "ts": post.ts}

    async def _not_a_booking(self, payload: Payload, reading: Reading) -> None:
        """Said quietly, unless it is the form of a known sender that has changed."""
        if reading.marketplace is None:
            await self._answer(payload, replies.not_a_booking(LOOKED_FOR))
            return await self._settle(payload, reading.kind, None, "not a booking")
        alarmed = await self._alarm(payload, reading.marketplace)
        if not alarmed or payload["channel"] != self._policy.channel:
            await self._answer(payload, replies.drift(reading.marketplace))
        else:
            await self._answers.correct(payload, replies.drift(reading.marketplace))
        return await self._settle(payload, reading.kind, None, "drift")

    async def _alarm(self, payload: Payload, marketplace: str) -> bool:
        link = await self._link(payload["channel"], payload["ts"])
        try:
            return await self._notices.alarm(payload, marketplace, link)
        except (NeedsPerson, Refused) as error:
            log.warning("alarm_not_raised", reason=error.what)
            return False

    async def _link(self, channel: str, ts: str) -> str | None:
        """Where the mail is, unless it was deleted meanwhile: no reason to lose a booking."""
        try:
            return await self._chat.permalink(channel, ts)
        except (NeedsPerson, Refused) as error:
            log.warning("mail_without_link", reason=error.what)
            return None

    async def _touch_colliding(self, proposal: Proposal) -> None:
        """A card that stands already must show the new neighbour, too."""
        for conflict in await self._store.read(overviews.colliding, proposal):
            await self._store.write(charters.touch, conflict.booking_id)
            self._narrator.touch(conflict.booking_id)

    async def _recognised(self, payload: Payload, reading: Reading) -> None:
        """A change, a cancellation, a reminder: said where the booking is talked about."""
        booking_id = reading.booking.booking_id or reading.about
        overview = await self._store.read(overviews.overview, booking_id) if booking_id else None
        if overview:
            known = await self._card(overview.booking_id)
            await self._tell_there(payload, replies.recognised(reading.kind, overview), known)
        elif reading.kind is not Kind.INFORMATIONAL:
            await self._answer(payload, replies.recognised_unknown(reading.kind, booking_id))
        else:
            await self._answers.correct(payload, arrivals.read_before(reading.kind, anew=True))
        if reading.booking.booking_id:
            await self._store.write(
                mails.add_version,
                reading.booking,
                source=reading.kind.value,
                mail_key=payload["key"],
                at=self._clock(),
            )
        await self._settle(payload, reading.kind, booking_id, "recognised")

    async def _tell_there(self, payload: Payload, message: Message, card: Posted) -> None:
        """In the charter's thread, not the mail's; and what was said there of a mail is changed."""
        what = "news" if payload.get("again") else "answer"
        try:
            await self._posts.ensure(
                f"{payload['key']}:{what}", card.channel, message, thread=card.ts
            )
        except MessageGone:
            await self._answer(payload, message)
        else:
            await self._answers.correct(payload, message)

    async def _card(self, booking_id: str) -> Posted:
        post = await self._store.read(posts.get, card_key(booking_id))
        if post is None or post.ts is None or post.permalink is None:
            self._narrator.touch(booking_id)
            raise Retriable("The card is not there yet.", after=1.0)
        return Posted(channel=post.channel, ts=post.ts, permalink=post.permalink)

    async def _answer(self, payload: Payload, message: Message) -> None:
        await self._answers.say(await self._with_message(payload), message)

    async def _settle(
        self, payload: Payload, kind: Kind, booking_id: str | None, outcome: str
    ) -> None:
        told = payload["text"] if payload["file"] is None else json.dumps(payload["file"])
        mail = StoredMail(
            key=payload["key"],
            channel=payload["channel"],
            ts=payload["ts"],
            user_id=payload["user"],
            received_at=self._clock(),
            raw=(told or "").encode(),  # all there is, if the mail itself could not be had
        )
        with suppress(
            NeedsPerson, Refused
        ):  # where the note cannot be changed, the rest still says it
            await self._answers.wait_no_longer(payload)
        known = Outcome(kind=kind, booking_id=booking_id)
        await self._store.write(mails.settle, mail, known, words=outcome)
