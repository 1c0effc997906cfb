"""One process of the bot: its real parts, put together as `bot.wiring` does, over the world."""

import asyncio
import gc
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
import structlog
from slack_sdk.models.basic_objects import JsonObject
from sqlalchemy.exc import OperationalError

import handlers
from bot import app
from bot.domain.booking import Booking
from bot.domain.charter import Charter
from bot.domain.errors import ServiceError
from bot.domain.mail_parts import MailParts
from bot.domain.message import Message
from bot.domain.outgoing import GuestPage
from bot.orchestration.authority import Authority
from bot.orchestration.homes import Homes
from bot.orchestration.mail_reader import MailReader
from bot.orchestration.narrator import Narrator
from bot.orchestration.policy import Policy
from bot.orchestration.posts import Posts
from bot.orchestration.sweep import Sweep
from bot.redaction import Redactor
from bot.services.crew_links import ApiLinks
from bot.settings import Settings, load
from bot.steps.base import StepServices
from bot.store.store import Store
from bot.wiring import House, costs_of, policy_of
from handlers.desk import Desk
from tests.torture import outside
from tests.torture.clockwork import Life, Timeline
from tests.torture.jobs import Disk, SimulatedEngine
from tests.torture.outside import CALENDAR_TOKEN, CREW_KEY, Outside
from tests.torture.places import Places
from tests.torture.slack import Chat, Workspace
from tests.torture.switchboard import Switchboard

_EXAMPLE = Path(__file__).parents[2] / "charter.example.toml"
_GARBAGE = 20_000, 20, 100
_TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1-canary", "SLACK_APP_TOKEN": "xapp-1-canary"}


@cache
def settings() -> Settings:
    """The example's."""
    return load(_EXAMPLE, _TOKENS)


class _Here:
    """In the place of the quarantine: a process of its own would know another clock."""

    async def run(self, work: Callable[..., Any], *args: object) -> Any:
        """What `work` makes of the arguments."""
        return work(*args)


def _hide_nothing(_booking: Booking) -> None:
    """There is no log."""


@cache
def policy() -> Policy:
    """The example's."""
    return replace(policy_of(settings(), Redactor()), hide=_hide_nothing)


class Words:
    """Short pages and mails of the same outgoing models: how they look is no matter here."""

    def guest_page(self, charter: Charter, *, cancelled: bool = False) -> bytes:
        return GuestPage.of(charter, cancelled=cancelled).model_dump_json().encode()

    def operations_mail(self, charter: Charter) -> MailParts:
        left = {name: artefact.id for name, artefact in charter.artefacts.items()}
        return MailParts(f"Set up: {charter.booking_id.upper()}", str(left), f"<p>{left}</p>")

    def crew_summary(self, charter: Charter) -> MailParts:
        return MailParts("Your charter", charter.boat.name, charter.boat.name)

    def crew_link_mail(self, event_name: str, link: str) -> MailParts:
        return MailParts(event_name, link, link)


