"""Switches for outages: down, dropped sockets, deaf sockets, refused task cards."""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.slack.faults import Faults
from sandbox.slack.journal import Journal
from sandbox.slack.socket_mode import SocketMode
from sandbox.slack.state import Workspace
from sandbox.slack.web_api.gate import hang_up


class Switches:
    def __init__(
        self,
        workspace: Workspace,
        journal: Journal,
        faults: Faults,
        sockets: SocketMode,
        *,
        listen: Callable[[], Awaitable[None]],
        stop_listening: Callable[[], Awaitable[None]],
    ) -> None:
        self._workspace = workspace
        self._journal = journal
        self._faults = faults
        self._sockets = sockets
        self._listen = listen
        self._stop_listening = stop_listening
        self._return: asyncio.Task[None] | None = None

    async def down_for(self, seconds: float, how: str = "mixed") -> None:
        """Slack is away for so many seconds: sockets dropped, then no call succeeds.

        `how`: "503", "dropped", "mixed" (by turns), or "refused" (nobody listens).
        """
        self._faults.go_down(seconds, how)
        self._sockets.drop_all()
        if how == "refused":
            await self._stop_listening()
        await self._cancel_return()
        self._return = asyncio.get_running_loop().create_task(self._come_back(seconds))
        self._journal.note("down", seconds=seconds, how=how)

    async def up(self) -> None:
        """Ends an outage before its time."""
        await self._cancel_return()
        await self._come_back(0)

    def drop_sockets(self) -> None:
        self._sockets.drop_all()

    async def refresh_sockets(self) -> None:
        await self._sockets.refresh_all()

    def go_deaf(self, *, answer_pings: bool = False) -> None:
        """The sockets of this moment stay open, and nothing comes through them any more."""
        self._sockets.go_deaf(answer_pings=answer_pings)
        self._journal.note("deaf")

    def refuse_task_cards(self, *, refuse: bool) -> None:
        self._workspace.refuse_task_cards = refuse

    async def stop(self) -> None:
        await self._cancel_return()

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not self._faults.down:
            return await handler(request)
        self._journal.note("refused", path=request.path)
        if self._faults.outage_drops():
            return hang_up(request)
        return web.Response(status=503, text="Service Unavailable")

    async def _come_back(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self._faults.come_back()
        await self._listen()
        self._journal.note("up")

    async def _cancel_return(self) -> None:
        if self._return is not None:
            self._return.cancel()
            await asyncio.gather(self._return, return_exceptions=True)
            self._return = None
