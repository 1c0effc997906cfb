"""Slack's Web API in the simulated world, with Slack's own rates: the bot's real client side asks it.

What is shown is kept in the workspace of the simulated world, so that people there see it.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from types import SimpleNamespace
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.domain.message import Message
from sandbox.slack.rates import RateKeeper
from sandbox.slack.web_api.registry import REGISTRY
from tests.torture.slack import Shown, Workspace

Json = dict[str, Any]
_THERE, _BACK = (0.02, 0.25), (0.02, 0.15)
_LONGEST_MOOD = 30
_PAGE = 200


@dataclass(frozen=True)
class Refused:
    """A call that got a 429: when, what, and about which message of the bot's."""

    at: float
    method: str
    key: str


class BusySlack:
    """In the place of `AsyncWebClient`, from one process of the bot to the next.

    `moods`: how many of a hundred calls get a 429 besides, as when other apps have used up what
    the workspace may ask.
    """

    base_url = "https://slack.com/api/"
    token = "xoxb-1-canary"

    def __init__(self, workspace: Workspace, seed: int, *, moods: float = 0.0) -> None:
        self._workspace = workspace
        self._chance = Random(seed)
        self._moods = moods
        self._rates = RateKeeper(lambda: workspace.now, 1.0)
        self.session = SimpleNamespace(closed=False)
        self.retry_handlers: list[Any] = []
        self.timeout = 0
        self.asked: Counter[str] = Counter()
        self.refused: list[Refused] = []

    async def api_call(
        self, method: str, *, json: Json | None = None, params: Json | None = None
    ) -> Mapping[str, Any]:
        """A call and its answer, each some time on its way."""
        given = _sent(json or params or {})
        self.asked[method] += 1
        await asyncio.sleep(self._chance.uniform(*_THERE))
        wait = self._wait(method, given)
        answer = {} if wait else _EFFECTS[method](self._workspace, given)
        await asyncio.sleep(self._chance.uniform(*_BACK))
        if wait:
            self.refused.append(Refused(self._workspace.now, method, _key(given)))
            raise _error("ratelimited", 429, {"Retry-After": str(wait)})
        if "error" in answer:
            raise _error(answer["error"], 200, {})
        return answer

    def forget(self) -> None:
        """Count anew what is asked from here on."""
        self.asked.clear()
        self.refused.clear()

    def _wait(self, method: str, given: Json) -> int:
        rate = REGISTRY[method].rate
        wait = self._rates.wait_for(method, rate, str(given.get("channel", "")))
        if not wait and self._chance.random() * 100 < self._moods:
            return self._chance.randint(1, _LONGEST_MOOD)
        return wait


def _post(workspace: Workspace, given: Json) -> Json:
    thread = given.get("thread_ts")
    if thread in workspace.gone:
        return {"error": "thread_not_found"}
    ts = workspace.next_ts()
    shown = [(workspace.now, _message(given))]
    broadcast = bool(given.get("reply_broadcast"))
    workspace.messages[ts] = Shown(ts, _key(given), thread, broadcast, shown)
    return {"ts": ts}


def _update(workspace: Workspace, given: Json) -> Json:
    shown = workspace.messages.get(given["ts"])
    if shown is None or shown.deleted:
        return {"error": "message_not_found"}
    shown.versions.append((workspace.now, _message(given)))
    return {}


def _permalink(_workspace: Workspace, given: Json) -> Json:
    ts = given["message_ts"].replace(".", "")
    return {"permalink": f"https://charters.slack.com/archives/{given['channel']}/p{ts}"}


def _history(workspace: Workspace, given: Json) -> Json:
    """What people and the bot posted, the newest first, a page at a time."""
    ours = [_listed(shown) for shown in workspace.messages.values() if not shown.deleted]
    found = [m for m in (*workspace.mails, *ours) if "thread_ts" not in m]
    return _page(found, given)


def _replies(workspace: Workspace, given: Json) -> Json:
    shown = workspace.messages.values()
    return _page([_listed(s) for s in shown if given["ts"] in (s.thread, s.ts)], given)


def _page(found: list[Json], given: Json) -> Json:
    found = sorted((m for m in found if m["ts"] >= given["oldest"]), key=lambda m: m["ts"])
    begin = int(given.get("cursor") or 0)
    more = str(begin + _PAGE) if len(found) > begin + _PAGE else ""
    page = found[::-1][begin : begin + _PAGE]
    return {"messages": page, "response_metadata": {"next_cursor": more}}


def _listed(shown: Shown) -> Json:
    metadata = {"event_type": "charter", "event_payload": {"key": shown.key}}
    thread = {"thread_ts": shown.thread} if shown.thread else {}
    return {"ts": shown.ts, "metadata": metadata, **thread}


def _whisper(workspace: Workspace, given: Json) -> Json:
    workspace.whispers.append((workspace.now, given["user"], _message(given)))
    return {}


def _members(workspace: Workspace, _given: Json) -> Json:
    return {"users": sorted(workspace.members[-1][1])}


def _home(workspace: Workspace, given: Json) -> Json:
    workspace.homes.setdefault(given["user_id"], []).append(given["view"])
    return {}


_EFFECTS: Mapping[str, Callable[[Workspace, Json], Json]] = {
    "chat.postMessage": _post,
    "chat.update": _update,
    "chat.getPermalink": _permalink,
    "chat.postEphemeral": _whisper,
    "conversations.history": _history,
    "conversations.replies": _replies,
    "usergroups.users.list": _members,
    "views.publish": _home,
}


def _sent(given: Json) -> Json:
    found: Json = json.loads(json.dumps(given))
    return found


def _message(given: Json) -> Message:
    return Message(text=given["text"], blocks=tuple(given["blocks"]))


def _key(given: Json) -> str:
    metadata = given.get("metadata") or {}
    return str((metadata.get("event_payload") or {}).get("key", ""))


def _error(code: str, status: int, headers: Mapping[str, str]) -> SlackApiError:
    said = SimpleNamespace(status_code=status, headers=headers, data={"ok": False, "error": code})
    return SlackApiError(code, said)
