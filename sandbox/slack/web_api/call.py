"""One Web API call: its arguments, read as Slack reads them, and what it may touch."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.slack.board import Board
from sandbox.slack.errors import SlackError
from sandbox.slack.files import FileShelf
from sandbox.slack.modals import Modals
from sandbox.slack.schema import fault
from sandbox.slack.socket_mode import SocketMode
from sandbox.slack.state import Channel, Workspace

Json = dict[str, Any]
TRUE = ("true", "1", "True")


class Arguments:
    """Values from a query, a form or a JSON body; in a form everything is text."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = {key: value for key, value in values.items() if value is not None}

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def text(self, name: str, default: str = "") -> str:
        return str(self._values.get(name, default))

    def needed(self, name: str) -> str:
        if not self.text(name):
            told = fault(f"missing required field: {name}", "")
            raise SlackError("invalid_arguments", [told])
        return self.text(name)

    def flag(self, name: str) -> bool:
        value = self._values.get(name, False)
        return value if isinstance(value, bool) else str(value) in TRUE

    def number(self, name: str, default: int, most: int) -> int:
        try:
            value = int(self.text(name) or default)
        except ValueError as not_a_number:
            raise SlackError("invalid_arguments") from not_a_number
        if not 1 <= value <= most:
            raise SlackError("invalid_limit")
        return value

    def structure(self, name: str, error: str) -> Any:
        """A JSON value, which a form holds as text."""
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except json.JSONDecodeError as unreadable:
            raise SlackError(error) from unreadable


@dataclass(frozen=True)
class Call:
    arguments: Arguments
    workspace: Workspace
    board: Board
    modals: Modals
    sockets: SocketMode
    files: FileShelf

    def channel(self) -> Channel:
        channel = self.workspace.bot_channel(self.arguments.needed("channel"))
        if channel is None:
            raise SlackError("channel_not_found")
        return channel

    def joined_channel(self) -> Channel:
        channel = self.channel()
        if self.workspace.identity.bot_user not in channel.members:
            raise SlackError("not_in_channel")
        return channel
