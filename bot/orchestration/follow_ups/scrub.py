import json
from hashlib import sha256
from typing import Any

from bot.domain.charter import State
from bot.domain.errors import NeedsPerson
from bot.domain.frozen import Frozen
from bot.domain.message import Message
from bot.domain.money import amounts
from bot.domain.scrub import scrub
from bot.orchestration.follow_ups.base import Task, Tools
from bot.services.ports import LostRace, StoredEvent
from bot.store.queries import follow_ups
from bot.views import replies

_RACES = 5


class Pass(Frozen):
    """How far a scrub is: what it `removed`, and what a write that may have been lost removes.

    `becomes` is the digest of the notes after that write: if they are found so, it took effect.
    """

    removed: tuple[str, ...] = ()
    removing: tuple[str, ...] = ()
    becomes: str = ""

    def settled(self, event: StoredEvent) -> "Pass":
        """The same, once the stored notes have been read again."""
        took_effect = self.removing and _digest(event.notes) == self.becomes
        return self.wrote() if took_effect else Pass(removed=self.removed)

    def wrote(self) -> "Pass":
        """The same, once the write took effect."""
        return Pass(removed=tuple(dict.fromkeys((*self.removed, *self.removing))))


class Scrub:
    """Takes revenue out of the stored crew event's notes, by a conditional write."""

    name = "scrub_revenue"
    not_within = None
    on_cancelled = True

    async def perform(self, task: Task, tools: Tools) -> Message:
        """See `Action.perform`."""
        booking_id, noted = task.overview.booking_id, task.work.outcome
        so_far = Pass.model_validate_json(noted) if noted else Pass()
        for _ in range(_RACES):
            event = await _stored(task, tools)
            so_far = so_far.settled(event)
            scrubbed = scrub(event.notes, amounts(task.charter, tools.services.costs))
            if not scrubbed.removed:
                # Read back: nothing is left.
                return replies.scrubbed(booking_id, so_far.removed)
            await tools.leave(task.work.user_id)
            becomes = _digest(scrubbed.notes)
            so_far = Pass(removed=so_far.removed, removing=scrubbed.removed, becomes=becomes)
            note = so_far.model_dump_json()
            await tools.store.write(follow_ups.note, task.work.key, note)
            await tools.confirm()
            try:
                await tools.crew_table.replace_notes(
                    event.event_id, seen=event.notes, notes=scrubbed.notes
                )
            except LostRace:
                so_far = Pass(removed=so_far.removed)
            else:
                so_far = so_far.wrote()
        return _gave_up(booking_id, so_far.removed)


def _gave_up(booking_id: str, removed: tuple[str, ...]) -> Message:
    if not removed:
        return replies.scrub_gave_up(booking_id)
    return replies.failed(
        booking_id,
        f"removed {', '.join(removed)}, but someone else keeps changing the crew event, so "
        "revenue may be in it again.",
        "Press Scrub revenue again in a minute.",
    )


async def _stored(task: Task, tools: Tools) -> StoredEvent:
    line = task.overview.step("crew_event")
    if line is None or line.artefact is None:
        ended = task.overview.state is State.CANCELLED
        hint = "" if ended else "Press Retry if its step failed."
        raise NeedsPerson(f"There is no crew event{'' if ended else ' yet'}.", hint)
    event = await tools.crew_table.get(line.artefact.id)
    if event is None:
        raise NeedsPerson(
            "The crew event is not in the crew service's table.",
            "Check crew_service.table in charter.toml with /charter doctor.",
        )
    return event


def _digest(notes: Any) -> str:
    """Of notes without revenue, whatever the order of their fields."""
    return sha256(json.dumps(notes, sort_keys=True, default=str).encode()).hexdigest()
