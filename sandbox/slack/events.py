"""Events API payloads for what happens in the workspace."""

import copy
from typing import Any

from sandbox.slack.delivery import Delivery
from sandbox.slack.state import Workspace

Json = dict[str, Any]
SUBSCRIPTIONS = {
    ("message", "channel"): "message.channels",
    ("message", "group"): "message.groups",
    ("app_home_opened", ""): "app_home_opened",
}
MOST_RETRIES = 3


class Events:
    """Wraps events, keeps them for re-delivery, and sends those that the app subscribes to."""

    def __init__(
        self, workspace: Workspace, delivery: Delivery, subscribed: tuple[str, ...]
    ) -> None:
        self._workspace = workspace
        self._delivery = delivery
        self._subscribed = subscribed
        self.sent: dict[str, Json] = {}

    def publish(self, event: Json) -> str | None:
        """Sends the event; its id, or None if the app did not subscribe to such events."""
        kind = (event["type"], event.get("channel_type", ""))
        if SUBSCRIPTIONS.get(kind) not in self._subscribed:
            return None
        payload = self._callback(event)
        self.sent[payload["event_id"]] = payload
        self._delivery.deliver_event(payload)
        return str(payload["event_id"])

    def redeliver(self, event_id: str, times: int) -> None:
        """Sends the same event again and again; the first repetition looks like a first one."""
        for number in range(times):
            self._delivery.repeat_event(self.sent[event_id], min(number, MOST_RETRIES))

    def id_of(self, channel: str, ts: str) -> str | None:
        """The event that first told about a message."""
        for event_id, payload in self.sent.items():
            event = payload["event"]
            if (event.get("channel"), event.get("ts")) == (channel, ts):
                return event_id
        return None

    def _callback(self, event: Json) -> Json:
        who = self._workspace.identity
        return {
            "token": who.verification_token,
            "team_id": who.team_id,
            "context_team_id": who.team_id,
            "context_enterprise_id": None,
            "api_app_id": who.app_id,
            "event": copy.deepcopy(event),
            "type": "event_callback",
            "event_id": self._workspace.new_id("Ev"),
            "event_time": int(self._workspace.clock()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": who.team_id,
                    "user_id": who.bot_user,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": self._workspace.new_id("EC"),
        }
