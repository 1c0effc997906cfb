"""The whole rehearsal: emulator, gate, calendar, crew service, edge, mailbox, Slack."""

import asyncio
import json
import secrets
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from aiohttp import web

from sandbox.aws import accounts
from sandbox.aws.accounts import BOT_ACCOUNT, CREW_ACCOUNT, GUEST_ACCOUNT
from sandbox.aws.admin import Admin
from sandbox.aws.process import Emulator
from sandbox.aws.provision import Furnished, furnish
from sandbox.aws.tables import Table
from sandbox.bot_environment import BotFiles, aws_variables, kept_variables
from sandbox.calendar import CalendarService, CalendarSwitches
from sandbox.config import Addresses, charter_toml
from sandbox.crew_service import CrewService, CrewSwitches, digest
from sandbox.crew_service.links import MagicLinks
from sandbox.edge import Edge
from sandbox.gate import Gate
from sandbox.hosting import Hosted
from sandbox.interference import Conditions
from sandbox.invalidations import Invalidations
from sandbox.latencies import Latencies
from sandbox.mailbox import Mailbox
from sandbox.names import NameServer
from sandbox.news import News
from sandbox.options import Options
from sandbox.ports import LOOPBACK, free_port
from sandbox.slack import SlackStandIn

_THREADS = 32


@dataclass
class ServiceSecrets:
    """What the services and Secrets Manager both know, fresh for every rehearsal."""

    dashboard_token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    service_key: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    jwt_secret: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    def by_name(self) -> dict[str, dict[str, str]]:
        """The secrets as Secrets Manager holds them."""
        return {
            accounts.JADA_SECRET: {"dashboard_token": self.dashboard_token},
            accounts.CREW_SECRET: {
                "service_key": self.service_key,
                "jwt_secret": self.jwt_secret,
            },
        }


