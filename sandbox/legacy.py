"""Crew events as people wrote them before: with revenue in their notes."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import uuid4

from sandbox.crew_service.roster import members

_REVENUE = {"owner_payout": "840.75", "captain_fee": "150.00", "crew_cost": "250.00"}
_HARMLESS = {"guest": "Marisol", "dock": "Gate B"}
_SENTENCE = "Payout $840.75, captain fee $150.00 and crew cost $250.00."
_PROSE = f"Guest Marisol, Gate B. {_SENTENCE} Bring extra water."


def legacy_event(
    booking_id: str,
    shape: Literal["json", "map", "prose"] = "json",
    event_id: str | None = None,
    notes: Any = None,
) -> dict[str, Any]:
    """An event for the crew service's table, its notes in one of three shapes or as given."""
    now = datetime.now(UTC)
    shapes: dict[str, Any] = {
        "json": json.dumps({**_REVENUE, **_HARMLESS}),
        "map": {**_REVENUE, **_HARMLESS},
        "prose": _PROSE,
    }
    return {
        "event_id": event_id or f"scc-{uuid4().hex[:12]}",
        "event_name": f"Charter {booking_id.upper()}",
        "booking_id": booking_id,
        "calendar_entry_id": "evt_by_hand",
        "start_time": (now + timedelta(days=7)).isoformat(),
        "end_time": (now + timedelta(days=7, hours=3)).isoformat(),
        "crew": members(["captain", "crew_1"]),
        "crew_tasks": ["Check fuel"],
        "guest_count": 4,
        "notes": shapes[shape] if notes is None else notes,
    }


def with_revenue(notes: Any) -> Any:
    """The notes as somebody with a console leaves them: with what the owner earns among them."""
    try:
        held = json.loads(notes) if isinstance(notes, str) else notes
    except ValueError:
        held = None
    if isinstance(held, dict):
        changed = {**held, **_REVENUE}
        return json.dumps(changed) if isinstance(notes, str) else changed
    return f"{notes or ''} {_SENTENCE}".strip()
