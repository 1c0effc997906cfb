"""What Slack sends an app in an hour at its ceiling, as bodies ready to be signed and sent.

Most is talk that the bot has no use for; its own messages and their updates come back to it; and
among all of it are the booking mails, the clicks and the deliveries that come once more.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import Any
from urllib.parse import urlencode

from sandbox.slack.mail import mail_file, mail_message

Json = dict[str, Any]
CHANNEL, ELSEWHERE = "C0CHARTERS", ("C0YARD", "C0TALK", "C0SALES", "C0OPS", "G0CREW")
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
AT_HOME = ("U0CAPTAIN", "U0MATE", "U0CREW", "U0STRANGER")
PEOPLE = [f"U0PERSON{number:02}" for number in range(40)]
# In hundredths of all events; what is left is talk elsewhere.
_SHARES = {
    "own message": 0.05,
    "own update": 0.08,
    "talk in the channel": 0.03,
    "another bot": 0.06,
    "changed elsewhere": 0.04,
    "home opened": 0.01,
    "delivered again": 0.03,
}
_WORDS = ("tide", "six", "can", "somebody", "bring", "spare", "fenders", "and", "life", "vests?")


@dataclass(frozen=True)
class Event:
    """`at`: seconds after the storm's beginning."""

    at: float
    kind: str
    content_type: str
    body: bytes
    attempt: int = 0


class Storm:
    """Draws `number` events over `seconds` from a seed. The same seed draws the same storm.

    `mails`: of bookings, as they were forwarded. `clicks`: whole payloads of Slack's.
    """

    def __init__(self, seed: int, identity: Json, *, now: float) -> None:
        self._chance = Random(seed)
        self._identity = identity
        self._now = now
        self._numbers = count(1)

    def events(
        self, number: int, seconds: float, *, mails: Sequence[bytes], clicks: Sequence[Json]
    ) -> list[Event]:
        """In the order in which they are to be sent."""
        instants = sorted(self._chance.uniform(0, seconds) for _ in range(number))
        kinds = self._chance.choices(
            ["talk elsewhere", *_SHARES],
            [1 - sum(_SHARES.values()), *_SHARES.values()],
            k=number - 2 * len(mails) - len(clicks),
        )
        told: list[tuple[str, Any]] = [(kind, None) for kind in kinds]
        told += [("mail", mail) for mail in mails] + [("click", click) for click in clicks]
        self._chance.shuffle(told)
        # Each mail comes once more, some time later.
        told += [("mail again", mail) for mail in mails]
        sent: list[Event] = []
        bodies: dict[bytes, Event] = {}
        for at, (kind, about) in zip(instants, told, strict=True):
            event = self._event(at, kind, about, sent, bodies)
            sent.append(event)
            if kind == "mail":
                bodies[about] = event
        return sent

    def _event(
        self, at: float, kind: str, about: Any, sent: list[Event], mails: dict[bytes, Event]
    ) -> Event:
        if kind == "click":
            body = urlencode({"payload": json.dumps(about)}).encode()
            return Event(at, kind, FORM, body)
        if kind == "mail again":
            return Event(at, kind, JSON, mails[about].body, attempt=1)
        if kind == "delivered again" and sent:
            first = self._chance.choice(sent[-500:])
            return Event(at, kind, first.content_type, first.body, attempt=1)
        body = json.dumps(self._callback(self._told(kind, about))).encode()
        return Event(at, kind, JSON, body)

    def _told(self, kind: str, about: Any) -> Json:
        somewhere = self._chance.choice(ELSEWHERE)
        other_bot = {"subtype": "bot_message", "bot_id": "B0OTHER", "user": None}
        tell: dict[str, Callable[[], Json]] = {
            "mail": lambda: self._mail(about),
            "own message": lambda: self._message(CHANNEL, **self._ours()),
            "own update": lambda: self._changed(self._message(CHANNEL, **self._ours())),
            "talk in the channel": lambda: self._message(CHANNEL, thread_ts=self._ts()),
            "another bot": lambda: self._message(somewhere, **other_bot),
            "changed elsewhere": lambda: self._changed(self._message(somewhere)),
            "home opened": self._home_opened,
        }
        return tell.get(kind, lambda: self._message(somewhere))()

    def _home_opened(self) -> Json:
        user = self._chance.choice(AT_HOME)
        who = {"type": "app_home_opened", "user": user, "channel": f"D{user[1:]}"}
        return {**who, "tab": "home", "view": {"type": "home"}, "event_ts": self._ts()}

    def _mail(self, eml: bytes) -> Json:
        shown, _ = mail_file(eml, truncated=False)
        ts = self._ts()
        where = {"ts": ts, "event_ts": ts, "channel": CHANNEL, "channel_type": "channel"}
        file = {**shown, "id": f"F{next(self._numbers):010}"}
        return {**mail_message(file), **where}

    def _ours(self) -> Json:
        """What is the bot's own word about a charter."""
        who = {"user": self._identity["bot_user"], "bot_id": self._identity["bot_id"]}
        fields = [{"type": "mrkdwn", "text": f"*{name}*\n{self._words(6)}"} for name in "abcdefgh"]
        return {**who, "blocks": [{"type": "section", "fields": fields}] * 3}

    def _message(self, channel: str, **more: Any) -> Json:
        ts, text = self._ts(), self._words(self._chance.randint(3, 60))
        words = [{"type": "text", "text": text}]
        block = {
            "type": "rich_text",
            "elements": [{"type": "rich_text_section", "elements": words}],
        }
        said = {
            "type": "message",
            "user": self._chance.choice(PEOPLE),
            "text": text,
            "blocks": [block],
            "ts": ts,
            "event_ts": ts,
            "client_msg_id": f"{self._chance.getrandbits(128):032x}",
            "team": self._identity["team_id"],
            "channel": channel,
            "channel_type": "channel",
            **more,
        }
        return {name: value for name, value in said.items() if value is not None}

    def _changed(self, message: Json) -> Json:
        return {
            "type": "message",
            "subtype": "message_changed",
            "channel": message["channel"],
            "channel_type": "channel",
            "hidden": True,
            "ts": (ts := self._ts()),
            "event_ts": ts,
            "message": message,
            "previous_message": message,
        }

    def _callback(self, event: Json) -> Json:
        team, app = self._identity["team_id"], self._identity["app_id"]
        user = self._identity["bot_user"]
        number = next(self._numbers)
        return {
            "token": "storm",
            "team_id": team,
            "context_team_id": team,
            "context_enterprise_id": None,
            "api_app_id": app,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{number:010}",
            "event_time": int(self._now),
            "authorizations": [
                {"team_id": team, "user_id": user, "is_bot": True, "enterprise_id": None}
            ],
            "is_ext_shared_channel": False,
            "event_context": f"4-{number:060}",
        }

    def _ts(self) -> str:
        return f"{int(self._now)}.{next(self._numbers):06}"

    def _words(self, number: int) -> str:
        return " ".join(self._chance.choice(_WORDS) for _ in range(number))
