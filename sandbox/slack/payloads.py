"""Interactive payloads, as Slack words them."""

import copy
from typing import Any

from sandbox.slack.state import Channel, Workspace

Json = dict[str, Any]


class Payloads:
    def __init__(self, workspace: Workspace, trigger_lifetime: float) -> None:
        self._workspace = workspace
        self._trigger_lifetime = trigger_lifetime

    def _common(self, kind: str, user: str) -> Json:
        who = self._workspace.identity
        name = self._workspace.users[user].name
        return {
            "type": kind,
            "user": {"id": user, "username": name, "name": name, "team_id": who.team_id},
            "api_app_id": who.app_id,
            "token": who.verification_token,
            "team": {"id": who.team_id, "domain": who.team_domain},
            "enterprise": None,
            "is_enterprise_install": False,
            "trigger_id": self._workspace.new_trigger(user, self._trigger_lifetime),
        }

    def message_action(
        self, user: str, channel: Channel, message: Json, action: Json, response_url: str
    ) -> Json:
        """A button or menu of a message was used."""
        container = {
            "type": "message",
            "message_ts": message["ts"],
            "channel_id": channel.id,
            "is_ephemeral": message.get("is_ephemeral", False),
        }
        if "thread_ts" in message:
            container["thread_ts"] = message["thread_ts"]
        return {
            **self._common("block_actions", user),
            "container": container,
            "channel": {"id": channel.id, "name": channel.name},
            "message": copy.deepcopy(message),
            "state": {"values": {}},
            "response_url": response_url,
            "actions": [{**action, "action_ts": self._workspace.new_ts()}],
        }

    def view_action(self, user: str, view: Json, action: Json) -> Json:
        return {
            **self._common("block_actions", user),
            "container": {"type": "view", "view_id": view["id"]},
            "view": copy.deepcopy(view),
            "actions": [{**action, "action_ts": self._workspace.new_ts()}],
        }

    def submission(self, user: str, view: Json) -> Json:
        common = self._common("view_submission", user)
        return {**common, "view": copy.deepcopy(view), "response_urls": []}

    def closed(self, user: str, view: Json, *, cleared: bool) -> Json:
        common = self._common("view_closed", user)
        del common["trigger_id"]
        return {**common, "view": copy.deepcopy(view), "is_cleared": cleared}

    def message_shortcut(
        self, user: str, channel: Channel, message: Json, callback_id: str, response_url: str
    ) -> Json:
        return {
            **self._common("message_action", user),
            "callback_id": callback_id,
            "channel": {"id": channel.id, "name": channel.name},
            "message_ts": message["ts"],
            "message": copy.deepcopy(message),
            "response_url": response_url,
            "action_ts": self._workspace.new_ts(),
        }

    def command(
        self, user: str, channel: Channel, command: str, text: str, response_url: str
    ) -> Json:
        who = self._workspace.identity
        return {
            "token": who.verification_token,
            "team_id": who.team_id,
            "team_domain": who.team_domain,
            "channel_id": channel.id,
            "channel_name": channel.name,
            "user_id": user,
            "user_name": self._workspace.users[user].name,
            "command": command,
            "text": text,
            "api_app_id": who.app_id,
            "is_enterprise_install": "false",
            "response_url": response_url,
            "trigger_id": self._workspace.new_trigger(user, self._trigger_lifetime),
        }


def action_of(block: Json, element: Json, chosen: Json | None) -> Json:
    """The entry of `actions` for an element, with what was chosen in it."""
    action = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
    }
    for key in ("text", "value", "style"):
        if element["type"] == "button" and key in element:
            action[key] = element[key]
    return {**action, **(chosen or {})}
