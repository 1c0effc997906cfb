"""A world in which everything is well, whose answers a test can change."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.doctor import World
from bot.doctor.slack import SCOPES
from bot.domain.errors import NeedsPerson, Retriable
from bot.places import Places
from bot.services.doctor_ports import SlackAnswer
from bot.settings import load

NOW = datetime(2026, 5, 1, 12, 0, 0, tzinfo=UTC)
DATE = "Fri, 01 May 2026 12:00:01 GMT"
KEY = "canary-service-key"


@dataclass
class Healthy:
    """Answers by Slack method and AWS operation; `aws_date` and `slack_date` tell the time."""

    slack_answers: dict[str, Any] = field(default_factory=dict)
    aws_answers: dict[str, Any] = field(default_factory=dict)
    scopes: str = ",".join(sorted(SCOPES))
    slack_date: str = DATE
    secrets: dict[str, str] = field(default_factory=dict)
    stored: dict[str, bytes] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    calendar_error: Exception | None = None
    crew_error: Exception | None = None
    waiting: int | Exception = 0
    at_work: Places | None = None

    async def slack(self, method: str, *, as_app: bool = False, **given: str) -> SlackAnswer:
        assert as_app is (method == "apps.connections.open")
        answers: dict[str, Any] = {
            "auth.test": {"ok": True, "user": "charter", "team": "Sailors"},
            "api.test": {"ok": True},
            "apps.connections.open": {"ok": True, "url": "wss://canary"},
            "conversations.info": {"ok": True, "channel": {"name": "charters", "is_member": True}},
            "users.info": {"ok": True, "user": {"id": given.get("user")}},
            "usergroups.users.list": {"ok": True, "users": ["U0MATE"]},
        } | self.slack_answers
        found = answers[method]
        if isinstance(found, Exception):
            raise found
        return SlackAnswer(found, {"x-oauth-scopes": self.scopes, "date": self.slack_date})

    async def aws(
        self,
        service: str,
        operation: str,
        *,
        role_arn: str = "",
        about: str = "",
        absent: frozenset[str] = frozenset(),
        **given: Any,
    ) -> Mapping[str, Any]:
        known_hash = hashlib.sha256(KEY.encode()).hexdigest()
        answers: dict[str, Any] = {
            "get_function_configuration": {
                "Environment": {"Variables": {"SERVICE_KEY_HASH": known_hash}}
            },
            "describe_table": {"Table": {"TableStatus": "ACTIVE"}},
            "get_email_identity": {"VerifiedForSendingStatus": True},
            "get_account": {"SendingEnabled": True, "ProductionAccessEnabled": True},
            "get_caller_identity": {"ResponseMetadata": {"HTTPHeaders": {"date": DATE}}},
            "get_distribution_config": {"DistributionConfig": {"DefaultCacheBehavior": {}}},
        } | self.aws_answers
        found = answers[operation]
        if callable(found):
            found = found(given)
        if isinstance(found, Exception):
            raise found
        return found

    async def get(self, reference: str, *, fresh: bool = False) -> str:
        if reference in self.secrets:
            return self.secrets[reference]
        if "service_key" in reference:
            return KEY
        return "canary-secret"

    async def pending_elsewhere(self) -> int:
        if isinstance(self.waiting, Exception):
            raise self.waiting
        return self.waiting

    async def places(self) -> Places | None:
        return self.at_work


@dataclass
class Finder:
    error: Exception | None

    async def find(self, booking_id: str) -> None:
        if self.error:
            raise self.error


@dataclass
class Pages:
    """Bucket and public site at once: `broken` spellings answer 404, or other bytes."""

    healthy: Healthy

    def keys(self, booking_id: str) -> tuple[str, ...]:
        return (f"g/{booking_id}.html", f"g/{booking_id.upper()}.html")

    async def get(self, key: str) -> bytes | None:
        return self.healthy.stored.get(key)

    async def put(self, key: str, body: bytes) -> None:
        self.healthy.stored[key] = body

    def urls(self, booking_id: str) -> tuple[str, ...]:
        site = "https://queenofsandiego.com/g"
        return (f"{site}/{booking_id}", f"{site}/{booking_id.upper()}")

    async def fetch(self, url: str) -> bytes:
        slug = url.rsplit("/", 1)[-1]
        if self.healthy.pages.get(slug) == "missing":
            raise Retriable(f"The page is not there under {url} (404).")
        if self.healthy.pages.get(slug) == "other":
            return b"somebody else's page"
        return self.healthy.stored[f"g/{slug}.html"]


def world_of(healthy: Healthy, tmp_path: Path, **environ: str) -> World:
    example = Path(__file__).parents[2] / "charter.example.toml"
    tokens = {
        "SLACK_BOT_TOKEN": "xoxb-canary",
        "SLACK_APP_TOKEN": "xapp-canary",
        "SLACK_SIGNING_SECRET": "canary",
        "CHARTER_DATABASE_URL": f"sqlite:///{tmp_path}/charter.db",
    }
    pages = Pages(healthy)
    return World(
        settings=load(example, tokens | environ, http="SLACK_APP_TOKEN" in environ),
        slack=healthy.slack,
        aws=healthy.aws,
        secrets=healthy,
        calendar=Finder(healthy.calendar_error),
        crew_service=Finder(healthy.crew_error),
        guest_pages=pages,
        public_site=pages,
        pending_elsewhere=healthy.pending_elsewhere,
        places=healthy.places,
        now=lambda: NOW,
    )


def forbidden(what: str) -> NeedsPerson:
    return NeedsPerson(f"AWS does not allow {what}.", "The policies to copy are in deploy/.")
