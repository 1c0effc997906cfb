"""The bot's own clients with their own settings, but less patient, each speaking for one cell."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from slack_sdk.web.async_client import AsyncWebClient

from bot.services.aws import AwsAccounts, AwsLimits
from bot.services.calendar import JadaCalendar
from bot.services.crew_service import ShipCaptainCrew
from bot.services.crew_table import DynamoCrewTable
from bot.services.edge import CloudFrontEdge
from bot.services.guest_pages import S3GuestPages
from bot.services.http import HttpService, Limits, tls
from bot.services.mailer import SesMailer
from bot.services.public_site import GuestSite
from bot.services.secrets import SecretStore
from bot.services.slack import SlackChat, SlackLimits

NOWHERE = "http://name.invalid"
_LIMITS = Limits(connect=2, read=1.0, write=2, pool=2, whole=1.6)
_AWS_LIMITS = AwsLimits(connect=2, read=1.0, whole=1.6)
_SLACK_LIMITS = SlackLimits(call=1.0, file=1.0)
_SERVICES = ("s3", "cloudfront", "sesv2", "dynamodb", "secretsmanager")
_CANARIES = {
    "AWS_ACCESS_KEY_ID": "AKIACANARY",
    "AWS_SECRET_ACCESS_KEY": "aws-secret-canary",
    "AWS_SESSION_TOKEN": "aws-session-canary",
}
OLD, NEW = "key-canary-old", "key-canary-new"
CANARIES = (*_CANARIES.values(), OLD, NEW, "xoxb-1-canary", "key-canary-1")


class Vault:
    """A secret that was rotated where `rotated`: its home holds another than was handed out."""

    def __init__(self, *, rotated: bool) -> None:
        self._fresh = NEW if rotated else OLD

    async def get(self, reference: str, *, fresh: bool = False) -> str:
        return self._fresh if fresh else OLD


class _Distribution:
    def __init__(self, name: str) -> None:
        self._name = name

    async def get(self, reference: str, *, fresh: bool = False) -> str:
        return self._name


@dataclass
class Shared:
    """What is costly to make, and for all cells: AWS clients that reach the server, or nothing."""

    aws: AwsAccounts
    astray: AwsAccounts
    tls: Any

    @classmethod
    def of(cls, url: str) -> "Shared":
        return cls(_accounts(url), _accounts(NOWHERE), tls())

    async def close(self) -> None:
        await self.aws.close()
        await self.astray.close()


def _accounts(url: str) -> AwsAccounts:
    """Made at once, because botocore reads its surroundings while it makes clients."""
    with _surroundings(url):
        accounts = AwsAccounts(limits=_AWS_LIMITS)
        for service in _SERVICES:
            accounts.client(service)
            accounts._client((service, "")).result()
    return accounts


@contextmanager
def _surroundings(url: str) -> Iterator[None]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    region = {"AWS_DEFAULT_REGION": "us-west-2", "AWS_EC2_METADATA_DISABLED": "true"}
    nowhere = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    wanted = {**ours, **region, **nowhere, **_CANARIES, "AWS_ENDPOINT_URL": url}
    with patch.dict(os.environ, wanted, clear=True):
        yield


class Clients:
    """Every client, for one cell."""

    def __init__(
        self, shared: Shared, base: str, cell: str, *, rotated: bool, astray: bool
    ) -> None:
        self.cell = cell
        self.url = f"{NOWHERE if astray else base}/{cell}"
        aws = shared.astray if astray else shared.aws
        vault: Any = Vault(rotated=rotated)
        self._https = [
            HttpService(name, self.url, verify=shared.tls, limits=_LIMITS)
            for name in ("The calendar", "The crew service", "The guest site")
        ]
        calendar, crew, _ = self._https
        nobody: Any = None
        self.calendar = JadaCalendar(calendar, vault, token="secret", lookup=nobody)
        self.crew = ShipCaptainCrew(
            *(crew, vault),
            key="secret",
            credential="x-service-key",
            lookup=nobody,
            crew_link="https://crew.example/{event_id}",
            function="ShipCaptainCrew",
        )
        self._https[2] = HttpService(
            *("The guest site", NOWHERE if astray else base), verify=shared.tls, limits=_LIMITS
        )
        self.site = GuestSite(self._https[2], f"{self.url}/g/{{slug}}")
        self.pages = S3GuestPages(
            aws.client("s3"), bucket=cell, key="g/{slug}.html", case_alias=True
        )
        distribution: Any = _Distribution(cell)
        self.edge = CloudFrontEdge(aws.client("cloudfront"), distribution, distribution_id="id")
        self.mailer = SesMailer(aws.client("sesv2"), f"{cell}@example.com")
        self.table = DynamoCrewTable(aws.client("dynamodb"), cell)
        self.secrets = SecretStore({}, aws.client("secretsmanager"))
        slack = AsyncWebClient(token="xoxb-1-canary", base_url=f"{self.url}/")
        self.chat = SlackChat(slack, limits=_SLACK_LIMITS)

    async def close(self) -> None:
        await asyncio.gather(*(http.close() for http in self._https), self.chat.close())
