"""Mail by HTTP at the door: what is let in, what is written down, and what the sender is told."""

import asyncio
import base64
import gzip
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from aiohttp import web

from bot.domain.errors import NeedsPerson
from bot.mail.envelope import open_mail
from bot.mail.heading import heading
from bot.store.queries import mails
from bot.store.store import Store
from handlers import inbound

NOW = 1_778_800_000
SECRET = "a secret of some length"
RAW = (
    b"Message-ID: <1@example.com>\r\nFrom: a@example.com\r\nSubject: Hello\r\n\r\nBooking ID: x\r\n"
)
MIME = {"Content-Type": "message/rfc822"}
JSON = {"Content-Type": "application/json"}


@dataclass
class Door:
    """A served endpoint, its seams, and somebody who knocks."""

    store: Store
    url: str = ""
    submitted: list[dict[str, Any]] = field(default_factory=list)
    secrets: list[str | Exception] = field(default_factory=lambda: [SECRET])
    asked_fresh: int = 0
    ticks: float = 0.0

    async def submit(self, _job: str, _key: str, payload: dict[str, Any]) -> None:
        # Written down first: whoever works on it finds it there.
        assert await self.store.read(mails.raw, payload["key"])
        self.submitted.append(payload)

    async def get(self, _reference: str, *, fresh: bool = False) -> str:
        if fresh:
            self.asked_fresh += 1
            self.secrets = self.secrets[-1:]
        if isinstance(self.secrets[0], Exception):
            raise self.secrets[0]
        return self.secrets[0]

    async def knocks(
        self,
        body: bytes = RAW,
        headers: dict[str, str] = MIME,
        *,
        timestamp: str = str(NOW),
        secret: str = SECRET,
        method: str = "POST",
        **changed: str,
    ) -> httpx.Response:
        signed = b"v1:" + timestamp.encode() + b":" + body
        made = "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
        sent = {"X-Charter-Timestamp": timestamp, "X-Charter-Signature": made, **headers}
        sent |= {name.replace("_", "-"): value for name, value in changed.items()}
        async with httpx.AsyncClient(trust_env=False) as client:
            return await client.request(method, self.url, content=body, headers=sent)

    async def kept(self, key: str) -> bytes | None:
        return await self.store.read(mails.raw, key)


@pytest.fixture
async def door(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Door]:
    store = Store.open(f"sqlite:///{tmp_path / 'charter.db'}")
    await store.migrate()
    made = Door(store)
    desk = SimpleNamespace(
        jobs=made,
        store=store,
        policy=SimpleNamespace(channel="C0CHARTERS"),
        clock=lambda: datetime.fromtimestamp(NOW, UTC),
    )
    served = inbound.InboundMail(
        desk,
        made,
        getattr(request, "param", "secretsmanager:charter/inbound#secret"),
        now=lambda: NOW,
        clock=lambda: made.ticks,
    )
    app = web.Application()
    app.router.add_route("*", inbound.PATH, served.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}{inbound.PATH}"
    yield made
    await runner.cleanup()
    store.close()


# What is let in


async def test_a_signed_mail_is_written_down_before_it_is_acknowledged(door):
    answer = await door.knocks()
    assert answer.status_code == 202
    key = answer.json()["id"]
    assert await door.kept(key) == RAW
    ((submitted),) = door.submitted
    assert (submitted["key"], submitted["channel"]) == (key, "C0CHARTERS")


async def test_the_same_mail_has_one_id_whichever_hops_it_came_by(door):
    by_another_hop = b"Received: from elsewhere\r\n" + RAW.replace(b"\r\n", b"\n")
    ids = [(await door.knocks(body)).json()["id"] for body in (RAW, RAW, by_another_hop)]
    assert len(set(ids)) == 1
    assert await door.kept(ids[0]) == RAW


async def test_another_mail_cannot_hide_behind_a_known_message_id(door):
    other = RAW.replace(b"Booking ID: x", b"Booking ID: y")
    ids = [(await door.knocks(body)).json()["id"] for body in (other, RAW)]
    assert len(set(ids)) == 2
    assert await door.kept(ids[1]) == RAW


