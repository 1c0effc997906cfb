"""What Slack's answers mean, and how long the bot waits for it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace

import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import connection as connections
from bot.connection import SlackRefusedError, SocketConnection
from bot.domain.errors import NeedsPerson, Refused, Retriable, ServiceError, Unknown
from bot.domain.message import Message
from bot.services import slack_errors
from bot.services.ports import UserGone
from bot.services.slack import SlackChat

TOLD = Message(text="Told.", blocks=())


def busy(retry_after: str | None) -> SimpleNamespace:
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return SimpleNamespace(status_code=429, headers=headers, data={"error": "ratelimited"})


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [("7", 7.0), ("86400", 3600.0), ("soon", 1.0), ("-5", 1.0), (None, 1.0)],
)
def test_patience_is_what_slack_asks_for_and_an_hour_at_most(asked, seconds):
    assert slack_errors.patience_asked("chat.update", busy(asked)) == seconds


def test_patience_may_be_asked_for_as_a_date():
    then = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    assert 85 < slack_errors.patience_asked("chat.update", busy(then)) <= 90


def test_a_form_that_comes_too_late_is_refused_with_what_to_do():
    late = SimpleNamespace(status_code=200, headers={}, data={"error": "expired_trigger_id"})
    with pytest.raises(Refused, match="waited too long") as refused:
        slack_errors.patience_asked("views.open", late)
    assert refused.value.hint == "Press the button once more."


@pytest.mark.parametrize(
    ("code", "gone"),
    [
        ("user_not_found", True),
        ("user_disabled", True),
        ("user_not_visible", True),
        ("account_inactive", False),  # the bot's own
        ("view_too_large", False),
        ("not_enabled", False),
    ],
)
def test_a_home_of_nobody_is_told_from_one_that_slack_cannot_take(code, gone):
    answer = SimpleNamespace(status_code=200, headers={}, data={"error": code})
    with pytest.raises(ServiceError, match=code) as refused:
        slack_errors.patience_asked("views.publish", answer)
    assert isinstance(refused.value, UserGone) is gone


# Response URLs


@pytest.fixture
async def chat(stand_in) -> AsyncIterator[SlackChat]:
    # By name, because no jar takes cookies from a bare address.
    stand_in.url = stand_in.url.replace("127.0.0.1", "localhost")
    chat = SlackChat(AsyncWebClient(token="xoxb-1", base_url=f"{stand_in.url}/"))
    yield chat
    await chat.close()


async def test_one_connection_serves_all_and_carries_no_cookie_over(chat, stand_in):
    connections = set()

    async def answer(request: web.Request) -> web.StreamResponse:
        connections.add(request.transport)
        told = web.json_response({"ok": True, "ts": "1.2"})
        told.set_cookie("d", "of the API alone")
        return told

    stand_in.answer = answer
    await chat.post("C1", TOLD, key="k")
    await chat.update("C1", "1.2", TOLD, key="k")
    await chat.respond(f"{stand_in.url}/response/1", TOLD)
    await chat.download(f"{stand_in.url}/files/1", limit=100)
    assert len(stand_in.asked) == 4
    assert len(connections) == 1
    assert not [asked for asked in stand_in.asked if "Cookie" in asked.headers]
    assert "Authorization" not in stand_in.asked[2].headers


async def test_a_post_on_a_connection_that_slack_drops_is_not_known_to_have_failed(chat, stand_in):
    stand_in.answers(200, {"ok": True, "ts": "1.2"})
    await chat.post("C1", TOLD, key="k")
    stand_in.hangs_up()
    with pytest.raises(Unknown):
        await chat.post("C1", TOLD, key="k")
    assert len(stand_in.asked) == 2  # the library by itself would post a second time
    with pytest.raises(Retriable):
        await chat.update("C1", "1.2", TOLD, key="k")


async def test_nothing_is_said_once_the_bot_stops(chat, stand_in):
    stand_in.answers(200, {"ok": True, "ts": "1.2"})
    await chat.post("C1", TOLD, key="k")
    await chat.close()
    with pytest.raises(Retriable, match="stopping"):
        await chat.post("C1", TOLD, key="k")
    with pytest.raises(Retriable, match="stopping"):
        await chat.respond(f"{stand_in.url}/response/1", TOLD)
    assert len(stand_in.asked) == 1


@pytest.mark.parametrize("status", [302, 400, 404])
async def test_an_answer_that_slack_does_not_take_is_refused(chat, stand_in, status):
    stand_in.answers(status, {"ok": False, "error": "expired_url"})
    with pytest.raises(Refused, match=str(status)):
        await chat.respond(f"{stand_in.url}/response/1", TOLD)


async def test_an_answer_that_slack_fails_at_may_be_given_again(chat, stand_in):
    stand_in.answers(503, "")
    with pytest.raises(Retriable):
        await chat.respond(f"{stand_in.url}/response/1", TOLD)


async def test_an_answer_waits_when_slack_asks_for_patience(chat, stand_in):
    stand_in.answers(429, "", Retry_After="0")
    busy_answer = stand_in.answer

    async def busy_once(request):
        if len(stand_in.asked) > 1:
            stand_in.answers(200, "ok")
            return await stand_in.answer(request)
        return await busy_answer(request)

    stand_in.answer = busy_once
    await chat.respond(f"{stand_in.url}/response/1", TOLD)
    assert [asked.json["text"] for asked in stand_in.asked] == ["Told.", "Told."]


# A socket that went deaf


class Socket:
    """Slack's client: `says` holds what each request for an address is answered with."""

    def __init__(self, *says: str | None) -> None:
        self.web_client = self
        self.app_token = "xapp-1"
        self.current_session_monitor = None
        self.current_session: object = "first"
        self.last_ping_pong_time = 1.0
        self.says = list(says)

    async def apps_connections_open(self, *, app_token: str) -> dict[str, str]:
        assert app_token == self.app_token
        code = self.says.pop(0)
        if code is not None:
            headers = {"Retry-After": "9"} if code == "ratelimited" else {}
            answer = SimpleNamespace(data={"error": code}, headers=headers)
            raise SlackApiError("refused", answer)
        return {"url": "wss://slack.example"}

    async def connect(self) -> None:
        self.current_session = object()


