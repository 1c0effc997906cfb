"""In place of Bolt: takes the handlers' listeners, and hands them Slack's payloads.

The listeners are the bot's own. What Bolt adds, signatures and matching, the scenarios go through.
"""

import asyncio
import inspect
from collections.abc import Callable, Mapping
from typing import Any

Json = dict[str, Any]


class Switchboard:
    """As much of `AsyncApp` as the handlers use to register, and `deliver`."""

    def __init__(self) -> None:
        self._listeners: dict[tuple[str, str], tuple[Any, list[Any]]] = {}
        self._on_error: Any = None

    def middleware(self, function: Any) -> Any:
        return function  # who is heard at all is Bolt's to find out

    def error(self, function: Any) -> Any:
        self._on_error = function
        return function

    def event(self, name: str | Mapping[str, str]) -> Callable[..., Any]:
        return self._registers("event", name if isinstance(name, str) else name["type"])

    def action(self, name: str) -> Callable[..., Any]:
        return self._registers("action", name)

    def view(self, name: str) -> Callable[..., Any]:
        return self._registers("view", name)

    def command(self, name: str) -> Callable[..., Any]:
        return self._registers("command", name)

    def shortcut(self, name: str) -> Callable[..., Any]:
        return self._registers("shortcut", name)

    def _registers(self, kind: str, name: str) -> Callable[..., Any]:
        def register(*functions: Any, ack: Any = None, lazy: list[Any] | None = None) -> Any:
            first = functions[0] if functions else ack
            self._listeners[kind, name] = (first, lazy or [])
            return first

        return register

    async def deliver(self, kind: str, name: str, body: Json) -> Json | None:
        """Hand a payload over: what it was acknowledged with, or None if it was not."""
        first, lazy = self._listeners[kind, name]
        acked: list[Json] = []
        context: Json = {}

        async def ack(**said: Any) -> None:
            acked.append(said)

        known = {
            "body": body,
            "ack": ack,
            "context": context,
            "_context": context,
            kind: body[kind] if kind in {"event", "view"} else body,
        }
        try:
            await first(**_wanted(first, known))
        except Exception as error:  # noqa: BLE001 - as Bolt, which has its own listener for it
            await self._on_error(error, body)
            return None
        for each in lazy:
            asyncio.create_task(each(body, context))  # noqa: RUF006 - the life holds it
        return acked[0] if acked else {}  # events that have no `ack` are acknowledged by Bolt


def _wanted(function: Any, known: Json) -> Json:
    return {name: known[name] for name in inspect.signature(function).parameters}