@pytest.mark.parametrize("timestamp", [NOW - 300, NOW + 300])
async def test_clocks_may_be_five_minutes_apart(door, timestamp):
    assert (await door.knocks(timestamp=str(timestamp))).status_code == 202


# What mail services post


POSTMARK = {
    "From": "noreply@example.com",
    "FromFull": {"Email": "boat@example.com", "Name": "Boat, Setter", "MailboxHash": ""},
    "To": "in@example.com",
    "Subject": "You have a new booking",
    "Date": "Thu, 14 May 2026 11:00:00 -0700",
    "MessageID": "22c74902-a0c1-4511-804f2-341342852c90",
    "Headers": [{"Name": "Message-ID", "Value": "<own@example.com>"}],
    "TextBody": "Booking ID: sömething",
    "HtmlBody": "<p>Booking ID: sömething</p>",
    "Attachments": [
        {
            "Name": "trip.ics",
            "ContentType": "text/calendar; charset=utf-8",
            "Content": base64.b64encode(b"BEGIN:VCALENDAR").decode(),
        }
    ],
}
CLOUDMAILIN = {
    "headers": {
        "from": "Boat Setter <boat@example.com>",
        "subject": "You have a new booking",
        "message_id": "<own@example.com>",
        "received": ["by one", "by another"],
    },
    "envelope": {"from": "boat@example.com"},
    "plain": "Booking ID: sömething",
    "html": "<p>Booking ID: sömething</p>",
    "attachments": [
        {
            "file_name": "trip.ics",
            "content_type": "text/calendar",
            "content": base64.b64encode(b"BEGIN:VCALENDAR").decode(),
        }
    ],
}


