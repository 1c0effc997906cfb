"""The control API from a client's side: requests, and the switches."""

import ssl
from typing import Any, Self

import httpx

Json = dict[str, Any]


class Remote:
    """A connection to the control API.

    `control_url` is the control server's address, with or without the `/slack` that the
    stand-in's endpoints are mounted under.
    """

    def __init__(self, control_url: str) -> None:
        base = control_url.rstrip("/")
        base = base if base.endswith("/slack") else f"{base}/slack"
        no_certificates = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # loading them takes time
        self._http = httpx.Client(
            base_url=base, timeout=30.0, trust_env=False, verify=no_certificates
        )

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def down_for(self, seconds: float, how: str = "mixed") -> None:
        """No Slack for so many seconds; `how`: "mixed", "503", "dropped" or "refused"."""
        self.post("switch/down_for", seconds=seconds, how=how)

    def up(self) -> None:
        """Ends an outage before its time."""
        self.post("switch/up")

    def drop_sockets(self) -> None:
        self.post("switch/drop_sockets")

    def refresh_sockets(self) -> None:
        """Slack announces the end of every connection and closes it soon after."""
        self.post("switch/refresh_sockets")

    def go_deaf(self, *, answer_pings: bool = False) -> None:
        """The sockets of this moment stay open, and nothing comes through them any more."""
        self.post("switch/go_deaf", answer_pings=answer_pings)

    def fail_next(self, method: str, kind: str, times: int = 1, retry_after: int = 1) -> None:
        """`kind`: "ratelimited", "500", "timeout_before", "timeout_after", "invalid_blocks"."""
        what = {"method": method, "kind": kind, "times": times, "retry_after": retry_after}
        self.post("switch/fail_next", **what)

    def refuse_task_cards(self, *, refuse: bool = True) -> None:
        self.post("switch/refuse_task_cards", refuse=refuse)

    def rate_scale(self, scale: float) -> None:
        """How many times Slack's rates are allowed; larger is looser."""
        self.post("switch/rate_scale", scale=scale)

    def get(self, path: str, **query: str) -> Json:
        return _told(self._http.get(f"/{path}", params=query))

    def post(self, path: str, **body: Any) -> Json:
        return _told(self._http.post(f"/{path}", json=body))


def _told(answer: httpx.Response) -> Json:
    """Raises AssertionError for what a person could not do."""
    if answer.is_error:
        in_words = "json" in answer.headers.get("Content-Type", "")
        raise AssertionError(answer.json()["error"] if in_words else answer.text)
    told: Json = answer.json()
    return told
