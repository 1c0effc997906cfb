"""Canaries in every secret, contact and amount: none may reach a log line or an error."""

import logging
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import structlog

from bot.domain.errors import ServiceError
from bot.domain.outgoing import CalendarEntry, CrewEvent, Mail
from bot.services.aws import AwsAccounts
from bot.services.calendar import JadaCalendar
from bot.services.crew_service import ShipCaptainCrew
from bot.services.mailer import SesMailer
from bot.services.secrets import SecretStore

CANARIES = ("canary-token", "canary-key", "canary@example.com", "840.75", "canary-echo")
NOON = datetime(2026, 5, 30, 12, tzinfo=UTC)
ENTRY = CalendarEntry(
    booking_id="xhqgmdh",
    title="canary-token",
    starts_at=NOON,
    ends_at=NOON,
    time_zone="UTC",
    guest_count=1,
    source="boatsetter",
    notes="canary@example.com 840.75",
)
EVENT = CrewEvent(
    event_name="x",
    booking_id="xhqgmdh",
    calendar_entry_id="cal-1",
    start_time=NOON,
    end_time=NOON,
    duration_hours=1,
    guest_count=1,
    crew_needed=(),
    crew_tasks=(),
    notes="canary@example.com 840.75",
)
MAIL = Mail(to=("canary@example.com",), subject="840.75", text="canary-key", html="canary-key")


def said_by(error: BaseException) -> str:
    """All that any logger could print of an error, with the errors behind it."""
    behind, seen = [error], []
    while behind:
        one = behind.pop()
        seen.append(repr(one) + repr(one.__dict__) + "".join(traceback.format_exception(one)))
        behind += [other for other in (one.__cause__, one.__context__) if other]
    return "".join(seen)


def faults(stand_in: Any) -> list[Callable[[], None]]:
    """Every way in which a service may fail, quoting back whatever it was sent."""
    echo = {"detail": "canary-echo", "sent": "canary-key 840.75 canary@example.com"}
    statuses = (200, 301, 400, 401, 403, 404, 422, 429, 500, 503)
    return [
        *(
            lambda status=status: stand_in.answers(
                status, echo, Location="https://x.example/?t=canary-token", X_Echo="canary-echo"
            )
            for status in statuses
        ),
        lambda: stand_in.answers(200, "<html>canary-echo"),
        stand_in.hangs_up,
        stand_in.never_answers,
    ]


async def test_no_canary_reaches_a_log_line_or_an_error(
    http: Any, stand_in: Any, vault: Any, log: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    held = vault(token="canary-token", key="canary-key")
    calendar = JadaCalendar(http, held, token="env:token", lookup=None)  # type: ignore[arg-type]
    told = []
    for fault in faults(stand_in):
        fault()
        asks = [calendar.create(ENTRY)]
        for credential in ("x-service-key", "authorization", "body"):
            crew = ShipCaptainCrew(
                http,
                held,
                key="env:key",
                credential=credential,  # type: ignore[arg-type]
                lookup=None,  # type: ignore[arg-type]
                crew_link="https://x.example/{event_id}",
                function="ShipCaptainCrew",
            )
            asks += [crew.create(EVENT)]
        for ask in asks:
            with pytest.raises(ServiceError) as failed:
                await ask
            structlog.get_logger().exception("failed", exc_info=failed.value)
            told.append(said_by(failed.value))
    sent = "".join(asked.text + str(asked.headers) for asked in stand_in.asked)
    assert all(canary in sent for canary in CANARIES[:4]), "the canaries were really sent"
    seen = log.getvalue() + caplog.text + "".join(told)
    assert not [canary for canary in CANARIES if canary in seen]
    assert len(told) == 4 * len(faults(stand_in))


async def test_no_canary_reaches_a_log_line_or_an_error_of_aws(
    accounts: AwsAccounts, emulator: Any, log: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    manager = emulator.admin("secretsmanager", emulator.home)
    manager.create_secret(Name="charter/canary", SecretString='{"a": "canary-token"}')
    store = SecretStore({"KEY": "canary-key"}, accounts.client("secretsmanager"))
    assert await store.get("secretsmanager:charter/canary#a") == "canary-token"
    told = []
    for ask in (
        store.get("secretsmanager:charter/canary#b"),
        store.get("canary-key"),
        SesMailer(accounts.client("sesv2"), "me@example.com").send(MAIL),
        accounts.client("sesv2").call("send_email", Content="canary-key"),
    ):
        with pytest.raises(ServiceError) as failed:
            await ask
        structlog.get_logger().exception("failed", exc_info=failed.value)
        told.append(said_by(failed.value))
    seen = log.getvalue() + caplog.text + "".join(told) + repr(store)
    assert not [canary for canary in CANARIES if canary in seen]
