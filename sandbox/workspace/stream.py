"""Server-sent events: what changes, told to a page within milliseconds."""

import asyncio
import json
from typing import Any

from aiohttp import web

from sandbox.slack.server import SlackStandIn
from sandbox.workspace.bot import Bot
from sandbox.workspace.changes import RESET, Changes
from sandbox.workspace.sight import Sight

Json = dict[str, Any]
_KEEP_ALIVE_SECONDS = 15.0


class Streams:
    """The open streams. They end when the server does."""

    def __init__(self, slack: SlackStandIn, bot: Bot) -> None:
        self._slack = slack
        self._bot = bot
        self._open: set[asyncio.Task[Any]] = set()

    async def serve(self, request: web.Request, me: str) -> web.StreamResponse:
        """One page's stream, from `after` or where its last connection ended."""
        after = _number(request.headers.get("Last-Event-ID") or request.query.get("after"))
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        task = asyncio.current_task()
        if task is not None:
            self._open.add(task)
            task.add_done_callback(self._open.discard)
        try:
            await response.prepare(request)
            await self._tell(response, me, after)
        except ConnectionResetError:  # the page was closed
            pass
        return response

    async def close(self, _: web.Application) -> None:
        """End them all, since none of them would end by itself."""
        for task in self._open:
            task.cancel()

    async def _tell(self, response: web.StreamResponse, me: str, after: int | None) -> None:
        journal, changes = (
            self._slack.journal,
            Changes(self._slack, self._bot, Sight(self._slack, me)),
        )
        if after is None or not journal.reaches(after):
            after = journal.seq
            await _send(response, after, [RESET])
        else:
            # At once, so that a page knows that it is connected and from where to go on.
            notes, after = journal.since(after), journal.seq
            await _send(response, after, changes.of(notes))
        while True:
            notes = await journal.wait(after, _KEEP_ALIVE_SECONDS)
            if not notes:
                await response.write(b": here\n\n")
            elif not journal.reaches(after):  # the page reads more slowly than things happen
                after = journal.seq
                await _send(response, after, [RESET])
            else:
                after = notes[-1]["seq"]
                if told := changes.of(notes):
                    await _send(response, after, told)


async def _send(response: web.StreamResponse, seq: int, changes: list[Json]) -> None:
    data = json.dumps({"seq": seq, "changes": changes}, separators=(",", ":"))
    await response.write(f"id: {seq}\ndata: {data}\n\n".encode())


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None
