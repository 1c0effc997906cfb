"""The workspace as data: users, channels, messages, files, views, triggers."""

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
LOCALE = {"tz": "America/Los_Angeles", "tz_label": "Pacific Daylight Time", "tz_offset": -25200}


@dataclass(frozen=True)
class Identity:
    team_id: str
    team_name: str
    team_domain: str
    app_id: str
    bot_id: str
    bot_user: str
    bot_name: str
    bot_token: str
    app_token: str
    verification_token: str


@dataclass
class User:
    id: str
    name: str
    real_name: str
    is_bot: bool = False

    def to_json(self, team_id: str) -> Json:
        profile = {"real_name": self.real_name, "display_name": self.real_name, "team": team_id}
        return {
            "id": self.id,
            "team_id": team_id,
            "name": self.name,
            "real_name": self.real_name,
            "deleted": False,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "profile": profile,
            **LOCALE,
        }


@dataclass
class Group:
    id: str
    handle: str
    name: str
    users: list[str]

    def to_json(self, team_id: str) -> Json:
        return {
            "id": self.id,
            "team_id": team_id,
            "is_usergroup": True,
            "handle": self.handle,
            "name": self.name,
            "user_count": len(self.users),
            "date_delete": 0,
        }


@dataclass
class Channel:
    id: str
    name: str
    members: set[str]
    is_private: bool = False
    is_archived: bool = False
    messages: list[Json] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return "group" if self.is_private else "channel"

    def find(self, ts: str) -> Json | None:
        return next((message for message in self.messages if message["ts"] == ts), None)

    def thread(self, ts: str) -> list[Json]:
        """The parent and its replies, oldest first."""
        return [m for m in self.messages if ts in (m["ts"], m.get("thread_ts"))]

    def to_json(self, member: str) -> Json:
        return {
            "id": self.id,
            "name": self.name,
            "is_channel": not self.is_private,
            "is_group": self.is_private,
            "is_im": False,
            "is_private": self.is_private,
            "is_archived": self.is_archived,
            "is_member": member in self.members,
            "num_members": len(self.members),
        }


@dataclass
class StoredFile:
    """A file object as Slack shows it, and the bytes behind its download."""

    shown: Json
    content: bytes
    content_type: str


@dataclass
class Upload:
    """A file that was announced: its bytes are awaited at an address with the token in it."""

    file_id: str
    token: str
    name: str
    length: int
    content: bytes | None = None


@dataclass
class Trigger:
    user: str
    expires: float
    used: bool = False


@dataclass
class Workspace:
    identity: Identity
    scopes: tuple[str, ...]
    clock: Callable[[], float]
    users: dict[str, User] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    ephemerals: list[Json] = field(default_factory=list)
    homes: dict[str, Json] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    refuse_task_cards: bool = False
    origin: str = ""
    _last_ts: float = 0.0
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def populate(
        self, users: Iterable[User], groups: Iterable[Group], channels: Iterable[Channel]
    ) -> None:
        self.users.update((user.id, user) for user in users)
        self.groups.update((group.id, group) for group in groups)
        self.channels.update((channel.id, channel) for channel in channels)

    def new_ts(self) -> str:
        """A message's time stamp: seconds with microseconds, never given twice."""
        self._last_ts = max(round(self.clock(), 6), round(self._last_ts + 0.000001, 6))
        return f"{self._last_ts:.6f}"

    def new_id(self, prefix: str) -> str:
        return f"{prefix}0{next(self._numbers):08d}"

    def new_trigger(self, user: str, lifetime: float) -> str:
        trigger = f"{next(self._numbers)}.{self.clock():.0f}.{self.identity.team_id.lower()}"
        self.triggers[trigger] = Trigger(user, self.clock() + lifetime)
        return trigger

    def bot_channel(self, channel_id: str) -> Channel | None:
        """A channel as far as the bot can see it: a private one it is not in does not exist."""
        channel = self.channels.get(channel_id)
        if channel and channel.is_private and self.identity.bot_user not in channel.members:
            return None
        return channel
