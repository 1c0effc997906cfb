"""Slack's payloads through Bolt: what is written down, and what a person is told."""

import asyncio
import io
import json
import time
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

import handlers
from bot import logs
from bot.domain.errors import NeedsPerson, Refused
from bot.domain.message import Message
from bot.orchestration.policy import Policy
from bot.redaction import Redactor
from bot.views.press import Press
from handlers.desk import Desk

HOME, DOCK = "C0CHARTERS", "C0DOCK"
URL = "https://hooks.slack.com/response/1"
LATE = Refused("Slack waited too long for the form.", "Press the button once more.")


@dataclass
class World:
    """The desk's seams: what was submitted, whispered and responded."""

    submitted: list[dict[str, Any]] = field(default_factory=list)
    whispered: list[tuple[str, str, str]] = field(default_factory=list)
    responded: list[tuple[str, str]] = field(default_factory=list)
    looked: list[tuple[str, bool]] = field(default_factory=list)
    reads: Exception | None = None
    whispers: Exception | None = None

    async def submit(self, _job: str, _key: str, payload: dict[str, Any]) -> None:
        self.submitted.append(payload)

    async def opened(self, user: str, *, blank: bool) -> None:
        self.looked.append((user, blank))

    async def read(self, *_: Any) -> Any:
        if self.reads:
            raise self.reads

    async def whisper(
        self, channel: str, user: str, message: Message, *, thread: str | None = None
    ) -> None:
        assert thread is None
        if self.whispers:
            raise self.whispers
        self.whispered.append((channel, user, message.text))

    async def respond(self, url: str, message: Message) -> None:
        self.responded.append((url, message.text))


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def app(world: World) -> AsyncApp:
    async def ours(**_: Any) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T0CHARTERS", bot_token="xoxb-1")

    async def doctor() -> Message:
        raise RuntimeError("hunter2")

    async def may_act(_user: str) -> bool:
        return True

    made = AsyncApp(
        client=AsyncWebClient(),
        authorize=ours,
        process_before_response=True,
        request_verification_enabled=False,
    )
    authority = SimpleNamespace(may_act=may_act, operators=("U0CAPTAIN",))
    policy = Policy(channel=HOME, boats=())
    desk = Desk(world, world, world, authority, policy, time.time, doctor, world)
    handlers.register(made, desk)
    return made


async def send(app: AsyncApp, body: dict[str, Any]) -> BoltResponse:
    """Deliver a payload, and wait for what goes on after the acknowledgement."""
    before = asyncio.all_tasks()
    answer = await app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
    await asyncio.gather(*(asyncio.all_tasks() - before))
    return answer


def pressed(
    action: str, *, channel: str = HOME, team: str = "T0CHARTERS", booking_id: str = "xhqgmdh"
) -> dict[str, Any]:
    press = Press.model_construct(booking_id=booking_id, version=1).encode()
    return {
        "type": "block_actions",
        "team": {"id": team},
        "user": {"id": "U0CAPTAIN", "team_id": team},
        "channel": {"id": channel},
        "container": {"type": "message", "channel_id": channel, "message_ts": "1.0"},
        "message": {"ts": "1.0"},
        "trigger_id": "1.1",
        "response_url": URL,
        "actions": [
            {
                "type": "button",
                "action_id": action,
                "block_id": "b",
                "action_ts": "2.0",
                "value": press,
            }
        ],
    }


def pressed_at_home(action: str, *, view: str = "home", team: str = "T0CHARTERS") -> dict[str, Any]:
    body = pressed(action, team=team)
    for absent in ("channel", "message", "response_url"):
        del body[absent]
    return body | {
        "container": {"type": "view", "view_id": "V1"},
        "view": {"id": "V1", "type": view, "blocks": []},
    }


def looked_at(tab: str = "home", **more: Any) -> dict[str, Any]:
    event = {"type": "app_home_opened", "user": "U0CAPTAIN", "tab": tab, **more}
    return {"type": "event_callback", "team_id": "T0CHARTERS", "event_id": "E1", "event": event}


def typed(text: str, *, team: str = "T0CHARTERS") -> dict[str, Any]:
    return {
        "command": "/charter",
        "text": text,
        "team_id": team,
        "user_id": "U0CAPTAIN",
        "channel_id": DOCK,
        "trigger_id": "1.1",
        "response_url": URL,
    }


def pointed_at(**message: Any) -> dict[str, Any]:
    return {
        "type": "message_action",
        "callback_id": "read_as_booking",
        "team": {"id": "T0CHARTERS"},
        "user": {"id": "U0CAPTAIN"},
        "channel": {"id": DOCK},
        "message": {"ts": "1.0", "user": "U0AUTHOR", **message},
        "trigger_id": "1.1",
        "response_url": URL,
    }


# What fails after the acknowledgement


