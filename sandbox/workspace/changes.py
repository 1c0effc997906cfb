"""The journal's notes as one person's page is told them."""

from collections.abc import Iterable
from typing import Any

from sandbox.slack.server import SlackStandIn
from sandbox.workspace.bot import Bot
from sandbox.workspace.sight import Sight

Json = dict[str, Any]
RESET: Json = {"kind": "reset"}
_OF_THE_BOT = ("bot", "connected", "disconnected")
_OUTSIDE = ("world", "switched", "down", "up")


class Changes:
    """Tells what is now, not what was then: several notes of one thing are one change."""

    def __init__(self, slack: SlackStandIn, bot: Bot, sight: Sight) -> None:
        self._slack = slack
        self._bot = bot
        self._sight = sight

    def of(self, notes: Iterable[Json]) -> list[Json]:
        """The changes, each thing once and in the order in which it was last noted."""
        subjects = dict.fromkeys(filter(None, map(self._subject, notes)))
        return [change for subject in subjects if (change := self._change(*subject))]

    def _subject(self, note: Json) -> tuple[str, ...] | None:
        """What a note is about, if this person's page shows it."""
        match note["kind"]:
            case "message" | "message_changed" | "message_deleted":
                return ("message", note["channel"], note["ts"])
            case "ephemeral":
                return self._mine(note, "ephemeral", note["ts"])
            case "modal" | "home" as kind:
                return self._mine(note, kind)
            case "view":
                return self._view(note["view"])
            case kind:
                return _for_everybody(kind, note)

    def _mine(self, note: Json, *subject: str) -> tuple[str, ...] | None:
        return subject if note["user"] == self._sight.me else None

    def _view(self, view_id: str) -> tuple[str, ...] | None:
        for kind, view in (("modal", self._sight.modal()), ("home", self._sight.home())):
            if view and view["id"] == view_id:
                return (kind,)
        return None

    def _change(self, kind: str, *which: str) -> Json | None:
        match kind:
            case "message":
                return self._message(*which)
            case "ephemeral":
                shown = self._sight.ephemeral(*which)
                gone = {"kind": "ephemeral_gone", "ts": which[0]}
                return {"kind": "ephemeral", "message": shown} if shown else gone
            case "modal":
                return {"kind": "modal", "view": self._sight.modal()}
            case "home":
                return {"kind": "home", "view": self._sight.home()}
            case "bot":
                return {"kind": "bot", "bot": self._bot.described()}
            case _:
                return {"kind": kind}

    def _message(self, channel_id: str, ts: str) -> Json | None:
        channel = self._sight.channel(channel_id)
        if channel is None:
            return None
        message = channel.find(ts)
        if message is None:
            return {"kind": "message_gone", "channel": channel_id, "ts": ts}
        return {"kind": "message", "channel": channel_id, "message": message}


def _for_everybody(kind: str, note: Json) -> tuple[str, ...] | None:
    if kind in _OF_THE_BOT:
        return ("bot",)
    # A call that went wrong may have used up a fault.
    if kind in _OUTSIDE or (kind == "call" and note["error"]):
        return ("world",)
    return None
