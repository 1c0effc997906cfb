"""What a person sees of the workspace: messages, modals, and the answer to a click."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.slack.blocks import elements_of
from sandbox.slack.inputs import KINDS
from sandbox.slack.plain_text import block_lines, shown

Json = dict[str, Any]


@dataclass(frozen=True)
class Sent:
    """Something a person put into a channel."""

    ts: str
    channel: str
    event_id: str | None
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Click:
    """`dialog` is the confirm dialog's text, "" if there was none; `errors` what Slack said."""

    dialog: str
    dismissed: bool
    errors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Message:
    """A message as it was when it was looked at; `raw` is Slack's own JSON."""

    raw: Json

    @property
    def ts(self) -> str:
        return str(self.raw["ts"])

    @property
    def user(self) -> str:
        return str(self.raw.get("user", ""))

    @property
    def thread_ts(self) -> str | None:
        return self.raw.get("thread_ts")

    @property
    def is_reply(self) -> bool:
        return self.thread_ts not in (None, self.ts)

    @property
    def broadcast(self) -> bool:
        return self.raw.get("subtype") == "thread_broadcast"

    @property
    def blocks(self) -> list[Json]:
        return list(self.raw.get("blocks") or [])

    @property
    def metadata(self) -> Json:
        return dict(self.raw.get("metadata") or {})

    @property
    def text(self) -> str:
        """The fallback text, which notifications show."""
        return str(self.raw.get("text", ""))

    @property
    def plain(self) -> str:
        """All that is shown, as plain text; buttons as [Approve]."""
        return shown(self.raw)

    @property
    def buttons(self) -> list[str]:
        return [
            element["text"]["text"]
            for block in self.blocks
            for _, element in elements_of(block)
            if element.get("type") == "button"
        ]

    def __contains__(self, text: str) -> bool:
        return text in self.plain or text in self.text


@dataclass(frozen=True)
class Modal:
    """An open modal (or Home tab) as it was when it was looked at."""

    raw: Json
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return str((self.raw.get("title") or {}).get("text", ""))

    @property
    def callback_id(self) -> str:
        return str(self.raw["callback_id"])

    @property
    def plain(self) -> str:
        return "\n".join(line for block in self.raw["blocks"] for line in block_lines(block))

    @property
    def values(self) -> Json:
        """What stands in each field, by block_id: text, an option's value, or a list of them."""
        held = {}
        for block_id, actions in self.raw["state"]["values"].items():
            for state in actions.values():
                value = state.get(KINDS[state["type"]].key)
                held[block_id] = _bare(value)
        return held

    def __contains__(self, text: str) -> bool:
        return text in self.title or text in self.plain


def transcript(messages: Sequence[Message], whispered: Sequence[Message]) -> str:
    """The channel as text: threads indented under their parents, ephemerals at the end."""
    lines: list[str] = []
    for message in messages:
        if message.is_reply and any(each.ts == message.thread_ts for each in messages):
            continue
        lines += _spoken(message, "")
        for reply in messages:
            if reply.is_reply and reply.thread_ts == message.ts:
                lines += _spoken(reply, "    ")
    for message in whispered:
        lines += _spoken(message, "", f" only to {message.raw['shown_to']}")
    return "\n".join(lines)


def _spoken(message: Message, indent: str, note: str = "") -> list[str]:
    note += " (also in the channel)" if message.broadcast else ""
    note += " (edited)" if "edited" in message.raw else ""
    head = f"{indent}{message.user} {message.ts}{note}"
    return [head, *(f"{indent}  {line}" for line in message.plain.splitlines())]


def _bare(value: Any) -> Any:
    if isinstance(value, list):
        return [_bare(each) for each in value]
    return value["value"] if isinstance(value, dict) else value
