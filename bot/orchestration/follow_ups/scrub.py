from bot.domain.errors import NeedsPerson
from bot.domain.message import Message
from bot.domain.money import amounts
from bot.domain.scrub import scrub
from bot.orchestration.follow_ups.base import Task, Tools
from bot.services.ports import LostRace
from bot.store.queries import follow_ups
from bot.views import replies

_RACES = 5


class Scrub:
    """Takes revenue out of the stored crew event's notes, by a conditional write."""

    name = "scrub_revenue"
    not_within = None

    async def perform(self, task: Task, tools: Tools) -> Message:
        """See `Action.perform`."""
        removed = tuple((task.work.outcome or "").splitlines())
        for _ in range(_RACES):
            try:
                found = await self._once(task, tools)
            except LostRace:
                continue
            if not found:
                # Read back: nothing is left. What an earlier pass removed is in `removed`.
                return replies.scrubbed(task.overview.booking_id, removed)
            removed = tuple(dict.fromkeys((*removed, *found)))
        return replies.scrub_gave_up(task.overview.booking_id)

    async def _once(self, task: Task, tools: Tools) -> tuple[str, ...]:
        event = await tools.crew_table.get(_event_id(task))
        if event is None:
            raise NeedsPerson(
                "The crew event is not in the crew service's table.",
                "Check crew_service.table in charter.toml with /charter doctor.",
            )
        scrubbed = scrub(event.notes, amounts(task.charter, tools.services.costs))
        if scrubbed.removed:
            await tools.store.write(follow_ups.note, task.work.key, "\n".join(scrubbed.removed))
            await tools.crew_table.replace_notes(
                event.event_id, seen=event.notes, notes=scrubbed.notes
            )
        return scrubbed.removed


def _event_id(task: Task) -> str:
    line = task.overview.step("crew_event")
    if line is None or line.artefact is None:
        raise NeedsPerson("There is no crew event yet.", "Press Retry if its step failed.")
    return line.artefact.id
