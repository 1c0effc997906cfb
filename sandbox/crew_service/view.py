"""What a crew member may see of an event: no addresses, no keys, times in the event's zone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any, Literal

from sandbox.crew_service import words
from sandbox.crew_service.shapes import is_over
from sandbox.crew_service.tasks import Task, tasks

_SHOWN = ("event_id", "event_name", "start_time", "end_time", "guest_count", "crew_tasks", "notes")
_STATES = {"called": "Called", "accepted": "Accepted", "declined": "Declined"}


@dataclass(frozen=True)
class Person:
    """Somebody of the crew, as the others see them. `told`: the captain knows of the answer."""

    id: str
    name: str
    role: str
    state: str
    state_words: str
    at: str
    told: bool
    is_reader: bool


@dataclass(frozen=True)
class Photo:
    """A photograph that a member added."""

    name: str
    by: str
    at: str
    size: str


@dataclass(frozen=True)
class EventView:
    """An event for one of its crew; every text is ready to be shown."""

    event_id: str
    name: str
    day: str
    hours: str
    starts_at: str
    length: str
    guests: str
    guests_say: str
    countdown: str
    reader: Person
    crew: list[Person]
    tasks: list[Task]
    done: int
    notes: str
    named_notes: list[tuple[str, str]]
    photos: list[Photo]
    photos_state: Literal["early", "open", "closed"]
    photos_open: str
    photos_close: str
    zone: tzinfo | None

    @classmethod
    def of(
        cls, event: Mapping[str, Any], crew_id: str, now: datetime, grace: timedelta
    ) -> "EventView":
        """A readable event as the member with `crew_id` sees it at `now`.

        Photos close `grace` after its end.
        """
        start = words.moment(event["start_time"])
        zone = words.zone_of(start)
        start = start.astimezone(zone)
        end = words.moment(event["end_time"]).astimezone(zone)
        people = [_person(event, member, crew_id, zone) for member in event["crew"]]
        prose, named = words.notes(event.get("notes"))
        checklist = tasks(event)
        return cls(
            event_id=str(event["event_id"]),
            name=words.shown(event["event_name"]),
            day=words.day(start),
            hours=words.hours(start, end),
            starts_at=start.isoformat(),
            length=words.length(end - start),
            guests=_guests(event["guest_count"]),
            guests_say=_guests_say(event.get("guest_confirmation")),
            countdown=words.countdown(start, end, now),
            reader=next(person for person in people if person.is_reader),
            crew=people,
            tasks=checklist,
            done=sum(task.done for task in checklist),
            notes=prose,
            named_notes=named,
            photos=_photos(event, zone),
            photos_state=photos_state(event, now, grace),
            photos_open=words.full(end),
            photos_close=words.full(end + grace),
            zone=zone,
        )

    def said_at(self, at: datetime) -> str:
        """A moment on the event's clock."""
        return words.brief(at.astimezone(self.zone))

    def expiry(self, at: datetime) -> str:
        """Likewise, in full."""
        return words.full(at.astimezone(self.zone))


def photos_state(
    event: Mapping[str, Any], now: datetime, grace: timedelta
) -> Literal["early", "open", "closed"]:
    """Crew add photos from the charter's end until `grace` later."""
    if not is_over(event, now):
        return "early"
    return "open" if now <= words.moment(event["end_time"]) + grace else "closed"


def as_json(event: Mapping[str, Any], crew_id: str) -> dict[str, Any]:
    """The same for a program: as stored, with what became of it."""
    kept = {name: event[name] for name in _SHOWN if name in event}
    return {
        "crew_id": crew_id,
        **kept,
        "crew": [
            {"name": member["name"], "role": member.get("role", ""), "state": _state(event, member)}
            for member in event["crew"]
        ],
        "checklist": [
            {
                "id": task.id,
                "task": task.words,
                "done": task.done,
                "by": task.by,
                "at": task.at.isoformat() if task.at else None,
            }
            for task in tasks(event)
        ],
        "photos": len(event["photos"]),
    }


def _guests(count: int | None) -> str:
    return "" if count is None else words.count(count, "guest")


def _guests_say(confirmation: object) -> str:
    """How many come and what helps, in the guests' own words; whoever wrote it down."""
    if not isinstance(confirmation, Mapping):
        return ""
    count, note = confirmation.get("guest_count"), confirmation.get("note")
    said = [words.count(int(count), "guest")] if isinstance(count, (int, Decimal)) else []
    return ". ".join([*said, *([words.shown(note)] if isinstance(note, str) and note else [])])


def _state(event: Mapping[str, Any], member: Mapping[str, Any]) -> str:
    return str(event["answers"].get(member["id"], {}).get("state", "called"))


def _person(
    event: Mapping[str, Any], member: Mapping[str, Any], crew_id: str, zone: tzinfo
) -> Person:
    state = _state(event, member)
    at = event["answers"].get(member["id"], {}).get("at")
    return Person(
        id=str(member["id"]),
        name=words.shown(member["name"]),
        role=words.shown(member.get("role", "")).capitalize(),
        state=state,
        state_words=_STATES[state],
        at=words.brief(words.moment(at).astimezone(zone)) if at else "",
        told=event["captain_knows"].get(member["id"]) == state,
        is_reader=member["id"] == crew_id,
    )


def _photos(event: Mapping[str, Any], zone: tzinfo) -> list[Photo]:
    kept = sorted(event["photos"].values(), key=lambda photo: words.moment(photo["at"]))
    return [
        Photo(
            name=words.shown(photo["name"]),
            by=words.shown(photo["by"]),
            at=words.brief(words.moment(photo["at"]).astimezone(zone)),
            size=words.size(photo["size"]),
        )
        for photo in kept
    ]
