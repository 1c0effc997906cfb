"""A charter as its guests meet it: an event at the crew service, a page in the bucket."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from bot.domain.boat import Boat
from bot.domain.charter import Charter
from bot.settings import Settings, load
from bot.wiring_templates import templates_of
from sandbox.driver import Sandbox

LASTS = timedelta(hours=3)
JPEG, PNG = b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n"
HEIC = b"\x00\x00\x00\x18ftypheic"


class GuestCharter:
    """One booking's charter. Times are in UTC, told from now."""

    def __init__(self, sandbox: Sandbox, booking_id: str) -> None:
        self.booking_id = booking_id
        self._sandbox = sandbox
        self._settings: Settings = load(Path(sandbox.env["CHARTER_CONFIG"]), sandbox.env)
        self._event_id = ""

    @property
    def boat(self) -> Boat:
        return self._settings.boats[0]

    @property
    def url(self) -> str:
        return f"{self._sandbox.urls['edge']}/g/{self.booking_id.upper()}"

    def publish(
        self, *, ended: timedelta, event_ended: timedelta | None = None, **changes: Any
    ) -> str:
        """Have the page and the event of a charter that ended so long ago (negative: ends); the URL.

        `event_ended`: where the crew service thinks otherwise than the page.
        """
        self._event_id = self._sandbox.put_legacy_event(self.booking_id, notes="Gate B")["event_id"]
        self.event_ended(ended if event_ended is None else event_ended)
        page = self.page(datetime.now(UTC) - ended, **changes)
        with self._bucket() as bucket:
            bucket.put_object(
                Bucket=self._settings.guest_pages.bucket,
                Key=f"g/{self.booking_id}.html",
                Body=page,
                ContentType="text/html; charset=utf-8",
            )
        return self.url

    def page(
        self,
        ends_at: datetime,
        *,
        cancelled: bool = False,
        contact: str | None = None,
        **changes: Any,
    ) -> bytes:
        """The page as the deployment renders it; `contact`: where it names another, or ""."""
        values = {
            "booking_id": self.booking_id,
            "marketplace": "boatsetter",
            "boat": self.boat,
            "starts_at": ends_at - LASTS,
            "ends_at": ends_at,
            "passengers": 4,
            "guest_name": "Marisol",
            "crew_tasks": self.boat.crew_tasks,
        }
        charter = Charter(**{**values, **changes})
        settings = self._settings
        if contact is not None:
            pages = settings.guest_pages.model_copy(update={"contact": contact})
            settings = settings.model_copy(update={"guest_pages": pages})
        return templates_of(settings).guest_page(charter, cancelled=cancelled)

    def event_ended(self, ago: timedelta) -> None:
        """Have the crew service believe it."""
        ends = datetime.now(UTC) - ago
        self._sandbox.write_event_by_hand(
            self._event_id, start_time=(ends - LASTS).isoformat(), end_time=ends.isoformat()
        )

    def stored(self) -> list[bytes]:
        """The photos in the bucket, in the order of their keys."""
        keys = self._sandbox.objects(f"uploads/{self.booking_id}/")
        return [self._sandbox.object(key) or b"" for key in keys]

    def confirmation(self) -> Any:
        """What the guests' confirmation left at the crew service."""
        (event,) = self._sandbox.crew_events(self.booking_id)
        return event.get("guest_confirmation")

    def asked(self, operation: str) -> int:
        """How often the crew service was asked for something in all."""
        return sum(call["operation"] == operation for call in self._sandbox.calls("crew_service"))

    @contextmanager
    def _bucket(self) -> Iterator[Any]:
        env = self._sandbox.env
        endpoint = {
            "endpoint_url": env["AWS_ENDPOINT_URL"],
            "region_name": env["AWS_DEFAULT_REGION"],
        }
        own = {
            "aws_access_key_id": env["AWS_ACCESS_KEY_ID"],
            "aws_secret_access_key": env["AWS_SECRET_ACCESS_KEY"],
        }
        role = self._settings.guest_pages.role_arn
        sts = boto3.client("sts", **endpoint, **own)
        lent = sts.assume_role(RoleArn=role, RoleSessionName="guest")["Credentials"]
        sts.close()
        client = boto3.client(
            "s3",
            config=Config(s3={"addressing_style": "path"}),
            aws_access_key_id=lent["AccessKeyId"],
            aws_secret_access_key=lent["SecretAccessKey"],
            aws_session_token=lent["SessionToken"],
            **endpoint,
        )
        try:
            yield client
        finally:
            client.close()
