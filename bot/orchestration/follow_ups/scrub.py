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
            if refused := await _refused(task, tools, so_far):
                return refused
            becomes = _digest(scrubbed.notes)
            so_far = Pass(removed=so_far.removed, removing=scrubbed.removed, becomes=becomes)
            await _note(task, tools, so_far)
            await tools.confirm()
            try:
                await tools.crew_table.replace_notes(
                    event.event_id, seen=event.notes, notes=scrubbed.notes
                )
            except LostRace:
                so_far = Pass(removed=so_far.removed)
            else:
                so_far = so_far.wrote()
        if not so_far.removed:
            return replies.scrub_gave_up(booking_id)
        return _partly(
            booking_id,
            so_far.removed,
            "someone else keeps changing the crew event, so revenue may be in it again.",
            "Press Scrub revenue again in a minute.",
        )


async def _note(task: Task, tools: Tools, so_far: Pass) -> None:
    await tools.store.write(follow_ups.note, task.work.key, so_far.model_dump_json())


async def _refused(task: Task, tools: Tools, so_far: Pass) -> Message | None:
    """What is said where no operator stands for what is left to remove; None if one does."""
    if so_far.removed:  # else whoever goes on after an interruption could not tell
        await _note(task, tools, so_far)
    try:
        await tools.leave(task.work.user_id)
    except NeedsPerson as error:
        if not so_far.removed:
            raise
        why = "revenue was written again, and whoever asked for this is no operator any more."
        return _partly(task.overview.booking_id, so_far.removed, why, error.hint)
    return None


def _partly(booking_id: str, removed: tuple[str, ...], why: str, hint: str) -> Message:
    return replies.failed(booking_id, f"removed {', '.join(removed)}, but {why}", hint)


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
