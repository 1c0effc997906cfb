"""What one person sees of the workspace, as the page shows it."""

from typing import Any

from sandbox.slack.server import SlackStandIn
from sandbox.slack.state import Channel

Json = dict[str, Any]


class Sight:
    """One person's view: channels with this member, whispers to them, their modal and Home."""

    def __init__(self, slack: SlackStandIn, me: str) -> None:
        self.me = me
        self._slack = slack
        self._workspace = slack.workspace

    def channels(self) -> list[Channel]:
        return [c for c in self._workspace.channels.values() if self.me in c.members]

    def channel(self, channel_id: str) -> Channel | None:
        found = self._workspace.channels.get(channel_id)
        return found if found and self.me in found.members else None

    def ephemerals(self) -> list[Json]:
        return [each for each in self._workspace.ephemerals if each["shown_to"] == self.me]

    def ephemeral(self, ts: str) -> Json | None:
        return next((each for each in self.ephemerals() if each["ts"] == ts), None)

    def modal(self) -> Json | None:
        return self._slack.modals.top(self.me)

    def home(self) -> Json | None:
        return self._workspace.homes.get(self.me)