@pytest.mark.parametrize("told", [POSTMARK, CLOUDMAILIN], ids=["Postmark", "CloudMailin"])
async def test_a_services_json_becomes_the_mail_that_it_tells_of(door, told):
    body = json.dumps(told).encode()
    answers = [await door.knocks(body, JSON) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()
    mail = message_from_bytes(await door.kept(answers[0].json()["id"]), policy=policy.default)
    assert mail["Subject"] == "You have a new booking"
    assert mail["Message-ID"] == "<own@example.com>"
    assert mail["From"].addresses[0].addr_spec == "boat@example.com"
    assert mail.get_body(("plain",)).get_content().strip() == "Booking ID: sömething"
    assert mail.get_body(("html",)).get_content().strip() == "<p>Booking ID: sömething</p>"
    (calendar,) = mail.iter_attachments()
    assert (calendar.get_content_type(), calendar.get_filename()) == ("text/calendar", "trip.ics")
    assert calendar.get_payload(decode=True) == b"BEGIN:VCALENDAR"


ODD_HEADERS = {
    "an id in brackets": {"MessageID": "[8a9f]@microsoft.com"},
    "an id of Microsoft": {"Headers": [{"Name": "Message-ID", "Value": "<[8a9f]@microsoft.com>"}]},
    "an empty id": {"Headers": [{"Name": "Message-ID", "Value": "<>"}]},
    "no id": {"Headers": [], "MessageID": ""},
    "half an address": {"FromFull": None, "From": "<a@[", "To": "<a@[", "ReplyTo": "<a@["},
    "an address of other letters": {"FromFull": {"Name": 'José "Pepe"', "Email": "josé@x.example"}},
    "lines": {"Subject": "You have a\r\nBcc: x@y.example\n\n new booking"},
}


@pytest.mark.parametrize("odd", ODD_HEADERS.values(), ids=ODD_HEADERS)
async def test_a_good_mail_with_an_odd_header_is_taken_and_can_be_read(door, odd):
    answer = await door.knocks(json.dumps({**POSTMARK, **odd}).encode(), JSON)
    assert answer.status_code == 202
    kept = await door.kept(answer.json()["id"])
    assert kept.count(b"MIME-Version") == 1
    assert b"\nBcc" not in kept
    envelope = open_mail(kept)
    assert (envelope.text.strip(), len(envelope.calendars)) == ("Booking ID: s\xf6mething", 1)
    assert "You have a" in envelope.subject


async def test_headers_are_kept_as_they_were_told_and_none_is_made_up(door):
    kept = []
    for name in ("an id of Microsoft", "no id", "an address of other letters"):
        told = {**POSTMARK, **ODD_HEADERS[name]}
        answer = await door.knocks(json.dumps(told).encode(), JSON)
        kept.append(await door.kept(answer.json()["id"]))
    assert b"Message-ID: <[8a9f]@microsoft.com>\r\n" in kept[0]
    assert b"message-id" not in kept[1].lower()
    assert heading(kept[2]).sender == '"José \\"Pepe\\"" <josé@x.example>'


async def test_mails_that_are_made_to_be_slow_keep_nobody_waiting(door):
    """100,000 parts attached take the standard library half a minute."""
    many = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 100_000
    attached = {
        "Name": "original.eml",
        "ContentType": "message/rfc822",
        "Content": base64.b64encode(many).decode(),
    }
    bodies = [
        {**POSTMARK, "Attachments": [attached]},
        {**POSTMARK, "TextBody": "\n" * 1_000_000, "HtmlBody": "=\n" * 500_000},
        [[]] * 1_000_000,
    ]
    statuses = []
    for told in bodies:
        body = json.dumps(told).encode()
        knocking = asyncio.create_task(door.knocks(body, JSON))
        turns = [time.perf_counter()]
        while not knocking.done():
            await asyncio.sleep(0.001)
            turns.append(time.perf_counter())
        held_up = max(after - before for before, after in pairwise(turns))
        assert (
            held_up < (turns[-1] - turns[0]) / 3
        )  # read here, it would hold up all but the sending
        statuses.append(knocking.result().status_code)
    assert statuses == [202, 202, 422]
    assert many in await door.kept(door.submitted[0]["key"])


@pytest.mark.parametrize("told", [{**POSTMARK, "RawEmail": RAW.decode()}, {"raw": RAW.decode()}])
async def test_json_that_holds_the_whole_mail_gives_that_one(door, told):
    answer = await door.knocks(json.dumps(told).encode(), JSON)
    assert await door.kept(answer.json()["id"]) == RAW


async def test_an_attached_original_keeps_its_very_bytes(door):
    folded = b"Subject: " + b"long " * 40 + b"\r\nDKIM-Signature: v=1;\r\n\tb=x\r\n\r\nHello\r\n"
    original = {
        "Name": "original.eml",
        "ContentType": "message/rfc822",
        "Content": base64.b64encode(folded).decode(),
    }
    body = json.dumps({**POSTMARK, "Attachments": [original]}).encode()
    answer = await door.knocks(body, JSON)
    assert folded in await door.kept(answer.json()["id"])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"RawEmail"',
        b'{"event": {"type": "message"}}',
        b'{"RawEmail": "  "}',
        b'{"raw": 5}',
        b"[" * 100_000,
        b'{"TextBody": "x", "Attachments": [{"Content": "not base64 at all!"}]}',
        b'{"TextBody": "x", "Attachments": 5}',
        b"\xff\xfe\x00",
    ],
)
async def test_json_that_tells_of_no_mail_is_refused_in_words(door, body):
    answer = await door.knocks(body, JSON)
    assert answer.status_code == 422
    assert answer.json()["error"]
    assert door.submitted == []


# What is not let in


