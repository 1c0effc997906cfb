"""The routes of the workspace in the browser, as its page asks for them."""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from sandbox.mistakes import BadRequestError, NotThereError, body_of
from sandbox.slack.posting import MailOptions
from sandbox.workspace import assets
from sandbox.workspace.bot import Bot
from sandbox.workspace.outside import Outside
from sandbox.workspace.samples import Samples
from sandbox.workspace.snapshot import snapshot
from sandbox.workspace.stream import Streams
from sandbox.world import World

Json = dict[str, Any]


class Workspace:
    """Everything under / and /workspace of the control server.

    Args:
        world: what it shows.
        wish: told "kill" or "restart", for the keeper of the bot.
    """

    def __init__(self, world: World, wish: Callable[[str], None]) -> None:
        self._slack = world.slack
        self._bot = Bot(self._slack.delivery, self._slack.journal, wish)
        self._streams = Streams(self._slack, self._bot)
        self._samples = Samples()
        self._outside = Outside(world)

    def register(self, app: web.Application) -> None:
        app.on_response_prepare.append(assets.guarded_headers)
        app.on_shutdown.append(self._streams.close)
        app.add_routes(
            [
                *assets.routes(),
                *self._outside.routes(),
                web.get("/workspace/snapshot", self.snapshot),
                web.get("/workspace/stream", self.stream),
                web.get("/workspace/samples", self.samples),
                web.get("/workspace/samples/{name}", self.sample),
                web.post("/workspace/samples/{name}", self.forward),
                web.put("/workspace/bot", self.bot),
                web.post("/workspace/bot/{act}", self.end_bot),
            ]
        )

    async def snapshot(self, request: web.Request) -> web.Response:
        return web.json_response(await snapshot(self._slack, self._bot, self._me(request)))

    async def stream(self, request: web.Request) -> web.StreamResponse:
        return await self._streams.serve(request, self._me(request))

    async def samples(self, _: web.Request) -> web.Response:
        return web.json_response(self._samples.described())

    async def sample(self, request: web.Request) -> web.Response:
        """The mail as a file."""
        name = request.match_info["name"]
        return web.Response(
            body=self._samples.mail(name),
            content_type="message/rfc822",
            headers={"Content-Disposition": f'attachment; filename="{name}.eml"'},
        )

    async def forward(self, request: web.Request) -> web.Response:
        """Forward the mail to a channel."""
        asked = await body_of(request)
        mail = self._samples.mail(request.match_info["name"])
        named = asked.get("channel") or "C0CHARTERS"
        channel = self._slack.workspace.channels.get(str(named))
        if channel is None:
            raise NotThereError(f"There is no channel {named}.")
        return web.json_response(self._slack.posting.forward(channel, mail, MailOptions()))

    async def bot(self, request: web.Request) -> web.Response:
        """Its keeper tells how the bot is: {"state", "pid"}."""
        asked = await body_of(request)
        self._bot.told(asked["state"], asked.get("pid"))
        return web.json_response(self._bot.described())

    async def end_bot(self, request: web.Request) -> web.Response:
        """Its keeper is asked to kill it, or to end it so that it is started again."""
        self._bot.wished(request.match_info["act"])
        return web.json_response(self._bot.described())

    def _me(self, request: web.Request) -> str:
        me = request.query.get("user", "")
        if me not in self._slack.workspace.users:
            raise BadRequestError(f"there is no user {me}")
        return me
