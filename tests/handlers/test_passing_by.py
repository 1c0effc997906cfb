"""What brings the bot nothing is acknowledged before Bolt; everything else goes its whole way."""

import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Mapping
from itertools import product
from types import MappingProxyType, SimpleNamespace
from typing import Any

import httpx
import pytest
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.connection import HttpConnection, SocketConnection
from bot.orchestration.policy import Policy
from handlers import mail
from tests.torture.switchboard import Switchboard

HOME, SECRET = "C0CHARTERS", "shhh"
MAIL = {"id": "F1", "mode": "email", "subject": "Booked"}
TALK = {"type": "message", "channel": "C0DOCK", "ts": "1.0", "text": "Ahoy"}


def told(event: Any) -> dict[str, Any]:
    return {"type": "event_callback", "team_id": "T0", "event_id": "Ev1", "event": event}


def brings_nothing(payload: Any) -> bool:
    return mail.brings_nothing(payload, HOME)


@pytest.fixture
def heard() -> list[str]:
    return []


@pytest.fixture
def app(heard: list[str]) -> AsyncApp:
    """Bolt, which notes what comes as far as its listeners."""

    async def ours(**_: Any) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T0", bot_token="xoxb-1")

    made = AsyncApp(
        name="charter",
        client=AsyncWebClient(),
        authorize=ours,
        signing_secret=SECRET,
        process_before_response=True,
    )

    async def listen(event: dict[str, Any]) -> None:
        heard.append(event["type"])

    made.event("message")(listen)
    made.event("app_home_opened")(listen)
    return made


@pytest.fixture
async def door(app: AsyncApp) -> AsyncIterator[httpx.AsyncClient]:
    connection = HttpConnection(app, 0, secret=SECRET, ignores=brings_nothing)
    await connection.open()
    port = next(port for host, port, *_ in connection._runner.addresses if host == "0.0.0.0")
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        yield client
    await connection.close()


async def post(
    door: httpx.AsyncClient,
    payload: Any,
    *,
    secret: str = SECRET,
    age: float = 0,
    headers: Mapping[str, bytes] = MappingProxyType({}),
) -> int:
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    at = str(int(time.time() - age))
    signed = hmac.new(secret.encode(), f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()
    sent = {
        "Content-Type": b"application/json",
        "X-Slack-Request-Timestamp": at.encode(),
        "X-Slack-Signature": f"v0={signed}".encode(),
        **headers,
    }
    raw = [(name.encode(), value) for name, value in sent.items()]
    return (await door.post("/slack/events", content=body, headers=raw)).status_code


async def test_talk_elsewhere_is_acknowledged_without_bolt(door, heard):
    assert await post(door, told(TALK)) == 200
    assert heard == []


@pytest.mark.parametrize("how", [{"secret": "guessed"}, {"age": 600}])
async def test_who_does_not_sign_as_slack_does_is_refused_even_talk(door, heard, how):
    assert await post(door, told(TALK), **how) == 401
    assert heard == []


ODD_HEADERS = (
    {"X-Slack-Signature": "v0=\xe9".encode("latin-1")},
    {"X-Slack-Signature": "v0=\xe9".encode()},
    {"X-Slack-Signature": b""},
    {"X-Slack-Request-Timestamp": b"\xe9"},
    {"X-Slack-Request-Timestamp": b"soon"},
    {"X-Slack-Request-Timestamp": b""},
    {"X-Slack-Request-Timestamp": b"9" * 5000},
    {"Content-Type": b"application/x-www-form-urlencoded", "X-Slack-Signature": b"v0=\xe9"},
    {"Content-Type": b"application/json; charset=nonsense"},
)


@pytest.mark.parametrize("odd", ODD_HEADERS)
async def test_a_header_that_slack_never_sends_is_refused_and_no_fault(door, heard, caplog, odd):
    assert await post(door, told(TALK), secret="guessed", headers=odd) in {400, 401}
    assert heard == []
    assert [each for each in caplog.records if each.exc_info or each.levelname == "ERROR"] == []


@pytest.mark.parametrize(
    "event",
    [
        TALK | {"channel": HOME, "subtype": "file_share", "files": [MAIL]},
        {"type": "app_home_opened", "user": "U0CAPTAIN", "tab": "home"},
    ],
)
async def test_what_may_bring_something_goes_to_bolt(door, heard, event):
    assert await post(door, told(event)) == 200
    assert heard == [event["type"]]


@pytest.mark.parametrize("body", [b"[]", b"{", b'"event_callback"', b"\xff{}", b'{"event": 1}'])
async def test_a_body_that_is_no_event_is_left_for_bolt(door, heard, body):
    assert await post(door, body) >= 400
    assert await post(door, told(TALK)) == 200, "and the door still stands"


async def test_through_the_socket_too_talk_is_acknowledged_and_mail_heard(app, heard):
    connection = SocketConnection(app, "xapp-1", lambda: None, ignores=brings_nothing)
    said: list[str] = []

    async def answer(response: Any) -> None:
        said.append(response.envelope_id)

    client: Any = SimpleNamespace(send_socket_mode_response=answer, logger=app.logger)
    mine = TALK | {"channel": HOME, "subtype": "file_share", "files": [MAIL]}
    for number, event in enumerate((TALK, mine)):
        request = SocketModeRequest("events_api", f"e{number}", told(event))
        await connection._handler.handle(client, request)
    assert said == ["e0", "e1"]
    assert heard == ["message"]
    await connection.close()
    await connection._handler.client.aiohttp_client_session.close()


CHANNELS = ({"channel": HOME}, {"channel": "C0DOCK"}, {})
FILES = (
    {},
    {"files": []},
    {"files": None},
    {"files": [MAIL]},
    {"files": [{"id": "F2", "name": "a.eml"}]},
    {"files": [{"id": "F3", "file_access": "check_file_info"}]},
    {"files": [{"id": "F4", "name": "a.png"}, MAIL]},
)
SUBTYPES = ({}, {"subtype": "file_share"}, {"subtype": "bot_message", "bot_id": "B1"})


@pytest.mark.parametrize("parts", list(product(CHANNELS, FILES, SUBTYPES)))
async def test_nothing_that_the_listener_would_write_down_passes_by(parts):
    event: dict[str, Any] = {"type": "message", "ts": "1.0"}
    for part in parts:
        event |= part
    written: list[str] = []

    async def submit(_job: str, key: str, _payload: Any) -> None:
        written.append(key)

    board = Switchboard()
    desk: Any = SimpleNamespace(
        jobs=SimpleNamespace(submit=submit), policy=Policy(channel=HOME, boats=())
    )
    mail.register(board, desk)  # type: ignore[arg-type]
    await board.deliver("event", "message", told(event))
    assert not (written and brings_nothing(told(event)))
    if event.get("files") and event.get("channel") == HOME:
        assert not brings_nothing(told(event)), "whatever hangs on it is the listener's to judge"


@pytest.mark.parametrize(
    "payload", [{}, {"type": "block_actions"}, told(None), told([]), {"event": TALK}]
)
def test_what_is_no_message_does_not_pass_by(payload):
    assert not brings_nothing(payload)
