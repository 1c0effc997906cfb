"""What the tests of the crew's page do with magic links and secrets."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from sandbox.driver import Sandbox

BROWSER = {"Accept": "text/html,application/xhtml+xml"}


class Member:
    """Somebody of the crew with the link that a mail brought."""

    def __init__(self, web: Any, link: str) -> None:
        self._web = web
        self.link = link
        self.page, _, self.token = link.partition("?magic_link=")

    def reads(self) -> dict[str, Any]:
        found: dict[str, Any] = self._web.get(self.link).raise_for_status().json()
        return found

    def opens(self) -> Any:
        return self._web.get(self.link, headers=BROWSER)

    def posts(self, what: str, body: dict[str, Any]) -> Any:
        return self._web.post(f"{self.page}/{what}", json=body, headers=bearing(self.token))

    def ticks(self, task: str, *, done: bool = True) -> Any:
        [found] = [each["id"] for each in self.reads()["checklist"] if each["task"] == task]
        return self.posts("tick", {"tick" if done else "untick": found})


def bearing(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def member(web: Any, sandbox: Sandbox, address: str, event_id: str) -> Member:
    """Who got the latest link to an event under an address."""
    links = [re.search(r"http\S+", mail["text"])[0] for mail in sandbox.mails(address)]
    return Member(web, [link for link in links if event_id in link][-1])


def minted(secret: str, event_id: str, crew_id: str, days: float = 1) -> str:
    """A token as the service signs it, that ends in so many days."""
    ends = datetime.now(UTC) + timedelta(days=days)
    return jwt.encode({"crew_id": crew_id, "event_id": event_id, "exp": ends}, secret, "HS256")


def secret(bot: Any, name: str) -> dict[str, str]:
    """What Secrets Manager tells the bot."""
    answer = bot.client("secretsmanager").get_secret_value(SecretId=name)
    found: dict[str, str] = json.loads(answer["SecretString"])
    return found
