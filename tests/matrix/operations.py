"""The operations of the matrix: asked of the bot's real clients, each with its right answer."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.message import Message
from bot.domain.outgoing import CalendarEntry, CrewEvent, Mail
from bot.services.ports import Invalidation, StoredEvent
from tests.matrix.clients import Clients
from tests.matrix.server import Reply

BOOKING = "xhqgmdh"
PAGE = b"<!doctype html><html><title>JADA</title><p>" + b"Welcome aboard. " * 20 + b"</html>"
MAIL_BYTES = b"From: captain@example.com\r\nSubject: Fwd: booking\r\n\r\nBooking ID: XHQGMDH\r\n"
_STARTS = datetime(2031, 1, 6, 10, tzinfo=ZoneInfo("America/Los_Angeles"))
_ENDS = datetime(2031, 1, 6, 13, tzinfo=ZoneInfo("America/Los_Angeles"))
ENTRY = CalendarEntry(
    booking_id=BOOKING,
    title="Charter",
    starts_at=_STARTS,
    ends_at=_ENDS,
    time_zone="America/Los_Angeles",
    guest_count=4,
    source="boatsetter",
    notes="",
)
EVENT = CrewEvent(
    event_name="JADA",
    booking_id=BOOKING,
    calendar_entry_id="entry-0",
    start_time=_STARTS,
    end_time=_ENDS,
    duration_hours=3,
    guest_count=4,
    crew_needed=("captain",),
    crew_tasks=("Check fuel",),
    notes="",
)
MAIL = Mail(
    to=("ops@example.com",), bcc=(), subject="Set up", text="Set up.", html="<p>Set up.</p>"
)
SAID = Message(text="XHQGMDH is set up.", blocks=())


def _json(body: Any, status: int = 200, *headers: tuple[str, str]) -> Reply:
    kind = ("content-type", "application/json")
    return Reply(status, json.dumps(body).encode(), (kind, *headers))


_REQUEST_ID = ("x-amzn-requestid", "3f1c")
_INVALIDATION = Reply(
    201,
    b'<?xml version="1.0"?><Invalidation xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">'
    b"<Id>I1</Id><Status>Completed</Status><CreateTime>2026-05-14T18:00:00Z</CreateTime>"
    b"</Invalidation>",
    (("content-type", "text/xml"), _REQUEST_ID),
)


@dataclass(frozen=True)
class Operation:
    """A row's family: `call` is its name in the simulated world, `good` what it is answered.

    `keyed`: the call's credential is a secret that is read anew once it is refused.
    """

    name: str
    call: str
    dialect: str
    good: Reply
    right: Any
    ask: Callable[[Clients], Awaitable[Any]]
    keyed: bool = False


def _slack(**more: Any) -> Reply:
    return _json({"ok": True, "ts": "1778781600.000001", **more})


OPERATIONS = (
    Operation(
        *("Slack post", "chat.post", "slack"),
        *(_slack(), "1778781600.000001"),
        lambda c: c.chat.post("C1", SAID, key="k"),
    ),
    Operation(
        *("Slack update", "chat.update", "slack"),
        *(_slack(), None),
        lambda c: c.chat.update("C1", "1.000001", SAID, key="k"),
    ),
    Operation(
        *("Slack file download", "chat.download", "slack file"),
        Reply(200, MAIL_BYTES, (("content-type", "message/rfc822"),)),
        MAIL_BYTES,
        lambda c: c.chat.download(f"{c.url}/files-pri/F1/mail.eml", limit=5_000_000),
    ),
    Operation(
        *("calendar find", "calendar.find", "http"),
        *(_json({"events": [{"id": "entry-0", "booking_id": BOOKING}]}), "entry-0"),
        lambda c: c.calendar.find(BOOKING),
        keyed=True,
    ),
    Operation(
        *("calendar create", "calendar.create", "http"),
        *(_json({"id": "entry-0"}, 201), "entry-0"),
        lambda c: c.calendar.create(ENTRY),
        keyed=True,
    ),
    Operation(
        *("crew service find", "crew_service.find", "http"),
        *(_json({"events": [{"event_id": "event-0", "booking_id": BOOKING}]}), "event-0"),
        lambda c: c.crew.find(BOOKING),
        keyed=True,
    ),
    Operation(
        *("crew service create", "crew_service.create", "http"),
        *(_json({"event_id": "event-0"}, 201), "event-0"),
        lambda c: c.crew.create(EVENT),
        keyed=True,
    ),
    Operation(
        *("crew service resend", "crew_service.resend", "http"),
        *(_json({"sent": 3}, 202), 3),
        lambda c: c.crew.resend("event-0"),
        keyed=True,
    ),
    Operation(
        *("S3 get", "s3.get", "s3"),
        Reply(
            200,
            PAGE,
            (
                ("content-type", "text/html; charset=utf-8"),
                ("x-amz-request-id", "3F"),
                ("etag", '"e"'),
            ),
        ),
        PAGE,
        lambda c: c.pages.get(f"g/{BOOKING}.html"),
    ),
    Operation(
        *("S3 put", "s3.put", "s3"),
        Reply(200, b"", (("etag", '"e"'), ("x-amz-request-id", "3F"))),
        None,
        lambda c: c.pages.put(f"g/{BOOKING}.html", PAGE),
    ),
    Operation(
        *("CloudFront invalidate", "cloudfront.invalidate", "aws xml"),
        *(_INVALIDATION, Invalidation("I1", done=True)),
        lambda c: c.edge.invalidate((f"/g/{BOOKING}",), "reference"),
    ),
    Operation(
        *("CloudFront status", "cloudfront.status", "aws xml"),
        *(_INVALIDATION, Invalidation("I1", done=True)),
        lambda c: c.edge.status("I1"),
    ),
    Operation(
        *("public site fetch", "site.fetch", "http"),
        *(Reply(200, PAGE, (("content-type", "text/html"),)), PAGE),
        lambda c: c.site.fetch(f"{c.url}/g/{BOOKING}"),
    ),
    Operation(
        *("SES send", "ses.send", "aws json"),
        *(_json({"MessageId": "mail-0"}, 200, _REQUEST_ID), "mail-0"),
        lambda c: c.mailer.send(MAIL),
    ),
    Operation(
        *("DynamoDB get", "dynamodb.get", "aws json"),
        _json(
            {"Item": {"event_id": {"S": "event-0"}, "notes": {"S": "Welcome."}}}, 200, _REQUEST_ID
        ),
        StoredEvent("event-0", "Welcome.", (), "your charter"),
        lambda c: c.table.get("event-0"),
    ),
    Operation(
        *("DynamoDB update", "dynamodb.update", "aws json"),
        *(_json({}, 200, _REQUEST_ID), None),
        lambda c: c.table.replace_notes("event-0", seen="Payout: $1", notes="Welcome."),
    ),
    Operation(
        *("Secrets Manager get", "secrets.get", "aws json"),
        _json({"Name": "n", "SecretString": '{"key": "key-canary-1"}'}, 200, _REQUEST_ID),
        "key-canary-1",
        lambda c: c.secrets.get(f"secretsmanager:{c.cell}#key"),
    ),
)
