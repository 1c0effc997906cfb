"""What a person can do, by name, from a JSON description."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from sandbox.mistakes import Asked, BadRequestError, NotThereError, reading
from sandbox.slack.posting import MailOptions

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from sandbox.slack.server import SlackStandIn
    from sandbox.slack.state import Channel

Json = dict[str, Any]
DEFAULT_CHANNEL = "C0CHARTERS"
_WORDS = ("user", "channel", "text", "thread", "ts", "action", "block", "callback_id", "name")
_OBJECTS = ("message", "values", "event")


class Acts:
    def __init__(self, stand_in: SlackStandIn) -> None:
        self._slack = stand_in
        self._acts: Mapping[str, Callable[[Json], Awaitable[Json]]] = {
            "say": self._say,
            "mail": self._mail,
            "upload": self._upload,
            "redeliver": self._redeliver,
            "click": self._click,
            "stale_click": self._stale_click,
            "press": self._press,
            "fill": self._fill,
            "submit": self._submit,
            "close": self._close,
            "command": self._command,
            "shortcut": self._shortcut,
            "open_home": self._open_home,
        }

    async def perform(self, name: str, asked: Asked) -> Json:
        """Raises NotThereError for what a person could not do, BadRequestError for nonsense."""
        _check(asked)
        if name not in self._acts:
            raise NotThereError(f"nobody knows how to {name}")
        if "user" in asked and asked["user"] not in self._slack.workspace.users:
            raise NotThereError(f"no user {asked['user']}")
        return await self._acts[name](asked)

    def channel(self, asked: Mapping[str, Any]) -> Channel:
        channel = self._slack.workspace.channels.get(asked.get("channel") or DEFAULT_CHANNEL)
        if channel is None:
            raise NotThereError(f"no channel {asked.get('channel')}")
        return channel

    async def _say(self, asked: Json) -> Json:
        thread = asked.get("thread")
        return self._slack.posting.say(asked["user"], self.channel(asked), asked["text"], thread)

    async def _mail(self, asked: Json) -> Json:
        options = MailOptions(
            asked.get("truncated", False),
            asked.get("check_file_info", False),
            asked.get("hosted_at", ""),
        )
        if "event" in asked:
            return self._slack.posting.forward_event(self.channel(asked), asked["event"], options)
        with reading():
            eml = base64.b64decode(asked["eml"])
        return self._slack.posting.forward(self.channel(asked), eml, options)

    async def _upload(self, asked: Json) -> Json:
        with reading():
            files = [
                (each["name"], base64.b64decode(each["data"]))
                for each in asked.get("files") or [asked]
            ]
        return self._slack.posting.upload(
            asked["user"], self.channel(asked), files, asked.get("thread")
        )

    async def _redeliver(self, asked: Json) -> Json:
        if asked["event_id"] not in self._slack.events.sent:
            raise NotThereError(f"no event {asked['event_id']}")
        self._slack.events.redeliver(asked["event_id"], asked.get("times", 1))
        return {}

    async def _click(self, asked: Json) -> Json:
        return await self._slack.presses.click(
            asked["user"],
            self.channel(asked),
            asked["ts"],
            asked["action"],
            how=asked,
            times=asked.get("times", 1),
        )

    async def _stale_click(self, asked: Json) -> Json:
        return await self._slack.presses.stale_click(
            asked["user"], self.channel(asked), asked["message"], asked["action"], how=asked
        )

    async def _press(self, asked: Json) -> Json:
        answer = await self._slack.forms.press(
            asked["user"],
            asked["action"],
            block_id=asked.get("block"),
            option=asked.get("option"),
        )
        return {"answers": [answer.to_json()]}

    async def _fill(self, asked: Json) -> Json:
        await self._slack.forms.fill(asked["user"], asked["values"])
        return {}

    async def _submit(self, asked: Json) -> Json:
        return {"errors": await self._slack.forms.submit(asked["user"])}

    async def _close(self, asked: Json) -> Json:
        await self._slack.forms.close(asked["user"])
        return {}

    async def _command(self, asked: Json) -> Json:
        return await self._slack.presses.command(asked["user"], self.channel(asked), asked["text"])

    async def _shortcut(self, asked: Json) -> Json:
        return await self._slack.presses.shortcut(
            asked["user"], self.channel(asked), asked["ts"], asked["callback_id"]
        )

    async def _open_home(self, asked: Json) -> Json:
        return {"event_id": self._slack.posting.open_home(asked["user"])}


def _check(asked: Json) -> None:
    for names, kind, what in ((_WORDS, str, "text"), (_OBJECTS, dict, "an object")):
        for name in names:
            if asked.get(name) is not None and not isinstance(asked[name], kind):
                raise BadRequestError(f"{name} is {what}")
