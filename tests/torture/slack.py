"""Slack as people see it: messages with all their versions, threads, whispers, Homes, modals."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any

from bot.domain.errors import Refused
from bot.domain.message import Message
from bot.services.ports import MessageGone
from tests.torture.clockwork import BEGIN
from tests.torture.weather import ASKING, SLACK, Fault
from tests.torture.wire import Wire

CHANNEL = "C0CHARTERS"
CAPTAIN, MATE, OWNER, STRANGER = "U0CAPTAIN", "U0MATE", "U0OWNER", "U0STRANGER"
GROUP = "S0OPS"
_TRIGGER_SECONDS = 3.0


@dataclass
class Shown:
    """A message of the bot's, with what it showed at which time."""

    ts: str
    key: str
    thread: str | None
    broadcast: bool
    versions: list[tuple[float, Message]]
    deleted: bool = False

    _written: tuple[int, str] = (0, "")

    @property
    def message(self) -> Message:
        return self.versions[-1][1]

    @property
    def written(self) -> str:
        """All of it as JSON."""
        if self._written[0] != len(self.versions):
            self._written = len(self.versions), json.dumps(self.message.blocks)
        return self._written[1]


@dataclass
class Workspace:
    """All that people can see, and who belongs to the group of operators, since when."""

    wire: Wire
    messages: dict[str, Shown] = field(default_factory=dict)
    mails: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    whispers: list[tuple[float, str, Message]] = field(default_factory=list)
    homes: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    modals: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    triggers: dict[str, float] = field(default_factory=dict)
    members: list[tuple[float, frozenset[str]]] = field(
        default_factory=lambda: [(0.0, frozenset({MATE, OWNER}))]
    )
    _last: int = 0

    @property
    def now(self) -> float:
        return self.wire.timeline.now

    def next_ts(self) -> str:
        """The time in microseconds, and never twice the same."""
        self._last = max(self._last + 1, round((BEGIN.timestamp() + self.now) * 1e6))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def of_key(self, key: str) -> list[Shown]:
        """What was ever posted under an identity."""
        return [shown for shown in self.messages.values() if shown.key == key]

    def standing(self, key: str) -> Shown | None:
        """The message that stands under an identity."""
        return next((shown for shown in self.of_key(key) if not shown.deleted), None)

    def last(self, key: str) -> Shown | None:
        """The message that stands under an identity, or the last one that did."""
        return self.standing(key) or next(iter(self.of_key(key)[::-1]), None)

    def delete(self, ts: str) -> None:
        """A person deletes a message; its thread goes with it."""
        self.gone.add(ts)
        for shown in self.messages.values():
            if ts in (shown.ts, shown.thread):
                shown.deleted = True

    def operators_between(self, since: float, until: float) -> frozenset[str]:
        """Who could have been taken for an operator at some moment of that time."""
        return frozenset({CAPTAIN}).union(*self._members_between(since, until))

    def strangers_between(self, since: float, until: float) -> frozenset[str]:
        """Who could have been taken for no operator at some moment of that time."""
        always = frozenset.intersection(*self._members_between(since, until))
        return frozenset({MATE, OWNER, STRANGER}) - always

    def _members_between(self, since: float, until: float) -> list[frozenset[str]]:
        """Of the group, at each moment of that time."""
        ends = [begin for begin, _ in self.members[1:]] + [inf]
        return [
            members
            for (begin, members), end in zip(self.members, ends, strict=True)
            if begin <= until and end >= since
        ]


