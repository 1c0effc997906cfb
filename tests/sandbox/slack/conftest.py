import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.people import Person, Workspace
from sandbox.slack import SlackStandIn
from sandbox.slack.timings import Timings

T = TypeVar("T")
PERSISTENT = Timings(retries=(0.1,) * 100, goodbye=0.2)
HASTY = Timings(ack=0.7, retries=(0.0, 0.1, 0.2))
Register = Callable[[AsyncApp], None]


@dataclass
class Rehearsal:
    """A stand-in, its control server and real Bolt apps, on a loop of their own."""

    loop: asyncio.AbstractEventLoop
    stand_in: SlackStandIn
    control_url: str
    workspace: Workspace
    handlers: list[AsyncSocketModeHandler] = field(default_factory=list)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(15)

    def client(self, token: str | None = None) -> AsyncWebClient:
        token = self.stand_in.bot_token if token is None else token
        return AsyncWebClient(
            token=token, base_url=self.stand_in.api_url, timeout=5, retry_handlers=[]
        )

    def call(self, method: str, **arguments: Any) -> Any:
        return self.run(self.client().api_call(method, json=arguments)).data

    def connect(self, register: Register, ping_interval: float = 10) -> None:
        self.run(self._connect(register, ping_interval))
        self.workspace.wait_until_connected(len(self.handlers))

    def person(self, user: str = "U0CAPTAIN") -> Person:
        return self.workspace.as_user(user)

    async def _connect(self, register: Register, ping_interval: float) -> None:
        app = AsyncApp(client=self.client(), logger=logging.getLogger("rehearsed-bot"))
        register(app)
        handler = AsyncSocketModeHandler(app, self.stand_in.app_token, ping_interval=ping_interval)
        self.handlers.append(handler)
        await handler.connect_async()

    async def disconnect(self) -> None:
        for handler in self.handlers:
            await handler.close_async()


@pytest.fixture
def rehearse() -> Iterator[Callable[..., Rehearsal]]:
    """Makes rehearsals with given arguments of the stand-in; ends them all afterwards."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    begun: list[tuple[Rehearsal, web.AppRunner]] = []

    def begin(**options: Any) -> Rehearsal:
        options.setdefault("timings", PERSISTENT)
        starting = asyncio.run_coroutine_threadsafe(_start(loop, options), loop)
        begun.append(starting.result(10))
        return begun[-1][0]

    yield begin
    for rehearsal, runner in begun:
        asyncio.run_coroutine_threadsafe(_stop(rehearsal, runner), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def hasty(rehearse: Callable[..., Rehearsal]) -> Rehearsal:
    """Slack that waits for an ack less than a second."""
    return rehearse(timings=HASTY)


@pytest.fixture
def rehearsal(rehearse: Callable[..., Rehearsal]) -> Rehearsal:
    return rehearse()


async def _start(
    loop: asyncio.AbstractEventLoop, options: dict[str, Any]
) -> tuple[Rehearsal, web.AppRunner]:
    stand_in = SlackStandIn(**options)
    await stand_in.start()
    control = web.Application(client_max_size=64 * 1024 * 1024)
    control.add_subapp("/slack", stand_in.control_app())
    runner = web.AppRunner(control, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    return Rehearsal(loop, stand_in, url, Workspace(url)), runner


async def _stop(rehearsal: Rehearsal, runner: web.AppRunner) -> None:
    rehearsal.workspace.close()
    await rehearsal.disconnect()
    await runner.cleanup()
    await rehearsal.stand_in.stop()
