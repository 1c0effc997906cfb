"""The doctor's own clients, over real connections."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import Retriable
from bot.services.doctor import SlackDoor


@pytest.fixture
async def slack() -> AsyncIterator[tuple[str, list[tuple[str, str, dict[str, str]]]]]:
    asked: list[tuple[str, str, dict[str, str]]] = []

    async def answer(request: web.Request) -> web.Response:
        given = {name: str(value) for name, value in (await request.post()).items()}
        asked.append((request.path, request.headers["Authorization"], given))
        if request.path == "/api/conversations.info":
            return web.json_response({"ok": False, "error": "channel_not_found"})
        return web.json_response({"ok": True}, headers={"X-OAuth-Scopes": "chat:write,commands"})

    app = web.Application()
    app.router.add_route("*", "/api/{method}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    yield f"http://{host}:{port}/api/", asked
    await runner.cleanup()


async def test_slack_is_asked_as_the_bot_or_with_the_app_token(slack):
    url, asked = slack
    door = SlackDoor(AsyncWebClient(token="xoxb-bot", base_url=url), app_token="xapp-app")
    answer = await door("auth.test")
    assert answer.headers["x-oauth-scopes"] == "chat:write,commands"
    assert "date" in answer.headers
    assert not answer.error
    await door("apps.connections.open", as_app=True)
    await door("users.info", user="U1")
    assert [(path, token) for path, token, _ in asked] == [
        ("/api/auth.test", "Bearer xoxb-bot"),
        ("/api/apps.connections.open", "Bearer xapp-app"),
        ("/api/users.info", "Bearer xoxb-bot"),
    ]
    assert asked[2][2]["user"] == "U1"


async def test_what_slack_refuses_is_an_answer(slack):
    url, _ = slack
    door = SlackDoor(AsyncWebClient(token="xoxb-bot", base_url=url), app_token="")
    assert (await door("conversations.info", channel="C1")).error == "channel_not_found"


async def test_a_slack_that_cannot_be_reached_is_said_so():
    client = AsyncWebClient(token="xoxb-bot", base_url="http://127.0.0.1:1/api/")
    with pytest.raises(Retriable, match="Slack cannot be reached"):
        await SlackDoor(client, app_token="")("auth.test")
