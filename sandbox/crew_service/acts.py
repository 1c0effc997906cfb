"""What a crew member does with an event: tick, answer, add a photograph. All of it is kept."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

from sandbox.aws.tables import Table
from sandbox.crew_service.letters import Letters
from sandbox.crew_service.passes import Holder
from sandbox.crew_service.tasks import tasks

Answer = Literal["accepted", "declined"]


class CrewActs:
    """Writes them, each under its own path of the item, so that no act undoes another.

    Args:
        table: the crew's events.
        letters: mail to the captain.
        now: the time of day, in UTC.
    """

    def __init__(self, table: Table, letters: Letters, now: Callable[[], datetime]) -> None:
        self._table = table
        self._letters = letters
        self._now = now

    async def tick(self, holder: Holder, task_id: str, done: bool) -> bool:
        """Tick a task or take its tick back; the first to do so is the one who is named.

        Returns:
            Whether there is such a task.
        """
        words = {task.id: task.words for task in tasks(holder.event)}
        if task_id not in words:
            return False
        tick = {"done": done, "task": words[task_id][:200], **self._mark(holder)}
        await self._table.put_in(holder.event_id, "checklist", task_id, tick, unless_same="done")
        return True

    async def answer(self, holder: Holder, state: Answer) -> None:
        """Accept or decline. The captain hears of a decline, and of a change of mind after it."""
        before = (holder.event.get("answers") or {}).get(holder.crew_id, {}).get("state")
        answer = {"state": state, "name": holder.name, "at": self._now().isoformat()}
        changed = await self._table.put_in(
            holder.event_id, "answers", holder.crew_id, answer, unless_same="state"
        )
        if state == "accepted":
            at = answer["at"]
            await self._table.put_in(holder.event_id, "confirmed", holder.crew_id, at)
        else:
            await self._table.take_out(holder.event_id, "confirmed", holder.crew_id)
        if changed and "declined" in (state, before):
            await self._letters.answered(holder.event, holder.name, state)

    async def add_photo(self, holder: Holder, photo_id: str, photo: dict[str, Any]) -> None:
        """Keep that a photograph was uploaded: its `name`, `key` and `size` in bytes."""
        kept = {**photo, **self._mark(holder)}
        await self._table.put_in(holder.event_id, "photos", photo_id, kept)

    def _mark(self, holder: Holder) -> dict[str, str]:
        return {"by": holder.name, "crew_id": holder.crew_id, "at": self._now().isoformat()}
