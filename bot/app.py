"""The bot as a process: the engine, Slack's listeners, the sweep, and a clean end."""

import asyncio
import gc
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

import handlers
from bot import logs
from bot.connection import Connection, HttpConnection, SocketConnection
from bot.domain.message import Message
from bot.orchestration import decide, intake
from bot.orchestration import run as runs
from bot.orchestration.again import Again
from bot.orchestration.arrivals import AGAIN
from bot.orchestration.follow_ups import ACTIONS
from bot.orchestration.follow_ups import desk as follow_up_desk
from bot.orchestration.follow_ups.base import Tools
from bot.orchestration.leave import ask_leave
from bot.orchestration.sweep import Sweep
from bot.orchestration.whisper import ChatOrHome
from bot.redaction import Redactor
from bot.settings import Settings
from bot.slot import SET_UP
from bot.steps.registry import STEPS
from bot.store.queries import overviews
from bot.views.status import doctor as doctor_message
from bot.wiring import House, build, utc_now
from bot.wiring_doctor import checks
from handlers import door, inbound, mail
from handlers.desk import Desk

_PATIENCE_SECONDS = 5
_DAY = timedelta(days=1)
_JOBS_KEPT = timedelta(days=30)
_TURN_SECONDS = 0.0002
_GARBAGE = (10_000, 20, 10)  # as `gc.set_threshold`: new objects, young and middle collections
log = structlog.get_logger()


def run(settings: Settings, http_port: int | None) -> None:
    """Run until told to stop. `http_port`: serve HTTP there instead of using Socket Mode."""
    # What is made from here on holds raw booking mails: it is the bot's user's own.
    os.umask(0o077)
    redactor = Redactor()
    logs.configure(redactor)
    # The event loop shares the interpreter with the threads that speak to AWS and the database; a
    # click waits for its turn 25 times less long than by default.
    sys.setswitchinterval(_TURN_SECONDS)
    asyncio.run(_serve(settings, redactor, http_port))


def create_app(house: House, settings: Settings, desk: Desk) -> AsyncApp:
    """Slack's listeners over a house whose engine knows its jobs."""
    logging.getLogger("slack_bolt.AsyncApp").addFilter(_tells_more_than_of_the_token)
    app = AsyncApp(
        name="charter",  # else Bolt searches the whole stack for one, which takes 0.1 s
        client=AsyncWebClient(base_url=house.client.base_url),
        authorize=door.whose(house.client.token or "", house.chat.whoami),
        signing_secret=settings.environment.slack_signing_secret.get_secret_value() or None,
        # A listener writes down before it acknowledges; without this Bolt acknowledges first.
        process_before_response=True,
    )
    handlers.register(app, desk)
    return app


def _tells_more_than_of_the_token(record: logging.LogRecord) -> bool:
    """Bolt warns that it leaves the token alone which it finds in the environment: so it shall."""
    return "`token` will be unused" not in record.getMessage()


def desk_of(house: House, settings: Settings) -> Desk:
    """What handlers may reach of the house."""

    async def doctor() -> Message:
        return doctor_message(await checks(settings, house=house))

    return Desk(
        jobs=house.engine,
        store=house.store,
        chat=house.chat,
        authority=house.authority,
        policy=house.policy,
        clock=utc_now,
        doctor=doctor,
        homes=house.homes,
    )


def register_jobs(house: House, clock: Callable[[], datetime] = utc_now) -> None:
    """Tell the engine what each job's work is. `clock`: the time of day, in UTC."""
    store, chat, posts = house.store, house.chat, house.posts
    narrator, authority, policy = house.narrator, house.authority, house.policy
    runner = runs.Runner(
        store,
        {step.name: step for step in STEPS},
        house.outside.steps,
        authority=authority,
        confirm=house.engine.confirm,
        touch=narrator.touch,
        clock=clock,
        hide=policy.hide,
    )
    tools = Tools(
        store=store,
        jobs=house.engine,
        services=house.outside.steps,
        crew_table=house.outside.crew_table,
        crew_links=house.outside.crew_links,
        leave=partial(ask_leave, authority),
        confirm=house.engine.confirm,
        touch=narrator.touch,
        clock=clock,
    )
    actions = {action.name: action for action in ACTIONS}
    decisions = decide.Decisions(store, house.engine, chat, authority, narrator, STEPS, clock)
    intake_work = intake.Intake(store, chat, posts, narrator, policy, clock, house.reader)
    aside = ChatOrHome(chat, house.homes)
    follow_ups = follow_up_desk.FollowUps(actions, tools, posts, aside, authority)
    house.engine.before_taking_over(narrator.take_over)
    house.engine.register(intake.JOB, intake_work.work, given_up=intake_work.give_up)
    house.engine.register(AGAIN, Again(store, chat).work)
    house.engine.register(decide.JOB, decisions.work, given_up=decisions.give_up)
    house.engine.register(follow_up_desk.JOB, follow_ups.work, given_up=follow_ups.give_up)
    house.engine.register(runs.JOB, runner.work, given_up=runner.give_up)


