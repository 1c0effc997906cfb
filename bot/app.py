"""The bot as a process: the engine, Slack's listeners, the sweep, and a clean end."""

import asyncio
import contextlib
import signal
import sys
import time

import structlog
from slack_bolt.async_app import AsyncApp

import handlers
from bot import logs
from bot.connection import Connection, HttpConnection, SlackRefusedError, SocketConnection
from bot.domain.message import Message
from bot.engine import AlreadyRunningError
from bot.orchestration import decide, intake
from bot.orchestration import run as runs
from bot.orchestration.follow_ups import ACTIONS
from bot.orchestration.follow_ups import desk as follow_up_desk
from bot.orchestration.follow_ups.base import Tools
from bot.orchestration.sweep import Sweep
from bot.redaction import Redactor
from bot.settings import Settings
from bot.steps.registry import STEPS
from bot.store.queries import overviews
from bot.views.status import doctor as doctor_message
from bot.wiring import House, build, checks, utc_now
from handlers.desk import Desk

_PATIENCE_SECONDS = 5
_TURN_SECONDS = 0.001
log = structlog.get_logger()


def run(settings: Settings, http_port: int | None) -> None:
    """Run until told to stop. `http_port`: serve HTTP there instead of using Socket Mode."""
    redactor = Redactor()
    logs.configure(redactor)
    # The event loop shares the interpreter with the threads that speak to AWS and the database; a
    # click waits for its turn five times less long than by default.
    sys.setswitchinterval(_TURN_SECONDS)
    try:
        asyncio.run(_serve(settings, redactor, http_port))
    except (AlreadyRunningError, SlackRefusedError) as error:
        log.error("refused_to_start", reason=str(error))  # noqa: TRY400 - its words are the cause
        sys.exit(f"charter: {error}")


def create_app(house: House, settings: Settings) -> AsyncApp:
    """Slack's listeners over a house whose engine knows its jobs."""
    app = AsyncApp(
        client=house.client,
        signing_secret=settings.environment.slack_signing_secret.get_secret_value() or None,
        # A listener writes down before it acknowledges; without this Bolt acknowledges first.
        process_before_response=True,
    )

    async def doctor() -> Message:
        return doctor_message(await checks(settings))

    desk = Desk(
        jobs=house.engine,
        store=house.store,
        chat=house.chat,
        authority=house.authority,
        policy=house.policy,
        clock=utc_now,
        doctor=doctor,
    )
    handlers.register(app, desk)
    return app


def register_jobs(house: House) -> None:
    """Tell the engine what each job's work is."""
    store, chat, posts = house.store, house.chat, house.posts
    narrator, authority, policy = house.narrator, house.authority, house.policy
    runner = runs.Runner(
        store,
        {step.name: step for step in STEPS},
        house.outside.steps,
        touch=narrator.touch,
        clock=utc_now,
    )
    tools = Tools(
        store=store,
        jobs=house.engine,
        services=house.outside.steps,
        crew_table=house.outside.crew_table,
        crew_links=house.outside.crew_links,
        touch=narrator.touch,
        clock=utc_now,
    )
    actions = {action.name: action for action in ACTIONS}
    decisions = decide.Decisions(store, house.engine, chat, authority, narrator, STEPS, utc_now)
    intake_work = intake.Intake(store, chat, posts, narrator, policy, utc_now)
    follow_ups = follow_up_desk.FollowUps(actions, tools, posts, chat, authority)
    house.engine.register(intake.JOB, intake_work.work, given_up=intake_work.give_up)
    house.engine.register(decide.JOB, decisions.work, given_up=decisions.give_up)
    house.engine.register(follow_up_desk.JOB, follow_ups.work, given_up=follow_ups.give_up)
    house.engine.register(runs.JOB, runner.work, given_up=runner.give_up)


async def _serve(settings: Settings, redactor: Redactor, http_port: int | None) -> None:
    begun = time.monotonic()
    stopping = asyncio.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signum, stopping.set)
    house = build(settings, redactor)
    register_jobs(house)
    app = create_app(house, settings)
    await house.engine.launch()
    sweep = Sweep(house.store, house.chat, house.engine, house.policy, utc_now)
    connection = _connection(settings, app, sweep, http_port)
    await connection.open()
    await _go_on(house)
    house.outside.aws.warm()
    log.info("ready", seconds=round(time.monotonic() - begun, 2))
    try:
        await _until(stopping, sweep, connection)
    finally:
        log.info("stopping")
        await connection.close()
        await house.narrator.close()
        await house.engine.close(patience_seconds=_PATIENCE_SECONDS)
        await house.outside.close()
        house.store.close()


def _connection(
    settings: Settings, app: AsyncApp, sweep: Sweep, http_port: int | None
) -> Connection:
    if http_port is not None:
        return HttpConnection(app, http_port)
    token = settings.environment.slack_app_token.get_secret_value()
    return SocketConnection(app, token, sweep.soon)


async def _go_on(house: House) -> None:
    """Take up what an earlier process left between two of its commits."""
    for booking_id, number in await house.store.read(overviews.unfinished):
        await runs.submit_run(house.engine, booking_id, number)
    await house.narrator.catch_up()


async def _until(stopping: asyncio.Event, sweep: Sweep, connection: Connection) -> None:
    tasks = [
        asyncio.create_task(sweep.forever()),
        asyncio.create_task(connection.watch()),
        asyncio.create_task(stopping.wait()),
    ]
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    for task in tasks:
        with contextlib.suppress(asyncio.CancelledError):
            await task
    for task in done:
        task.result()