@pytest.mark.parametrize("action", ["edit", "reject"])
async def test_a_form_that_does_not_open_is_said_to_who_asked_for_it(world, app, action):
    world.reads = LATE
    assert (await send(app, pressed(action))).status == 200
    ((channel, user, told),) = world.whispered
    assert (channel, user) == (HOME, "U0CAPTAIN")
    assert "Slack waited too long for the form. Press the button once more." in told


async def test_what_cannot_be_whispered_is_said_where_it_was_pressed(world, app):
    world.reads, world.whispers = LATE, NeedsPerson("not in channel")
    await send(app, pressed("edit"))
    ((url, told),) = world.responded
    assert url == URL
    assert "waited too long" in told


@pytest.mark.parametrize("command", ["status xhqgmdh", "list", "doctor"])
async def test_a_command_that_breaks_off_is_answered_where_it_was_typed(world, app, command):
    world.reads = RuntimeError("hunter2")
    assert (await send(app, typed(command))).status == 200
    ((url, told),) = world.responded
    assert url == URL
    assert "Something went wrong inside the bot" in told
    assert "hunter2" not in told
    assert "Nothing was done" not in told


async def test_the_log_says_where_it_broke_off_and_not_with_what_text(world, app):
    world.reads = RuntimeError("hunter2")
    written = io.StringIO()
    logs.configure(Redactor(), stream=written)
    try:
        await send(app, typed("list"))
    finally:
        structlog.reset_defaults()
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    (failed,) = [line for line in lines if line["event"] == "listener_failed"]
    assert failed["exception"]["type"] == "RuntimeError"
    assert "hunter2" not in written.getvalue()


# Where and who


@pytest.mark.parametrize("action", ["approve", "scrub_revenue", "retry", "edit", "reject"])
async def test_a_click_in_another_channel_is_refused_in_words(world, app, action):
    assert (await send(app, pressed(action, channel=DOCK))).status == 200
    assert world.submitted == []
    ((channel, user, told),) = world.whispered
    assert (channel, user) == (DOCK, "U0CAPTAIN")
    assert "Buttons count only in the bot's own channel." in told
    assert "Nothing was done." in told


async def test_a_click_in_the_channel_is_written_down_and_answered_by_its_job(world, app):
    assert (await send(app, pressed("approve"))).status == 200
    assert [click["booking_id"] for click in world.submitted] == ["xhqgmdh"]
    assert world.whispered == world.responded == []


@pytest.mark.parametrize("body", [pressed("approve", team="T0ELSE"), typed("list", team="T0ELSE")])
async def test_another_workspace_is_not_heard(world, app, body):
    assert (await send(app, body)).status == 200
    assert world == World()


async def test_a_mail_file_that_is_pointed_at_carries_who_pointed_and_where_to_answer(world, app):
    mail = {"id": "F1", "name": "mail.eml", "mimetype": "message/rfc822", "filetype": "eml"}
    await send(app, pointed_at(files=[mail], text=""))
    (submitted,) = world.submitted
    assert submitted["file"]["id"] == "F1"
    assert (submitted["user"], submitted["response_url"]) == ("U0CAPTAIN", URL)


@pytest.mark.parametrize("booking_id", ["abc", "abcdefghijklm", "abc-defg", "XHQGMDH", " xhqgmdh"])
async def test_a_button_with_what_is_no_booking_id_is_not_taken(world, app, booking_id):
    await send(app, pressed("approve", booking_id=booking_id))
    assert world.submitted == []
    ((_, _, told),) = world.whispered
    assert "not made by this bot" in told


# On a person's Home


async def test_who_opens_home_is_written_down_with_whether_anything_stands_there(world, app):
    assert (await send(app, looked_at())).status == 200
    await send(app, looked_at(view={"id": "V1", "type": "home"}))
    await send(app, looked_at(tab="messages"))
    assert world.looked == [("U0CAPTAIN", True), ("U0CAPTAIN", False)]


async def test_a_follow_up_on_home_is_written_down_like_one_in_the_channel(world, app):
    assert (await send(app, pressed_at_home("retry"))).status == 200
    await send(app, pressed("retry"))
    there, here = world.submitted
    assert there["channel"] == "home"
    assert there["key"] != here["key"]
    for same in ("action", "booking_id", "version", "user", "thread"):
        assert there[same] == here[same]
    assert world.whispered == []


@pytest.mark.parametrize(
    "body",
    [pressed_at_home("approve"), pressed_at_home("edit"), pressed_at_home("retry", view="modal")],
)
async def test_what_is_decided_on_cards_is_not_decided_elsewhere(world, app, body):
    assert (await send(app, body)).status == 200
    assert world.submitted == []
    ((channel, user, told),) = world.whispered
    assert (channel, user) == (HOME, "U0CAPTAIN")
    assert "Nothing was done." in told


async def test_another_workspaces_home_is_not_heard(world, app):
    await send(app, pressed_at_home("retry", team="T0ELSE"))
    assert world == World()


async def test_a_button_that_only_leads_somewhere_is_acknowledged(world, app):
    assert (await send(app, pressed_at_home("open_card"))).status == 200
    assert world == World()
