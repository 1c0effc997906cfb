"""The rehearsal's charter.toml, in the form that every deployment writes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.aws import accounts

Tables = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Addresses:
    """Where the stand-ins listen."""

    calendar: str
    crew: str
    edge: str


def charter_toml(addresses: Addresses, changes: Mapping[str, Mapping[str, Any]]) -> str:
    """The file's text; `changes` replaces keys section by section (None takes one out).

    The section "boats" is the one boat.
    """
    tables = _tables(addresses)
    for section, values in changes.items():
        tables.setdefault(section, {}).update(values)
    boat = tables.pop("boats")
    text = "".join(f"[{name}]\n{_lines(values)}\n" for name, values in tables.items())
    return f"{text}[[boats]]\n{_lines(boat)}"


def _lines(values: Mapping[str, Any]) -> str:
    # JSON's strings, numbers, booleans and flat lists are TOML's.
    return "".join(
        f"{key} = {json.dumps(value, ensure_ascii=False)}\n"
        for key, value in values.items()
        if value is not None
    )


def _tables(addresses: Addresses) -> Tables:
    return {
        "slack": {
            "channel": "C0CHARTERS",
            "operators": ["U0CAPTAIN", "S0OPS"],
            "show_payout": True,
        },
        "calendar": {
            "kind": "jada",
            "url": f"{addresses.calendar}/prod",
            "token": f"secretsmanager:{accounts.JADA_SECRET}#dashboard_token",
            "table": accounts.CALENDAR_TABLE,
        },
        "crew_service": {
            "url": f"{addresses.crew}/prod",
            "key": f"secretsmanager:{accounts.CREW_SECRET}#service_key",
            "credential": "x-service-key",
            "table": accounts.CREW_TABLE,
            "function": accounts.CREW_FUNCTION,
            "crew_link": f"{addresses.crew}/crew/event/{{event_id}}",
            "resend": "api",
            "link_secret": f"secretsmanager:{accounts.CREW_SECRET}#jwt_secret",
            "role_arn": accounts.CREW_ROLE,
        },
        "guest_pages": {
            "bucket": accounts.GUEST_BUCKET,
            "key": "g/{slug}.html",
            "case_alias": True,
            "public_url": f"{addresses.edge}/g/{{slug}}",
            "distribution_id": f"secretsmanager:{accounts.GUEST_SECRET}#distribution_id",
            "presign_url": f"{addresses.crew}/prod/g/presign",
            "photo_grace_hours": 24,
            "role_arn": accounts.GUEST_ROLE,
            "contact": "+1 619 555 0100",
            "checklist": True,
        },
        "guest_pages.theme": {"name": "Sail JADA"},
        "mail": {
            "sender": accounts.SENDER,
            "operations": ["ops@sailjada.com"],
            "crew_summary": False,
            "role_arn": accounts.MAIL_ROLE,
        },
        "money": {
            "crew_cost": "250.00",
            "captain_fee": "150.00",
            "port_fee_percent": "18",
        },
        "boats": {
            "name": "JADA",
            "listings": ["Sail San Diego Bay aboard JADA"],
            "time_zone": "America/Los_Angeles",
            "capacity": 6,
            "turnaround_minutes": 60,
            "crew": ["captain", "crew_1", "crew_2"],
            "crew_tasks": ["Check fuel", "Stock cooler", "Inspect sails", "Safety briefing"],
            "meeting_point": "Harbor Island Drive, San Diego",
        },
    }