class World:
    """A running rehearsal. Make one with `await World.start(root)`, end it with `stop`."""

    root: Path
    conditions: Conditions
    admin: Admin
    slack: SlackStandIn
    news: News
    calendar: CalendarService
    crew: CrewService
    edge: Edge
    mailbox: Mailbox
    addresses: Addresses
    gate_url: str
    emulator_url: str
    env: dict[str, str]

    def __init__(self, root: Path, options: Options) -> None:
        self.root = root
        self.options = options
        self.conditions = Conditions(latencies=Latencies(options.latencies))
        self._secrets = ServiceSecrets()
        self._held = AsyncExitStack()

    @classmethod
    async def start(
        cls,
        root: Path,
        options: Options | None = None,
        emulator: Emulator | None = None,
        **more: Any,
    ) -> Self:
        """Start everything on loopback and free ports, with its files under `root`.

        Args:
            root: a folder of its own.
            options: how it is to be.
            emulator: one that was started for it already.
            more: instead of `options`, its fields by name.
        """
        root = await asyncio.to_thread(_made, root)
        world = cls(root, options or Options(**more))
        try:
            await world._start(emulator or await Emulator.start(root / "aws"))
        except BaseException:
            await world.stop()
            raise
        return world

    async def stop(self) -> None:
        """End everything, the latest first."""
        await self._held.aclose()

    async def rotate_service_key(self, where: str = "both") -> None:
        """A new key: in the "service" (its hash), in the "secret", or in "both"."""
        self._secrets.service_key = secrets.token_urlsafe(32)
        if where in ("both", "secret"):
            await self._store_secret(accounts.CREW_SECRET)
        if where in ("both", "service"):
            await self.set_key_hash(digest(self._secrets.service_key))

    async def rotate_dashboard_token(self, where: str = "both") -> None:
        """A new token, likewise."""
        self._secrets.dashboard_token = secrets.token_urlsafe(24)
        if where in ("both", "secret"):
            await self._store_secret(accounts.JADA_SECRET)
        if where in ("both", "service"):
            self.calendar.switches.token = self._secrets.dashboard_token

    async def set_key_hash(self, key_hash: str | None) -> None:
        """The crew function's SERVICE_KEY_HASH; None is not set."""
        self.crew.switches.key_hash = key_hash
        variables = {} if key_hash is None else {"SERVICE_KEY_HASH": key_hash}
        await asyncio.to_thread(
            self.admin.client("lambda", CREW_ACCOUNT).update_function_configuration,
            FunctionName=accounts.CREW_FUNCTION,
            Environment={"Variables": variables},
        )

    async def restore_key_hash(self) -> None:
        """As it was before it was unset, or as the latest key wants it."""
        await self.set_key_hash(digest(self._secrets.service_key))

    async def host(self, app: web.Application, port: int = 0) -> str:
        """Serve an application until the rehearsal stops; its URL."""
        hosted = await Hosted.start(app, port)
        self._held.push_async_callback(hosted.stop)
        return hosted.url

    async def _start(self, emulator: Emulator) -> None:
        self._held.push_async_callback(emulator.stop)
        pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="sandbox")
        asyncio.get_running_loop().set_default_executor(pool)
        self.emulator_url = emulator.url
        self.admin = Admin(emulator.url, emulator.root_secret)
        self._held.callback(self.admin.close)
        ports = {name: free_port() for name in ("calendar", "crew", "edge")}
        self.addresses = Addresses(**{n: f"http://{LOOPBACK}:{p}" for n, p in ports.items()})
        key_hash = digest(self._secrets.service_key)
        # The processor makes clients while the emulator starts.
        await asyncio.gather(
            emulator.ready(), asyncio.to_thread(self.admin.warm), self._start_slack()
        )
        furnished = await asyncio.to_thread(
            furnish,
            self.admin,
            self._secrets.by_name(),
            key_hash,
            (self.addresses.edge, self.addresses.crew),
        )
        self.names = await NameServer.start()
        self._held.callback(self.names.close)
        await self._start_services(furnished, key_hash, ports)
        await self._write(furnished)

    async def _start_slack(self) -> None:
        self.slack = SlackStandIn(
            rate_scale=self.options.rate_scale, retry_scale=self.options.retry_scale
        )
        self.news = News(lambda: self.slack.journal.note("world"))
        self.conditions.calls.added = self.news.changed
        await self.slack.start()
        self._held.push_async_callback(self.slack.stop)

    async def _start_services(
        self, furnished: Furnished, key_hash: str, ports: Mapping[str, int]
    ) -> None:
        admin, invalidations = self.admin, Invalidations()
        self.mailbox = Mailbox(self.emulator_url)
        gate = Gate(self.emulator_url, self.conditions, invalidations)
        self.gate_url = await self.host(gate.application())
        self.calendar = CalendarService(
            Table(admin.client("dynamodb", BOT_ACCOUNT), accounts.CALENDAR_TABLE, "id"),
            admin.client("s3", BOT_ACCOUNT),
            CalendarSwitches(self._secrets.dashboard_token),
            self.conditions,
        )
        await self.host(self.calendar.application(), ports["calendar"])
        self.crew = self._crew_service(furnished, key_hash)
        await self.host(self.crew.application(), ports["crew"])
        self.edge = Edge(
            admin.client("s3", GUEST_ACCOUNT),
            admin.client("cloudfront", GUEST_ACCOUNT),
            distribution_id=furnished.distribution_id,
            crew_url=self.addresses.crew,
            invalidations=invalidations,
            conditions=self.conditions,
        )
        await self.host(self.edge.application(), ports["edge"])

    def _crew_service(self, furnished: Furnished, key_hash: str) -> CrewService:
        crew_page = f"{self.addresses.crew}/crew/event/{{event_id}}"
        switches = CrewSwitches(key_hash)
        settings = self.options.settings.get("crew_service", {})
        switches.credential = settings.get("credential", switches.credential)
        return CrewService(
            Table(self.admin.client("dynamodb", CREW_ACCOUNT), accounts.CREW_TABLE, "event_id"),
            self.admin.client("sesv2", CREW_ACCOUNT),
            self.admin.client_as(
                "s3", furnished.uploads.access_key, furnished.uploads.secret, self.gate_url
            ),
            MagicLinks(self._secrets.jwt_secret, crew_page),
            switches,
            self.conditions,
            self.addresses.edge,
        )

    async def _write(self, furnished: Furnished) -> None:
        text = charter_toml(self.addresses, self.options.settings)
        files = await asyncio.to_thread(BotFiles.make, self.root, text)
        slack = {
            "SLACK_BOT_TOKEN": self.slack.bot_token,
            "SLACK_APP_TOKEN": self.slack.app_token,
            "SLACK_API_URL": self.slack.api_url,
        }
        aws = aws_variables(furnished.bot, self.gate_url)
        names = {"CHARTER_DNS": self.names.address}
        self.env = {**kept_variables(), **slack, **aws, **names, **files.variables()}
        if self.options.database_url:
            self.env["CHARTER_DATABASE_URL"] = self.options.database_url

    async def _store_secret(self, name: str) -> None:
        await asyncio.to_thread(
            self.admin.client("secretsmanager", BOT_ACCOUNT).put_secret_value,
            SecretId=name,
            SecretString=json.dumps(self._secrets.by_name()[name]),
        )


def _made(root: Path) -> Path:
    root.mkdir(parents=True, exist_ok=True)
    return root.resolve()
