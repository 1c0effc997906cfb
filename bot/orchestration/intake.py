"""From a message with a mail to a card: kept, read, and answered in its thread."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
import structlog

from bot.domain.boat import Boat, boat_for_listing
from bot.domain.booking import Kind, Reading
from bot.domain.charter import Proposal
from bot.domain.errors import NeedsPerson, Refused, Retriable
from bot.domain.message import Message
from bot.domain.progress import Posted
from bot.engine import Jobs, Payload
from bot.mail.reader import Unreadable
from bot.orchestration.mailbag import Mailbag, is_mail, is_only_named
from bot.orchestration.narrator import Narrator, card_key
from bot.orchestration.policy import Policy
from bot.orchestration.posts import Posts
from bot.services.ports import Chat, MessageGone
from bot.store.queries import audit, charters, mails, overviews, posts
from bot.store.store import Store
from bot.views import replies

JOB = "intake"
BROKE_OFF = "The bot itself broke off here; its log says why. Forward the mail once more."
LOOKED_FOR = ("a booking mail from Boatsetter", "its Booking ID, Start, End and Passengers")
log = structlog.get_logger()


async def submit_mail(
    jobs: Jobs,
    *,
    channel: str,
    ts: str,
    user: str,
    file: Mapping[str, Any] | None = None,
    text: str | None = None,
    response_url: str | None = None,
) -> None:
    """Write a message's mail down and have it worked on; on return it is on disk.

    The message and its file are its identity, so a delivery that comes ten times is one job.
    `response_url`: where to answer if the bot may not post in the channel.
    """
    key = f"mail:{channel}:{ts}:{file['id'] if file else 'text'}"
    payload = {"key": key, "channel": channel, "ts": ts, "user": user, "file": file, "text": text}
    await jobs.submit(JOB, key, {**payload, "response_url": response_url})


async def submit_message(
    jobs: Jobs,
    message: Mapping[str, Any],
    *,
    channel: str,
    user: str | None = None,
    response_url: str | None = None,
) -> bool:
    """Write down every mail that hangs on a message; False if there is none.

    `user`: who pointed at the message, if it was not its author who brought it.
    """
    files = message.get("files") or ()
    mails_here = [file for file in files if is_mail(file) or is_only_named(file)]
    for file in mails_here:
        await submit_mail(
            jobs,
            channel=channel,
            ts=message["ts"],
            user=user or message.get("user") or "unknown",
            file=file,
            response_url=response_url,
        )
    return bool(mails_here)


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
    ) -> None:
        self._store = store
        self._chat = chat
        self._mailbag = Mailbag(store, chat, clock)
        self._posts = posts_
        self._narrator = narrator
        self._policy = policy
        self._clock = clock

    async def work(self, payload: Payload) -> None:
        """Keep the mail, read it, and do what its kind asks for."""
        boats = await self._boats()
        try:
            reading = await self._mailbag.read(payload, boats)
        except Unreadable as error:
            log.info("mail_unreadable", reason=error.reason)
            await self._answer(payload, replies.unreadable(error.reason, LOOKED_FOR))
            return await self._settle(payload, Kind.UNRECOGNISED, None, error.reason)
        structlog.contextvars.bind_contextvars(booking_id=reading.booking.booking_id)
        self._policy.hide(reading.booking)
        log.info("mail_read", kind=reading.kind, marketplace=reading.marketplace)
        match reading.kind:
            case Kind.NEW:
                return await self._propose(payload, reading, boats)
            case Kind.UNRECOGNISED:
                await self._answer(payload, _not_a_booking(reading))
                return await self._settle(payload, reading.kind, None, "not a booking")
            case _:
                return await self._recognised(payload, reading)

    async def give_up(self, payload: Payload) -> None:
        """Say that a mail's work broke off for a reason inside the bot; the mail is kept."""
        await self._answer(payload, replies.went_wrong(BROKE_OFF))

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
        proposal = _proposal(reading, boats)
        channel, ts = payload["channel"], payload["ts"]
        mail = Posted(channel=channel, ts=ts, permalink=await self._link(channel, ts))
        ours = await self._store.write(
            _propose, proposal, mail=mail, mail_key=payload["key"], at=self._clock()
        )
        if ours:
            self._narrator.touch(booking.booking_id)
            await self._touch_colliding(proposal)
            if payload["file"] is None:
                known = await self._card(booking.booking_id)
                await self._answer(payload, replies.card_posted(booking.booking_id, known))
            return await self._settle(payload, reading.kind, booking.booking_id, "proposed")
        known = await self._card(booking.booking_id)
        await self._answer(payload, replies.already_known(booking.booking_id, known))
        return await self._settle(payload, reading.kind, booking.booking_id, "already known")

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
            message = replies.recognised(reading.kind, overview)
            try:
                await self._posts.ensure(
                    f"{payload['key']}:answer", known.channel, message, thread=known.ts
                )
            except MessageGone:
                await self._answer(payload, message)
        elif reading.kind is not Kind.INFORMATIONAL:
            await self._answer(payload, replies.recognised_unknown(reading.kind, booking_id))
        if reading.booking.booking_id:
            await self._store.write(
                mails.add_version,
                reading.booking,
                source=reading.kind.value,
                mail_key=payload["key"],
                at=self._clock(),
            )
        await self._settle(payload, reading.kind, booking_id, "recognised")

    async def _card(self, booking_id: str) -> Posted:
        post = await self._store.read(posts.get, card_key(booking_id))
        if post is None or post.ts is None or post.permalink is None:
            self._narrator.touch(booking_id)
            raise Retriable("The card is not there yet.", after=1.0)
        return Posted(channel=post.channel, ts=post.ts, permalink=post.permalink)

    async def _answer(self, payload: Payload, message: Message) -> None:
        try:
            await self._posts.ensure(
                f"{payload['key']}:answer", payload["channel"], message, thread=payload["ts"]
            )
        except (NeedsPerson, Refused) as error:
            # The shortcut works in channels that the bot is not in.
            log.warning("answer_not_posted", reason=error.what)
            if url := payload.get("response_url"):
                await self._respond(url, message)

    async def _respond(self, url: str, message: Message) -> None:
        try:
            await self._chat.respond(url, message)
        except Refused as error:
            log.warning("answer_not_shown", reason=error.what)

    async def _settle(
        self, payload: Payload, kind: Kind, booking_id: str | None, outcome: str
    ) -> None:
        await self._store.write(
            mails.settle, payload["key"], kind=kind.value, booking_id=booking_id, outcome=outcome
        )


