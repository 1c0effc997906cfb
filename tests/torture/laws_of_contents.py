"""What was made is what somebody approved: in the words of the card that they pressed, and no sooner."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.views.press import APPROVE, CANCEL
from tests.torture.outside import Made
from tests.torture.world import Delivery, World

_ZONE = ZoneInfo("America/Los_Angeles")


def as_approved(world: World) -> Iterator[str]:
    """Law 3: nothing without an approval, nothing before it, and nothing but what its card said."""
    approvals = {
        row["booking_id"]: row
        for row in world.rows("SELECT * FROM audit WHERE who LIKE 'U0%' AND what = 'approved'")
    }
    systems = world.systems
    for made in (*systems.entries, *systems.events, *systems.uploads, *systems.mails):
        name = f"{made.id} of {made.booking_id}"
        approval = approvals.get(made.booking_id)
        if approval is None:
            yield f"{name} was made without an approval."
        elif (click := _click(world, approval)) is None:
            yield f"{name}: nobody pressed the button that is said to have approved it."
        elif made.at < click.at:
            yield f"{name} was made at {made.at:.2f} s, before its approval."
        else:
            yield from (f"{name}: {wrong}" for wrong in _of_another(world, made, click.seen))


def _click(world: World, approval: Any) -> Delivery | None:
    return next(
        (
            each
            for each in world.deliveries
            if (each.key, each.who, each.name) == (approval["origin"], approval["who"], APPROVE)
        ),
        None,
    )


def _of_another(world: World, made: Made, seen: str) -> Iterator[str]:
    """What of it was not on the card, or belongs to something else."""
    systems = world.systems
    if made in systems.mails:
        for each in (*systems.entries, *systems.events):
            if each.booking_id == made.booking_id and f"'{each.id}'" not in made.sent["text"]:
                yield f"it does not name {each.id}."
        return
    if made in systems.entries:
        says = _entry(made.sent)
    elif made in systems.events:
        says = _event(made.sent)
        entries = {each.id for each in systems.entries if each.booking_id == made.booking_id}
        if made.sent["calendar_entry_id"] not in entries:
            yield f"its calendar entry is {made.sent['calendar_entry_id']!r}, of {entries}."
    else:
        says = _page(page := json.loads(made.sent))
        if page["cancelled"] and not _asked_to_cancel(world, made):
            yield "it tells of a cancellation for which nobody asked."
    for label, value in says.items():
        if value != (shown := _on_card(seen, label)):
            yield f"{label}: {value!r}, and the card that was approved said {shown!r}."


def _on_card(seen: str, label: str) -> str:
    """What a card tells under a label; of guests their number, and not what the boat holds."""
    found = re.search(rf"^{label}\n: \n(.*)$", seen, re.MULTILINE)
    told = found[1] if found else ""
    return told.partition(" (")[0] if label == "Guests" else told


def _entry(sent: Mapping[str, Any]) -> dict[str, str]:
    begin, end = _local(sent["starts_at"]), _local(sent["ends_at"])
    name = f"{sent['booking_id'].upper()} ({sent['source']})"
    return {
        "Booking": name,
        "Boat": sent["title"].removesuffix(f" charter {sent['booking_id'].upper()}"),
        "When": _span(begin, end, (end - begin).total_seconds() / 3600),
        "Guests": str(sent["guest_count"]),
    }


def _event(sent: Mapping[str, Any]) -> dict[str, str]:
    begin, end = _local(sent["start_time"]), _local(sent["end_time"])
    return {
        "Boat": sent["event_name"].removesuffix(f" {begin:%a %d %b}"),
        "When": _span(begin, end, sent["duration_hours"]),
        "Guests": str(sent["guest_count"]),
        "Crew to be called": ", ".join(sent["crew_needed"]),
        "Their tasks": ", ".join(sent["crew_tasks"]),
    }


def _page(sent: Mapping[str, Any]) -> dict[str, str]:
    begin, end = _local(sent["starts_at"]), _local(sent["ends_at"])
    return {
        "Boat": sent["boat"]["name"],
        "When": _span(begin, end, (end - begin).total_seconds() / 3600),
        "Guests": str(sent["guest_count"]),
        "Renter": sent["guest_name"],
        "Their tasks": ", ".join(sent["crew_tasks"]),
    }


def _local(written: str) -> datetime:
    return datetime.fromisoformat(written).astimezone(_ZONE)


def _span(begin: datetime, end: datetime, hours: float) -> str:
    day = f"{begin:%a} {begin.day} {begin:%b %Y}"
    return f"{day}, {begin:%H:%M}\N{EN DASH}{end:%H:%M} {begin:%Z} ({hours:g} h)"


def _asked_to_cancel(world: World, page: Made) -> bool:
    return any(
        each.name == CANCEL and page.booking_id in each.written and each.at <= page.at
        for each in world.deliveries
    )