class HeardError(Exception):
    """Ends a watch that would go on for ever."""


@pytest.fixture
def naps(monkeypatch) -> list[float]:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(connections.asyncio, "sleep", sleep)
    return slept


def deaf(socket: Socket) -> tuple[SocketConnection, list[str]]:
    greeted: list[str] = []

    def reconnected() -> None:
        greeted.append("again")
        raise HeardError

    made = SocketConnection.__new__(SocketConnection)
    made._handler = SimpleNamespace(client=socket)
    made._reconnected = reconnected
    made._session, made._heard = "first", 1.0
    return made, greeted


async def test_a_deaf_bot_asks_slack_less_and_less_often(naps):
    socket = Socket(*["internal_error"] * 7, "ratelimited", None)
    connection, greeted = deaf(socket)
    with pytest.raises(HeardError):
        await connection.watch()
    assert naps == [2.0, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0, 2.0]
    assert greeted == ["again"]


async def test_slacks_patience_counts_where_it_is_longer(naps):
    socket = Socket("ratelimited", None)
    connection, _ = deaf(socket)
    with pytest.raises(HeardError):
        await connection.watch()
    assert naps == [2.0, 9.0, 2.0]


@pytest.mark.parametrize("code", ["token_revoked", "invalid_auth", "account_inactive"])
async def test_a_token_revoked_while_running_stops_the_bot_with_the_remedy(naps, code, capsys):
    connection, _ = deaf(Socket(code))
    with pytest.raises(SlackRefusedError, match=f"SLACK_APP_TOKEN: {code}. Make one"):
        await connection.watch()
    assert capsys.readouterr().out.count("socket_refused") == 1


async def test_a_bot_that_hears_again_is_not_deaf_by_what_it_heard_before(naps):
    """The client still remembers the last pong of the session before."""
    socket = Socket(None)
    connection, _ = deaf(socket)
    await connection._connect_at_last()
    assert connection._deaf_for() < 1.0


# Files


async def test_a_file_goes_where_slack_says_and_no_token_travels_with_it(chat, stand_in):
    stand_in.answers_in_turn(
        (200, {"ok": True, "file_id": "F1", "upload_url": f"{stand_in.url}/upload/1"}),
        (200, "OK"),
    )
    assert await chat.upload("mail.eml", b"Hello") == "F1"
    announced, brought = stand_in.asked
    assert announced.query == {"filename": "mail.eml", "length": "5"}
    assert (brought.path, brought.text) == ("/upload/1", "Hello")
    assert "Authorization" not in brought.headers


@pytest.mark.parametrize("url", ["https://evil.example/upload", "http://files.slack.com/upload"])
async def test_a_file_is_brought_to_slack_alone(chat, stand_in, url):
    stand_in.answers(200, {"ok": True, "file_id": "F1", "upload_url": url})
    with pytest.raises(Refused, match="does not lead to Slack"):
        await chat.upload("mail.eml", b"Hello")
    assert len(stand_in.asked) == 1


@pytest.mark.parametrize(("status", "meant"), [(500, Retriable), (429, Retriable), (400, Refused)])
async def test_a_file_that_slack_does_not_take_is_not_uploaded(chat, stand_in, status, meant):
    stand_in.answers_in_turn(
        (200, {"ok": True, "file_id": "F1", "upload_url": f"{stand_in.url}/upload/1"}),
        (status, "no"),
    )
    with pytest.raises(meant):
        await chat.upload("mail.eml", b"Hello")


async def test_a_share_is_asked_for_once_and_its_lost_answer_is_unknown(chat, stand_in):
    stand_in.hangs_up()
    with pytest.raises(Unknown):
        await chat.share("F1", title="The mail", channel="C1", thread="1.2")
    assert len(stand_in.asked) == 1
    assert stand_in.asked[0].json == {
        "files": [{"id": "F1", "title": "The mail"}],
        "channel_id": "C1",
        "thread_ts": "1.2",
    }


async def test_a_share_at_which_slack_fails_is_unknown_too(chat, stand_in):
    stand_in.answers(200, {"ok": False, "error": "internal_error"})
    with pytest.raises(Unknown):
        await chat.share("F1", title="The mail", channel="C1", thread="1.2")


async def test_an_app_that_may_not_write_files_is_told_the_remedy(chat, stand_in):
    stand_in.answers(200, {"ok": False, "error": "missing_scope"})
    with pytest.raises(NeedsPerson) as refused:
        await chat.upload("mail.eml", b"Hello")
    assert "manifest.yml" in refused.value.hint