REFUSED = {
    "no signature": ({"X_Charter_Signature": ""}, 401),
    "another's signature": ({"secret": "another"}, 401),
    "another version": ({"X_Charter_Signature": "v0=00"}, 401),
    "a signature in capitals": ({"X_Charter_Signature": "v1=" + "A" * 64}, 401),
    "too old": ({"timestamp": str(NOW - 301)}, 401),
    "of the future": ({"timestamp": str(NOW + 301)}, 401),
    "no time": ({"timestamp": ""}, 401),
    "time in words": ({"timestamp": "now"}, 401),
    "time with a fraction": ({"timestamp": f"{NOW}.5"}, 401),
    "time with a sign": ({"timestamp": f"+{NOW}"}, 401),
    "time without end": ({"timestamp": "9" * 5_000}, 401),
    "GET": ({"method": "GET"}, 405),
    "PUT": ({"method": "PUT"}, 405),
    "a form": ({"Content_Type": "application/x-www-form-urlencoded"}, 415),
    "a form with files": ({"Content_Type": "multipart/form-data; boundary=b"}, 415),
    "plain text": ({"Content_Type": "text/plain"}, 415),
    "nothing": ({"body": b""}, 422),
    "gzip": ({"body": gzip.compress(RAW), "Content_Encoding": "gzip"}, 415),
    "deflate after all": ({"Content_Encoding": "identity, deflate"}, 415),
    "an unknown coding": ({"Content_Encoding": "rot13"}, 415),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_what_is_not_let_in_is_refused_and_leaves_no_trace(door, what):
    how, status = REFUSED[what]
    answer = await door.knocks(**how)
    assert answer.status_code == status
    assert set(answer.json()) == {"error"}
    assert door.submitted == []
    assert await door.store.read(mails.latest, "C0CHARTERS") is None


async def test_a_compressed_body_is_refused_whichever_bytes_were_signed(door):
    for signed in (RAW, gzip.compress(RAW)):
        made = inbound.signature(SECRET, str(NOW), signed)
        answer = await door.knocks(
            gzip.compress(RAW), Content_Encoding="GZIP", X_Charter_Signature=made
        )
        assert (answer.status_code, door.submitted) == (415, [])
        assert "Content-Encoding" in answer.json()["error"]
    assert (await door.knocks(Content_Encoding="identity")).status_code == 202


async def test_a_body_that_was_changed_on_its_way_is_refused(door):
    made = inbound.signature(SECRET, str(NOW), RAW)
    assert (await door.knocks(RAW, X_Charter_Signature=made)).status_code == 202
    assert (await door.knocks(RAW + b"x", X_Charter_Signature=made)).status_code == 401


async def test_a_signature_of_letters_that_are_no_ascii_is_refused_like_any_other(door):
    async with httpx.AsyncClient(trust_env=False) as client:
        headers = {
            b"X-Charter-Timestamp": str(NOW).encode(),
            b"X-Charter-Signature": "v1=é".encode(),
            b"Content-Type": b"message/rfc822",
        }
        answer = await client.post(door.url, content=RAW, headers=headers)
    assert answer.status_code == 401


async def test_what_is_too_large_is_refused_whether_or_not_it_says_so(door):
    body = RAW + b"x" * 5_000_000
    assert (await door.knocks(body)).status_code == 413

    async def in_pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 100_000):
            yield body[start : start + 100_000]

    headers = {"X-Charter-Timestamp": str(NOW), "X-Charter-Signature": "v1=0", **MIME}
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(door.url, content=in_pieces(), headers=headers)
    assert answer.status_code == 413
    assert (await door.knocks(RAW + b"x" * 4_900_000)).status_code == 202


# The secret


async def test_a_rotated_secret_is_found_and_the_old_one_no_longer_counts(door):
    door.secrets = ["old", "new"]
    assert (await door.knocks(secret="new")).status_code == 202
    assert (await door.knocks(secret="old")).status_code == 401


async def test_wrong_signatures_do_not_make_us_ask_for_the_secret_each_time(door):
    for _ in range(5):
        assert (await door.knocks(secret="wrong")).status_code == 401
    assert door.asked_fresh == 1
    door.ticks += 31
    await door.knocks(secret="wrong")
    assert door.asked_fresh == 2


@pytest.mark.parametrize("door", ["env:CHARTER_INBOUND_SECRET"], indirect=True)
async def test_a_secret_of_the_environment_does_not_change_while_the_bot_runs(door):
    assert (await door.knocks(secret="wrong")).status_code == 401
    assert door.asked_fresh == 0


async def test_without_its_secret_nothing_is_taken_and_the_sender_comes_again(door):
    door.secrets = [NeedsPerson("The secret env:CHARTER_INBOUND_SECRET is not set or empty.")]
    answer = await door.knocks()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert "CHARTER_INBOUND_SECRET" not in answer.text
    assert door.submitted == []


async def test_a_mail_that_cannot_be_kept_is_not_acknowledged(door):
    door.store.close()
    answer = await door.knocks()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert "Send it again" in answer.json()["error"]
