"""One rehearsal with the real bot in it for all of these tests, emptied outside of Slack."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import httpx
import pytest

from sandbox.driver import Sandbox
from sandbox.keeper import Keeper
from sandbox.people import Workspace
from sandbox.slack.seen import Message

Json = dict[str, Any]
STREAM_SECONDS = 20.0


class Stream:
    """What a page hears: the changes, one after the other."""

    def __init__(self, answer: httpx.Response) -> None:
        self._lines = answer.iter_lines()
        self.seq = 0

    def batch(self) -> list[Json]:
        """The next event's changes."""
        told: Json = {}
        for line in self._lines:
            if line.startswith("id: "):
                self.seq = int(line.removeprefix("id: "))
            elif line.startswith("data: "):
                told = json.loads(line.removeprefix("data: "))
            elif not line and told:
                assert told["seq"] == self.seq
                return told["changes"]
        raise AssertionError("the stream ended")

    def until(self, wanted: Callable[[Json], bool]) -> Json:
        """The first change that is wanted."""
        return self.among(wanted)[-1]

    def among(self, wanted: Callable[[Json], bool]) -> list[Json]:
        """Every change up to the first that is wanted."""
        heard: list[Json] = []
        while True:
            for change in self.batch():
                heard.append(change)
                if wanted(change):
                    return heard


@pytest.fixture(scope="session")
def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keeper]:
    root = tmp_path_factory.mktemp("workspace")
    with Keeper(root, rate_scale=50.0, retry_scale=0.02) as keeper:
        yield keeper


@pytest.fixture
def sandbox(rehearsal: Keeper) -> Iterator[Sandbox]:
    yield rehearsal.sandbox
    rehearsal.sandbox.restore_key_hash()
    rehearsal.sandbox.reset()


@pytest.fixture
def slack(sandbox: Sandbox) -> Workspace:
    return sandbox.slack


@pytest.fixture
def page(rehearsal: Keeper) -> Iterator[httpx.Client]:
    """A browser, as far as the server knows."""
    with httpx.Client(base_url=rehearsal.page_url, timeout=STREAM_SECONDS) as client:
        yield client


@pytest.fixture
def snapshot(page: httpx.Client) -> Callable[[str], Json]:
    return lambda user: page.get("/workspace/snapshot", params={"user": user}).json()


@pytest.fixture
def listen(page: httpx.Client, snapshot: Callable[[str], Json]):
    """Opens streams; without a number, from now on."""

    @contextmanager
    def open_stream(user: str, after: int | None = None, **headers: str) -> Iterator[Stream]:
        query = {"user": user, "after": str(after or snapshot(user)["seq"])}
        with page.stream("GET", "/workspace/stream", params=query, headers=headers) as answer:
            assert answer.headers["Content-Type"] == "text/event-stream"
            yield Stream(answer)

    return open_stream


@pytest.fixture
def a_card(page: httpx.Client, slack: Workspace) -> Callable[[], Message]:
    """The card of a fresh booking."""

    def forwarded() -> Message:
        mail = page.post("/workspace/samples/next_saturday", json={"channel": "C0CHARTERS"})
        return slack.wait_until(lambda seen: _card_after(seen, mail.json()["ts"]), 30, "card")

    return forwarded


def _card_after(seen: Workspace, ts: str) -> Message | None:
    cards = [m for m in seen.messages() if m.ts > ts and "[Edit]" in m.plain]
    return cards[0] if cards else None


@pytest.fixture
def bot_says(sandbox: Sandbox) -> Iterator[Callable[..., Json]]:
    """Calls Slack as the bot does."""
    token = {"Authorization": f"Bearer {sandbox.env['SLACK_BOT_TOKEN']}"}
    with httpx.Client(base_url=sandbox.env["SLACK_API_URL"], headers=token) as client:

        def call(method: str, **arguments: Any) -> Json:
            told = client.post(method, json=arguments).json()
            assert told["ok"], told
            return told

        yield call


@pytest.fixture(scope="session")
def secret(rehearsal: Keeper) -> Callable[[str], dict[str, str]]:
    env = rehearsal.sandbox.env

    def read(name: str) -> dict[str, str]:
        client = boto3.client(
            "secretsmanager",
            region_name=env["AWS_DEFAULT_REGION"],
            endpoint_url=env["AWS_ENDPOINT_URL"],
            aws_access_key_id=env["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=env["AWS_SECRET_ACCESS_KEY"],
        )
        try:
            return json.loads(client.get_secret_value(SecretId=name)["SecretString"])
        finally:
            client.close()

    return read


@pytest.fixture
def crew(sandbox: Sandbox, secret) -> Iterator[httpx.Client]:
    """The crew service with its key."""
    key = {"X-Service-Key": secret("charter/scc")["service_key"]}
    with httpx.Client(base_url=f"{sandbox.urls['crew']}/prod", headers=key) as client:
        yield client


@pytest.fixture
def dashboard(sandbox: Sandbox, secret) -> Iterator[httpx.Client]:
    """The calendar with its token."""
    token = {"X-Dashboard-Token": secret("charter/jada")["dashboard_token"]}
    with httpx.Client(base_url=f"{sandbox.urls['calendar']}/prod/calendar", headers=token) as made:
        yield made


@pytest.fixture
def event() -> Json:
    return {
        "event_name": "JADA Sat 30 May",
        "booking_id": "xhqgmdh",
        "calendar_entry_id": "evt_1",
        "start_time": "2126-05-30T10:00:00-07:00",
        "end_time": "2126-05-30T13:00:00-07:00",
        "duration_hours": 3,
        "guest_count": 4,
        "crew_needed": ["captain"],
        "crew_tasks": ["Check fuel"],
        "notes": "Gate B",
    }


@pytest.fixture
def entry() -> Json:
    return {
        "booking_id": "xhqgmdh",
        "charter_date": "2126-05-30",
        "charter_start": "10:00",
        "charter_end": "13:00",
        "guest_count": 4,
        "source": "boatsetter",
        "type": "boatsetter_charter",
    }
