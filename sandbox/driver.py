"""How tests, the demo and the benchmarks drive a rehearsal, and what they see of it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import httpx

from sandbox.fault_switches import FaultSwitches
from sandbox.serve_process import SandboxError, ServeProcess

if TYPE_CHECKING:
    from sandbox.people import Workspace

_ASKED_WITHIN = 30.0

Item = dict[str, Any]


class Sandbox:
    """A running rehearsal. Every method is one request to its control server.

    Attributes:
        env: the bot's whole environment.
        root: the folder of its files.
        process: its own, if it was started here.
    """

    def __init__(
        self,
        control_url: str,
        env: Mapping[str, str],
        root: Path,
        process: ServeProcess | None = None,
    ) -> None:
        self.control_url = control_url
        self.env = dict(env)
        self.root = root
        self.process = process
        self.faults = FaultSwitches(self.ask)
        self._http = httpx.Client(base_url=control_url, timeout=_ASKED_WITHIN, trust_env=False)
        self._slack: Workspace | None = None
        self._urls: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._slack is not None:
            self._slack.close()
        self._http.close()

    @property
    def page_url(self) -> str:
        """What a person opens in a browser."""
        return f"{self.control_url}/"

    @property
    def slack(self) -> "Workspace":
        """The people of the workspace."""
        if self._slack is None:
            from sandbox.people import Workspace  # noqa: PLC0415 - only who speaks with people

            self._slack = Workspace(f"{self.control_url}/slack")
        return self._slack

    @property
    def urls(self) -> dict[str, str]:
        """Where the stand-ins listen: "calendar", "crew", "edge"."""
        self._urls = self._urls or self.info()["urls"]
        return self._urls

    def info(self) -> Item:
        return self._one("/info")

    def calendar_entries(self, booking_id: str | None = None) -> list[Item]:
        return self._got("/calendar/entries", booking_id=booking_id)

    def crew_events(self, booking_id: str | None = None) -> list[Item]:
        """The raw stored items."""
        return self._got("/crew/events", booking_id=booking_id)

    def put_legacy_event(self, booking_id: str, **how: Any) -> Item:
        """An event with revenue in its notes; `shape` is "json", "map" or "prose"."""
        event = {"booking_id": booking_id, **how}
        found: Item = self.ask("POST", "/crew/events", json=event).json()
        return found

    def mails(self, to: str | None = None) -> list[Item]:
        """Every mail sent, or those that reached an address, oldest first."""
        return self._got("/mails", to=to)

    def write_event_by_hand(self, event_id: str, **attributes: Any) -> None:
        """Change a stored crew event as somebody with a console would, revenue in notes and all."""
        self.ask("PATCH", f"/crew/events/{event_id}", json=attributes)

    def objects(self, prefix: str = "", bucket: str | None = None) -> list[str]:
        return self._got("/objects", prefix=prefix, bucket=bucket)

    def object(self, key: str, bucket: str | None = None) -> bytes | None:
        """An object's bytes, of the guest site's bucket by default."""
        answer = self._http.get("/object", params=_given(key=key, bucket=bucket))
        return None if answer.status_code == httpx.codes.NOT_FOUND else _checked(answer).content

    def edge_cache(self) -> list[Item]:
        return self._got("/edge/cache")

    def fetch(self, path: str) -> httpx.Response:
        """A page as the public gets it; X-Cache tells where it came from."""
        return self._http.get("/fetch", params={"path": path})

    def publish(self, name: str, *records: bytes) -> None:
        """Have the name servers know a domain's TXT records."""
        self.ask("PUT", f"/names/{name}", json={"records": [each.decode() for each in records]})

    def calls(self, target: str | None = None) -> list[Item]:
        """Every call to the stand-ins and, through the gate, to AWS."""
        return self._got("/calls", target=target)

    def set_latency(self, **seconds: float) -> None:
        """Such as `crew=0.6`, or `**{"s3.PutObject": 0.06}`."""
        self.set_latencies(seconds)

    def set_latencies(self, seconds: Mapping[str, float]) -> None:
        self.ask("PUT", "/latencies", json=dict(seconds))

    def clear_latencies(self) -> None:
        self.ask("DELETE", "/latencies")

    def switch(self, service: str, **changes: Any) -> Item:
        """Change how the deployment of "calendar", "crew" or "edge" is."""
        found: Item = self.ask("PATCH", f"/switches/{service}", json=changes).json()
        return found

    def rotate_service_key(self, where: str = "both") -> None:
        self.ask("POST", "/secrets/service-key/rotate", json={"where": where})

    def rotate_dashboard_token(self, where: str = "both") -> None:
        self.ask("POST", "/secrets/dashboard-token/rotate", json={"where": where})

    def unset_key_hash(self, *, unset_answer: int = 401) -> None:
        """SERVICE_KEY_HASH goes missing: every call is 401, or 200 with an empty object."""
        self.ask("PUT", "/key-hash", json={"set": False, "unset_answer": unset_answer})

    def restore_key_hash(self) -> None:
        self.ask("PUT", "/key-hash", json={"set": True})

    def reset(self) -> None:
        """Forget what happened, outside of Slack."""
        self.ask("POST", "/reset")

    def ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        """Any request to the control server.

        Raises:
            SandboxError: it refused, or is gone.
        """
        try:
            answer = self._http.request(method, path, **request)
        except httpx.TransportError as error:
            raise SandboxError(f"The rehearsal does not answer: {error}") from error
        return _checked(answer)

    def _got(self, path: str, **query: str | None) -> list[Any]:
        found: list[Any] = self.ask("GET", path, params=_given(**query)).json()
        return found

    def _one(self, path: str) -> Item:
        found: Item = self.ask("GET", path).json()
        return found


@contextmanager
def start_sandbox(root: Path, **options: Any) -> Iterator[Sandbox]:
    """A rehearsal of its own process, for as long as the block runs.

    Args:
        root: a folder for its files.
        options: `latency` (a mapping), `rate_scale`, `retry_scale`, `settings` (a mapping),
            `database_url`, `control_port`.

    Raises:
        SandboxError: it ended, or was not ready within a minute.
    """
    with ServeProcess(root, options) as process:
        ready = process.ready()
        where = ready["control_url"], ready["env"], Path(ready["root"])
        with Sandbox(*where, process) as sandbox:
            yield sandbox


def _given(**query: str | None) -> dict[str, str]:
    return {name: value for name, value in query.items() if value is not None}


def _checked(answer: httpx.Response) -> httpx.Response:
    if answer.is_error:
        raise SandboxError(f"{answer.request.method} {answer.request.url.path}: {answer.text}")
    return answer
