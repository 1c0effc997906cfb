"""How Slack says no."""

from collections.abc import Sequence
from typing import Any


class SlackError(Exception):
    """An answer with `ok: false`; `messages` go into `response_metadata`."""

    def __init__(self, error: str, messages: Sequence[str] = (), **extra: Any) -> None:
        super().__init__(error)
        self.error = error
        self.messages = tuple(messages)
        self.extra = extra

    def to_json(self) -> dict[str, Any]:
        answer = {"ok": False, "error": self.error, **self.extra}
        if self.messages:
            answer["response_metadata"] = {"messages": list(self.messages)}
        return answer
