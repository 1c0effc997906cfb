"""An event as its crew meet it: called by mail, opened by a link of one's own."""

import json
import re
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

import boto3
import httpx
import jwt

from sandbox.driver import Sandbox

LASTS = timedelta(hours=3)
CREW = {"captain": "captain@example.com", "crew_1": "crew.one@example.com"}


class CrewEvent:
    """One booking's event at the crew service."""

    def __init__(self, sandbox: Sandbox, booking_id: str) -> None:
        self.sandbox = sandbox
        self.booking_id = booking_id
        self.event_id = ""

    def call(self, *, ended: timedelta, **changes: Any) -> "CrewEvent":
        """Create it, for a charter that ended so long ago (negative: ends), which calls the crew."""
        ends = datetime.now(UTC) - ended
        event = {
            "event_name": "JADA Sat 30 May",
            "booking_id": self.booking_id,
            "calendar_entry_id": "evt_1",
            "start_time": (ends - LASTS).isoformat(),
            "end_time": ends.isoformat(),
            "duration_hours": 3,
            "guest_count": 4,
            "crew_needed": list(CREW),
            "crew_tasks": ["Check fuel", "Stock cooler", "Inspect sails"],
            "notes": "guest Marisol",
            **changes,
        }
        answer = httpx.post(
            f"{self.sandbox.urls['crew']}/prod/events",
            json=event,
            headers={"X-Service-Key": self._secrets["service_key"]},
            trust_env=False,
        )
        self.event_id = answer.raise_for_status().json()["event_id"]
        return self

    def link(self, crew_id: str) -> str:
        """What a member's mail leads to."""
        links = [re.search(r"http\S+", mail["text"])[0] for mail in self.mails(crew_id)]
        return links[-1]

    def link_ending(self, crew_id: str, days: float) -> str:
        """One that ends in so many days."""
        claims = {
            "crew_id": crew_id,
            "event_id": self.event_id,
            "exp": datetime.now(UTC) + timedelta(days=days),
        }
        token = jwt.encode(claims, self._secrets["jwt_secret"], "HS256")
        return f"{self.link(crew_id).partition('?')[0]}?magic_link={token}"

    def mails(self, crew_id: str) -> list[dict[str, Any]]:
        """What a member got about this event, oldest first."""
        got = self.sandbox.mails(CREW[crew_id])
        return [mail for mail in got if self.event_id in mail["text"]]

    def stored(self) -> dict[str, Any]:
        [event] = self.sandbox.crew_events(self.booking_id)
        return event

    def photos(self) -> list[bytes]:
        """Those of the crew in the bucket, sorted."""
        keys = self.sandbox.objects(f"uploads/{self.booking_id}/crew/")
        return sorted(self.sandbox.object(key) or b"" for key in keys)

    @cached_property
    def _secrets(self) -> dict[str, str]:
        env = self.sandbox.env
        client = boto3.client(
            "secretsmanager",
            endpoint_url=env["AWS_ENDPOINT_URL"],
            region_name=env["AWS_DEFAULT_REGION"],
            aws_access_key_id=env["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=env["AWS_SECRET_ACCESS_KEY"],
        )
        try:
            answer = client.get_secret_value(SecretId="charter/scc")
        finally:
            client.close()
        found: dict[str, str] = json.loads(answer["SecretString"])
        return found