async def _serve(settings: Settings, redactor: Redactor, http_port: int | None) -> None:
    stopping = asyncio.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signum, stopping.set)
    house = build(settings, redactor)
    register_jobs(house)
    sweep = Sweep(house.store, house.chat, house.engine, house.policy, utc_now)
    connection = _connection(settings, house, sweep, http_port)
    work = asyncio.create_task(_work(house, connection, sweep))
    told_to_stop = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait((work, told_to_stop), return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            work.result()
    finally:
        log.info("stopping")
        for task in (work, told_to_stop):
            task.cancel()
        await asyncio.gather(work, told_to_stop, return_exceptions=True)
        await end(house, connection)


async def end(house: House, connection: Connection) -> None:
    """Hear no more, finish or cut off what is under way, and let go of the place at last."""
    await connection.close()
    # Jobs end, or are cut off to go on at the next start, before what they speak to is closed.
    await house.engine.stop(patience_seconds=_PATIENCE_SECONDS)
    await house.narrator.close()
    await house.homes.close()
    await house.chat.close()
    await house.outside.close()
    house.store.close()
    # Last, because from then on another may work: nothing is being written any more.
    await house.engine.close()


async def _work(house: House, connection: Connection, sweep: Sweep) -> None:
    begun = time.monotonic()
    # The place comes first: a second bot must not even migrate the database of the first.
    await house.engine.hold()
    house.store.guard(house.engine.slot.fence)
    try:
        async with asyncio.TaskGroup() as group:
            # Before Slack, which may be away for long: jobs are under way from the launch on.
            group.create_task(house.engine.watch())
            await _begin(house, connection)
            log.info(
                "ready", slot=house.engine.slot.name, seconds=round(time.monotonic() - begun, 2)
            )
            group.create_task(sweep.forever())
            group.create_task(connection.watch())
            group.create_task(house.narrator.forever())
            group.create_task(house.homes.forever())
            group.create_task(house.reader.warm())
            group.create_task(_tidy(house))
    except BaseExceptionGroup as failed:
        # Whatever failed first is why the bot ends.
        raise failed.exceptions[0] from failed


async def _begin(house: House, connection: Connection) -> None:
    async with house.engine.in_turn(SET_UP):
        if await house.store.migrate():
            # A mistyped URL names such a one, too: the charters so far are unknown there.
            log.warning("database_is_new", database=house.store.where)
        await house.engine.launch()
    await connection.open()
    # What stands by now stays. To look through all of it for garbage as often as Python does by
    # default stops everything for a tenth of a second with a hundred runs in flight.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GARBAGE)
    await go_on(house)
    house.outside.aws.warm()


def _connection(
    settings: Settings, house: House, sweep: Sweep, http_port: int | None
) -> Connection:
    desk = desk_of(house, settings)
    app = create_app(house, settings, desk)

    def ignores(payload: Mapping[str, Any]) -> bool:
        return mail.brings_nothing(payload, desk.policy.channel)

    if http_port is not None:
        secret = settings.environment.slack_signing_secret.get_secret_value()
        routes = _routes(desk, house, settings)
        return HttpConnection(app, http_port, routes, secret=secret, ignores=ignores)
    token = settings.environment.slack_app_token.get_secret_value()
    return SocketConnection(app, token, sweep.soon, ignores=ignores)


def _routes(desk: Desk, house: House, settings: Settings) -> list[web.RouteDef]:
    """What is served beside Slack's listeners: the door for mail, if there is a key to it."""
    secret = settings.inbound.secret
    if secret is None:
        return []
    return [
        web.route(
            "*", inbound.PATH, inbound.InboundMail(desk, house.outside.secrets, secret).handle
        )
    ]


async def go_on(house: House) -> None:
    """Take up what an earlier process left between two of its commits."""
    for booking_id, number in await house.store.read(overviews.unfinished):
        await runs.go_on(house.engine, booking_id, number)
    await house.narrator.catch_up()
    await house.homes.catch_up()
    if jobs := await house.engine.pending_elsewhere():
        log.warning("jobs_of_another_version", jobs=jobs)


async def _tidy(house: House) -> None:
    """Once a day, forget what the engine still holds of jobs that ended long ago."""
    while True:
        await house.engine.tidy(before=utc_now() - _JOBS_KEPT)
        await asyncio.sleep(_DAY.total_seconds())
