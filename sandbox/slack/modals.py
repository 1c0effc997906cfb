"""Modals that people have open, and their Home tabs."""

import copy
from typing import Any

from sandbox.slack import limits
from sandbox.slack.errors import SlackError
from sandbox.slack.inputs import initial_values
from sandbox.slack.journal import Journal
from sandbox.slack.state import Workspace
from sandbox.slack.stored import completed
from sandbox.slack.view_checks import check_view

Json = dict[str, Any]


class Modals:
    """Each person has a stack of views; the last one is what they see."""

    def __init__(self, workspace: Workspace, journal: Journal) -> None:
        self._workspace = workspace
        self._journal = journal
        self.stacks: dict[str, list[Json]] = {}

    def open(self, trigger_id: str, view: object) -> Json:
        user = self.exchange(trigger_id)
        modal = self.made(check_view(view, "modal"))
        self._show(user, [modal])
        return modal

    def push(self, trigger_id: str, view: object) -> Json:
        user = self.exchange(trigger_id)
        return self.put_on_top(user, check_view(view, "modal"))

    def put_on_top(self, user: str, view: Json) -> Json:
        stack = self.stacks.get(user) or []
        if len(stack) >= limits.PUSHED_VIEWS:
            raise SlackError("push_limit_reached")
        modal = self.made(view)
        if stack:
            modal["root_view_id"] = stack[0]["root_view_id"]
            modal["previous_view_id"] = stack[-1]["id"]
        self._show(user, [*stack, modal])
        return modal

    def find(self, view_id: str, external_id: str = "") -> Json:
        for stack in [*self.stacks.values(), list(self._workspace.homes.values())]:
            for view in stack:
                if view["id"] == view_id or (external_id and view["external_id"] == external_id):
                    return view
        raise SlackError("not_found")

    def update(self, view: Json, content: object, expected_hash: str = "") -> Json:
        if expected_hash and expected_hash != view["hash"]:
            raise SlackError("hash_conflict")
        checked = self.made(check_view(content, view["type"]))
        typed = view["state"]["values"]
        for block_id, actions in checked["state"]["values"].items():
            for action_id in actions:
                if action_id in typed.get(block_id, {}):
                    actions[action_id] = typed[block_id][action_id]
        kept = {key: view[key] for key in ("id", "root_view_id", "previous_view_id")}
        view.clear()
        view.update({**checked, **kept})
        self._journal.note("view", view=view["id"])
        return view

    def publish_home(self, user: str, content: object, expected_hash: str) -> Json:
        if user not in self._workspace.users:
            raise SlackError("user_not_found")
        if user in self._workspace.homes:
            return self.update(self._workspace.homes[user], content, expected_hash)
        home = self._workspace.homes[user] = self.made(check_view(content, "home"))
        self._journal.note("home", user=user)
        return home

    def top(self, user: str) -> Json | None:
        stack = self.stacks.get(user)
        return stack[-1] if stack else None

    def close_top(self, user: str) -> None:
        self._show(user, self.stacks.get(user, [])[:-1])

    def close_all(self, user: str) -> None:
        self._show(user, [])

    def exchange(self, trigger_id: str) -> str:
        """The person behind a trigger, once and within its life; raises SlackError."""
        trigger = self._workspace.triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger" if trigger_id else "invalid_arguments")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._workspace.clock() > trigger.expires:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger.user

    def made(self, view: Json) -> Json:
        """A view as Slack keeps it."""
        who = self._workspace.identity
        view_id = self._workspace.new_id("V")
        blocks = completed(view["blocks"], self._workspace.new_id)
        defaults = {"callback_id": "", "external_id": "", "private_metadata": ""}
        flags = {"clear_on_close": False, "notify_on_close": False}
        labels = {"submit": None, "close": None, "title": None}
        return {
            **defaults,
            **flags,
            **labels,
            **copy.deepcopy(view),
            "id": view_id,
            "team_id": who.team_id,
            "app_id": who.app_id,
            "app_installed_team_id": who.team_id,
            "bot_id": who.bot_id,
            "root_view_id": view_id,
            "previous_view_id": None,
            "blocks": blocks,
            "state": {"values": initial_values(blocks)},
            "hash": self._workspace.new_ts(),
        }

    def _show(self, user: str, stack: list[Json]) -> None:
        self.stacks[user] = stack
        self._journal.note("modal", user=user)
