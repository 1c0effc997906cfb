"""The control API: what people do and what an observer sees, as JSON over HTTP.

Reading:  GET /state /wait /messages /ephemerals /modal /home /calls /deliveries /file
Acting:   POST /say /mail /upload /redeliver /click /stale_click /press /fill /submit /close
          /command /shortcut /open_home
Switches: POST /switch/{name}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.mistakes import NotThereError, body_of, query_of, reading, tell_mistakes
from sandbox.slack.acts import Acts

if TYPE_CHECKING:
    from sandbox.slack.server import SlackStandIn

Json = dict[str, Any]
LONGEST_POLL = 60.0


class Control:
    def __init__(self, stand_in: SlackStandIn) -> None:
        self._slack = stand_in
        self._acts = Acts(stand_in)

    def application(self) -> web.Application:
        app = web.Application(middlewares=[tell_mistakes])
        for name in (
            "state",
            "wait",
            "messages",
            "ephemerals",
            "modal",
            "home",
            "calls",
            "deliveries",
            "file",
        ):
            app.router.add_get(f"/{name}", getattr(self, name))
        app.router.add_post("/switch/{name}", self.switch)
        app.router.add_post("/{act}", self.act)
        return app

    async def act(self, request: web.Request) -> web.Response:
        done = await self._acts.perform(request.match_info["act"], await body_of(request))
        return web.json_response({"seq": self._slack.journal.seq, **done})

    async def wait(self, request: web.Request) -> web.Response:
        """Answers as soon as there is anything after sequence number `after`."""
        with reading():
            timeout = min(float(request.query.get("timeout", "10")), LONGEST_POLL)
            after = int(request.query.get("after", "0"))
        changes = await self._slack.journal.wait(after, timeout)
        return web.json_response({"seq": self._slack.journal.seq, "changes": changes})

    async def state(self, _request: web.Request) -> web.Response:
        workspace, delivery = self._slack.workspace, self._slack.delivery
        who = workspace.identity
        return web.json_response(
            {
                "seq": self._slack.journal.seq,
                "api_url": self._slack.api_url,
                "origin": self._slack.origin,
                "team": {"id": who.team_id, "name": who.team_name},
                "bot_user": who.bot_user,
                "users": [user.to_json(who.team_id) for user in workspace.users.values()],
                "groups": [group.to_json(who.team_id) for group in workspace.groups.values()],
                "channels": [
                    {**channel.to_json(who.bot_user), "members": sorted(channel.members)}
                    for channel in workspace.channels.values()
                ],
                "connections": len(delivery.connections),
                "late_acks": delivery.late_acks,
                "down": self._slack.faults.down,
                "refuse_task_cards": workspace.refuse_task_cards,
                "rate_scale": self._slack.rates.scale,
            }
        )

    async def messages(self, request: web.Request) -> web.Response:
        """Every message of a channel, or of one thread, oldest first."""
        channel = self._acts.channel(request.query)
        thread = request.query.get("thread")
        found = channel.thread(thread) if thread else channel.messages
        return web.json_response({"messages": found})

    async def ephemerals(self, request: web.Request) -> web.Response:
        user = request.query.get("user")
        shown = [
            whispered
            for whispered in self._slack.workspace.ephemerals
            if user in (None, whispered["shown_to"])
        ]
        return web.json_response({"messages": shown})

    async def modal(self, request: web.Request) -> web.Response:
        return web.json_response({"view": self._slack.modals.top(query_of(request, "user"))})

    async def home(self, request: web.Request) -> web.Response:
        view = self._slack.workspace.homes.get(query_of(request, "user"))
        return web.json_response({"view": view})

    async def calls(self, request: web.Request) -> web.Response:
        """The Web API calls so far, oldest first, with arguments but no token."""
        method = request.query.get("method")
        shown = [each for each in self._slack.gate.calls if method in (None, each["method"])]
        return web.json_response({"calls": shown})

    async def deliveries(self, _request: web.Request) -> web.Response:
        return web.json_response({"deliveries": self._slack.delivery.log})

    async def file(self, request: web.Request) -> web.Response:
        """A file's bytes, as a person at the page may open it."""
        wanted = query_of(request, "id")
        file = self._slack.workspace.files.get(wanted)
        if file is None:
            raise NotThereError(f"no file {wanted}")
        return web.Response(body=file.content, headers={"Content-Type": file.content_type})

    async def switch(self, request: web.Request) -> web.Response:
        slack, asked = self._slack, await body_of(request)
        match request.match_info["name"]:
            case "down_for":
                with reading():
                    seconds = float(asked["seconds"])
                await slack.switches.down_for(seconds, asked.get("how", "mixed"))
            case "up":
                await slack.switches.up()
            case "drop_sockets":
                slack.switches.drop_sockets()
            case "refresh_sockets":
                await slack.switches.refresh_sockets()
            case "go_deaf":
                slack.switches.go_deaf(answer_pings=asked.get("answer_pings", False))
            case "refuse_task_cards":
                slack.switches.refuse_task_cards(refuse=asked.get("refuse", True))
            case "rate_scale":
                with reading():
                    slack.rates.scale = float(asked["scale"])
            case "fail_next":
                with reading():
                    slack.faults.fail_next(asked.pop("method"), **asked)
            case unknown:
                raise NotThereError(f"no switch {unknown}")
        slack.journal.note("switched")
        return web.json_response({"seq": slack.journal.seq})
