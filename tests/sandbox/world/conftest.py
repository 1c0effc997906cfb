"""One rehearsal for all of these tests, emptied before each."""

from collections.abc import Iterator
from typing import Any

import boto3
import httpx
import pytest
from botocore.config import Config
from crew_links import secret

from sandbox.driver import Sandbox, start_sandbox


class Bot:
    """AWS as the bot reaches it: through the gate, with its own keys or as one of its roles."""

    def __init__(self, env: dict[str, str]) -> None:
        self._env = env
        self._session = boto3.Session(region_name=env["AWS_DEFAULT_REGION"])
        self._clients: dict[tuple[str, str], Any] = {}
        self._keys = {
            "": {
                "aws_access_key_id": env["AWS_ACCESS_KEY_ID"],
                "aws_secret_access_key": env["AWS_SECRET_ACCESS_KEY"],
            }
        }

    def client(self, service: str, role: str = "", **config: Any) -> Any:
        if config:
            return self._made(service, role, config)
        if (service, role) not in self._clients:
            self._clients[service, role] = self._made(service, role, config)
        return self._clients[service, role]

    def close(self) -> None:
        for client in self._clients.values():
            client.close()

    def _made(self, service: str, role: str, config: dict[str, Any]) -> Any:
        if role not in self._keys:
            answer = self.client("sts").assume_role(RoleArn=role, RoleSessionName="test")
            found = answer["Credentials"]
            self._keys[role] = {
                "aws_access_key_id": found["AccessKeyId"],
                "aws_secret_access_key": found["SecretAccessKey"],
                "aws_session_token": found["SessionToken"],
            }
        return self._session.client(
            service,
            endpoint_url=self._env["AWS_ENDPOINT_URL"],
            config=Config(retries={"total_max_attempts": 1}, **config),
            **self._keys[role],
        )


@pytest.fixture(scope="session")
def running_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with start_sandbox(tmp_path_factory.mktemp("world")) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running_sandbox: Sandbox) -> Iterator[Sandbox]:
    yield running_sandbox
    running_sandbox.reset()


@pytest.fixture(scope="session")
def bot(running_sandbox: Sandbox) -> Iterator[Bot]:
    bot = Bot(running_sandbox.env)
    yield bot
    bot.close()


@pytest.fixture(scope="session")
def distribution_id(bot: Bot) -> str:
    return secret(bot, "charter/guest")["distribution_id"]


@pytest.fixture(scope="session")
def web() -> Iterator[httpx.Client]:
    """Anybody; everything is plain http on loopback."""
    with httpx.Client(verify=False) as client:
        yield client


@pytest.fixture
def dashboard(sandbox: Sandbox, bot: Bot) -> Iterator[httpx.Client]:
    """The calendar with its token."""
    token = secret(bot, "charter/jada")["dashboard_token"]
    base = f"{sandbox.urls['calendar']}/prod/calendar"
    with httpx.Client(base_url=base, headers={"X-Dashboard-Token": token}, verify=False) as client:
        yield client


@pytest.fixture
def service_key(bot: Bot) -> str:
    return secret(bot, "charter/scc")["service_key"]


@pytest.fixture
def crew(sandbox: Sandbox, service_key: str) -> Iterator[httpx.Client]:
    """The crew service with its key."""
    base = f"{sandbox.urls['crew']}/prod"
    with httpx.Client(
        base_url=base, headers={"X-Service-Key": service_key}, verify=False
    ) as client:
        yield client


@pytest.fixture
def entry() -> dict[str, Any]:
    return {
        "booking_id": "xhqgmdh",
        "charter_date": "2026-05-30",
        "charter_start": "10:00",
        "charter_end": "13:00",
        "guest_count": 4,
        "source": "boatsetter",
        "type": "boatsetter_charter",
        "notes": "Boatsetter booking XHQGMDH",
    }


@pytest.fixture
def event() -> dict[str, Any]:
    return {
        "event_name": "JADA Sat 30 May",
        "booking_id": "xhqgmdh",
        "calendar_entry_id": "evt_1",
        "start_time": "2126-05-30T10:00:00-07:00",
        "end_time": "2126-05-30T13:00:00-07:00",
        "duration_hours": 3.5,
        "guest_count": 4,
        "crew_needed": ["captain", "crew_1"],
        "crew_tasks": ["Check fuel"],
        "notes": "guest Marisol",
    }
