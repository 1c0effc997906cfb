"""The stand-in for Slack: one server on loopback, everything wired together."""

import time
from collections.abc import Callable

from aiohttp import web

from sandbox.slack import cast, files, response_urls, socket_mode
from sandbox.slack.board import Board
from sandbox.slack.control import Control
from sandbox.slack.delivery import Delivery
from sandbox.slack.events import Events
from sandbox.slack.faults import Faults
from sandbox.slack.files import FileShelf
from sandbox.slack.forms import Forms
from sandbox.slack.journal import Journal
from sandbox.slack.modals import Modals
from sandbox.slack.payloads import Payloads
from sandbox.slack.posting import Posting
from sandbox.slack.presses import Presses
from sandbox.slack.rates import RateKeeper
from sandbox.slack.response_urls import ResponseUrls
from sandbox.slack.socket_mode import SocketMode
from sandbox.slack.state import Workspace
from sandbox.slack.switches import Switches
from sandbox.slack.timings import Timings
from sandbox.slack.web_api import gate
from sandbox.slack.web_api.call import Arguments, Call
from sandbox.slack.web_api.gate import Gate

HOST = "127.0.0.1"
LARGEST_REQUEST = 64 * 1024 * 1024


class SlackStandIn:
    """Slack's Web API, Socket Mode, files and response URLs for one workspace and one app.

    `rate_scale` and `retry_scale` multiply how many calls fit in a window and how long Slack
    waits before it sends an event again.
    """

    def __init__(
        self,
        *,
        scopes: tuple[str, ...] = cast.SCOPES,
        events: tuple[str, ...] = cast.EVENTS,
        commands: tuple[str, ...] = ("/charter",),
        timings: Timings | None = None,
        rate_scale: float = 1.0,
        retry_scale: float = 1.0,
        refuse_task_cards: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        waits = (timings or Timings()).scaled_retries(retry_scale)
        self.workspace = Workspace(cast.IDENTITY, scopes, clock)
        self.workspace.populate(cast.users(), cast.groups(), cast.channels())
        self.workspace.refuse_task_cards = refuse_task_cards
        self.journal = Journal(clock)
        self.faults = Faults(clock)
        self.rates = RateKeeper(clock, rate_scale)
        self.delivery = Delivery(self.journal, waits, clock)
        self.events = Events(self.workspace, self.delivery, events)
        self.board = Board(self.workspace, self.journal, self.events.publish)
        self.modals = Modals(self.workspace, self.journal)
        self.sockets = SocketMode(self.workspace, self.delivery, waits)
        self.files = FileShelf(self.workspace)
        self.response_urls = ResponseUrls(self.workspace, self.board, waits, clock)
        payloads = Payloads(self.workspace, waits.trigger)
        self.presses = Presses(
            self.workspace,
            self.board,
            self.delivery,
            payloads,
            self.response_urls,
            commands=commands,
        )
        self.forms = Forms(self.workspace, self.modals, self.delivery, payloads)
        self.posting = Posting(self.workspace, self.board, self.events, self.files)
        self.gate = Gate(self.workspace, self.journal, self.faults, self.rates, self._call)
        self.switches = Switches(
            self.workspace,
            self.journal,
            self.faults,
            self.sockets,
            listen=self.listen,
            stop_listening=self.stop_listening,
        )
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None
        self._port = 0

    @property
    def origin(self) -> str:
        return self.workspace.origin

    @property
    def api_url(self) -> str:
        return f"{self.workspace.origin}/api/"

    @property
    def bot_token(self) -> str:
        return self.workspace.identity.bot_token

    @property
    def app_token(self) -> str:
        return self.workspace.identity.app_token

    async def start(self, port: int = 0) -> None:
        """Serves on loopback; port 0 takes a free one."""
        self._runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        self._port = port
        await self.listen()
        self._port = self._runner.addresses[0][1]
        self.workspace.origin = f"http://{HOST}:{self._port}"

    async def stop(self) -> None:
        await self.switches.stop()
        await self.sockets.stop()
        await self.delivery.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    async def listen(self) -> None:
        if self._runner is None or self._site is not None:
            return
        self._site = web.TCPSite(self._runner, HOST, self._port)
        await self._site.start()

    async def stop_listening(self) -> None:
        if self._site is not None:
            site, self._site = self._site, None
            await site.stop()

    def control_app(self) -> web.Application:
        """JSON endpoints for people and tests, to be mounted by the sandbox's control server."""
        return Control(self).application()

    def _call(self, arguments: Arguments) -> Call:
        return Call(arguments, self.workspace, self.board, self.modals, self.sockets, self.files)

    def _application(self) -> web.Application:
        app = web.Application(
            middlewares=[self.switches.middleware], client_max_size=LARGEST_REQUEST
        )
        app.router.add_route("*", gate.PATH, self.gate.handle)
        app.router.add_get(socket_mode.PATH, self.sockets.handle)
        app.router.add_post(response_urls.PATH, self.response_urls.handle)
        app.router.add_get(files.PATH, self.files.handle)
        app.router.add_post(files.UPLOAD, self.files.take)
        app.router.add_get(files.LOGIN, self.files.login)
        return app
