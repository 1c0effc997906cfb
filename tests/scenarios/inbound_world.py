"""A bot that serves HTTP, and somebody who relays mail to it."""

import hashlib
import hmac
import time
from dataclasses import dataclass

import httpx
from scenario_world import World

SECRET = "a relay and the bot know it"
ENVIRONMENT = {"SLACK_SIGNING_SECRET": "signing", "CHARTER_INBOUND_SECRET": SECRET}
SETTINGS = {"inbound": {"secret": "env:CHARTER_INBOUND_SECRET"}}


@dataclass(frozen=True)
class Relayed(World):
    """The rehearsal, with a bot that mail reaches by HTTP."""

    @property
    def url(self) -> str:
        """Where the bot that runs now listens."""
        listening = [line for line in self.bot.logs() if line["event"] == "listening"][-1]
        port = next(port for host, port in listening["addresses"] if host == "0.0.0.0")
        return f"http://127.0.0.1:{port}/inbound/mail"

    def relays(self, body: bytes, *, kind: str = "message/rfc822") -> httpx.Response:
        """Post a mail, signed now."""
        return self.posts(body, self.signed(body, kind=kind))

    def signed(self, body: bytes, *, kind: str = "message/rfc822") -> dict[str, str]:
        now = str(int(time.time()))
        made = hmac.new(SECRET.encode(), b"v1:" + now.encode() + b":" + body, hashlib.sha256)
        return {
            "X-Charter-Timestamp": now,
            "X-Charter-Signature": f"v1={made.hexdigest()}",
            "Content-Type": kind,
        }

    def posts(self, body: bytes, headers: dict[str, str]) -> httpx.Response:
        return httpx.post(self.url, content=body, headers=headers, trust_env=False, timeout=20)
