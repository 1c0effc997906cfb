"""What a person reads in a message, as Slack draws it: a line stays one, and whoever is named in it."""

from collections.abc import Mapping
from typing import Any

from bot.domain.message import Message

_LINE = "rich_text_section"


def read(message: Message) -> str:
    """Its blocks, a line each; people as `<@U0…>`. Its notification is no part of it."""
    return _read(list(message.blocks)) or message.text


def _read(part: Any) -> str:
    if isinstance(part, list | tuple):
        return "\n".join(filter(None, map(_read, part)))
    if not isinstance(part, Mapping):
        return ""
    if part.get("type") == "user":
        return f"<@{part['user_id']}>"
    if part.get("type") == _LINE:
        return "".join(map(_read, part["elements"]))
    own = [part[name] for name in ("title", "text") if isinstance(part.get(name), str)]
    return "\n".join([*own, *filter(None, map(_read, part.values()))])
