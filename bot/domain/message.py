from collections.abc import Mapping
from typing import Any

from bot.domain.frozen import Frozen


class Message(Frozen):
    """A message for Slack: `text` is what notifications and screen readers get."""

    text: str
    blocks: tuple[Mapping[str, Any], ...] = ()
