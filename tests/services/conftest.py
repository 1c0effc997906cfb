"""Stand-ins for outside services: real HTTP servers on loopback, and MiniStack for AWS."""

import asyncio
import io
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
import structlog
from aiohttp import web

from bot.services.aws import AwsAccounts
from bot.services.http import HttpService, Limits, tls

REGION = "us-west-2"
QUICK = Limits(connect=1, read=0.3, write=0.3, pool=1, whole=2, answer_bytes=20_000)


@dataclass
class Asked:
    """A request as a stand-in received it."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass
class StandIn:
    """A service that answers as the test says, and remembers what it was asked."""

    url: str
    asked: list[Asked] = field(default_factory=list)
    answer: Callable[[web.Request], Awaitable[web.StreamResponse]] | None = None

    def answers(self, status: int, body: Any = None, **headers: str) -> None:
        async def say(_: web.Request) -> web.StreamResponse:
            text = body if isinstance(body, str) else json.dumps(body)
            kind = "text/html" if text.startswith("<") else "application/json"
            return web.Response(
                status=status,
                text=None if body is None else text,
                content_type=kind,
                headers={name.replace("_", "-"): value for name, value in headers.items()},
            )

        self.answer = say

    def answers_in_turn(self, *answers: tuple[int, Any]) -> None:
        waiting = list(answers)

        async def say(_: web.Request) -> web.StreamResponse:
            status, body = waiting.pop(0)
            return web.json_response(body, status=status)

        self.answer = say

    def never_answers(self) -> None:
        async def wait(_: web.Request) -> web.StreamResponse:
            await asyncio.Event().wait()
            raise AssertionError

        self.answer = wait

    def hangs_up(self) -> None:
        async def abort(request: web.Request) -> web.StreamResponse:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()

        self.answer = abort

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(
            Asked(
                request.method,
                request.raw_path.partition("?")[0],
                dict(request.query),
                dict(request.headers),
                await request.text(),
            )
        )
        assert self.answer is not None
        return await self.answer(request)


@pytest.fixture
async def stand_in() -> AsyncIterator[StandIn]:
    served = StandIn("")
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", served.handle)
    runner = web.AppRunner(app, shutdown_timeout=0, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    served.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield served
    await runner.cleanup()


@pytest.fixture(scope="session")
def shared_tls() -> Any:
    return tls()


@pytest.fixture
async def http(stand_in: StandIn, shared_tls: Any) -> AsyncIterator[HttpService]:
    service = HttpService("The harbour", stand_in.url + "/prod", verify=shared_tls, limits=QUICK)
    yield service
    await service.close()


class Vault:
    """Secrets whose home may hold a newer value than the one that was handed out."""

    def __init__(self, **values: str) -> None:
        self.values = values
        self.handed: dict[str, str] = {}

    async def get(self, reference: str, *, fresh: bool = False) -> str:
        if fresh or reference not in self.handed:
            self.handed[reference] = self.values[reference.removeprefix("env:")]
        return self.handed[reference]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the bot would write to its log, as JSON lines."""
    written = io.StringIO()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(written),
        cache_logger_on_first_use=False,
    )
    yield written
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.fixture
def vault() -> type[Vault]:
    return Vault


@dataclass
class Emulator:
    """MiniStack with the bot's own account and two others, each entered by a role."""

    url: str
    user: dict[str, str] = field(default_factory=dict)
    home: str = "111111111111"
    crew: str = "222222222222"
    guests: str = "333333333333"
    admins: dict[tuple[str, str], Any] = field(default_factory=dict)

    def role(self, account: str) -> str:
        return f"arn:aws:iam::{account}:role/charter-bot"

    def admin(self, service: str, account: str) -> Any:
        """A client that may do everything in the account."""
        if (service, account) not in self.admins:
            self.admins[service, account] = boto3.client(
                service,
                endpoint_url=self.url,
                region_name=REGION,
                aws_access_key_id=account,
                aws_secret_access_key="test",
            )
        return self.admins[service, account]

    def mailbox(self, account: str) -> list[dict[str, Any]]:
        with urllib.request.urlopen(f"{self.url}/_ministack/ses/messages") as answer:
            return json.load(answer)["messages"].get(account, [])


def _start(port: int, state: str) -> subprocess.Popen[bytes]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "AUTH": "true",
        "LOG_LEVEL": "WARNING",
        "MINISTACK_REGION": REGION,
        "TMPDIR": state,
    }
    return subprocess.Popen(
        [sys.executable, "-m", "ministack"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _ready(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"{url}/_ministack/health").close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("MiniStack did not start")


ALLOWED = {
    "home": ["secretsmanager:GetSecretValue", "ses:SendEmail", "sts:AssumeRole"],
    "crew": ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:UpdateItem"],
    "guests": [
        "s3:GetObject",
        "s3:PutObject",
        "s3:ListBucket",
        "cloudfront:CreateInvalidation",
        "cloudfront:GetInvalidation",
    ],
}


def _allow(actions: list[str]) -> str:
    allowed = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [allowed]})


def _settle(emulator: Emulator) -> None:
    iam = emulator.admin("iam", emulator.home)
    user = iam.create_user(UserName="charter-bot")["User"]["Arn"]
    policy = _allow(ALLOWED["home"])
    iam.put_user_policy(UserName="charter-bot", PolicyName="bot", PolicyDocument=policy)
    key = iam.create_access_key(UserName="charter-bot")["AccessKey"]
    emulator.user = {
        "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
        "AWS_ENDPOINT_URL": emulator.url,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
    trust = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"AWS": user}, "Action": "sts:AssumeRole"}
            ],
        }
    )
    for name, account in (("crew", emulator.crew), ("guests", emulator.guests)):
        iam = emulator.admin("iam", account)
        iam.create_role(RoleName="charter-bot", AssumeRolePolicyDocument=trust)
        iam.put_role_policy(
            RoleName="charter-bot", PolicyName="bot", PolicyDocument=_allow(ALLOWED[name])
        )


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = _start(port, str(tmp_path_factory.mktemp("ministack")))
    try:
        running = Emulator(f"http://127.0.0.1:{port}")
        _ready(running.url, process)
        _settle(running)
        yield running
        for client in running.admins.values():
            client.close()
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="session")
def opened_accounts() -> Iterator[AwsAccounts]:
    opened = AwsAccounts()
    yield opened
    asyncio.run(opened.close())


@pytest.fixture
def accounts(
    emulator: Emulator, opened_accounts: AwsAccounts, monkeypatch: pytest.MonkeyPatch
) -> AwsAccounts:
    """AWS as the bot's own user sees it, through boto's own environment variables."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in emulator.user.items():
        monkeypatch.setenv(name, value)
    return opened_accounts
