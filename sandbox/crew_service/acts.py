"""What a crew member does with an event: tick, answer, add a photograph. All of it is kept."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Literal

from botocore.exceptions import BotoCoreError, ClientError

from sandbox.aws.tables import Table
from sandbox.crew_service.letters import Letters
from sandbox.crew_service.passes import Holder
from sandbox.crew_service.shapes import is_over, readable
from sandbox.crew_service.tasks import tasks

Answer = Literal["accepted", "declined"]

MOST_PHOTOS = 200

_log = logging.getLogger(__name__)


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
        self._telling = asyncio.Lock()

    async def tick(self, holder: Holder, task_id: str, done: bool) -> bool:
        """Tick a task or take its tick back; the first to do so is the one who is named.

        Returns:
            Whether there is such a task.
        """
        words = {task.id: task.words for task in tasks(holder.event)}
        if task_id not in words:
            return False
        tick = {"done": done, "task": words[task_id][:200], **self._mark(holder)}
        await self._table.put_in(holder.event_id, task_id, {"checklist": tick}, unless_same="done")
        return True

    async def answer(self, holder: Holder, state: Answer) -> None:
        """Accept or decline; to say the same again changes nothing. The captain is told."""
        at = self._now().isoformat()
        answer = {"state": state, "name": holder.name, "at": at}
        confirmed = at if state == "accepted" else None
        # One write for both, so that none is declined and confirmed whatever comes at once.
        entries = {"answers": answer, "confirmed": confirmed}
        await self._table.put_in(holder.event_id, holder.crew_id, entries, unless_same="state")
        await self.tell(holder.event_id)

    async def add_photo(self, holder: Holder, photo_id: str, photo: dict[str, Any]) -> bool:
        """Keep that a photograph was uploaded: its `name`, `key` and `size` in bytes.

        Returns:
            Whether it was: not one that is kept already, nor one too many.
        """
        kept = {**photo, **self._mark(holder)}
        return await self._table.put_in(
            holder.event_id, photo_id, {"photos": kept}, most=MOST_PHOTOS
        )

    def owes(self, event: Mapping[str, Any]) -> list[str]:
        """Whose answers the captain has yet to hear of: declines, and changes of mind after one."""
        if is_over(event, self._now()):
            return []
        knows, answers = event["captain_knows"], event["answers"]
        return [
            crew_id
            for crew_id, answer in answers.items()
            if (answer["state"] == "declined") != (knows.get(crew_id) == "declined")
        ]

    async def tell(self, event_id: str) -> None:
        """Tell the captain what is owed, once.

        What a mail could not bring stays owed until the next act or look; no act fails by it.
        """
        async with self._telling:
            event = readable(await self._table.get(event_id) or {})
            for crew_id in self.owes(event) if event else ():
                try:
                    await self._tell_of(event, crew_id)
                except (BotoCoreError, ClientError) as error:
                    _log.warning("The captain was not told: %s", type(error).__name__)

    async def _tell_of(self, event: Mapping[str, Any], crew_id: str) -> None:
        answer = event["answers"][crew_id]
        await self._letters.answered(event, answer["name"], answer["state"])
        await self._table.put_in(event["event_id"], crew_id, {"captain_knows": answer["state"]})

    def _mark(self, holder: Holder) -> dict[str, str]:
        return {"by": holder.name, "crew_id": holder.crew_id, "at": self._now().isoformat()}
