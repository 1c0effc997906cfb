"""Stored events in the shapes that pages and mails rely on, whoever wrote them.

People with a console write into the table, too. What cannot be read is left out of what is shown,
and stays stored as it is.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from sandbox.crew_service.words import moment

_YEARS = range(1971, 9000)  # those that every zone and every grace leaves in the calendar


def _told(value: str) -> str:
    """The time itself; ValueError unless it can be read."""
    if moment(value).year not in _YEARS:
        raise ValueError("no year to sail in")
    return value


_Time = Annotated[str, AfterValidator(_told)]


class _Kept(BaseModel):
    model_config = ConfigDict(strict=True)


class _Times(_Kept):
    start_time: _Time
    end_time: _Time


class _Member(_Kept):
    id: str
    name: str
    email: str
    role: str = ""


class _Answer(_Kept):
    state: Literal["accepted", "declined"]
    name: str
    at: _Time


class _Tick(_Kept):
    done: bool
    by: str
    at: _Time


class _Photo(_Kept):
    name: str
    by: str
    at: _Time
    size: int


def readable(event: Mapping[str, Any]) -> dict[str, Any] | None:
    """The event with every attribute that is shown in its shape; None without times to read.

    `guest_count` is None if it is no number.
    """
    if not _fits(_Times, event):
        return None
    crew = event.get("crew")
    return {
        **event,
        "event_name": str(event.get("event_name") or "Charter"),
        "guest_count": _count(event.get("guest_count")),
        "crew": [one for one in crew if _fits(_Member, one)] if isinstance(crew, list) else [],
        "crew_tasks": _lines(event.get("crew_tasks")),
        "answers": _entries(event.get("answers"), _Answer),
        "checklist": _entries(event.get("checklist"), _Tick),
        "photos": _entries(event.get("photos"), _Photo),
        "captain_knows": _map(event.get("captain_knows")),
    }


def is_over(event: Mapping[str, Any], now: datetime) -> bool:
    """Whether the charter of a readable event has ended."""
    return now >= moment(event["end_time"]).astimezone(UTC)


def _fits(model: type[_Kept], value: object) -> bool:
    try:
        model.model_validate(value)
    except ValidationError:
        return False
    return True


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _entries(value: object, model: type[_Kept]) -> dict[str, Any]:
    return {name: entry for name, entry in _map(value).items() if _fits(model, entry)}


def _lines(value: object) -> list[str]:
    """Tasks as a list; a text has one on each line."""
    if isinstance(value, str):
        return [line.strip() for line in value.splitlines() if line.strip()]
    return [str(each) for each in value] if isinstance(value, list | tuple | set) else []


def _count(value: object) -> int | None:
    text = str(value).strip()
    return int(text) if text.isdecimal() and len(text) < 10 else None  # noqa: PLR2004 - a crowd