class Process:
    """The bot between a start and its end."""

    def __init__(
        self,
        timeline: Timeline,
        workspace: Workspace,
        systems: Outside,
        disk: Disk,
        database: sa.Engine,
        noise: Random | None,
        at_point: Callable[[str], None],
        places: Places,
    ) -> None:
        self.life = Life(timeline, noise, at_point)
        self.switchboard = Switchboard()
        self._places = places
        # A replica, which may have to wait for its place, is connected to Slack once it has one.
        self.connected = places.count == 1
        chat: Any = Chat(workspace)
        store = Store(database)
        clock = timeline.clock
        authority = Authority(settings().slack.operators, chat, clock=self.life.time)
        posts = Posts(store, chat, clock)
        homes = Homes(store, chat, authority, clock, seconds=self.life.time)
        engine = SimulatedEngine(disk, places, self.life)
        narrator = Narrator(store, posts, policy(), clock, changed=homes.touch, alone=engine.alone)
        crew = outside.CrewService(systems, secrets := outside.secrets_of(systems), CREW_KEY)
        table = outside.CrewTable(systems)
        steps = StepServices(
            calendar=outside.Calendar(systems, secrets, CALENDAR_TOKEN),
            crew_service=crew,
            guest_pages=outside.GuestPages(systems),
            edge=outside.Edge(systems),
            public_site=outside.PublicSite(systems),
            mailer=outside.Mailer(systems),
            templates=Words(),
            operations=settings().mail.operations,
            costs=costs_of(settings()),
            crew_table=table,
        )
        links = ApiLinks(crew)  # type: ignore[arg-type]
        self._house = House(
            store=store,
            engine=engine,
            outside=SimpleNamespace(steps=steps, crew_table=table, crew_links=links),  # type: ignore[arg-type]
            client=None,  # type: ignore[arg-type]
            chat=chat,
            authority=authority,
            policy=policy(),
            posts=posts,
            narrator=narrator,
            homes=homes,
            reader=MailReader(_Here(), None),  # type: ignore[arg-type]
        )
        app.register_jobs(self._house, clock)
        desk = Desk(
            jobs=self._house.engine,
            store=store,
            chat=chat,
            authority=authority,
            policy=policy(),
            clock=clock,
            doctor=_doctor,
            homes=homes,
        )
        handlers.register(self.switchboard, desk)  # type: ignore[arg-type]
        self._sweep = Sweep(store, chat, self._house.engine, policy(), clock)

    def start(self) -> None:
        """As `bot.app` does it."""
        self._working = self.life.create_task(self._work())
        self._working.add_done_callback(self._notice)

    def stop(self) -> None:
        """As `bot.app` does it when it is told to stop."""
        self.life.create_task(self._stop()).add_done_callback(self._notice)

    async def _stop(self) -> None:
        self._working.cancel()
        await asyncio.gather(self._working, return_exceptions=True)
        self.connected = False
        await self._house.engine.stop(patience_seconds=app._PATIENCE_SECONDS)
        await self._house.narrator.close()
        await self._house.homes.close()

    def _notice(self, work: "asyncio.Task[None]") -> None:
        """What ends a process's work ends the real process, and no history has it do so."""
        if not work.cancelled() and (error := work.exception()):
            self.life.broken.append(f"the process ended: {error!r}")

    async def _work(self) -> None:
        await self._house.engine.hold()
        # One process alone would be healed of what it must not suffer from.
        heals = self._places.count > 1
        async with asyncio.TaskGroup() as group:
            if heals:
                group.create_task(self._house.engine.watch())
            await self._house.engine.launch()
            self.connected = True
            await app.go_on(self._house)
            group.create_task(self._sweep.forever())
            group.create_task(self._house.homes.forever())
            if heals:
                group.create_task(self._house.narrator.forever())


async def _doctor() -> Message:
    return Message(text="Nobody looked.")


BROKEN: list[str] = []
"""What the bot logged of faults of its own, with the places."""


def _collect(_logger: Any, _name: str, event: dict[str, Any]) -> Any:
    said = event.get("exc_info")
    error = sys.exc_info()[1] if said is True else said
    if error and not isinstance(error, ServiceError | OperationalError):
        where = "".join(traceback.format_exception(error, limit=-6))
        BROKEN.append(f"{event['event']}: {where}")
    raise structlog.DropEvent


@cache
def _validators(kind: type) -> tuple[str, ...]:
    return tuple(
        name
        for name in dir(kind)
        if not name.startswith("__") and hasattr(getattr(kind, name, None), "validator")
    )


def _validate(thing: JsonObject) -> None:
    for name in _validators(type(thing)):
        getattr(thing, name)()


@cache
def make_haste() -> None:
    """Slack's models look for their validators at each use, a fifth of all time: once a kind."""
    JsonObject.validate_json = _validate  # type: ignore[method-assign]
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GARBAGE)


def silence() -> None:
    """Log nothing, but keep what the bot says of its own faults."""
    structlog.configure(
        processors=[_collect],
        wrapper_class=structlog.make_filtering_bound_logger(40),
        cache_logger_on_first_use=False,
    )