class Chat:
    """Slack's Web API, as one process speaks to it."""

    def __init__(self, world: Workspace) -> None:
        self._world = world

    async def post(
        self,
        channel: str,
        message: Message,
        *,
        key: str,
        thread: str | None = None,
        broadcast: bool = False,
    ) -> str:
        def post() -> str:
            world = self._world
            if thread in world.gone:
                raise MessageGone("The thread is gone.")
            ts = world.next_ts()
            world.messages[ts] = Shown(ts, key, thread, broadcast, [(world.now, message)])
            return ts

        return await self._ask("chat.post", post, SLACK, repeatable=False)

    async def update(self, channel: str, ts: str, message: Message, *, key: str) -> None:
        def update() -> None:
            shown = self._world.messages.get(ts)
            if shown is None or shown.deleted:
                raise MessageGone("The message is gone.")
            assert shown.key == key
            shown.versions.append((self._world.now, message))

        await self._ask("chat.update", update)

    async def find(self, channel: str, key: str, *, thread: str | None, oldest: str) -> str | None:
        def find() -> str | None:
            if thread in self._world.gone:
                raise MessageGone("The thread is gone.")
            return next(
                (
                    shown.ts
                    for shown in self._world.of_key(key)
                    if not shown.deleted and shown.thread == thread and shown.ts >= oldest
                ),
                None,
            )

        return await self._ask("chat.find", find)

    async def permalink(self, channel: str, ts: str) -> str | None:
        def permalink() -> str:
            if ts in self._world.gone:
                raise MessageGone("The message is gone.")
            return f"https://charters.slack.com/archives/{channel}/p{ts.replace('.', '')}"

        return await self._ask("chat.permalink", permalink)

    async def whisper(
        self, channel: str, user: str, message: Message, *, thread: str | None = None
    ) -> None:
        await self._ask("chat.whisper", lambda: self._hear(user, message), to=user)

    async def respond(self, url: str, message: Message) -> None:
        user = url.rpartition("/")[2]
        await self._ask("chat.respond", lambda: self._hear(user, message), to=user)

    async def group_members(self, group: str) -> frozenset[str]:
        return await self._ask("chat.group", lambda: self._world.members[-1][1], ASKING)

    async def file(self, file_id: str) -> Mapping[str, Any]:
        files = (file for mail in self._world.mails for file in mail["files"])
        for file in files:
            if file["id"] == file_id and file.get("url_private_download") in self._world.files:
                return file
        raise Refused("There is no such file.")

    async def download(self, url: str, *, limit: int) -> bytes:
        if url not in self._world.files:
            raise Refused("There is no such file.")
        return await self._ask("chat.download", lambda: self._world.files[url])

    async def history(self, channel: str, *, oldest: str) -> tuple[Mapping[str, Any], ...]:
        return await self._ask(
            "chat.history", lambda: tuple(m for m in self._world.mails if m["ts"] >= oldest)
        )

    async def publish_home(self, user: str, view: Mapping[str, Any]) -> None:
        def publish() -> None:
            self._world.homes.setdefault(user, []).append(view)

        await self._ask("chat.home", publish)

    async def open_modal(self, trigger: str, view: Mapping[str, Any]) -> None:
        def open_modal() -> None:
            world = self._world
            if world.now - world.triggers.get(trigger, -99.0) > _TRIGGER_SECONDS:
                raise Refused("Slack waited too long for the form.", "Press the button once more.")
            world.modals[trigger] = json.loads(json.dumps(view))

        await self._ask("chat.modal", open_modal)

    def _hear(self, user: str, message: Message) -> None:
        self._world.whispers.append((self._world.now, user, message))

    async def _ask(
        self,
        name: str,
        effect: Any,
        faults: tuple[Fault, ...] = (*SLACK, Fault.REFUSED, Fault.FORBIDDEN),
        *,
        repeatable: bool = True,
        to: str = "",
    ) -> Any:
        return await self._world.wire.ask(name, effect, faults=faults, repeatable=repeatable, to=to)


def buttons(message: Message) -> dict[str, str]:
    """The value of each button that a message shows, by its action."""
    return {
        element["action_id"]: element["value"]
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if "value" in element
    }


def words(message: Message) -> str:
    """All that is written in a message."""
    return "\n".join([message.text, *_strings(message.blocks)])


def _strings(part: Any) -> list[str]:
    if isinstance(part, Mapping):
        return [
            text
            for name, inner in part.items()
            for text in ([inner] if name == "text" and isinstance(inner, str) else _strings(inner))
        ]
    if isinstance(part, list | tuple):
        return [text for inner in part for text in _strings(inner)]
    return []
