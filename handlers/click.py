"""A block action or a view submission, decoded once."""

from collections.abc import Mapping
from typing import Any

from bot.domain.frozen import Frozen
from bot.orchestration.whisper import HOME
from bot.views.press import Press


def is_home(body: Mapping[str, Any]) -> bool:
    """Whether it was pressed on a person's Home, where there is no channel and no message."""
    return (body.get("view") or {}).get("type") == "home"


class Click(Frozen):
    """Who pressed what, where. `key` is the click's identity: its redelivery has the same.

    `response_url`: for what only the person sees, and where they look for the answer.
    """

    key: str
    action: str
    press: Press
    user: str
    channel: str
    thread: str | None
    trigger: str
    response_url: str | None = None

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "Click":
        """Decode a `block_actions` body of one of our messages, or of a Home.

        Raises:
            ForeignPress: the button's value is not ours.
        """
        action, container = body["actions"][0], body["container"]
        message = body.get("message") or {}
        place = (HOME, container["view_id"]) if is_home(body) else None
        channel, ts = place or (container["channel_id"], container["message_ts"])
        return cls(
            key=f"click:{channel}:{ts}:{action['action_id']}:{action['action_ts']}",
            action=action["action_id"],
            press=Press.decode(action["value"]),
            user=body["user"]["id"],
            channel=channel,
            thread=message.get("thread_ts"),
            trigger=body["trigger_id"],
            response_url=body.get("response_url") if container.get("is_ephemeral") else None,
        )

    def payload(self) -> dict[str, Any]:
        """What the job is given."""
        shown = {"response_url": self.response_url} if self.response_url else {}
        return {
            "key": self.key,
            "action": self.action,
            "booking_id": self.press.booking_id,
            "version": self.press.version,
            "run": self.press.run,
            "user": self.user,
            "channel": self.channel,
            "thread": self.thread,
            **shown,
        }
