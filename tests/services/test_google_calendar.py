import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import jwt
import pytest
from aiohttp import web
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.domain.errors import NeedsPerson, Retriable
from bot.domain.outgoing import CalendarEntry
from bot.services.google_calendar import GoogleCalendar, GoogleToken, event_id_of
from bot.services.http import HttpService

AUDIENCE = "https://oauth2.googleapis.com/token"


@pytest.fixture(scope="session")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def account(key: rsa.RSAPrivateKey) -> str:
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
    return json.dumps({"client_email": "bot@project.example", "private_key": pem})


class Google:
    """Google's token address and its calendar API, as far as the bot speaks them."""

    def __init__(self, public_key: rsa.RSAPublicKey) -> None:
        self.public_key = public_key
        self.tokens: list[str] = []
        self.events: dict[str, dict[str, Any]] = {}
        self.posts = 0

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        if request.path.endswith("/token"):
            return await self._token(request)
        if request.headers["Authorization"] != f"Bearer {self.tokens[-1]}":
            return web.json_response({}, status=401)
        assert request.path.startswith("/prod/calendars/crew@group.example/events")
        event_id = request.path.rpartition("/")[2]
        if request.method == "GET":
            known = event_id in self.events
            return web.json_response(self.events.get(event_id, {}), status=200 if known else 404)
        body = await request.json()
        if request.method == "POST":
            self.posts += 1
            if body["id"] in self.events:
                return web.json_response({}, status=409)
        self.events[body["id"]] = body
        return web.json_response(body)

    async def _token(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        claims = jwt.decode(
            str(form["assertion"]), self.public_key, algorithms=["RS256"], audience=AUDIENCE
        )
        assert claims["iss"] == "bot@project.example"
        self.tokens.append(f"canary-{len(self.tokens)}")
        return web.json_response({"access_token": self.tokens[-1], "expires_in": 3600})


class Clock:
    def __init__(self) -> None:
        self.now = datetime.now(UTC) - timedelta(minutes=59, seconds=45)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def google(key: rsa.RSAPrivateKey, stand_in: Any) -> Google:
    stand_in.answer = Google(key.public_key())
    return stand_in.answer


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def calendar(
    http: Any, stand_in: Any, vault: Any, account: str, shared_tls: Any, clock: Clock
) -> AsyncIterator[GoogleCalendar]:
    address = HttpService("Google", stand_in.url + "/token", verify=shared_tls)
    token = GoogleToken(address, vault(account=account), credentials="env:account", now=clock)
    yield GoogleCalendar(http, token, calendar_id="crew@group.example")
    await address.close()


@pytest.fixture
def entry() -> CalendarEntry:
    zone = ZoneInfo("America/Los_Angeles")
    return CalendarEntry(
        booking_id="xhqgmdh",
        title="JADA charter XHQGMDH",
        starts_at=datetime(2026, 5, 30, 17, tzinfo=UTC),
        ends_at=datetime(2026, 5, 30, 13, tzinfo=zone),
        time_zone="America/Los_Angeles",
        guest_count=6,
        source="boatsetter",
        notes="Boatsetter booking XHQGMDH",
    )


async def test_an_event_is_made_once_however_often_it_is_asked_for(
    calendar: GoogleCalendar, google: Google, entry: CalendarEntry
) -> None:
    assert await calendar.find("xhqgmdh") is None
    first, second = await calendar.create(entry), await calendar.create(entry)
    assert first == second == await calendar.find("XHQGMDH")
    (event,) = google.events.values()
    assert event["start"] == {
        "dateTime": "2026-05-30T10:00:00-07:00",
        "timeZone": "America/Los_Angeles",
    }
    assert event["end"]["dateTime"] == "2026-05-30T13:00:00-07:00"
    assert event["summary"] == "JADA charter XHQGMDH"
    assert google.posts == 2


async def test_an_event_that_was_deleted_is_put_back(
    calendar: GoogleCalendar, google: Google, entry: CalendarEntry
) -> None:
    event_id = await calendar.create(entry)
    google.events[event_id]["status"] = "cancelled"
    assert await calendar.find("xhqgmdh") is None
    assert await calendar.create(entry) == event_id
    assert await calendar.find("xhqgmdh") == event_id


async def test_the_token_is_kept_until_it_runs_out(
    calendar: GoogleCalendar, google: Google, clock: Clock
) -> None:
    await calendar.find("xhqgmdh")
    await calendar.find("xhqgmdh")
    assert len(google.tokens) == 1
    clock.now += timedelta(minutes=59, seconds=30)
    await calendar.find("xhqgmdh")
    assert len(google.tokens) == 2


async def test_a_token_that_is_no_longer_taken_is_renewed_once(
    calendar: GoogleCalendar, google: Google
) -> None:
    await calendar.find("xhqgmdh")
    google.tokens.append("another")
    assert await calendar.find("xhqgmdh") is None
    assert len(google.tokens) == 3


@pytest.mark.usefixtures("google")
async def test_no_answer_to_an_insert_may_be_asked_again(
    calendar: GoogleCalendar, stand_in: Any, entry: CalendarEntry
) -> None:
    await calendar.find("xhqgmdh")
    stand_in.hangs_up()
    with pytest.raises(Retriable):
        await calendar.create(entry)


@pytest.mark.parametrize("held", ["canary", "{}", '{"client_email": "x", "private_key": "canary"}'])
async def test_a_key_that_is_none_is_named_and_not_quoted(http: Any, vault: Any, held: str) -> None:
    token = GoogleToken(http, vault(account=held), credentials="env:account")
    with pytest.raises(NeedsPerson, match="env:account is no service account's key") as told:
        await token.get()
    assert "canary" not in repr(told.value) + told.value.hint


def test_event_ids_use_only_the_letters_that_google_allows() -> None:
    made = {event_id_of(booking_id) for booking_id in ("xhqgmdh", "wxyzwxyz", "000000")}
    assert len(made) == 3
    assert set("".join(made)) <= set("0123456789abcdefghijklmnopqrstuv")
