"""Response URLs: five answers within half an hour, seen by the person who acted."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from sandbox.slack.blocks import check_message
from sandbox.slack.board import Board
from sandbox.slack.errors import SlackError
from sandbox.slack.state import Workspace
from sandbox.slack.timings import Timings

Json = dict[str, Any]
PATH = "/response/{ticket}"
USES = 5


@dataclass
class Ticket:
    """Where answers go: the channel, the person, and the message acted on, if any."""

    channel: str
    user: str
    expires: float
    source: Json | None = None
    uses: int = 0


class ResponseUrls:
    def __init__(
        self,
        workspace: Workspace,
        board: Board,
        timings: Timings,
        clock: Callable[[], float],
    ) -> None:
        self._workspace = workspace
        self._board = board
        self._timings = timings
        self._clock = clock
        self._tickets: dict[str, Ticket] = {}

    def new(self, channel: str, user: str, source: Json | None = None) -> str:
        name = secrets.token_hex(12)
        expires = self._clock() + self._timings.response_url
        self._tickets[name] = Ticket(channel, user, expires, source)
        return f"{self._workspace.origin}{PATH.format(ticket=name)}"

    async def handle(self, request: web.Request) -> web.Response:
        ticket = self._tickets.get(request.match_info["ticket"])
        if ticket is None or self._clock() > ticket.expires:
            return web.json_response({"ok": False, "error": "expired_url"}, status=404)
        if ticket.uses >= USES:
            return web.json_response({"ok": False, "error": "used_url"}, status=404)
        ticket.uses += 1
        try:
            self.answer(ticket, await _json_object(request))
        except SlackError as refusal:
            return web.json_response(refusal.to_json(), status=400)
        return web.Response(text="ok")

    def answer(self, ticket: Ticket, body: Json) -> None:
        """Does what an answer asks for; raises SlackError for a bad one."""
        source = ticket.source
        if body.get("delete_original"):
            self._replace(ticket, source, None)
            return
        content = self.content(body)
        if body.get("replace_original") and source is not None:
            self._replace(ticket, source, content)
        elif body.get("response_type") == "in_channel":
            channel = self._workspace.channels[ticket.channel]
            self._board.post(channel, self._board.bot_message(content))
        else:
            self._board.whisper(ticket.channel, ticket.user, self._board.bot_message(content))

    def answer_now(self, channel: str, user: str, body: Json) -> None:
        """An answer inside an acknowledgement, which is no use of a response URL."""
        self.answer(Ticket(channel, user, expires=0), body)

    def content(self, body: Json) -> Json:
        content = {key: body[key] for key in ("text", "blocks", "thread_ts") if body.get(key)}
        if not content.keys() & {"text", "blocks"}:
            raise SlackError("no_text")
        if "blocks" in content:
            check_message(content["blocks"], refuse_task_cards=self._workspace.refuse_task_cards)
        content.setdefault("text", "")
        return content

    def _replace(self, ticket: Ticket, source: Json | None, content: Json | None) -> None:
        if source is None:
            raise SlackError("message_not_found")
        if source.get("is_ephemeral"):
            self._board.change_whisper(source, content)
            return
        channel = self._workspace.channels[ticket.channel]
        message = channel.find(source["ts"])
        if message is None:
            raise SlackError("message_not_found")
        if content is None:
            self._board.delete(channel, message)
        else:
            self._board.update(channel, message, content, self._workspace.identity.bot_user)


async def _json_object(request: web.Request) -> Json:
    try:
        body = await request.json()
    except ValueError as unreadable:
        raise SlackError("invalid_payload") from unreadable
    if not isinstance(body, dict):
        raise SlackError("invalid_payload")
    return body
