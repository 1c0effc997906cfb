"""The checklist of an event: its tasks, and who ticked which when.

The tasks stay a list of words, as whoever creates the event sends them. What became of them is
beside it, in `checklist`, under ids made of the words: a list that is reordered or added to keeps
its ticks.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.crew_service.words import moment, shown

_READABLE = 32


@dataclass(frozen=True)
class Task:
    """One line of the checklist; `by` and `at` tell of the latest tick or of its taking back."""

    id: str
    words: str
    done: bool
    by: str
    at: datetime | None


def tasks(event: Mapping[str, Any]) -> list[Task]:
    """The checklist of a readable event, in its order; the same words twice are two tasks."""
    seen: Counter[str] = Counter()
    found = []
    for words in event["crew_tasks"]:
        seen[words] += 1
        task_id = _id(words, seen[words])
        found.append(_task(task_id, words, event["checklist"].get(task_id, {})))
    return found


def _task(task_id: str, words: str, tick: Mapping[str, Any]) -> Task:
    return Task(
        id=task_id,
        words=shown(words),
        done=bool(tick.get("done")),
        by=shown(tick.get("by", "")),
        at=moment(tick["at"]) if tick.get("at") else None,
    )


def _id(words: str, which: int) -> str:
    """An id that a person can read in the stored item and that no two tasks share."""
    readable = re.sub(r"[^a-z0-9]+", "-", words.lower())[:_READABLE].strip("-") or "task"
    digest = hashlib.sha256(f"{which}\0{words}".encode(errors="surrogatepass")).hexdigest()
    return f"{readable}-{digest[:8]}"