def _not_a_booking(reading: Reading) -> Message:
    return (
        replies.drift(reading.marketplace)
        if reading.marketplace
        else replies.not_a_booking(LOOKED_FOR)
    )


def _proposal(reading: Reading, boats: tuple[Boat, ...]) -> Proposal:
    boat = boat_for_listing(boats, reading.booking.listing or "")
    return Proposal(
        marketplace=reading.marketplace or "unknown",
        booking=reading.booking,
        boat=boat,
        crew=boat.crew if boat else (),
        crew_tasks=boat.crew_tasks if boat else (),
        unsure={name: reading.fields[name].why or "" for name in reading.unsure},
        words={name: field.words or "" for name, field in reading.fields.items()},
    )


def _propose(
    connection: sa.Connection, proposal: Proposal, *, mail: Posted, mail_key: str, at: datetime
) -> bool:
    """Make the charter, with what was read; True if it is of this very mail."""
    new = charters.propose(connection, proposal, mail=mail, at=at)
    if new:
        mails.add_version(connection, proposal.booking, source="mail", mail_key=mail_key, at=at)
        entry = audit.Entry(
            at=at, who="mail", what="proposed", booking_id=proposal.booking_id, origin=mail_key
        )
        audit.add(connection, entry)
        return True
    overview = overviews.overview(connection, proposal.booking_id)
    return overview is not None and overview.mail is not None and overview.mail.ts == mail.ts
