"""Messages in channels: posted, edited, deleted, shown to one person, and told as events."""

import bisect
import copy
from collections.abc import Callable
from typing import Any

from sandbox.slack.journal import Journal
from sandbox.slack.state import Channel, Workspace
from sandbox.slack.stored import completed

Json = dict[str, Any]
NOT_IN_EVENTS = ("metadata",)


class Board:
    def __init__(
        self, workspace: Workspace, journal: Journal, publish: Callable[[Json], str | None]
    ) -> None:
        self._workspace = workspace
        self._journal = journal
        self._publish = publish

    def post(self, channel: Channel, message: Json, *, broadcast: bool = False) -> Json:
        """Adds the message to the channel (and its thread) and tells the app about it.

        Returns the stored message; `message["ts"]` is new unless it was given.
        """
        message = copy.deepcopy(message)
        message.setdefault("ts", self._workspace.new_ts())
        message.setdefault("type", "message")
        if "blocks" in message:
            message["blocks"] = completed(message["blocks"], self._workspace.new_id)
        parent = channel.find(message["thread_ts"]) if "thread_ts" in message else None
        if parent and broadcast:
            self._mark_broadcast(message, parent)
        bisect.insort(channel.messages, message, key=lambda each: float(each["ts"]))
        self._journal.note("message", channel=channel.id, ts=message["ts"])
        if parent:
            self._count_replies(channel, parent)
        self._tell(channel, message)
        return message

    def update(self, channel: Channel, message: Json, changes: Json, editor: str) -> Json:
        before = copy.deepcopy(message)
        if "blocks" in changes:
            changes = {**changes, "blocks": completed(changes["blocks"], self._workspace.new_id)}
        message.update(changes)
        message["edited"] = {"user": editor, "ts": self._workspace.new_ts()}
        self._journal.note("message_changed", channel=channel.id, ts=message["ts"])
        told = {"subtype": "message_changed", "message": message, "previous_message": before}
        self._tell(channel, {"type": "message", **told, "hidden": True})
        return message

    def broadcast(self, channel: Channel, message: Json) -> None:
        """Shows an existing reply in the channel too."""
        parent = channel.find(message.get("thread_ts", ""))
        if parent and message.get("subtype") != "thread_broadcast":
            self._mark_broadcast(message, parent)
            self._journal.note("message_changed", channel=channel.id, ts=message["ts"])

    def delete(self, channel: Channel, message: Json) -> None:
        channel.messages.remove(message)
        self._journal.note("message_deleted", channel=channel.id, ts=message["ts"])
        parent = channel.find(message.get("thread_ts", ""))
        if parent:
            self._count_replies(channel, parent)
        told = {"subtype": "message_deleted", "previous_message": message, "hidden": True}
        self._tell(channel, {"type": "message", **told, "deleted_ts": message["ts"]})

    def whisper(self, channel_id: str, user: str, message: Json) -> Json:
        """An ephemeral message: only `user` sees it, and it is in no history."""
        kept = copy.deepcopy(message)
        kept.update({"ts": self._workspace.new_ts(), "type": "message", "is_ephemeral": True})
        kept.update({"channel": channel_id, "shown_to": user})
        if "blocks" in kept:
            kept["blocks"] = completed(kept["blocks"], self._workspace.new_id)
        self._workspace.ephemerals.append(kept)
        self._journal.note("ephemeral", user=user, ts=kept["ts"], channel=channel_id)
        return kept

    def change_whisper(self, whispered: Json, changes: Json | None) -> None:
        """Replaces an ephemeral message's content; None takes it away."""
        if changes is None:
            self._workspace.ephemerals.remove(whispered)
        else:
            if "blocks" in changes:
                blocks = completed(changes["blocks"], self._workspace.new_id)
                changes = {**changes, "blocks": blocks}
            whispered.update(changes)
        self._journal.note("ephemeral", user=whispered["shown_to"], ts=whispered["ts"])

    def slackbot_says(self, user: str, channel_id: str, text: str) -> Json:
        return self.whisper(channel_id, user, {"user": "USLACKBOT", "text": text})

    def bot_message(self, content: Json) -> Json:
        """`content` signed by the app's bot, as Slack signs it."""
        who = self._workspace.identity
        return {
            "user": who.bot_user,
            "bot_id": who.bot_id,
            "app_id": who.app_id,
            "team": who.team_id,
            "bot_profile": {
                "id": who.bot_id,
                "app_id": who.app_id,
                "user_id": who.bot_user,
                "name": who.bot_name,
                "team_id": who.team_id,
                "deleted": False,
            },
            **content,
        }

    def _mark_broadcast(self, message: Json, parent: Json) -> None:
        root = {key: value for key, value in parent.items() if key not in NOT_IN_EVENTS}
        message.update({"subtype": "thread_broadcast", "root": copy.deepcopy(root)})

    def _count_replies(self, channel: Channel, parent: Json) -> None:
        self._journal.note("message_changed", channel=channel.id, ts=parent["ts"])
        replies = [each for each in channel.thread(parent["ts"]) if each is not parent]
        if not replies:
            for key in ("thread_ts", "reply_count", "reply_users", "latest_reply"):
                parent.pop(key, None)
            return
        parent.update(
            {
                "thread_ts": parent["ts"],
                "reply_count": len(replies),
                "reply_users": list(dict.fromkeys(each.get("user", "") for each in replies)),
                "latest_reply": replies[-1]["ts"],
            }
        )

    def _tell(self, channel: Channel, message: Json) -> None:
        if self._workspace.identity.bot_user not in channel.members:
            return
        event = {key: value for key, value in message.items() if key not in NOT_IN_EVENTS}
        stamp = message["ts"] if "ts" in message else self._workspace.new_ts()
        where = {"channel": channel.id, "channel_type": channel.kind}
        self._publish({**copy.deepcopy(event), "ts": stamp, **where, "event_ts": stamp})
